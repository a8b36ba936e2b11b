// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Statistics

/// A panel's analysis as text for a terminal.
public enum PanelText {
  /// The most systems of which every pair is shown; of more, neighbours in MOS alone.
  static let mostSystems = 8

  /// The text: warnings first, as they say how to read the rest.
  public static func render(_ analysis: PanelAnalysis) -> String {
    var blocks = [[count(analysis.all) + (analysis.plan.map { ", plan \($0)" } ?? "")]]
    blocks[0] += analysis.warnings.map { "! \($0)" }
    if let preferences = analysis.all.preferences {
      blocks += [PanelTables.preferences(preferences).lines, abilities(preferences)]
    } else {
      blocks += [PanelTables.systems(analysis).lines, PanelTables.errors(analysis).lines]
      blocks += [againstReference(analysis), pairs(analysis)]
    }
    blocks += [["agreement"] + agreement(analysis).map { "  \($0)" }] + screening(analysis)
    blocks.append(["legend"] + legend(analysis).map { "  \($0)" })
    return blocks.filter { !$0.isEmpty }.joined(separator: [""]).map { PlainText.terminal($0) + "\n" }.joined()
  }

  static func count(_ findings: PanelFindings) -> String {
    func count(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }
    let pairs = findings.preferences?.pairs ?? []
    let systems = pairs.isEmpty ? findings.systems.count : Set(pairs.flatMap { [$0.a, $0.b] }).count
    let ratings = count(findings.ratings, pairs.isEmpty ? "rating" : "vote")
    return [count(findings.listeners, "listener"), ratings, count(systems, "system")].joined(separator: ", ")
  }

  private static func abilities(_ preferences: PanelPreferences) -> [String] {
    switch preferences.abilities {
    case .value(let abilities): PanelTables.abilities(abilities).lines
    case .undefined(let reason): ["Bradley–Terry: undefined: \(reason)"]
    }
  }

  private static func againstReference(_ analysis: PanelAnalysis) -> [String] {
    let pairs = analysis.all.againstReference
    return pairs.isEmpty
      ? [] : ["CMOS against 0: b against the a that it was heard beside"] + PanelTables.pairs(pairs, analysis).lines
  }

  private static func pairs(_ analysis: PanelAnalysis) -> [String] {
    let findings = analysis.all
    guard findings.systems.count > 1 else { return [] }
    guard !findings.pairs.isEmpty else { return ["no two systems may be compared"] }
    let shown = shownPairs(findings)
    let rest = findings.pairs.count - shown.count
    return PanelTables.pairs(shown, analysis).lines
      + (rest > 0 ? ["neighbours in MOS; \(rest) more pairs are in --format json, all of them in Holm's family"] : [])
  }

  static func shownPairs(_ findings: PanelFindings) -> [PanelPair] {
    guard findings.systems.count > mostSystems else { return findings.pairs }
    let pairs = findings.pairs.reduce(into: [Set<String>: PanelPair]()) { $0[[$1.a, $1.b]] = $1 }
    let names = PanelTables.ordered(findings).map(\.name)
    return zip(names, names.dropFirst()).compactMap { pairs[[$0, $1]] }
  }

  /// What was found, in words that never take "not significant" for "the same".
  static func words(_ pair: PanelPair, _ analysis: PanelAnalysis) -> String {
    let side = (pair.difference ?? 0) > 0 ? "b is better" : "b is worse"
    return switch pair.finding {
    case .different: side
    case .differentWithinMargin: "\(side), by less than \(number(analysis.margin))"
    case .equivalent: "within ±\(number(analysis.margin))"
    case .undecided where pair.listeners == 0: "no listener rated both"
    case .undecided where pair.undefinedReason != nil:
      "undecided: t and TOST are undefined: \(pair.undefinedReason ?? "")"
    case .undecided:
      "undecided: neither a difference of \(analysis.scale.meanName) nor equivalence within ±\(number(analysis.margin)) shown"
    }
  }

  /// The same of votes.
  static func words(_ pair: PreferencePair) -> String {
    let side = (pair.test?.share ?? 0) > 0.5 ? "b is preferred" : "a is preferred"
    return switch pair.finding {
    case .preferred: side
    case .ifIndependent: "undecided: \(side) only if a listener's votes were independent of one another"
    case .undecided: pair.test == nil ? "all votes are for neither" : "undecided: a preference is not shown"
    }
  }

