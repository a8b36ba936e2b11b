// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Statistics

/// A panel's analysis as text for a terminal.
public enum PanelText {
  /// The most systems of which every pair is shown; of more, neighbours in MOS alone.
  static let mostSystems = 8

  /// The text: warnings first, as they say how to read the rest.
  public static func render(_ analysis: PanelAnalysis) -> String {
    let all = analysis.all
    var lines = [count(all) + (analysis.plan.map { ", plan \($0)" } ?? "")]
    lines += analysis.warnings.map { "! \($0)" }
    lines += [""] + systems(all) + [""] + errors(all) + [""] + pairs(all, margin: analysis.options.margin)
    lines += [""] + agreement(analysis)
    lines += screening(analysis)
    lines += ["", "legend"] + legend(analysis).map { "  \($0)" }
    return lines.map { PlainText.terminal($0) + "\n" }.joined()
  }

  private static func count(_ findings: PanelFindings) -> String {
    let listeners = findings.listeners == 1 ? "1 listener" : "\(findings.listeners) listeners"
    let systems = findings.systems.count == 1 ? "1 system" : "\(findings.systems.count) systems"
    return "\(listeners), \(findings.ratings) ratings, \(systems)"
  }

  /// Best first.
  private static func ordered(_ findings: PanelFindings) -> [PanelSystem] {
    findings.systems.sorted { ($0.group, -$0.mean.mean, $0.name) < ($1.group, -$1.mean.mean, $1.name) }
  }

  private static func systems(_ findings: PanelFindings) -> [String] {
    let quality =
      findings.projection.value?.systems.reduce(into: [String: Double]()) { $0[$1.name] = $1.quality } ?? [:]
    let isGrouped = findings.systems.contains { $0.group > 0 }
    let header = ["system", "n", "MOS", "95 % interval", "bootstrap", "sd", "± t", "ψ"] + (isGrouped ? ["group"] : [])
    let rows = ordered(findings).map { system -> [String] in
      let mean = system.mean
      let headline = system.interval.map { range($0.low, $0.high) } ?? "none"
      let bootstrap = system.bootstrap.map { range($0.lowerBound, $0.upperBound) } ?? "none"
      let spreads = [mean.standardDeviation, mean.independentHalfWidth(), quality[system.name]].map { cell($0) }
      return [system.name, "\(mean.n)", number(mean.mean), headline, bootstrap] + spreads
        + (isGrouped ? ["\(system.group + 1)"] : [])
    }
    return table([header] + rows)
  }

  private static func errors(_ findings: PanelFindings) -> [String] {
    let header = ["standard error", "as if independent", "by listener", "by utterance", "two-way"]
    let rows = ordered(findings).map { system -> [String] in
      let mean = system.mean
      let oneWay = [mean.iidError, mean.listenerError, mean.utteranceError].map { cell($0, 3) }
      return [system.name] + oneWay + [cell(mean.twoWayError, 3) + (mean.usedGreater ? " (greater)" : "")]
    }
    return table([header] + rows)
  }

  private static func pairs(_ findings: PanelFindings, margin: Double) -> [String] {
    guard findings.systems.count > 1 else { return [] }
    guard !findings.pairs.isEmpty else { return ["no two systems may be compared"] }
    let shown = shownPairs(findings)
    let header = ["a, b", "MOS b − a", "bootstrap", "by listener", "Wilcoxon", "Holm", "flips", "t", "TOST", "finding"]
    let rows = shown.map { pair -> [String] in
      let interval = pair.interval.map { range($0.lowerBound, $0.upperBound) } ?? "–"
      let tests = [pair.wilcoxon?.p, pair.holm, pair.signFlip?.p, pair.pairedT?.p, pair.equivalence?.p].map { p($0) }
      return ["\(pair.a), \(pair.b)", signed(pair.mosDifference), interval, pair.difference.map(signed) ?? "–"] + tests
        + [words(pair, margin: margin)]
    }
    let rest = findings.pairs.count - shown.count
    return table([header] + rows)
      + (rest > 0 ? ["neighbours in MOS; \(rest) more pairs are in --format json, all of them in Holm's family"] : [])
  }

  private static func shownPairs(_ findings: PanelFindings) -> [PanelPair] {
    guard findings.systems.count > mostSystems else { return findings.pairs }
    let pairs = findings.pairs.reduce(into: [Set<String>: PanelPair]()) { $0[[$1.a, $1.b]] = $1 }
    let names = ordered(findings).map(\.name)
    return zip(names, names.dropFirst()).compactMap { pairs[[$0, $1]] }
  }

  /// What was found, in words that never take "not significant" for "the same".
  static func words(_ pair: PanelPair, margin: Double) -> String {
    let side = (pair.difference ?? 0) > 0 ? "b is better" : "b is worse"
    return switch pair.finding {
    case .different: side
    case .differentWithinMargin: "\(side), by less than \(number(margin))"
    case .equivalent: "within ±\(number(margin))"
    case .undecided:
      pair.listeners == 0 ? "no listener rated both" : "undecided: neither a difference nor equivalence shown"
    }
  }

