// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation

/// A run as CSV (RFC 4180), one row per system, utterance and metric.
public enum CSVReport {
  /// Writes the document. A row has a value, or a status other than `value` and the reason.
  /// - Parameters:
  ///   - run: what to show.
  ///   - sink: receives the document in pieces; what it throws ends the writing.
  public static func write(_ run: Run, to sink: (String) throws -> Void) rethrows {
    let id = run.id.uuidString.lowercased()
    try sink("run,system,id,metric,status,value,reason,signature\r\n")
    for system in run.systems {
      for utterance in system.utterances {
        let lines = utterance.scores.map { score in
          let (status, value, reason) =
            switch score.outcome {
            case .value(let number): ("value", "\(number)", "")
            case .undefined(let reason): ("undefined", "", reason)
            case .failed(let reason): ("failed", "", reason)
            }
          let names = [id, system.name, utterance.id, score.metric, status].map(PlainText.csv)
          // A value is a number, and a negative one is no formula.
          let rest = [value, PlainText.csv(reason), PlainText.csv(score.signature.description)]
          return (names + rest).joined(separator: ",") + "\r\n"
        }
        try sink(lines.joined())
      }
    }
  }
}

/// A run as a Markdown table, fit for a pull request.
public enum MarkdownReport {
  /// What a run is to be blamed for beside what a comparison says; empty where there is nothing.
  public static func complaints(_ gate: GateResult?, besides diff: RunDiff?) -> String {
    let lines = (gate?.complaints ?? []).filter { diff?.reasons.contains($0) != true }
    guard let gate, !lines.isEmpty else { return "" }
    // With a comparison its limits are told there, and what is left is about partners.
    let isLimit = diff == nil && !gate.brokenLimits.isEmpty
    return (isLimit ? "**regressed**: beyond its limits" : "**unmatched**") + "\n\n"
      + lines.map { "- \(PlainText.markdown($0))\n" }.joined() + "\n"
  }

  /// The document: one table, how to read it, and the failures folded away.
  public static func render(_ run: Run) -> String {
    let rows = run.settings.metrics.map { TableRow(run, metric: $0) }
    var output = "| metric |" + run.systems.map { " \(PlainText.markdown($0.name)) |" }.joined() + "\n"
    output += "|---|" + run.systems.map { _ in "--:|" }.joined() + "\n"
    output += "| pairs |" + run.systems.map { " \($0.utterances.count) |" }.joined() + "\n"
    for row in rows {
      let cells = row.cells.map { cell in
        let mean = cell.isBest ? "**\(cell.mean)**" : cell.mean
        return " " + ([mean] + [cell.interval, cell.remark].filter { !$0.isEmpty }).joined(separator: "<br>") + " |"
      }
      output += "| \(PlainText.markdown(row.heading)) |" + cells.joined() + "\n"
    }
    for row in SpeedRow.all(run) {
      let cells = row.cells.map {
        " " + [$0.mean, $0.interval].filter { !$0.isEmpty }.joined(separator: "<br>") + " |"
      }
      output += "| \(PlainText.markdown(row.heading)) |" + cells.joined() + "\n"
    }
    let notes = TableNotes(run, rows, best: "bold")
    output += "\n" + notes.legend.map { PlainText.markdown($0) }.joined(separator: "  \n")
    output += "  \nRun `\(run.id.uuidString.lowercased())`, ttseval \(run.tool).\n"
    guard !notes.failures.isEmpty else { return output }
    return output + "\n<details><summary>\(notes.failures.count) failures</summary>\n\n"
      + notes.failures.map { "- \(PlainText.markdown($0))\n" }.joined() + "\n</details>\n"
  }
}
