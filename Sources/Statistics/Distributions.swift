// SPDX-License-Identifier: GPL-3.0-or-later
internal import CGSL

/// Distribution functions, from the GNU Scientific Library: its only importer.
enum Distributions {
  /// Φ, the probability that a standard normal variable is at most x.
  static func normalProbability(_ x: Double) -> Double { gsl_cdf_ugaussian_P(x) }

  /// Φ⁻¹; infinite at 0 and 1.
  static func normalQuantile(_ probability: Double) -> Double { gsl_cdf_ugaussian_Pinv(probability) }

  /// The t below which a Student's t variable falls with that probability.
  static func studentTQuantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
    gsl_cdf_tdist_Pinv(probability, degreesOfFreedom)
  }
}
