// SPDX-License-Identifier: GPL-3.0-or-later
public import SpeechMetrics
public import Statistics

/// What a system scored under one metric: numbers over the values, counts of the rest.
public struct MetricSummary: Sendable, Equatable {
  /// Metric id.
  public let metric: String
  /// The signature all rows share; nil when they differ, and then nothing is averaged.
  public let signature: Signature?
  /// n, mean, deviation, median, interval; nil when no pair has a value.
  public let values: Summary?
  /// Pairs for which the definition gives no number.
  public let undefined: Int
  /// Pairs that broke.
  public let failed: Int

  /// Summarises a metric's rows.
  public init(metric: String, _ scores: [Score]) {
    self.metric = metric
    let signatures = Set(scores.map(\.signature))
    signature = signatures.count == 1 ? signatures.first : nil
    values = signatures.count == 1 ? Summary(scores, metric: metric) : nil
    undefined = scores.count { $0.outcome.isUndefined }
    failed = scores.count { $0.outcome.isFailed }
  }
}

extension Summary {
  /// Summarises rows of one signature, each of an utterance: their values, or the votes behind them.
  init?(_ scores: [Score], metric: String) {
    let range = MetricCatalogue.info(metric)?.scale.range
    if scores.contains(where: { !$0.votes.isEmpty }) {
      self.init(CrossedRatings.joint([scores.map(\.votes)])[0], within: range)
    } else {
      self.init(scores.compactMap(\.outcome.value), within: range)
    }
  }
}

extension CrossedRatings {
  /// Each system's votes of the same utterances: a listener has one index in all.
  static func joint(_ systems: [[[Vote]]]) -> [CrossedRatings] {
    let listeners = Set(systems.joined().joined().map(\.listener)).sorted()
    let places = Dictionary(uniqueKeysWithValues: listeners.enumerated().map { ($1, $0) })
    return systems.map { votes in
      CrossedRatings(
        scores: votes.joined().map(\.score), listeners: votes.joined().compactMap { places[$0.listener] },
        items: votes.enumerated().flatMap { place, votes in votes.map { _ in place } })
    }
  }
}

extension Outcome {
  /// The number, when there is one.
  public var value: Double? {
    if case .value(let number) = self { number } else { nil }
  }

  /// Whether the definition gives no number.
  var isUndefined: Bool { if case .undefined = self { true } else { false } }

  /// Whether something broke.
  var isFailed: Bool { if case .failed = self { true } else { false } }
}

extension SystemResult {
  /// The system's own summary of a metric, over all utterances it has.
  public func summary(_ metric: String) -> MetricSummary {
    MetricSummary(metric: metric, utterances.compactMap { $0.score(metric) })
  }

  /// Where the utterances with a value are, by id.
  fileprivate func places(of metric: String) -> [String: Int] {
    var places: [String: Int] = [:]
    for (place, utterance) in utterances.enumerated() where utterance.score(metric)?.outcome.value != nil {
      places[utterance.id] = place
    }
    return places
  }
}

/// One metric's row of a table: every system's mean over the same utterances.
///
/// Systems are compared on the utterances for which all of them have a value under one signature. A system with values
/// on fewer than half of the utterances that have a row would shrink that set for everybody: it is shown with its own mean, and
/// takes no part. Where there is no such utterance, nobody takes part.
public struct Comparison: Sendable, Equatable {
  /// A system's cell.
  public struct Cell: Sendable, Equatable {
    /// The system.
    public let system: String
    /// Over the common utterances, or over its own when it takes no part.
    public let values: Summary?
    /// Whether it is compared with the others.
    public let isCompared: Bool
    /// Whether no other compared system has a better mean.
    public let isBest: Bool
    /// All of the system's rows, counted.
    public let undefined: Int
    /// All of the system's rows, counted.
    public let failed: Int
    /// The commonest reason why a row has no value.
    public let reason: String?
  }

  /// Metric id.
  public let metric: String
  /// How many utterances the compared systems have in common.
  public let commonUtterances: Int
  /// In the run's order.
  public let cells: [Cell]

  /// Compares a run's systems under one metric.
  public init(_ run: Run, metric: String, better: MetricInfo.Direction) {
    self.metric = metric
    let places = run.systems.map { $0.places(of: metric) }
    // A metric has a row for every pair; listeners may have heard a part of them.
    let all = Set(run.systems.lazy.flatMap(\.utterances).filter { $0.score(metric) != nil }.map(\.id)).count
    let hasEnough = places.map { 2 * $0.count >= all && !$0.isEmpty }
    func score(_ system: Int, _ id: String) -> Score? {
      places[system][id].flatMap { run.systems[system].utterances[$0].score(metric) }
    }
    let taking = places.indices.filter { hasEnough[$0] }
    let common: [String] =
      taking.first.map { first in
        places[first].keys.sorted().filter { id in
          let signature = score(first, id)?.signature
          return taking.allSatisfy { score($0, id)?.signature == signature }
        }
      } ?? []
    let isCompared = hasEnough.map { $0 && !common.isEmpty }
    let summaries = places.indices.map { system in
      let ids = isCompared[system] ? common : places[system].keys.sorted()
      return Summary(ids.compactMap { score(system, $0) }, metric: metric)
    }
    let means = zip(summaries, isCompared).filter(\.1).compactMap(\.0?.mean)
    let best: Double? =
      switch better {
      case .higher: means.max()
      case .lower: means.min()
      case .none: nil
      }
    commonUtterances = common.count
    cells = run.systems.indices.map { i in
      // Counted without a summary, whose interval costs more than all the rest.
      let outcomes = run.systems[i].utterances.lazy.compactMap { $0.score(metric)?.outcome }
      return Cell(
        system: run.systems[i].name, values: summaries[i], isCompared: isCompared[i],
        isBest: isCompared[i] && means.count > 1 && summaries[i]?.mean == best && best != nil,
        undefined: outcomes.count(where: \.isUndefined), failed: outcomes.count(where: \.isFailed),
        reason: Self.commonestReason(run.systems[i], metric))
    }
  }

  private static func commonestReason(_ system: SystemResult, _ metric: String) -> String? {
    var counts: [String: Int] = [:]
    for utterance in system.utterances {
      switch utterance.score(metric)?.outcome {
      case .undefined(let reason), .failed(let reason): counts[reason, default: 0] += 1
      default: break
      }
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}
