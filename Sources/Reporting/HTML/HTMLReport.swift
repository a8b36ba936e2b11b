// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation
internal import SpeechMetrics
internal import Statistics

/// A run, and what became of it since its baseline, as one page that needs nothing but itself.
///
/// The verdict stands first. Text shows rounded numbers; the numbers themselves, to the last digit, are in data attributes: `data-mean`,
/// `data-low` and `data-high` of a table's cell (over the utterances that all compared systems have; `data-own-mean` is that of
/// all of the system's own, as JSON has it), and what is drawn as ``StripPlot``, ``DifferencePlot`` and ``TrendPlot``
/// say.
public enum HTMLReport {
  /// Dots that a page draws at most, over all plots; with a comparison half of them are its own.
  static let mostDots = 100_000

  /// The page.
  /// - Parameters:
  ///   - run: what was scored.
  ///   - diff: what became of it since its baseline, if it has one.
  ///   - gate: whether it keeps to its limits.
  ///   - trend: how its label's scores went, where there are earlier runs.
  ///   - machines: the label on several machines, where there are several.
  ///   - assets: what is to be seen and heard of single utterances.
  public static func render(
    _ run: Run, diff: RunDiff? = nil, gate: GateResult? = nil, trend: Trend? = nil, machines: HardwareMatrix? = nil,
    assets: ReportAssets = ReportAssets()
  ) -> String {
    let dots = diff == nil ? mostDots : mostDots / 2
    let rows = run.settings.metrics.map { TableRow(run, metric: $0) }
    let notes = TableNotes(run, rows, best: "★")
    var page = head(run, diff, gate, rows)
    page.merge(ScoreSection.content(run, rows, dots: dots)) { $1 }
    page.merge(ClipSection.content(run, diff, assets)) { $1 }
    page.merge(OriginSection.content(run)) { $1 }
    page["notes"] = notes.legend
    list(RunWarnings(run).lines, "warnings", "hasWarnings", &page)
    list(notes.failures, "failures", "hasFailures", &page)
    page["failureCount"] = notes.failures.count
    let unmatched = run.unmatched.reference + run.unmatched.synthesis
    list(unmatched, "unmatched", "hasUnmatched", &page)
    page["unmatchedCount"] = unmatched.count
    if let diff { page["comparison"] = DifferenceSection.content(diff, dots: dots) }
    if let trend {
      page["trend"] = [
        "runs": trend.runs.count,
        "plots": trend.metrics.map { metric in
          let heading = rows.first { $0.comparison.metric == metric }?.heading ?? metric
          return ["heading": heading, "svg": TrendPlot(trend: trend, metric: metric).svg]
        },
      ]
    }
    if let machines { page["machines"] = MachineSection.content(machines) }
    if let speed = SpeedSection.content(run, rows) { page["speed"] = speed }
    page["parts"] = parts(page)
    return PageTemplate.page.render(page)
  }

  static func list(_ lines: [String], _ name: String, _ flag: String, _ page: inout [String: Any]) {
    page[name] = lines
    page[flag] = !lines.isEmpty
  }

  private static func count(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }

  private static func head(
    _ run: Run, _ diff: RunDiff?, _ gate: GateResult?, _ rows: [TableRow]
  ) -> [String: Any] {
    let utterances = Set(run.systems.flatMap { $0.utterances.map(\.id) }).count
    let subtitle = [
      count(run.systems.count, "system"), count(utterances, "utterance"), JSONReport.timestamp(run.startedAt),
      "run \(run.id.uuidString.lowercased())", "ttseval \(run.tool)",
    ].joined(separator: " · ")
    var page = PageFrame.content(
      title: "Speech quality: \(run.label ?? run.systems.map(\.name).joined(separator: ", "))", subtitle: subtitle)
    if let diff {
      page["verdict"] = diff.verdict.rawValue
      page["verdictClass"] = diff.verdict.rawValue
      page["verdictText"] = DiffTable.title(diff)
      let complaints = (gate?.complaints ?? []).filter { !diff.reasons.contains($0) }
      list(diff.reasons + complaints, "reasons", "hasReasons", &page)
      return page
    }
    let failed = run.systems.reduce(0) { $0 + $1.utterances.count(where: \.hasFailure) }
    if let gate, !gate.complaints.isEmpty {
      let isLimit = gate.complaints.first == gate.brokenLimits.first
      page["verdict"] = isLimit ? "regressed" : "unmatched"
      page["verdictClass"] = "regressed"
      page["verdictText"] = isLimit ? "Beyond its limits." : "Not everything has its partner."
      list(gate.complaints, "reasons", "hasReasons", &page)
      return page
    }
    let isScored = rows.contains { $0.comparison.cells.contains { $0.values != nil } }
    let word =
      run.finishedAt == nil
      ? "incomplete" : failed > 0 ? "\(count(failed, "pair")) failed" : isScored ? "scored" : "no scores"
    page["verdict"] = word
    page["verdictClass"] = word == "scored" ? "" : "failed"
    page["verdictText"] = "No baseline: nothing is judged."
    let family = GateRules.family(of: run.settings)
    let best = zip(run.settings.metrics, rows).compactMap { id, row -> String? in
      guard family.contains(id), let place = row.cells.firstIndex(where: \.isBest) else { return nil }
      return "best \(row.heading): \(run.systems[place].name), \(row.cells[place].mean)"
    }
    list(best, "reasons", "hasReasons", &page)
    return page
  }

  private static func parts(_ page: [String: Any]) -> [[String: String]] {
    var parts = [("scores", "Scores")]
    if page["comparison"] != nil { parts.append(("differences", "Since the baseline")) }
    parts.append(("distributions", "Distributions"))
    if page["trend"] != nil { parts.append(("trend", "Trend")) }
    if page["machines"] != nil { parts.append(("machines", "Machines")) }
    if page["hasClips"] as? Bool == true { parts.append(("utterances", "Worst utterances")) }
    if page["speed"] != nil { parts.append(("speed", "Speed")) }
    parts.append(("provenance", "Origin"))
    return parts.map { ["id": $0, "name": $1] }
  }
}
