// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Evaluation
import Foundation
import Reporting
import RunStore

/// `ttseval hardware`: the same system across machines.
struct HardwareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hardware",
    abstract: "Tells whether a system sounds the same on every machine: identical, equivalent or different.",
    discussion: """
      Takes the latest complete run of a label on each machine (bring their stores together with merge first). Systems called \
      take1, take2, … are takes of one, as synthesize --repeat makes them: what machines differ by stands beside what takes \
      differ by. To compare the sounds of two machines with each other, and not both with a reference: compare A/ B/.

        ttseval merge laptop.sqlite a100.sqlite --into all.sqlite
        ttseval hardware --label v2.1 --db all.sqlite
      """)

  /// `--format`.
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Option(help: "The label (default: that of the latest run that has one).") var label: String?
  @OptionGroup var opinions: OpinionOptions
  @OptionGroup var store: StoreOptions
  @Option(help: "What decides, as for diff.") var config: String?
  @Option(help: "What goes to stdout.") var format: Format = .table

  func run() throws {
    let console = Console(quiet: false)
    do {
      let opened = try RunStore(existing: store.path)
      let complete = try opened.runs().filter { $0.finishedAt != nil }
      guard let label = label ?? complete.lazy.compactMap(\.label).first else { throw TooFewMachines.noLabel }
      let latest = complete.filter { $0.label == label }.latestOfEachHost().sorted { $0.host.id < $1.host.id }
      guard latest.count > 1 else { throw TooFewMachines.found(latest.count, label: label) }
      let runs = try opinions.added(to: try latest.map { try opened.load($0.id, traces: false) }, from: opened, console)
      let matrix = HardwareMatrix(runs, rules: try GateOptions.rules(config, console)?.rules ?? GateRules())
      switch format {
      case .table: try Console.print(HardwareReport.render(matrix))
      case .json: try Console.print(try HardwareReport.json(matrix, label: label))
      }
    } catch {
      throw console.stop(error)
    }
  }
}

/// Nothing to compare.
private enum TooFewMachines: Error, CustomStringConvertible {
  case noLabel
  case found(Int, label: String)

  var description: String {
    switch self {
    case .noLabel: "no complete run has a label; see compare --label"
    case .found(let count, let label):
      "complete runs of “\(label)” on \(count) machine\(count == 1 ? "" : "s"); two are needed (see merge, --host-name)"
    }
  }
}
