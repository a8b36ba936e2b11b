// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import RunStore

/// What a store knows beside a run: its label's earlier runs, and the label on other machines. Looked up when asked for.
struct RunHistory {
  /// Earlier runs that a trend shows at most.
  static let length = 19
  /// Pairs of utterances that a page compares between machines at most; what is more takes longer than a page should.
  static let comparedPairs = 20_000

  let run: Run
  let store: RunStore
  let rules: GateRules
  /// Whose scores stand beside the metrics of machines; nil: nobody's.
  var opinions: OpinionOptions?
  /// Runs for the trend, in place of the label's own.
  var earlier: [UUID] = []

  /// Of a run without a label nothing but what is named; incomplete runs are left out.
  func trend() throws -> Trend? {
    let former = try label().filter { $0.startedAt < run.startedAt }.prefix(Self.length).map(\.id)
    let complete = try completeRuns()
    let chosen = earlier.isEmpty ? former : earlier.filter(complete.contains)
    return Trend(run, after: try chosen.map { try store.values(of: $0) })
  }

  /// Says which of the runs that were named for the trend are not in it.
  func warnOfIncomplete(_ console: Console) throws {
    let complete = try completeRuns()
    for id in earlier where !complete.contains(id) {
      console.warn("not in the trend: run \(id.uuidString.lowercased().prefix(8)) is incomplete")
    }
  }

  /// This run and the latest of each other machine that fits, the latest first.
  func machines(_ console: Console) throws -> HardwareMatrix? {
    // What it lacks would be taken for the machine's fault.
    guard run.finishedAt != nil else { return nil }
    let others = try label().latestOfEachHost(but: run.host.id)
    let pairs = run.systems.reduce(0) { $0 + $1.utterances.count }
    // n machines are n(n − 1)/2 comparisons.
    let most = (1...6).last { $0 * ($0 + 1) / 2 * pairs <= Self.comparedPairs } ?? 0
    if others.count > most {
      console.note(
        "the page compares \(min(others.count, most) + 1) of \(others.count + 1) machines of this label; see ttseval hardware"
      )
    }
    let chosen = others.prefix(most)
    guard !chosen.isEmpty else { return nil }
    let loaded = try chosen.map { try store.load($0.id, traces: false) } + [run]
    let runs = try opinions?.added(to: loaded, from: store) ?? loaded
    return HardwareMatrix(runs.sorted { $0.host.id < $1.host.id }, rules: rules)
  }

  private func completeRuns() throws -> Set<UUID> {
    Set(try store.runs().filter { $0.finishedAt != nil }.map(\.id))
  }

  /// Other complete runs of the label, the latest first.
  private func label() throws -> [RunSummary] {
    guard let label = run.label else { return [] }
    return try store.runs().filter { $0.finishedAt != nil && $0.label == label && $0.id != run.id }
  }
}

extension [RunSummary] {
  /// Of runs listed with the latest first, the latest of each machine, in the same order.
  func latestOfEachHost(but own: String? = nil) -> [RunSummary] {
    var hosts: Set<String> = own.map { [$0] } ?? []
    return filter { hosts.insert($0.host.id).inserted }
  }
}
