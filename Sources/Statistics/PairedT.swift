// SPDX-License-Identifier: GPL-3.0-or-later

/// Student's t test of the mean of paired differences against 0, two-sided (Student 1908, "The probable error of a
/// mean", Biometrika 6).
public struct PairedT: Sendable, Equatable {
  /// Mean over its standard error, x̄·√n/s.
  public let t: Double
  /// n − 1.
  public let degreesOfFreedom: Int
  /// The probability of a t at least as far from 0 if the mean is 0: 0…1.
  public let p: Double

  /// Tests differences, in any order and any unit.
  /// - Returns: nil for fewer than two, and for equal ones, as without variance nothing is known of chance.
  public init?(_ differences: [Double]) {
    guard let sample = Sample(differences) else { return nil }
    self.init(sample)
  }

  init?(_ sample: Sample) {
    guard let deviation = sample.standardDeviation, deviation > 0 else { return nil }
    degreesOfFreedom = sample.count - 1
    t = sample.mean / (deviation / Double(sample.count).squareRoot())
    p = Distributions.studentTTwoTails(t, degreesOfFreedom: Double(degreesOfFreedom))
  }
}
