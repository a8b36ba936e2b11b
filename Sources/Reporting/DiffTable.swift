// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation
internal import SpeechMetrics
internal import Statistics

/// Two runs compared, as text for a terminal: the verdict, why, and a table for each system.
public enum DiffTable {
  /// The text.
  public static func render(_ diff: RunDiff) -> String {
    var lines = ["\(diff.verdict.rawValue)  \(title(diff))"]
    lines += diff.reasons.map { "  \($0)" }
    for system in diff.systems {
      lines.append("")
      lines.append(heading(system))
      lines += table(system)
      lines += speed(system)
      lines += system.metrics.flatMap(worst)
    }
    lines += diff.addedSystems.map { "\($0): only in b" }
    if !diff.provenance.isEmpty {
      lines += ["", "surroundings"] + diff.provenance.map { "  \(change($0))" }
    }
    lines += ["", legend]
    return lines.map { PlainText.terminal($0) + "\n" }.joined()
  }

  static let legend = """
    a: the yardstick, b: what is judged; b − a over pairs of one utterance; 95 % interval; p by flipping signs, adjusted over the gate's metrics (marked +) by Holm; \
    of listeners' scores a pair is a listener of both
    """

  static func title(_ diff: RunDiff) -> String { "\(name(diff.b)) against \(name(diff.a))" }

  private static func name(_ side: RunDiff.Side) -> String {
    let id = String(side.id.uuidString.lowercased().prefix(8))
    return (side.label.map { "\($0) (\(id))" } ?? id) + (side.isComplete ? "" : ", incomplete")
  }

  static func change(_ fact: RunDiff.FactChange) -> String {
    "\(fact.name): \(fact.a ?? "unknown") → \(fact.b ?? "unknown")"
  }

  static func heading(_ system: SystemDiff) -> String {
    let name = system.name == system.formerName ? system.name : "\(system.name) (was \(system.formerName))"
    var parts = ["\(name): \(system.verdict.rawValue)", "\(system.pairs) pairs"]
    if system.audioIdentical > 0 { parts.append("\(system.audioIdentical) of the same sound") }
    let (before, after) = (system.coverage.failedInA.count, system.coverage.failedInB.count)
    if before + after > 0 { parts.append("failures \(before) → \(after)") }
    return parts.joined(separator: ", ")
  }

  private static func table(_ system: SystemDiff) -> [String] {
    let header = ["", "metric", "a", "b", "b − a", "95 % interval", "p", "won/tied/lost", "verdict"]
    return TableLayout.lines([header] + system.metrics.map(DiffCells.init).map(\.columns))
  }

  /// What making the sounds takes, as a multiple of what it took.
  static func speed(_ system: SystemDiff) -> [String] {
    SpeedFigure.allCases.compactMap { figure in
      system.speed[figure].map { ratio in
        let limits = ratio.interval.map { " (\(times($0.low)) … \(times($0.high)))" } ?? ""
        return "   \(figure.name)  × \(times(ratio.ratio))\(limits)  over \(ratio.n) utterances"
      }
    }
  }

  private static func times(_ ratio: Double) -> String { PlainText.number(ratio, decimals: 3) }

  /// The utterances that lost most, where the metric did.
  private static func worst(_ metric: MetricDiff) -> [String] {
    guard metric.isGate, metric.verdict == .regressed else { return [] }
    let decimals = MetricCatalogue.info(metric.metric)?.scale.decimals ?? 3
    return metric.worst.map { pair in
      let values = [pair.a, pair.b].map { PlainText.number($0, decimals: decimals) }
      return "  \(metric.metric) \(values[0]) → \(values[1])  \(pair.id)  \(pair.pathB)"
    }
  }
}

/// One metric's row as text.
struct DiffCells {
  /// Mark of the gate, metric, a, b, difference, interval, p, wins and losses, verdict.
  let columns: [String]

  init(_ diff: MetricDiff) {
    let info = MetricCatalogue.info(diff.metric)
    let decimals = info?.scale.decimals ?? 3
    func number(_ value: Double?) -> String { value.map { PlainText.number($0, decimals: decimals) } ?? "–" }
    let comparison = diff.comparison
    let arrow =
      switch info?.scale.better {
      case .higher: " ↑"
      case .lower: " ↓"
      default: ""
      }
    let unit = info.map { $0.scale.unit.isEmpty ? "" : " \($0.scale.unit)" } ?? ""
    let interval = comparison?.interval.map { "\(number($0.low)) … \(number($0.high))" } ?? "–"
    let counts = comparison.flatMap { comparison in
      comparison.wins.flatMap { wins in comparison.losses.map { "\(wins)/\(comparison.ties)/\($0)" } }
    }
    columns = [
      diff.isGate ? "+" : "", diff.metric + unit + arrow, number(diff.means?.a), number(diff.means?.b),
      comparison?.meanDifference.map { ($0 > 0 ? "+" : "") + number($0) } ?? "–", interval, Self.p(diff),
      counts ?? "–", Self.verdict(diff),
    ]
  }

  /// p, adjusted where the metric is in the gate.
  static func p(_ diff: MetricDiff) -> String {
    guard case .judged(let judgement) = diff.finding, judgement.comparison.n > 0 else { return "–" }
    let p = judgement.adjustedP ?? judgement.comparison.test.p
    return p < 0.0001 ? "<.0001" : PlainText.number(p, decimals: 4)
  }

  private static func verdict(_ diff: MetricDiff) -> String {
    switch diff.finding {
    case .notComparable(let why): "\(diff.verdict.rawValue): \(why)"
    case .judged(let judgement):
      diff.verdict.rawValue + (judgement.neededN.map { ", \($0) \(diff.unitsName) would decide" } ?? "")
    default: diff.verdict.rawValue
    }
  }
}
