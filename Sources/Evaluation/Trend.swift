// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation
internal import SpeechMetrics
public import Statistics

/// How a label's scores went from run to run: means of each system, with their intervals, oldest first.
///
/// A point stands for a run's own utterances, which need not be the same in every run: a trend is to be looked at, and a ``RunDiff``
/// judges. Scores of another recipe than the last run's are no point of the same line and are left out.
public struct Trend: Sendable, Equatable {
  /// The runs, oldest first, the one that is reported last.
  public let runs: [Moment]
  /// The last run's metrics that decide, of which at least one system has two points.
  public let metrics: [String]
  /// The last run's systems.
  public let systems: [String]
  private let values: [Key: Point]

  /// A run's place in time.
  public struct Moment: Sendable, Equatable {
    /// The run.
    public let id: UUID
    /// UTC.
    public let startedAt: Date
  }

  /// A system's mean under a metric in one run.
  public struct Point: Sendable, Equatable {
    /// How many utterances have a value.
    public let n: Int
    /// In the metric's unit.
    public let mean: Double
    /// The mean's 95 % interval by Student's t, for all runs alike; nil for one value.
    public let interval: Interval?

    fileprivate init?(_ scores: [Score], _ signature: Signature, within range: ClosedRange<Double>?) {
      guard scores.allSatisfy({ $0.signature == signature }) else { return nil }
      let values = scores.compactMap(\.outcome.value)
      guard !values.isEmpty else { return nil }
      n = values.count
      mean = values.reduce(0, +) / Double(values.count)
      let interval = Interval.studentT(of: values)
      self.interval = range.flatMap { range in interval.map { $0.clamped(to: range) } } ?? interval
    }
  }

  private struct Key: Hashable {
    let run: Int
    let system: String
    let metric: String
  }

  /// The trend up to a run.
  /// - Parameters:
  ///   - run: the last.
  ///   - earlier: in any order; incomplete ones are left out.
  /// - Returns: nil where nothing has two points.
  public init?(_ run: Run, after earlier: [Run]) {
    let others = earlier.filter { $0.finishedAt != nil && $0.id != run.id }
    let all = others.sorted { ($0.startedAt, $0.id.uuidString) < ($1.startedAt, $1.id.uuidString) } + [run]
    var values: [Key: Point] = [:]
    let gate = GateRules.family(of: run.settings)
    for system in run.systems {
      for metric in gate {
        guard let signature = system.utterances.lazy.compactMap({ $0.score(metric)?.signature }).first else { continue }
        let range = MetricCatalogue.info(metric)?.scale.range
        for (place, other) in all.enumerated() {
          let utterances = other.systems.first { $0.name == system.name }?.utterances ?? []
          values[Key(run: place, system: system.name, metric: metric)] =
            Point(utterances.compactMap { $0.score(metric) }, signature, within: range)
        }
      }
    }
    runs = all.map { Moment(id: $0.id, startedAt: $0.startedAt) }
    systems = run.systems.map(\.name)
    self.values = values
    metrics = gate.filter { metric in
      run.systems.contains { system in
        values.keys.count { $0.metric == metric && $0.system == system.name } > 1
      }
    }
    if metrics.isEmpty { return nil }
  }

  /// Of each run, in order; nil where it has none under the same recipe.
  public func points(_ system: String, _ metric: String) -> [Point?] {
    runs.indices.map { values[Key(run: $0, system: system, metric: metric)] }
  }
}
