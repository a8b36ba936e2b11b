// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Evaluation
import Foundation
import Reporting
import RunStore

/// `ttseval report RUN`: a stored run as a page, a test report, a table, metrics, plots, or a baseline to be committed.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes a stored run as HTML, Markdown, JUnit XML, CSV, JSON, Prometheus text, plots or a baseline file.",
    discussion: """
      RUN is a run's id or the start of it, its label (the latest complete run of that label), or tag:NAME. Further runs are \
      what a page's trend shows before it, in place of earlier runs of its label.

        ttseval report nightly --baseline tag:main --report reports/run.html,reports/run.md,reports/junit.xml
        ttseval report nightly --report /var/lib/node_exporter/ttseval.prom
        ttseval report nightly --plot reports/pesq-wb.svg,reports/mcd-trend.svg

      A baseline file keeps a run as text, a line for each utterance, where no store outlives a CI job:

        ttseval report tag:main --export-baseline baseline.jsonl
        ttseval compare natural/ out/ --baseline baseline.jsonl --fail-on regressed
        ttseval report --import-baseline baseline.jsonl      into a store again
      """)

  @Argument(help: ArgumentHelp("The run, and others for its trend.", valueName: "run")) var which: [String] = []
  @Option(help: "What it is judged against: a stored run, or a baseline's file (.jsonl).") var baseline: String?
  @Option(help: "What decides, as for diff.") var config: String?
  @OptionGroup var opinions: OpinionOptions
  @OptionGroup var store: StoreOptions
  @Option(help: "What goes to stdout (default: markdown, unless files are asked for).") var format: FormatOption?
  @Option(help: ArgumentHelp("Files to write, by extension: \(FormatOption.extensions); with commas."))
  var report: [String] = []
  @Option(help: "Plots alone, with commas: METRIC.svg its distributions, METRIC-trend.svg its means run by run.")
  var plot: [String] = []
  @Option(help: "The greatest file in bytes that a page has within itself to be heard; a greater one is linked.")
  var embed = ReportClips.embeddedBytes
  @Option(
    help: "How many of the worst utterances a page shows with sound and pictures; with 0 it tells of them in numbers.")
  var clips = ReportClips.count
  @Option(help: ArgumentHelp("A file to keep the run in as text, to be committed.", valueName: "file"))
  var exportBaseline: String?
  @Option(help: ArgumentHelp("A file so made, whose run is put into the store.", valueName: "file"))
  var importBaseline: String?

  func validate() throws {
    try FormatOption.check(report)
    guard which.isEmpty == (importBaseline != nil) else {
      throw ValidationError(which.isEmpty ? "give a run" : "--import-baseline brings its own run: leave the run out")
    }
    if importBaseline != nil {
      let others = !report.isEmpty || !plot.isEmpty || exportBaseline != nil || baseline != nil || format != nil
      if others { throw ValidationError("--import-baseline does nothing else") }
    }
    guard exportBaseline?.isEmpty != true, importBaseline?.isEmpty != true, !plot.contains("") else {
      throw ValidationError("--plot, --export-baseline, --import-baseline: the name is empty")
    }
    guard embed >= 0, clips >= 0 else { throw ValidationError("--embed and --clips are at least 0") }
    for path in FormatOption.paths(plot) where (path as NSString).pathExtension != "svg" {
      throw ValidationError("--plot \(path): the name must be METRIC.svg or METRIC-trend.svg")
    }
  }

  func run() throws {
    let console = Console(quiet: false)
    do {
      if let importBaseline { return try take(importBaseline, console) }
      let file = try GateOptions.rules(config, console)
      let rules = file?.rules ?? GateRules()
      for path in FormatOption.paths(report) + FormatOption.paths(plot) + (exportBaseline.map { [$0] } ?? []) {
        try FormatOption.makeFolder(of: path)
      }
      let opened = try RunStore(existing: store.path)
      let runs = try which.map { try opened.run(matching: $0, toCompare: true) }
      let scored = try opened.load(runs[0])
      let rated = try opinions.added(
        to: [scored] + (try baseline.map { [try Yardstick(name: $0).load(store.path)] } ?? []), from: opened, console)
      let (run, former) = (rated[0], rated.dropFirst().first)
      var result = RunResult(run: run, diff: former.map { RunDiff($0, run, rules: rules) })
      result.gate = GateResult(run, diff: result.diff, rules: rules, failOn: file?.failOn ?? [])
      result.embeddedBytes = embed
      result.clips = clips
      result.history = RunHistory(
        run: scored, store: opened, rules: rules, opinions: opinions, earlier: Array(runs.dropFirst()))
      try result.history?.warnOfIncomplete(console)
      if run.finishedAt == nil { console.warn("this run is incomplete") }
      let writesFiles = !report.isEmpty || !plot.isEmpty || exportBaseline != nil
      try FormatOption.deliver(
        result, to: FormatOption.paths(report), printing: format ?? (writesFiles ? nil : .markdown), console)
      let trend =
        FormatOption.paths(plot).contains { $0.hasSuffix("-trend.svg") } ? try result.history?.trend() : nil
      for path in FormatOption.paths(plot) { try draw(path, run, trend) }
      if let exportBaseline {
        guard run.finishedAt != nil else { throw IncompleteBaseline() }
        try TextFile.write(try BaselineFile.text(scored), to: exportBaseline)
      }
    } catch {
      throw console.stop(error)
    }
  }

  private func draw(_ path: String, _ run: Run, _ trend: Trend?) throws {
    let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    let isTrend = name.hasSuffix("-trend")
    let metric = isTrend ? String(name.dropLast("-trend".count)) : name
    guard run.settings.metrics.contains(metric) else {
      throw NothingToDraw.noMetric(metric, known: run.settings.metrics)
    }
    let svg =
      isTrend ? trend.flatMap { PlotFile.trend($0, metric: metric) } : PlotFile.distributions(run, metric: metric)
    guard let svg else { throw isTrend ? NothingToDraw.noTrend(metric) : NothingToDraw.noValues(metric) }
    try TextFile.write(svg, to: path)
  }

  /// Puts a baseline's run into the store; one that is there already stays as it is.
  private func take(_ path: String, _ console: Console) throws {
    let run = try Yardstick.read(path)
    let opened = try RunStore(path: store.path)
    let name = "run \(run.id.uuidString.lowercased().prefix(8))" + (run.label.map { " (\($0))" } ?? "")
    let known = try opened.runs()
    if known.contains(where: { $0.id == run.id }) {
      let isSame = try BaselineFile.text(opened.load(run.id, traces: false)) == BaselineFile.text(run)
      if isSame { return console.note("\(name) is in \(store.path) already") }
      return console.warn("\(name) is in \(store.path) already, with other content, and stays as it is")
    }
    do {
      try opened.begin(run)
    } catch {
      throw OutputError(path: path, reason: "not taken in: \(error)")
    }
    let pairs = run.systems.reduce(0) { $0 + $1.utterances.count }
    console.note("\(name), \(pairs) pairs, taken into \(store.path)")
    if let label = run.label, known.contains(where: { $0.label == label && $0.startedAt > run.startedAt }) {
      console.warn("a later run of \(store.path) is called \(label), too: that is the one “\(label)” means")
    }
  }
}

/// A plot of nothing.
private enum NothingToDraw: Error, CustomStringConvertible {
  case noMetric(String, known: [String])
  case noValues(String)
  case noTrend(String)

  var description: String {
    switch self {
    case .noMetric(let metric, let known):
      "--plot: the run has no metric “\(metric)”, but \(known.joined(separator: ", "))"
    case .noValues(let metric): "--plot: no utterance has a value of \(metric)"
    case .noTrend(let metric):
      "--plot: no earlier run of this label, by the same recipe, has \(metric) (a trend is of the metrics that decide)"
    }
  }
}

/// A baseline that would lack utterances.
private struct IncompleteBaseline: Error, CustomStringConvertible {
  var description: String { "an incomplete run is no baseline" }
}
