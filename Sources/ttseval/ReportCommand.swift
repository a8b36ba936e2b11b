// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Evaluation
import Foundation
import Reporting
import RunStore

/// `ttseval report RUN`: a stored run as a page, a test report, a table or metrics.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes a stored run as HTML, Markdown, JUnit XML, CSV, JSON or Prometheus text.",
    discussion: """
      RUN is a run's id or the start of it, its label (the latest complete run of that label), or tag:NAME.

        ttseval report nightly --baseline tag:main --report reports/run.html,reports/run.md,reports/junit.xml
        ttseval report nightly --format prometheus > /var/lib/node_exporter/ttseval.prom
      """)

  @Argument(help: ArgumentHelp("The run.", valueName: "run")) var which: String
  @Option(help: "A stored run to be judged against.") var baseline: String?
  @Option(help: "What decides, as for diff.") var config: String?
  @OptionGroup var store: StoreOptions
  @Option(help: "What goes to stdout; nothing, where --report is given.") var format: FormatOption?
  @Option(help: ArgumentHelp("Files to write, by extension: \(FormatOption.extensions); with commas."))
  var report: [String] = []

  func validate() throws { try FormatOption.check(report) }

  func run() throws {
    let console = Console(quiet: false)
    do {
      let rules = try GateOptions.rules(config, console)?.rules ?? GateRules()
      let opened = try RunStore(existing: store.path)
      let run = try opened.load(try opened.run(matching: which, toCompare: true))
      let former = try baseline.map { try opened.load(try opened.run(matching: $0, toCompare: true)) }
      let result = RunResult(run: run, diff: former.map { RunDiff($0, run, rules: rules) })
      if run.finishedAt == nil { console.warn("this run is incomplete") }
      if let format = format ?? (report.isEmpty ? .markdown : nil) {
        try Console.print(try format.render(result, console))
      }
      for path in FormatOption.paths(report) {
        try FormatOption.makeFolder(of: path)
        try FormatOption(path: path)?.write(result, to: path, console)
      }
    } catch {
      throw console.stop(error)
    }
  }
}
