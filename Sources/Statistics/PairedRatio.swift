// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// How many times as great b is as a, over pairs of positive numbers: times, rates, sizes.
///
/// The ratio of the geometric means, which is the geometric mean of the pairs' own ratios. Twice as fast on one utterance
/// and half as fast on another give 1, and a against b gives the reciprocal of b against a; ratios averaged as they are
/// do neither (Fleming & Wallace 1986, "How not to lie with statistics", CACM 29).
public struct PairedRatio: Sendable, Equatable {
  /// The number of pairs; at least one.
  public let n: Int
  /// exp of the mean of ln b − ln a.
  public let ratio: Double
  /// exp of the limits of the 95 % interval that ``Interval/shown(for:confidence:)`` gives that mean; nil for one pair.
  public let interval: Interval?

  /// Compares a[i] with b[i].
  /// - Parameters:
  ///   - a: the yardstick.
  ///   - b: as many numbers in the same unit.
  /// - Returns: nil without pairs, or when a number is not positive and finite: a ratio to nothing is none.
  public init?(a: [Double], b: [Double]) {
    precondition(a.count == b.count, "pairs have two halves")
    guard (a + b).allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    let logs = zip(a, b).map { log($1) - log($0) }
    guard let sample = Sample(logs) else { return nil }
    n = sample.count
    ratio = exp(sample.mean)
    interval = Interval.shown(for: logs).map { Interval(low: exp($0.low), high: exp($0.high), method: $0.method) }
  }
}
