// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation
internal import SpeechMetrics

/// One label on several machines, as text and as JSON.
public enum HardwareReport {
  /// The machines, a matrix of answers, and behind each answer the numbers.
  public static func render(_ matrix: HardwareMatrix) -> String {
    var lines = matrix.machines.enumerated().map { "\($0 + 1)  \(machine($1))" }
    lines += [""] + grid(matrix)
    for pair in matrix.pairs {
      lines += ["", "\(pair.places.map { "\($0 + 1)" }.joined(separator: " – ")): \(pair.sameness.rawValue)"]
      lines += pair.diff.systems.flatMap { system($0, matrix.spreads[$0.name] ?? [:]) }
      lines += pair.diff.missingSystems.map { "  \($0): on the first only" }
      lines += pair.diff.addedSystems.map { "  \($0): on the second only" }
      lines += pair.diff.provenance.filter { $0.name != "host" }.map { "  \(DiffTable.change($0))" }
    }
    return (lines + ["", legend]).map { PlainText.terminal($0) + "\n" }.joined()
  }

  static let legend = """
    identical: every decoded sample is the same; equivalent, different: of means, to within each metric's tolerance. \
    greatest: the largest difference of one utterance (of means over its takes), beside the largest of two takes on one machine
    """

  /// What a machine is, and by which run it is known.
  static func machine(_ machine: RunDiff.Side) -> String {
    let host = machine.host
    let parts = [host.cpu, "\(host.cores) cores", host.gpu, host.os, host.container].compactMap { $0 }
    return "\(host.id)  \(parts.joined(separator: ", "))  run \(machine.id.uuidString.lowercased().prefix(8))"
  }

  /// The answers, a row for each machine; `·` on the diagonal.
  static func answers(_ matrix: HardwareMatrix) -> [[String]] {
    matrix.machines.indices.map { i in
      matrix.machines.indices.map { j in
        matrix.pairs.first { $0.places == [min(i, j), max(i, j)] }?.sameness.rawValue ?? "·"
      }
    }
  }

  private static func grid(_ matrix: HardwareMatrix) -> [String] {
    let count = matrix.machines.count
    let rows = answers(matrix).enumerated().map { ["\($0 + 1)"] + $1 }
    return TableLayout.lines([[""] + (0..<count).map { "\($0 + 1)" }] + rows)
  }

  private static func system(_ system: SystemDiff, _ spreads: [String: Double]) -> [String] {
    let identical = "\(system.audioIdentical) of \(system.pairs) utterances of the same sound"
    var lines = ["  \(system.name): \(HardwareMatrix.Sameness(system).rawValue), \(identical)"]
    lines += unlike(system).map { "    \($0)" }
    guard system.audioIdentical < system.pairs || !system.metrics.allSatisfy({ $0.verdict == .identical }) else {
      return lines
    }
    let header = ["", "metric", "greatest", "two takes", "mean b − a", "95 % interval", "verdict"]
    let rows = [header] + system.metrics.map { row($0, spreads[$0.metric]) }
    return lines + TableLayout.lines(rows).map { "    \($0)" }
  }

  /// What one machine has or can score and the other not.
  static func unlike(_ system: SystemDiff) -> [String] {
    let undefined = system.metrics.filter { $0.isGate && $0.undefined.lost + $0.undefined.gained > 0 }.map {
      "\($0.metric): \($0.undefined.gained) undefined on the first only, \($0.undefined.lost) on the second only"
    }
    return coverage(system.coverage) + undefined
  }

  private static func coverage(_ coverage: SystemDiff.Coverage) -> [String] {
    func line(_ ids: [String], _ what: String) -> String? {
      ids.isEmpty
        ? nil : "\(ids.prefix(3).joined(separator: ", "))\(ids.count > 3 ? ", …" : "") (\(ids.count)): \(what)"
    }
    let failing = (Set(coverage.failedInA), Set(coverage.failedInB))
    return [
      line(coverage.missing, "on the first only"), line(coverage.added, "on the second only"),
      line(coverage.otherReference, "scored against different references"),
      line(failing.0.subtracting(failing.1).sorted(), "a score fails on the first only"),
      line(failing.1.subtracting(failing.0).sorted(), "a score fails on the second only"),
    ].compactMap { $0 }
  }

  private static func row(_ diff: MetricDiff, _ spread: Double?) -> [String] {
    let decimals = (MetricCatalogue.info(diff.metric)?.scale.decimals ?? 3) + 1
    func number(_ value: Double?) -> String { value.map { PlainText.number($0, decimals: decimals) } ?? "–" }
    let columns = DiffCells(diff).columns
    return [
      columns[0], columns[1], number(diff.greatestDifference), number(spread), number(diff.comparison?.meanDifference),
      columns[5], HardwareMatrix.Sameness(diff.verdict).rawValue,
    ]
  }

  /// The same as JSON, schema 1.
  public static func json(_ matrix: HardwareMatrix, label: String) throws -> String {
    try JSONReport.text(HardwareDocument(matrix, label))
  }
}

private struct HardwareDocument: Encodable {
  let schema = 1
  let label: String
  let machines: [Machine]
  let pairs: [Pair]
  /// Greatest difference of two takes on one machine, by system and metric.
  let takes: [String: [String: Double]]

  struct Machine: Encodable {
    let host: String
    let run: String
    let cpu: String
    let gpu: String?
  }

  struct Pair: Encodable {
    let a: String
    let b: String
    let verdict: String
    let diff: DiffDocument
  }

  init(_ matrix: HardwareMatrix, _ label: String) {
    self.label = label
    machines = matrix.machines.map {
      Machine(host: $0.host.id, run: $0.id.uuidString.lowercased(), cpu: $0.host.cpu, gpu: $0.host.gpu)
    }
    pairs = matrix.pairs.map { pair in
      Pair(
        a: matrix.machines[pair.places[0]].host.id, b: matrix.machines[pair.places[1]].host.id,
        verdict: pair.sameness.rawValue, diff: DiffDocument(pair.diff))
    }
    takes = matrix.spreads
  }
}
