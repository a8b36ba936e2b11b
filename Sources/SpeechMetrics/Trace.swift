// SPDX-License-Identifier: GPL-3.0-or-later

/// A quantity along the reference's time, from which a metric makes its score: it shows where in a clip the score was
/// lost.
public struct Trace: Sendable, Equatable {
  /// One of the metric's `MetricInfo.traces`.
  public let name: String
  /// Time of the first value, the middle of its frame, in seconds of the reference.
  public let start: Double
  /// Seconds from one value to the next.
  public let period: Double
  /// One per frame, in the kind's unit. Single precision is more than a picture shows, at half the store.
  public let values: [Float]

  /// A trace from its parts.
  public init(name: String, start: Double, period: Double, values: [Float]) {
    self.name = name
    self.start = start
    self.period = period
    self.values = values
  }

  /// What a metric can show frame by frame.
  public struct Kind: Sendable, Equatable {
    /// Storage name, e.g. `disturbance`; unique within the metric.
    public let name: String
    /// Unit as printed; empty for pure numbers.
    public let unit: String
    /// What a value says, in one sentence.
    public let summary: String

    /// A kind from its parts.
    public init(name: String, unit: String, summary: String) {
      self.name = name
      self.unit = unit
      self.summary = summary
    }
  }
}
