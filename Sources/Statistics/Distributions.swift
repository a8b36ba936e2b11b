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

  /// The probability that a Student's t variable is at least as far from 0 as t: I(ν/2, ½) at ν/(ν + t²)
  /// (Abramowitz & Stegun 26.7.1 and 26.5.27).
  ///
  /// GSL's own t distribution switches to a series of nine digits at ν > 30.
  static func studentTTwoTails(_ t: Double, degreesOfFreedom: Double) -> Double {
    guard t.isFinite else { return 0 }
    let square = t * t
    // Of ν/(ν + t²) and t²/(ν + t²), the one below a half keeps its digits.
    return square > degreesOfFreedom
      ? gsl_cdf_beta_P(degreesOfFreedom / (degreesOfFreedom + square), degreesOfFreedom / 2, 0.5)
      : gsl_cdf_beta_Q(square / (degreesOfFreedom + square), 0.5, degreesOfFreedom / 2)
  }

  /// The probability that a Student's t variable is greater than t.
  static func studentTUpperTail(_ t: Double, degreesOfFreedom: Double) -> Double {
    let tail = studentTTwoTails(t, degreesOfFreedom: degreesOfFreedom) / 2
    return t > 0 ? tail : 1 - tail
  }

  /// The probability of at most k successes in n fair trials.
  static func binomialAtMost(_ k: Int, of n: Int) -> Double { gsl_cdf_binomial_P(UInt32(k), 0.5, UInt32(n)) }

  /// Γ*(x) = Γ(x)/(√(2π)·x^(x−½)·e⁻ˣ), which tends to 1; x > 0.
  static func regulatedGamma(_ x: Double) -> Double { gsl_sf_gammastar(x) }

  /// Nodes and weights of Gauss and Legendre's rule on −1…1.
  static func gaussLegendre(nodes count: Int) -> [(node: Double, weight: Double)] {
    let table = gsl_integration_glfixed_table_alloc(count)
    defer { gsl_integration_glfixed_table_free(table) }
    return (0..<count).map { index in
      var node = 0.0
      var weight = 0.0
      gsl_integration_glfixed_point(-1, 1, index, &node, &weight, table)
      return (node, weight)
    }
  }
}
