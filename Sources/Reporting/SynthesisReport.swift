// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Statistics
public import Synthesis

/// What a TTS took to speak a list, as text and as JSON.
public enum SynthesisReport {
  /// Counts, then each figure's mean, median and interval over what succeeded, then the failures.
  public static func render(_ result: SynthesisResult) -> String {
    let failures = result.rows.filter { $0.failure != nil }
    let made = result.rows.count - failures.count
    var lines = ["\(made) of \(result.rows.count) made\(result.kept > 0 ? ", \(result.kept) of them earlier" : "")"]
    let figures: [(String, Int, (SynthesisRow) -> Double?)] = [
      ("real-time factor", 4, { $0.speed?.realTimeFactor }), ("wall, s", 3, { $0.speed?.wallSeconds }),
      ("latency, s", 3, { $0.speed?.latencySeconds }), ("CPU, s", 3, { $0.speed?.cpuSeconds }),
      ("peak memory, MiB", 1, { $0.speed?.peakMemoryBytes.map { Double($0) / 1_048_576 } }),
    ]
    var rows = [["", "n", "mean", "median", "95 % interval", "greatest"]]
    for (name, decimals, value) in figures {
      let values = result.rows.filter { $0.failure == nil }.compactMap(value)
      guard let summary = Summary(values, within: 0 ... .infinity), let greatest = values.max() else { continue }
      func number(_ value: Double) -> String { PlainText.number(value, decimals: decimals) }
      let interval = summary.interval.map { "\(number($0.low)) … \(number($0.high))" } ?? "one value"
      rows.append([
        name, "\(summary.n)", number(summary.mean), number(summary.median), interval, number(greatest),
      ])
    }
    if rows.count > 1 { lines += TableLayout.lines(rows) }
    lines += result.workers.enumerated().map { index, worker in
      let growth = worker.growthBytes.map { ", grew by \(PlainText.number(Double($0) / 1_048_576, decimals: 1)) MiB" }
      return "worker \(index + 1): ready after \(PlainText.number(worker.startSeconds, decimals: 3)) s, "
        + "\(worker.lines) lines\(growth ?? "")"
    }
    let silent = result.rows.count { $0.audio?.isSilent == true }
    if silent > 0 { lines.append("\(silent) of them silent") }
    lines += failures.prefix(20).compactMap { row in failure(row).map { "failed: \($0)" } }
    if failures.count > 20 { lines.append("… and \(failures.count - 20) more; synthesis.jsonl tells of all") }
    return lines.map { PlainText.terminal($0) + "\n" }.joined()
  }

  /// What failed, why, and what the program said last; nil for sound.
  public static func failure(_ row: SynthesisRow) -> String? {
    row.failure.map { failure in
      let said = row.said?.split(separator: "\n").last.map { ": \($0)" } ?? ""
      return "\(row.id), take \(row.take): \(failure)\(said)"
    }
  }

  /// All rows and workers, schema 1.
  public static func json(_ result: SynthesisResult) throws -> String { try JSONReport.text(SynthesisDocument(result)) }
}

private struct SynthesisDocument: Encodable {
  let schema = 1
  let kept: Int
  let complete: Bool
  let rows: [SynthesisRow]
  let workers: [WorkerReport]

  init(_ result: SynthesisResult) {
    kept = result.kept
    complete = result.isComplete
    rows = result.rows
    workers = result.workers
  }
}
