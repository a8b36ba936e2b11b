// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Statistics

/// Numbers by name: an object of JSON that has nothing else in it. What is unknown is absent.
typealias JSONNumbers = [String: Double]

extension JSONNumbers {
  init(known numbers: [String: Double?]) { self = numbers.compactMapValues(\.self) }

  /// `low` and `high`.
  init(_ range: ClosedRange<Double>) { self = ["low": range.lowerBound, "high": range.upperBound] }
  init(_ interval: Interval) { self = ["low": interval.low, "high": interval.high] }

  init(_ alpha: KrippendorffAlpha) {
    self = ["interval": alpha.interval, "ordinal": alpha.ordinal, "nominal": alpha.nominal]
  }

  init(_ trials: ListenerScreening.Trials) {
    self = ["count": Double(trials.count), "missed": Double(trials.missed)]
  }

  /// A coefficient with its interval.
  init(_ value: Double, _ interval: ClosedRange<Double>?) {
    self = ["value": value].merging(interval.map { JSONNumbers($0) } ?? [:]) { $1 }
  }

  init(_ error: PredictionError) {
    self.init(known: [
      "n": Double(error.n), "rmse": error.rmse, "rmseStar": error.rmseStar, "outlierRatio": error.outlierRatio,
    ])
  }

  init(_ ceiling: NoiseCeiling) {
    self = [
      "halves": ceiling.halves, "reliability": ceiling.reliability, "ceiling": ceiling.ceiling,
      "splits": Double(ceiling.splits),
    ]
  }
}
