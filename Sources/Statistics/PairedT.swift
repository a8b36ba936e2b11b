// SPDX-License-Identifier: GPL-3.0-or-later

/// Student's t test of the mean of paired differences against 0, two-sided (Student 1908, "The probable error of a
/// mean", Biometrika 6).
public struct PairedT: Sendable, Equatable {
  /// Mean over its standard error, x̄·√n/s. Infinite for differences that are equal and not 0; 0 when all are 0.
  public let t: Double
  /// n − 1.
  public let degreesOfFreedom: Int
  /// The probability of a t at least as far from 0 if the mean is 0: 0…1. It is 0 for differences that are equal and
  /// not 0, which a normal population never gives: prefer ``SignFlip`` there.
  public let p: Double

  /// Tests differences, in any order and any unit.
  /// - Returns: nil for fewer than two.
  public init?(_ differences: [Double]) {
    guard let sample = Sample(differences) else { return nil }
    self.init(sample)
  }

  init?(_ sample: Sample) {
    guard let deviation = sample.standardDeviation else { return nil }
    degreesOfFreedom = sample.count - 1
    // The quotient of two zeros says that nothing differs.
    t = sample.mean == 0 ? 0 : sample.mean / (deviation / Double(sample.count).squareRoot())
    p = Distributions.studentTTwoTails(t, degreesOfFreedom: Double(degreesOfFreedom))
  }
}
