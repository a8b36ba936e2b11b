// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import SpeechMetrics
internal import Statistics

/// The utterances worth a look, of which a caller gathers ``ReportAssets``.
///
/// With a comparison those that lost most, in multiples of each gate metric's tolerance, by the metric that lost most.
/// Without one those at the bad end of their system: by mean rank over the gate's metrics, ranks as shares of the values there are.
/// Systems take turns, so that a bad one does not take all places.
public struct WorstUtterances: Sendable, Equatable {
  /// One system's utterance.
  public struct Choice: Sendable, Equatable {
    /// The system's name in the run.
    public let system: String
    /// The utterance.
    public let utterance: UtteranceResult
    /// Why it was chosen, in words.
    public let reason: String
  }

  /// The worst first, systems in turn.
  public let choices: [Choice]

  /// Chooses.
  /// - Parameter limit: how many at most.
  public init(_ run: Run, diff: RunDiff? = nil, limit: Int = 6) {
    let lists = run.systems.map { system in
      let losses = diff?.systems.first { $0.name == system.name }.map { Self.losses($0, system) } ?? []
      return (losses.isEmpty ? Self.ranked(system, run) : losses).map { choice in
        Choice(system: system.name, utterance: choice.utterance, reason: choice.reason)
      }
    }
    let longest = lists.map(\.count).max() ?? 0
    choices = Array(
      (0..<longest).lazy.flatMap { place in lists.compactMap { place < $0.count ? $0[place] : nil } }.prefix(limit))
  }

  private typealias Found = (utterance: UtteranceResult, reason: String)

  private static func losses(_ diff: SystemDiff, _ system: SystemResult) -> [Found] {
    var worst: [String: (loss: Double, reason: String)] = [:]
    for metric in diff.metrics where metric.isGate {
      guard let info = MetricCatalogue.info(metric.metric), let comparison = metric.comparison else { continue }
      for pair in metric.worst {
        let loss = abs(pair.b - pair.a) / max(comparison.tolerance, .leastNormalMagnitude)
        let (a, b) = (
          PlainText.number(pair.a, decimals: info.scale.decimals),
          PlainText.number(pair.b, decimals: info.scale.decimals)
        )
        if loss > worst[pair.id]?.loss ?? 0 { worst[pair.id] = (loss, "\(info.id) \(a) → \(b)") }
      }
    }
    let byID = Dictionary(system.utterances.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return worst.sorted { ($1.value.loss, $0.key) < ($0.value.loss, $1.key) }.compactMap { id, found in
      byID[id].map { ($0, found.reason) }
    }
  }

  private static func ranked(_ system: SystemResult, _ run: Run) -> [Found] {
    let gate = GateRules.family(of: run.settings)
    var sums: [Int: (total: Double, count: Double, least: Double, reason: String)] = [:]
    for id in gate {
      guard let info = MetricCatalogue.info(id), info.scale.better != .none else { continue }
      let sign = info.scale.better == .higher ? 1.0 : -1.0
      let values = system.utterances.indices.compactMap { place in
        system.utterances[place].score(id)?.outcome.value.map { (place: place, value: $0) }
      }.sorted { (sign * $0.value, $0.place) < (sign * $1.value, $1.place) }
      for (rank, one) in values.enumerated() {
        let share = Double(rank) / Double(values.count)
        let reason = "\(id) \(PlainText.number(one.value, decimals: info.scale.decimals))"
        let known = sums[one.place] ?? (0, 0, .infinity, "")
        sums[one.place] = (
          known.total + share, known.count + 1, min(known.least, share), share < known.least ? reason : known.reason
        )
      }
    }
    let order = sums.sorted { first, second in
      (first.value.total / first.value.count, first.key) < (second.value.total / second.value.count, second.key)
    }
    return order.map { (system.utterances[$0.key], "low in rank throughout; \($0.value.reason)") }
  }
}