  private static func agreement(_ analysis: PanelAnalysis) -> [String] {
    let all = analysis.all
    var lines = ["agreement"]
    if let alpha = all.alpha {
      lines.append(
        "  Krippendorff's α: interval \(number(alpha.interval, 3)), ordinal \(number(alpha.ordinal, 3)), nominal"
          + " \(number(alpha.nominal, 3))")
    } else {
      lines.append("  Krippendorff's α: undefined: no clip has two ratings, or all ratings are equal")
    }
    switch all.reliability {
    case .value(let found):
      lines.append(
        "  ICC(2,1) \(number(found.icc21, 3)), ICC(2,k) \(number(found.icc2k, 3)), Cronbach's α"
          + " \(number(found.cronbachAlpha, 3))")
    case .undefined(let reason): lines.append("  ICC and Cronbach's α: undefined: \(reason)")
    }
    if let reason = all.projection.reason { lines.append("  P.910 ψ: undefined: \(reason)") }
    if let repeats = analysis.repeats {
      let limits = repeats.interval.map { " (\(range($0.low, $0.high)))" } ?? ""
      lines.append(
        "  repeated clips: \(repeats.pairs) by \(repeats.listeners) listeners, \(number(100 * repeats.sameShare, 0)) % the same score,"
          + " later − first \(number(repeats.meanDifference))\(limits), one score ± \(number(repeats.withinDeviation))"
          + (repeats.correlation.map { ", r \(number($0))" } ?? ""))
    }
    if let order = analysis.order {
      let limits = order.interval.map { " (\(range($0.low, $0.high, 3)))" } ?? ", no interval from one listener"
      lines.append("  drift: \(number(order.perTenTrials, 3)) per ten trials\(limits)")
    }
    return lines
  }

  private static func screening(_ analysis: PanelAnalysis) -> [String] {
    let flagged = analysis.screening.listeners.filter { !$0.signs.isEmpty }
    guard !flagged.isEmpty else { return ["  screening: no sign against any listener"] }
    var lines = ["", "screening (nobody was left out above)"]
    lines += table(
      [["listener", "ratings", "sd", "r with others", "far out ↑/↓", "sign"]]
        + flagged.map { listener -> [String] in
          let signs = listener.signs.map(\.rawValue).joined(separator: ", ")
          let numbers = [cell(listener.deviation), cell(listener.correlation), "\(listener.high)/\(listener.low)"]
          return [listener.listener, "\(listener.ratings)"] + numbers + [signs]
        }
    ).map { "  \($0)" }
    guard let screened = analysis.screened else { return lines }
    let others = screened.systems.reduce(into: [String: PanelSystem]()) { $0[$1.name] = $1 }
    let rows = ordered(analysis.all).map { system -> [String] in
      let pair = [system, others[system.name]].flatMap { side -> [String] in
        [cell(side?.mean.mean), side?.interval.map { range($0.low, $0.high) } ?? "none"]
      }
      return [system.name] + pair
    }
    lines += ["", "with all \(analysis.all.listeners) listeners, and without those: \(screened.listeners)"]
    lines += table([["system", "with: MOS", "95 % interval", "without: MOS", "95 % interval"]] + rows)
    return lines + changes(analysis.all, screened, margin: analysis.options.margin)
  }

  /// Pairs of which something else is found without the flagged listeners.
  private static func changes(_ all: PanelFindings, _ screened: PanelFindings, margin: Double) -> [String] {
    let before = all.pairs.reduce(into: [[String]: PanelPair]()) { $0[[$1.a, $1.b]] = $1 }
    let changed = screened.pairs.compactMap { pair -> String? in
      guard let other = before[[pair.a, pair.b]], other.finding != pair.finding else { return nil }
      return "  \(pair.a), \(pair.b): \(words(other, margin: margin)) → without: \(words(pair, margin: margin))"
    }
    return changed.isEmpty ? ["no pair's finding turns on it"] : ["findings that turn on it"] + changed
  }

  private static func legend(_ analysis: PanelAnalysis) -> [String] {
    [
      "95 % interval: for other listeners and other utterances (two-way clustered, Student's t); the headline",
      "bootstrap: listeners and utterances resampled, \(analysis.options.resamples) times; ± t: as if ratings were independent, too"
        + " narrow",
      "ψ: quality freed from listeners' bias and inconsistency (P.910 Annex E), mean over clips",
      "by listener: mean of the listeners' own differences, which p and finding are of; Holm: Wilcoxon's p over all pairs",
      "TOST: p that it lies within ±\(number(analysis.options.margin)), each pair by itself",
    ]
  }

  private static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + number(value) }

  /// A number, or a dash where there is none.
  private static func cell(_ value: Double?, _ decimals: Int = 2) -> String {
    value.map { number($0, decimals) } ?? "–"
  }

  static func number(_ value: Double) -> String { PlainText.number(value, decimals: 2) }
  static func number(_ value: Double, _ decimals: Int) -> String { PlainText.number(value, decimals: decimals) }

  static func range(_ low: Double, _ high: Double, _ decimals: Int = 2) -> String {
    "\(number(low, decimals)) … \(number(high, decimals))"
  }

  static func p(_ value: Double?) -> String {
    value.map { $0 < 0.0001 ? "<.0001" : number($0, 4) } ?? "–"
  }

  /// Rows of cells as columns; the first row is the heading.
  static func table(_ rows: [[String]]) -> [String] {
    // Names are made fit for the terminal before they are measured.
    let rows = rows.map { $0.map(PlainText.terminal) }
    let widths = (rows.first ?? []).indices.map { column in rows.map { PlainText.width($0[column]) }.max() ?? 0 }
    return rows.map { row in
      var line = zip(row, widths).map { PlainText.fitted($0, $1) }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