  /// How far listeners agree, with one another and with themselves.
  static func agreement(_ analysis: PanelAnalysis) -> [String] {
    let all = analysis.all
    var lines = ["Krippendorff's α: undefined: no clip has two ratings, or all ratings are equal"]
    if let alpha = all.alpha {
      lines = [
        "Krippendorff's α: interval \(number(alpha.interval, 3)), ordinal \(number(alpha.ordinal, 3)), nominal"
          + " \(number(alpha.nominal, 3))"
      ]
    }
    switch all.reliability {
    case .value(let found):
      lines.append(
        "ICC(2,1) \(number(found.icc21, 3)), ICC(2,k) \(number(found.icc2k, 3)), Cronbach's α"
          + " \(number(found.cronbachAlpha, 3))")
    case .undefined(let reason): lines.append("ICC and Cronbach's α: undefined: \(reason)")
    }
    if all.preferences == nil, let reason = all.projection.reason { lines.append("P.910 ψ: undefined: \(reason)") }
    if let repeats = analysis.repeats {
      let limits = repeats.interval.map { " (\(range($0.low, $0.high)))" } ?? ""
      lines.append(
        "repeated clips: \(repeats.pairs) by \(repeats.listeners) listeners, \(number(100 * repeats.sameShare, 0)) % the same score,"
          + " later − first \(number(repeats.meanDifference))\(limits), one score ± \(number(repeats.withinDeviation))"
          + (repeats.correlation.map { ", r \(number($0))" } ?? ""))
    }
    if let order = analysis.order {
      let limits = order.interval.map { " (\(range($0.low, $0.high, 3)))" } ?? ", no interval from one listener"
      lines.append("drift: \(number(order.perTenTrials, 3)) per ten trials\(limits)")
    }
    if analysis.screening.flagged.isEmpty { lines.append("screening: no sign against any listener") }
    return lines
  }

  private static func screening(_ analysis: PanelAnalysis) -> [[String]] {
    guard !analysis.screening.flagged.isEmpty else { return [] }
    let signs = PanelTables.screening(analysis.screening).lines.map { "  \($0)" }
    let flagged = ["screening (nobody was left out above)"] + signs
    guard let screened = analysis.screened else { return [flagged] }
    let title = "with all \(analysis.all.listeners) listeners, and without those: \(screened.listeners)"
    return [
      flagged, [title] + PanelTables.withAndWithout(analysis, screened).lines + changes(analysis, screened),
    ]
  }

  /// Pairs of which something else is found without the flagged listeners.
  static func changes(_ analysis: PanelAnalysis, _ screened: PanelFindings) -> [String] {
    func findings(_ findings: PanelFindings) -> [(pair: [String], words: String)] {
      let comparisons = findings.pairs + findings.againstReference
      let votes = findings.preferences?.pairs ?? []
      return comparisons.map { ([$0.a, $0.b].filter { !$0.isEmpty }, words($0, analysis)) }
        + votes.map { ([$0.a, $0.b], words($0)) }
    }
    let before = findings(analysis.all).reduce(into: [[String]: String]()) { $0[$1.pair] = $1.words }
    let changed = findings(screened).compactMap { pair, words -> String? in
      guard let other = before[pair], other != words else { return nil }
      return "  \(pair.joined(separator: ", ")): \(other) → without: \(words)"
    }
    return changed.isEmpty ? ["no pair's finding turns on it"] : ["findings that turn on it"] + changed
  }

  /// How numbers are to be read.
  static func legend(_ analysis: PanelAnalysis) -> [String] {
    let scale = analysis.scale
    let meaning = "\(scale.meanName): \(analysis.question)"
    if scale == .ab {
      return [
        meaning + "; votes for neither are left out of all but their own column",
        "Wilson, binomial: as if votes were independent; by listener, listeners' flips: as if other listeners had voted, of whom each counts once",
        "Holm: the p before it over all pairs; a finding takes both below .05",
        "Bradley–Terry: the log of the odds of being preferred, sum 0; errors as if votes were independent",
      ]
    }
    return [
      meaning,
      "95 % interval: for other listeners and other utterances (two-way clustered, Student's t), cut at the scale's ends; the headline",
      "bootstrap: listeners and utterances resampled, \(analysis.options.resamples) times; ± t: as if ratings were independent, too"
        + " narrow",
      "ψ: quality freed from listeners' bias and inconsistency (P.910 Annex E), mean over clips",
      "by listener: mean of the listeners' own differences, which p and finding are of: for other listeners and these sentences; Holm:"
        + " Wilcoxon's p over all pairs",
      "TOST: p that it lies within ±\(number(analysis.margin)), for other listeners and these sentences, each pair by itself"
        + (analysis.options.margin == nil ? "; that margin is a convention, --margin sets another" : ""),
    ]
  }

  static func number(_ value: Double) -> String { PlainText.number(value, decimals: 2) }
  static func number(_ value: Double, _ decimals: Int) -> String { PlainText.number(value, decimals: decimals) }

  static func range(_ low: Double, _ high: Double, _ decimals: Int = 2) -> String {
    "\(number(low, decimals)) … \(number(high, decimals))"
  }

  static func p(_ value: Double?) -> String {
    value.map { $0 < 0.0001 ? "<.0001" : number($0, 4) } ?? "–"
  }
}
