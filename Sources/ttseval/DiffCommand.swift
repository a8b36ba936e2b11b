// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Evaluation
import Foundation
import Reporting
import RunStore

/// `ttseval diff A B`: two stored runs, paired by utterance.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Judges a stored run against another: regressed, improved, equivalent, identical or inconclusive.",
    discussion: """
      Utterances pair by id and by the audio of their reference. A and B are runs' ids or the start of them, labels \
      (the latest complete run of that label), tag:NAME, or baselines' files (.jsonl). Without --fail-on it tells and ends with 0.

        ttseval diff tag:main nightly
        ttseval diff 3f2a 81bc --format json
        ttseval diff tag:main nightly --fail-on regressed,failed
      """)

  /// `--format`.
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, markdown }

  @Argument(help: ArgumentHelp("The yardstick.", valueName: "a")) var yardstick: String
  @Argument(help: ArgumentHelp("The run to be judged.", valueName: "b")) var judged: String
  @OptionGroup var gate: GateOptions
  @OptionGroup var opinions: OpinionOptions
  @OptionGroup var store: StoreOptions
  @Option(help: "What goes to stdout.") var format: Format = .table

  func run() throws {
    let code: ExitCode?
    do {
      let console = Console(quiet: false)
      let (rules, causes) = try gate.rules(console)
      let loaded = try [yardstick, judged].map { try Yardstick(name: $0).load(store.path) }
      let runs = try Yardstick.store(store.path).map { try opinions.added(to: loaded, from: $0, console) } ?? loaded
      let diff = RunDiff(runs[0], runs[1], rules: rules)
      for run in runs where run.finishedAt == nil {
        console.warn("\(run.label ?? run.id.uuidString.lowercased()) is incomplete")
      }
      code = ExitCode.judging(runs[1], diff, causes, rules)
      switch format {
      case .table: try Console.print(DiffTable.render(diff))
      case .json: try Console.print(try DiffJSON.render(diff))
      case .markdown: try Console.print(DiffMarkdown.render(diff))
      }
    } catch {
      throw Console(quiet: false).stop(error)
    }
    if let code { throw code }
  }
}
