// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Reporting
import RunStore

/// `ttseval runs`: what is stored.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Lists, shows, tags and deletes stored runs.",
    discussion: "RUN is a run's id or the start of it, its label (the latest of that label), or tag:NAME.",
    subcommands: [List.self, Show.self, Tag.self, Delete.self],
    defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the runs, latest first.")
    @OptionGroup var store: StoreOptions

    func run() throws {
      try RunsCommand.reporting {
        let runs = try RunStore(existing: store.path).runs()
        try Console.print(RunsTable(runs.map(RunsTable.Row.init)).render())
        for line in ShardFolder.lines(store: URL(fileURLWithPath: store.path).path) {
          Console(quiet: false).note("on a cluster: \(line)")
        }
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prints a run's table, or all of it.")
    @Argument(help: ArgumentHelp("The run.", valueName: "run")) var which: String
    @OptionGroup var opinions: OpinionOptions
    @OptionGroup var store: StoreOptions
    @Option(help: "What goes to stdout.") var format: FormatOption = .table

    func run() throws {
      try RunsCommand.reporting {
        let opened = try RunStore(existing: store.path)
        let found = try opened.load(try opened.run(matching: which))
        if found.finishedAt == nil {
          Console(quiet: false).warn("this run is incomplete" + (found.missingShards.map { ": \($0)" } ?? ""))
        }
        Console(quiet: false).note(
          ["run \(found.id.uuidString.lowercased())", found.label, found.startedAt.formatted(.iso8601), found.host.cpu]
            .compactMap { $0 }.joined(separator: ", "))
        let rated = try opinions.added(to: [found], from: opened, Console(quiet: false))[0]
        try format.print(RunResult(run: rated), Console(quiet: false))
      }
    }
  }

  struct Tag: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Gives a run a name of its own; a tag that stands elsewhere moves here.")
    @Argument(help: ArgumentHelp("The run.", valueName: "run")) var which: String
    @Argument(help: "The tag.") var name: String
    @OptionGroup var store: StoreOptions

    func run() throws {
      try RunsCommand.reporting {
        let opened = try RunStore(existing: store.path)
        let id = try opened.run(matching: which)
        try opened.tag(id, name)
        Console(quiet: false).note("run \(id.uuidString.lowercased()) is tag:\(name)")
      }
    }
  }

  struct Delete: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Deletes a run and all its scores.")
    @Argument(help: ArgumentHelp("The run.", valueName: "run")) var which: String
    @OptionGroup var store: StoreOptions

    func run() throws {
      try RunsCommand.reporting {
        let opened = try RunStore(existing: store.path)
        let id = try opened.run(matching: which)
        try opened.delete(id)
        Console(quiet: false).note("deleted run \(id.uuidString.lowercased())")
      }
    }
  }

  /// Errors of the store in words, with the exit code for "nothing could be done".
  static func reporting(_ work: () throws -> Void) throws {
    do {
      try work()
    } catch {
      throw Console(quiet: false).stop(error)
    }
  }
}

extension RunsTable.Row {
  /// A stored run as a row.
  fileprivate init(_ run: RunSummary) {
    self.init(
      id: run.id, startedAt: run.startedAt, isComplete: run.finishedAt != nil, label: run.label, tags: run.tags,
      systems: run.systems, pairs: run.pairs, part: run.shard?.description)
  }
}
