// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation

/// A run as CSV (RFC 4180), one row per system, utterance and metric.
public enum CSVReport {
  /// The document. A row has a value, or a status other than `value` and the reason.
  public static func render(_ run: Run) -> String {
    var lines = ["run,system,id,metric,status,value,reason,signature"]
    let id = run.id.uuidString.lowercased()
    for system in run.systems {
      for utterance in system.utterances {
        for score in utterance.scores {
          let (status, value, reason) =
            switch score.outcome {
            case .value(let number): ("value", "\(number)", "")
            case .undefined(let reason): ("undefined", "", reason)
            case .failed(let reason): ("failed", "", reason)
            }
          let names = [id, system.name, utterance.id, score.metric, status].map(PlainText.csv)
          // A value is a number, and a negative one is no formula.
          let rest = [value, PlainText.csv(reason), PlainText.csv(score.signature.description)]
          lines.append((names + rest).joined(separator: ","))
        }
      }
    }
    return lines.map { $0 + "\r\n" }.joined()
  }
}

/// A run as a Markdown table, fit for a pull request.
public enum MarkdownReport {
  /// The document: one table, a line on how to read it, and the failures folded away.
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
    output += "\nMean over the pairs and its 95 % interval; bold: best of the compared systems. "
    output += "Run `\(run.id.uuidString.lowercased())`, ttseval \(run.tool).\n"
    let failures = run.systems.flatMap { system in
      system.utterances.flatMap { utterance in
        utterance.scores.compactMap { score -> String? in
          guard case .failed(let reason) = score.outcome else { return nil }
          let place = "\(system.name) \(utterance.id) \(score.metric)"
          return "- \(PlainText.markdown(place)): \(PlainText.markdown(reason))\n"
        }
      }
    }
    guard !failures.isEmpty else { return output }
    return output + "\n<details><summary>\(failures.count) failed scores</summary>\n\n" + failures.joined()
      + "\n</details>\n"
  }
}
