// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Statistics

/// The tables of a panel's analysis, the same on a terminal and on a page.
enum PanelTables {
  typealias Cell = ReportTable.Cell

  /// Best first.
  static func ordered(_ findings: PanelFindings) -> [PanelSystem] {
    findings.systems.sorted { ($0.group, -$0.mean.mean, $0.name) < ($1.group, -$1.mean.mean, $1.name) }
  }

  /// A system's name, and what it is in a panel with a hidden reference.
  static func name(_ system: String, _ options: PanelOptions) -> String {
    system == options.setup.reference
      ? "\(system) (reference)" : options.setup.anchors.contains(system) ? "\(system) (anchor)" : system
  }

  static func systems(_ analysis: PanelAnalysis) -> ReportTable {
    let findings = analysis.all
    let quality =
      findings.projection.value?.systems.reduce(into: [String: Double]()) { $0[$1.name] = $1.quality } ?? [:]
    let isGrouped = findings.systems.contains { $0.group > 0 }
    let isAgainstZero = analysis.scale == .ccr
    let heads = ["system", "n", analysis.scale.meanName, "95 % interval", "bootstrap", "sd", "± t", "ψ"]
    let rows = ordered(findings).map { system -> [Cell] in
      let mean = system.mean
      let bootstrap = system.bootstrap.map { PanelText.range($0.lowerBound, $0.upperBound) } ?? "none"
      let means = [
        Cell(name(system.name, analysis.options)), Cell(mean.n), Cell(mean.mean), interval(system),
        Cell(bootstrap, system.bootstrap?.lowerBound),
      ]
      let spreads = [mean.standardDeviation, mean.independentHalfWidth(), quality[system.name]].map { Cell($0) }
      return means + spreads + (isAgainstZero ? [p(mean.p(against: 0))] : [])
        + (isGrouped ? [Cell(system.group + 1)] : [])
    }
    return ReportTable(
      label: "Means and intervals",
      heads: heads + (isAgainstZero ? ["two-way p of 0"] : []) + (isGrouped ? ["group"] : []), rows: rows)
  }

  private static func interval(_ system: PanelSystem?) -> Cell {
    guard let interval = system?.interval else {
      return Cell("none" + (system?.mean.undefinedReason.map { ": \($0)" } ?? ""))
    }
    return Cell(PanelText.range(interval.low, interval.high), interval.low)
  }

  static func errors(_ analysis: PanelAnalysis) -> ReportTable {
    let rows = ordered(analysis.all).map { system -> [Cell] in
      let mean = system.mean
      let oneWay = [mean.iidError, mean.listenerError, mean.utteranceError].map { Cell($0, decimals: 3) }
      let both = Cell(mean.twoWayError, decimals: 3)
      let remark = mean.usedGreater ? " (greater)" : mean.undefinedReason.map { ": \($0)" } ?? ""
      return [Cell(name(system.name, analysis.options))] + oneWay + [Cell(both.text + remark, both.number)]
    }
    return ReportTable(
      label: "Standard errors",
      heads: ["standard error", "as if independent", "by listener", "by utterance", "two-way"],
      rows: rows)
  }

  static func pairs(_ pairs: [PanelPair], _ analysis: PanelAnalysis) -> ReportTable {
    let mean = analysis.scale.meanName
    let heads = [
      "a, b", "\(mean) b − a", "bootstrap", "by listener", "Wilcoxon", "Holm", "flips", "t", "TOST", "finding",
    ]
    let rows = pairs.map { pair -> [Cell] in
      let interval =
        pair.interval.map { PanelText.range($0.lowerBound, $0.upperBound) }
        ?? "none\(pair.noInterval.map { ": \($0)" } ?? "")"
      let numbers = [
        signed(pair.mosDifference), Cell(interval, pair.interval?.lowerBound),
        pair.difference.map(signed) ?? Cell("–"),
      ]
      let tests = [pair.wilcoxon?.p, pair.holm, pair.signFlip?.p, pair.pairedT?.p, pair.equivalence?.p].map(p)
      return [Cell(names(pair))] + numbers + tests + [Cell(sentence: PanelText.words(pair, analysis))]
    }
    return ReportTable(label: "Pairs of systems", heads: heads, rows: rows)
  }

