// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation

/// Two runs compared, as Markdown for a pull request: the verdict, why, a short table, the rest folded away.
public enum DiffMarkdown {
  /// The document.
  public static func render(_ diff: RunDiff) -> String {
    var output = "**\(diff.verdict.rawValue)**: \(PlainText.markdown(DiffTable.title(diff)))\n"
    if !diff.reasons.isEmpty { output += "\n" + diff.reasons.map { "- \(PlainText.markdown($0))\n" }.joined() }
    for system in diff.systems {
      output += "\n\(PlainText.markdown(DiffTable.heading(system)))\n\n"
      output += head
      let speed = DiffTable.speed(system).map { "- \(PlainText.markdown($0.trimmingCharacters(in: .whitespaces)))\n" }
      let (gate, others) = (system.metrics.filter(\.isGate), system.metrics.filter { !$0.isGate })
      output += gate.map(metric).joined() + (speed.isEmpty ? "" : "\n" + speed.joined())
      guard !others.isEmpty else { continue }
      output += "\n<details><summary>\(others.count) metrics that do not decide</summary>\n\n"
      output += head + others.map(metric).joined() + "\n</details>\n"
    }
    output += "\n\(PlainText.markdown(DiffTable.legend))\n"
    guard !diff.provenance.isEmpty else { return output }
    return output + "\n<details><summary>surroundings that differ</summary>\n\n"
      + diff.provenance.map { "- \(PlainText.markdown(DiffTable.change($0)))\n" }.joined() + "\n</details>\n"
  }

  private static let head =
    row(["metric", "a", "b", "b − a", "95 % interval", "p", "won/tied/lost", "verdict"])
    + "|---|--:|--:|--:|:-:|--:|:-:|---|\n"

  private static func metric(_ diff: MetricDiff) -> String {
    row(DiffCells(diff).columns.dropFirst().map(PlainText.markdown))
  }

  private static func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
}
