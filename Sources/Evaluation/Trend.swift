// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation
public import SpeechMetrics
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

    fileprivate init?(_ values: [Double], within range: ClosedRange<Double>?) {
      guard !values.isEmpty else { return nil }
      n = values.count
      mean = values.reduce(0, +) / Double(values.count)
      interval = Interval.studentT(of: values)?.cut(to: range, of: values)
    }
  }

  private struct Key: Hashable {
    let run: Int
    let system: String
    let metric: String
  }

  /// What a trend has to know of an earlier run: values alone, as a whole run is long to read.
  public struct Earlier: Sendable, Equatable {
    /// The run.
    public let moment: Moment
    /// Finite values by system and signature.
    public let values: [String: [Signature: [Double]]]

    /// An earlier run from its parts.
    public init(id: UUID, startedAt: Date, values: [String: [Signature: [Double]]]) {
      moment = Moment(id: id, startedAt: startedAt)
      self.values = values
    }
  }

  /// The trend up to a run.
  /// - Parameter earlier: complete runs, in any order.
  /// - Returns: nil where nothing has two points.
  public init?(_ run: Run, after earlier: [Earlier]) {
    let others = earlier.filter { $0.moment.id != run.id }.sorted {
      ($0.moment.startedAt, $0.moment.id.uuidString) < ($1.moment.startedAt, $1.moment.id.uuidString)
    }
    var values: [Key: Point] = [:]
    let gate = GateRules.family(of: run.settings)
    for system in run.systems {
      for metric in gate {
        let scores = system.utterances.compactMap { $0.score(metric) }
        guard let signature = scores.first?.signature, scores.allSatisfy({ $0.signature == signature }) else {
          continue
        }
        let range = MetricCatalogue.info(metric)?.scale.range
        for (place, other) in others.enumerated() {
          values[Key(run: place, system: system.name, metric: metric)] =
            Point(other.values[system.name]?[signature] ?? [], within: range)
        }
        values[Key(run: others.count, system: system.name, metric: metric)] =
          Point(scores.compactMap(\.outcome.value), within: range)
      }
    }
    runs = others.map(\.moment) + [Moment(id: run.id, startedAt: run.startedAt)]
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
