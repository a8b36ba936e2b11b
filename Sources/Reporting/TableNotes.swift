// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation

/// What stands below a run's table, in the terminal and in Markdown: how to read it, and what failed.
struct TableNotes {
  /// How to read the table, one line each.
  let legend: [String]
  /// Each failure once, with how many of its pair's scores it took.
  let failures: [String]

  /// - Parameter best: how the table marks the best system.
  init(_ run: Run, _ rows: [TableRow], best: String) {
    legend = Self.legend(run, rows, best: best)
    failures = run.systems.flatMap { system in system.utterances.flatMap { Self.failures(system, $0) } }
  }

  private static func legend(_ run: Run, _ rows: [TableRow], best: String) -> [String] {
    var notes: [String] = []
    if run.finishedAt == nil {
      notes.append("incomplete: the run ended early, and these are the pairs it had finished")
    }
    notes.append("mean over the pairs, and its 95 % interval (BCa bootstrap for 30–1000 pairs, else Student's t)")
    if rows.contains(where: { $0.cells.contains(where: \.isBest) }) {
      notes.append("\(best): best of the compared systems")
    }
    let compared = rows.map(\.comparison).filter { $0.cells.count { $0.isCompared } > 1 }
    if let least = compared.map(\.commonUtterances).min(), let most = compared.map(\.commonUtterances).max() {
      let count = least == most ? "\(most)" : "\(least) to \(most)"
      notes.append("compared on the \(count) utterances that all compared systems have a value for")
    }
    if run.systems.count > 1, rows.contains(where: { $0.cells.contains(where: \.isApart) }) {
      notes.append("own n only: too few values in common with the others; the mean is over the system's own n")
    }
    if rows.contains(where: \.isWarped) {
      notes.append("warped: of speech that was warped onto the reference's time; it flatters, and decides nothing")
    }
    for metric in run.settings.metrics {
      guard let listeners = run.listeners(metric), let panel = Self.panel(run, metric) else { continue }
      notes.append(
        "\(metric): \(listeners) listener\(listeners == 1 ? "" : "s") of panel \(panel), every vote counting alike; its interval is for"
          + " other listeners and other utterances")
    }
    let reasons = Set(
      run.systems.lazy.flatMap(\.utterances).flatMap(\.scores).compactMap { score in
        if case .undefined(let reason) = score.outcome { reason } else { nil }
      })
    let shown = reasons.sorted().prefix(5).map { "undefined: \($0)" }
    return notes + shown + (reasons.count > 5 ? ["undefined: … and \(reasons.count - 5) more reasons"] : [])
  }

  private static func panel(_ run: Run, _ metric: String) -> String? {
    run.systems.lazy.flatMap(\.utterances).compactMap { $0.score(metric)?.signature.panel }.first
  }

  private static func failures(_ system: SystemResult, _ utterance: UtteranceResult) -> [String] {
    let reasons = utterance.scores.compactMap { score in
      if case .failed(let reason) = score.outcome { reason } else { nil }
    }
    return Set(reasons).sorted().map { reason in
      let count = reasons.count { $0 == reason }
      let metrics = count == utterance.scores.count ? "" : " (\(count) of \(utterance.scores.count) metrics)"
      return "\(system.name) \(utterance.id)\(metrics): \(reason)"
    }
  }
}