  private static func names(_ pair: PanelPair) -> String { pair.a.isEmpty ? pair.b : "\(pair.a), \(pair.b)" }

  static func preferences(_ preferences: PanelPreferences) -> ReportTable {
    let heads = [
      "a, b", "for a", "for b", "neither", "share of b", "Wilson", "by listener", "binomial", "Holm",
      "listeners' flips", "listeners' Holm", "finding",
    ]
    let rows = preferences.pairs.map { pair -> [Cell] in
      let wilson = pair.test.map { PanelText.range($0.interval.lowerBound, $0.interval.upperBound) } ?? "–"
      let clustered = pair.clustered.map { PanelText.range($0.low, $0.high) } ?? "none"
      return [
        Cell("\(pair.a), \(pair.b)"), Cell(pair.forA), Cell(pair.forB), Cell(pair.ties), Cell(pair.test?.share),
        Cell(wilson, pair.test?.interval.lowerBound), Cell(clustered, pair.clustered?.low),
      ] + [pair.test?.p, pair.holm, pair.listenerP, pair.listenerHolm].map(p) + [Cell(sentence: PanelText.words(pair))]
    }
    return ReportTable(label: "Preferences", heads: heads, rows: rows)
  }

  static func abilities(_ abilities: [PanelPreferences.Ability]) -> ReportTable {
    ReportTable(
      label: "Abilities", heads: ["system", "Bradley–Terry, logits", "standard error"],
      rows: abilities.map { [Cell($0.name), signed($0.value), Cell($0.error)] })
  }

  /// Listeners with a sign.
  static func screening(_ screening: PanelScreening) -> ReportTable {
    let hasReference = screening.listeners.contains { $0.reference.count > 0 }
    let heads = ["listener", "ratings", "sd", "r with others", "far out ↑/↓"]
    let rows = screening.listeners.filter { !$0.signs.isEmpty }.map { listener -> [Cell] in
      let signs = listener.signs.map(\.rawValue).joined(separator: ", ")
      let reference = "\(listener.reference.missed)/\(listener.reference.count)"
      return [
        Cell(listener.listener), Cell(listener.ratings), Cell(listener.deviation), Cell(listener.correlation),
        Cell("\(listener.high)/\(listener.low)"),
      ] + (hasReference ? [Cell(reference, Double(listener.reference.missed))] : []) + [Cell(sentence: signs)]
    }
    return ReportTable(
      label: "Listeners with a sign", heads: heads + (hasReference ? ["reference < 90"] : []) + ["sign"], rows: rows)
  }

  static func withAndWithout(_ analysis: PanelAnalysis, _ screened: PanelFindings) -> ReportTable {
    let mean = analysis.scale.meanName
    if let preferences = analysis.all.preferences {
      let rows = preferences.pairs.map { pair -> [Cell] in
        let other = screened.preferences?.pairs.first { $0.a == pair.a && $0.b == pair.b }
        return [Cell("\(pair.a), \(pair.b)")]
          + [pair, other].flatMap { side in [Cell(side?.test?.share), p(side?.holm), p(side?.listenerHolm)] }
      }
      let side = { (word: String) in ["\(word): share of b", "Holm", "listeners' Holm"] }
      return ReportTable(label: "With and without", heads: ["a, b"] + side("with") + side("without"), rows: rows)
    }
    let others = screened.systems.reduce(into: [String: PanelSystem]()) { $0[$1.name] = $1 }
    let rows = ordered(analysis.all).map { system -> [Cell] in
      [Cell(name(system.name, analysis.options))]
        + [system, others[system.name]].flatMap { side in [Cell(side?.mean.mean), interval(side)] }
    }
    return ReportTable(
      label: "With and without",
      heads: ["system", "with: \(mean)", "95 % interval", "without: \(mean)", "95 % interval"], rows: rows)
  }

  private static func signed(_ value: Double) -> Cell {
    Cell((value > 0 ? "+" : "") + PanelText.number(value), value)
  }

  private static func p(_ value: Double?) -> Cell { Cell(PanelText.p(value), value) }
}
