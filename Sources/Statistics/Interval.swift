// SPDX-License-Identifier: GPL-3.0-or-later

/// A confidence interval of a mean.
public struct Interval: Sendable, Equatable {
  /// Lower limit, in the values' unit.
  public let low: Double
  /// Upper limit, in the values' unit.
  public let high: Double
  /// How the limits were found.
  public let method: Method

  /// A way to find an interval of a mean.
  public enum Method: String, Sendable, CaseIterable {
    /// Student's t on the sample's standard deviation.
    case studentT = "t"
    /// Bias-corrected and accelerated bootstrap.
    case bca
    /// Student's t on a standard error that knows of listeners and utterances, ``ClusteredMean``.
    case twoWay = "two-way"
  }

  /// An interval from its parts.
  public init(low: Double, high: Double, method: Method) {
    self.low = low
    self.high = high
    self.method = method
  }

  /// The interval cut at the ends of its values' scale, as Student's t knows no ends. Every interval of a mean on a scale is shown so, and
  /// stands so in JSON; what was cut off can be had from the mean, the standard error and the degrees of freedom.
  /// - Parameters:
  ///   - scale: nil for values without a scale.
  ///   - values: what it is an interval of. Where one lies beyond the scale, the scale is not theirs, and nothing is cut.
  public func cut(to scale: ClosedRange<Double>?, of values: [Double]) -> Interval {
    guard let scale, values.allSatisfy(scale.contains) else { return self }
    return Interval(low: max(low, scale.lowerBound), high: min(high, scale.upperBound), method: method)
  }

  /// Sample sizes for which the bootstrap is shown: below, it covers too little; above, it costs much and says the same.
  public static let bootstrapSizes = 30...1000

  /// B, the number of resamples: enough for a limit's Monte-Carlo error to be about 1 % of the interval's width.
  public static let resamples = 10_000

  /// The interval that tables show: BCa where n is in ``bootstrapSizes``, Student's t otherwise.
  /// - Parameters:
  ///   - values: finite numbers, in any order.
  ///   - confidence: probability, 0…1 exclusive.
  /// - Returns: nil for fewer than two values; zero width when all are equal.
  public static func shown(for values: [Double], confidence: Double = 0.95) -> Interval? {
    bootstrapSizes.contains(values.count)
      ? bca(of: values, confidence: confidence) : studentT(of: values, confidence: confidence)
  }

  /// mean ± t((1 + confidence)/2, n − 1)·s/√n (Student 1908).
  /// - Parameters:
  ///   - values: finite numbers, in any order.
  ///   - confidence: probability, 0…1 exclusive.
  /// - Returns: nil for fewer than two values; zero width when all are equal.
  public static func studentT(of values: [Double], confidence: Double = 0.95) -> Interval? {
    checkConfidence(confidence)
    guard let sample = Sample(values), let deviation = sample.standardDeviation else { return nil }
    let quantile = Distributions.studentTQuantile((1 + confidence) / 2, degreesOfFreedom: Double(sample.count - 1))
    let half = quantile * deviation / Double(sample.count).squareRoot()
    return Interval(low: sample.mean - half, high: sample.mean + half, method: .studentT)
  }

  /// Bias-corrected and accelerated bootstrap interval of the mean, from ``resamples`` resamples
  /// (Efron 1987; Efron & Tibshirani 1993, eq. 14.9–14.15).
  /// - Parameters:
  ///   - values: finite numbers, in any order.
  ///   - confidence: probability, 0…1 exclusive.
  /// - Returns: nil for fewer than two values; zero width when all are equal.
  public static func bca(of values: [Double], confidence: Double = 0.95) -> Interval? {
    checkConfidence(confidence)
    guard let sample = Sample(values), sample.count > 1 else { return nil }
    guard !sample.isConstant else { return Interval(low: sample.mean, high: sample.mean, method: .bca) }
    let (low, high) = Bootstrap(sample).bcaLimits(confidence: confidence)
    return Interval(low: low, high: high, method: .bca)
  }

  private static func checkConfidence(_ confidence: Double) {
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
  }
}
