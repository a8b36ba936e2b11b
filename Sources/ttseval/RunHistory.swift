// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import RunStore

/// What a store knows beside a run: its label's earlier runs, and the label on other machines.
struct RunHistory {
  /// Earlier runs that a trend shows at most.
  static let length = 19

  var trend: Trend?
  var machines: HardwareMatrix?

  /// Of a run without a label nothing but what is named.
  /// - Parameters:
  ///   - earlier: runs for the trend, in place of the label's own.
  init(of run: Run, in store: RunStore, rules: GateRules, earlier: [UUID] = []) throws {
    let complete = try store.runs().filter { $0.finishedAt != nil }
    let label = complete.filter { $0.label == run.label && run.label != nil }
    let former = label.filter { $0.startedAt < run.startedAt && $0.id != run.id }.prefix(Self.length).map(\.id)
    trend = Trend(run, after: try (earlier.isEmpty ? former : earlier).map { try store.load($0, traces: false) })
    let latest = label.latestOfEachHost
    if latest.count > 1 {
      machines = HardwareMatrix(try latest.map { try store.load($0.id, traces: false) }, rules: rules)
    }
  }
}

extension [RunSummary] {
  /// Of runs listed with the latest first, the latest of each machine, by machine.
  var latestOfEachHost: [RunSummary] {
    var hosts: Set<String> = []
    return filter { hosts.insert($0.host.id).inserted }.sorted { $0.host.id < $1.host.id }
  }
}
