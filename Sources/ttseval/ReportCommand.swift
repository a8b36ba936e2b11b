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
        ttseval report nightly --format prometheus > /var/lib/node_exporter/ttseval.prom
        ttseval report nightly --plot reports/pesq-wb.svg,reports/mcd-trend.svg

      A baseline file keeps a run as text, a line for each utterance, where no store outlives a CI job:

        ttseval report tag:main --export-baseline baseline.jsonl
        ttseval report --import-baseline baseline.jsonl
      """)

  @Argument(help: ArgumentHelp("The run, and others for its trend.", valueName: "run")) var which: [String] = []
  @Option(help: "A stored run to be judged against.") var baseline: String?
  @Option(help: "What decides, as for diff.") var config: String?
  @OptionGroup var store: StoreOptions
  @Option(help: "What goes to stdout (default: markdown, unless files are asked for).") var format: FormatOption?
  @Option(help: ArgumentHelp("Files to write, by extension: \(FormatOption.extensions); with commas."))
  var report: [String] = []
  @Option(help: "Plots alone, with commas: METRIC.svg its distributions, METRIC-trend.svg its means run by run.")
  var plot: [String] = []
  @Option(help: "The greatest file in bytes that a page has within itself to be heard; a greater one is linked.")
  var embed = ReportClips.embeddedBytes
  @Option(help: "How many of the worst utterances a page shows with sound and pictures; with 0 it tells of them in numbers.")
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
    guard embed >= 0, clips >= 0 else { throw ValidationError("--embed and --clips are at least 0") }
    for path in FormatOption.paths(plot) where (path as NSString).pathExtension != "svg" {
      throw ValidationError("--plot \(path): the name must be METRIC.svg or METRIC-trend.svg")
    }
  }

  func run() throws {
    let console = Console(quiet: false)
    do {
      if let importBaseline { return try take(importBaseline, console) }
      let rules = try GateOptions.rules(config, console)?.rules ?? GateRules()
      let opened = try RunStore(existing: store.path)
      let runs = try which.map { try opened.run(matching: $0, toCompare: true) }
      let run = try opened.load(runs[0])
      let former = try baseline.map { try opened.load(try opened.run(matching: $0, toCompare: true), traces: false) }
      var result = RunResult(run: run, diff: former.map { RunDiff($0, run, rules: rules) })
      result.embeddedBytes = embed
      result.clips = clips
      result.history = { try RunHistory(of: run, in: opened, rules: rules, earlier: Array(runs.dropFirst())) }
      if run.finishedAt == nil { console.warn("this run is incomplete") }
      let writesFiles = !report.isEmpty || !plot.isEmpty || exportBaseline != nil
      if let format = format ?? (writesFiles ? nil : .markdown) {
        try Console.print(try format.render(result, console))
      }
      for path in FormatOption.paths(report) {
        try FormatOption.makeFolder(of: path)
        try FormatOption(path: path)?.write(result, to: path, console)
      }
      for path in FormatOption.paths(plot) { try draw(path, result) }
      if let exportBaseline {
        guard run.finishedAt != nil else { throw IncompleteBaseline() }
        try FormatOption.makeFolder(of: exportBaseline)
        try FormatOption.write(try BaselineFile.text(run), to: exportBaseline)
      }
    } catch {
      throw console.stop(error)
    }
  }

  private func draw(_ path: String, _ result: RunResult) throws {
    let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    let isTrend = name.hasSuffix("-trend")
    let metric = isTrend ? String(name.dropLast("-trend".count)) : name
    guard result.run.settings.metrics.contains(metric) else {
      throw NothingToDraw.noMetric(metric, known: result.run.settings.metrics)
    }
    let svg =
      isTrend
      ? try result.history?().trend.flatMap { PlotFile.trend($0, metric: metric) }
      : PlotFile.distributions(result.run, metric: metric)
    guard let svg else { throw isTrend ? NothingToDraw.noTrend(metric) : NothingToDraw.noValues(metric) }
    try FormatOption.makeFolder(of: path)
    try FormatOption.write(svg, to: path)
  }

  /// Puts a baseline's run into the store; one that is there already stays as it is.
  private func take(_ path: String, _ console: Console) throws {
    guard let bytes = FileManager.default.contents(atPath: path) else { throw UnreadableBaseline(path: path) }
    let run: Run
    do throws(BaselineFile.Failure) {
      run = try BaselineFile.run(String(decoding: bytes, as: UTF8.self))
    } catch {
      throw BadBaseline(path: path, failure: error)
    }
    let opened = try RunStore(path: store.path)
    let name = "run \(run.id.uuidString.lowercased().prefix(8))" + (run.label.map { " (\($0))" } ?? "")
    let pairs = run.systems.reduce(0) { $0 + $1.utterances.count }
    if let known = try opened.runs().first(where: { $0.id == run.id }) {
      console.note("\(name) is in \(store.path) already, with \(known.pairs) pairs; the file has \(pairs)")
    } else {
      try opened.begin(run)
      console.note("\(name), \(pairs) pairs, taken into \(store.path)")
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

/// A baseline's file that cannot be read.
private struct UnreadableBaseline: Error, CustomStringConvertible {
  let path: String
  var description: String { "\(path): cannot be read" }
}

/// A file that is no baseline.
private struct BadBaseline: Error, CustomStringConvertible {
  let path: String
  let failure: BaselineFile.Failure
  var description: String { "\(path), \(failure)" }
}
