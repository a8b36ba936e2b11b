// SPDX-License-Identifier: GPL-3.0-or-later

/// Two one-sided t tests of equivalence, paired (Schuirmann 1987, "A comparison of the two one-sided tests procedure and
/// the power approach", Journal of Pharmacokinetics and Biopharmaceutics 15).
///
/// Is the mean of the differences within ±margin? Both "it lies below" and "it lies above" must be rejected. At p ≤ .05
/// that is one decision with ``interval`` lying inside ±margin. That a difference is not significant never shows that
/// there is none; this does.
public struct TOST: Sendable, Equatable {
  /// The greater p of the two tests: 0…1.
  public let p: Double
  /// The 90 % interval of the mean by Student's t, in the differences' unit.
  public let interval: Interval
  /// Half the width of the range that counts as the same, in the differences' unit.
  public let margin: Double

  /// Whether the interval lies inside ±margin, its ends included.
  public var isEquivalent: Bool { interval.low >= -margin && interval.high <= margin }

  /// Tests differences, in any order.
  /// - Parameter margin: at least 0, in the differences' unit.
  /// - Returns: nil for fewer than two differences, and for equal ones, as without variance nothing is known of chance.
  public init?(_ differences: [Double], margin: Double) {
    precondition(margin >= 0, "a margin is no less than 0")
    guard let sample = Sample(differences), let deviation = sample.standardDeviation, deviation > 0,
      let interval = Interval.studentT(of: differences, confidence: 0.9)
    else { return nil }
    self.interval = interval
    self.margin = margin
    let error = deviation / Double(sample.count).squareRoot()
    // The greater of P(T > (x̄ + margin)/error) and P(T < (x̄ − margin)/error).
    p = Distributions.studentTUpperTail(
      (margin - abs(sample.mean)) / error, degreesOfFreedom: Double(sample.count - 1))
  }
}
