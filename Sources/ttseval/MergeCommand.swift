// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import RunStore

/// `ttseval merge DB… --into DB`: the runs of many machines in one store.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Takes the runs of other stores over into one.",
    discussion: """
      A run is known by its UUID: one that is there already is left alone, so merging twice changes nothing. Everything is \
      taken over, or nothing. Parts of a run (compare --shard) are joined: the whole is incomplete until all are there.

        ttseval merge laptop.sqlite a100.sqlite --into all.sqlite
      """)

  @Argument(help: "The stores to take runs from; they stay as they are.") var sources: [String]
  @Option(help: "The store to add them to; made where there is none.") var into: String

  func run() throws {
    let console = Console(quiet: false)
    do {
      // All sources first: a bad one is found before anything is written.
      let opened = try sources.map { try RunStore(existing: $0) }
      let target = try RunStore(path: into)
      let merged = try target.merge(opened)
      for tag in merged.keptTags { console.warn("tag:\(tag) stands at another run in \(into), and stays there") }
      for run in merged.joined {
        let name = "run \(run.id.uuidString.lowercased().prefix(8)) is joined from \(run.count) parts"
        if run.missing.isEmpty {
          console.note(name)
        } else {
          let missing = run.missing.map(String.init).joined(separator: ", ")
          console.warn("\(name), of which these are missing: \(missing)")
        }
      }
      let sessions = merged.sessions > 0 ? "; \(merged.sessions) listeners' sessions" : ""
      try Console.print(
        "\(merged.added) runs added, \(merged.replaced) brought up to date, \(merged.known) known already\(sessions)\n")
    } catch {
      throw console.stop(error)
    }
  }
}
