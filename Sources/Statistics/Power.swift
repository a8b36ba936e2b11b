// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

// How likely a test is to find what is there, and how many pairs it needs.
//
// n differences come from a normal population of mean μ and standard deviation σ. Their mean is μ + σZ/√n and their
// standard deviation σS, with Z standard normal and, independent of it, S = √(χ²/ν), ν = n − 1. Given S, each test asks
// whether Z lies in a range, so both powers are expectations over S alone:
//
// * t test, δ = √n·μ/σ, c = t(1 − α/2, ν): rejects when |Z + δ| > cS.   power = E[Φ(δ − cS) + Φ(−δ − cS)]
//   This is 1 − F(c; ν, δ) + F(−c; ν, δ), F the non-central t distribution's function.
// * TOST, margin m, k = √n/σ, c = t(1 − α, ν): equivalent when −mk + cS ≤ Z + δ ≤ mk − cS, so
//   power = E[max(0, Φ((m − μ)k − cS) − Φ(cS − (m + μ)k))]: Owen's bivariate non-central t (Owen 1965, Biometrika 52;
//   Phillips 1990, "Power of the two one-sided tests procedure in bioequivalence", J. Pharmacokin. Biopharm. 18).
//
// The density of S, with Γ* tending to 1, is g(s) = √(ν/π)/Γ*(ν/2)·s^(ν−1)·exp(−ν(s² − 1)/2). The second derivative of
// ln g is below −ν everywhere, so at 9.2/√ν from the mode g has fallen by e^42. The expectations are integrals over that
// range, cut into panels of at most 2/√ν, and of 2/c about s = x/c, where Φ(x − cs) turns from 1 to 0; 20 nodes of Gauss
// and Legendre each. All terms are positive, and no parameter makes a series long or makes it underflow, as happens to
// sums over the Poisson weights of δ²/2 (Lenth 1989, AS 243).

/// Power of the two tests of paired differences, and the number of pairs that reaches a power.
public enum Power {
  /// The power that a needed number of pairs is asked for.
  public static let usual = 0.8

  /// The greatest number of pairs that is looked at.
  public static let mostPairs = 10_000_000

  /// Power of the two-sided paired t test.
  /// - Parameters:
  ///   - effectSize: μ/σ of the differences (Cohen's d_z), of either sign.
  ///   - n: pairs, at least two.
  ///   - alpha: level of the test, 0…1 exclusive.
  /// - Returns: a probability.
  public static func ofTTest(effectSize: Double, n: Int, alpha: Double = 0.05) -> Double {
    let critical = criticalT(1 - alpha / 2, n: n)
    let shift = abs(effectSize) * Double(n).squareRoot()
    return RootMeanSquare(degreesOfFreedom: Double(n - 1)).expectation(turns: [shift / critical], sharpness: critical) {
      Distributions.normalProbability(shift - critical * $0) + Distributions.normalProbability(-shift - critical * $0)
    }
  }

  /// Power of the paired two one-sided t tests.
  /// - Parameters:
  ///   - mean: μ of the differences.
  ///   - standardDeviation: σ of the differences, in the same unit; at least 0.
  ///   - margin: half the width of the range that counts as the same; at least 0.
  ///   - n: pairs, at least two.
  ///   - alpha: level of each test, 0…1 exclusive.
  /// - Returns: a probability.
  public static func ofEquivalence(
    mean: Double, standardDeviation: Double, margin: Double, n: Int, alpha: Double = 0.05
  ) -> Double {
    precondition(standardDeviation >= 0 && margin >= 0, "a standard deviation and a margin are no less than 0")
    guard standardDeviation > 0 else { return abs(mean) <= margin ? 1 : 0 }
    let critical = criticalT(1 - alpha, n: n)
    let scale = Double(n).squareRoot() / standardDeviation
    let (near, far) = ((margin - abs(mean)) * scale, (margin + abs(mean)) * scale)
    let turns = [near / critical, far / critical, margin * scale / critical]
    return RootMeanSquare(degreesOfFreedom: Double(n - 1)).expectation(turns: turns, sharpness: critical) {
      max(
        0,
        Distributions.normalProbability(near - critical * $0) - Distributions.normalProbability(critical * $0 - far))
    }
  }

  /// The least number of pairs with which the two-sided paired t test finds an effect with that power.
  /// - Returns: nil when ``mostPairs`` do not suffice.
  public static func pairsToDetect(effectSize: Double, power: Double = usual, alpha: Double = 0.05) -> Int? {
    leastPairs { ofTTest(effectSize: effectSize, n: $0, alpha: alpha) >= power }
  }

  /// The least number of pairs with which the two one-sided t tests show equivalence with that power.
  /// - Returns: nil when ``mostPairs`` do not suffice, as when the mean lies outside the margin.
  public static func pairsToShowEquivalence(
    mean: Double, standardDeviation: Double, margin: Double, power: Double = usual, alpha: Double = 0.05
  ) -> Int? {
    // The power of these never passes α.
    guard abs(mean) < margin else { return nil }
    return leastPairs {
      ofEquivalence(mean: mean, standardDeviation: standardDeviation, margin: margin, n: $0, alpha: alpha) >= power
    }
  }

  /// Student's t of a probability above a half, with n − 1 degrees of freedom.
  package static func criticalT(_ probability: Double, n: Int) -> Double {
    precondition(n > 1, "one pair has no spread")
    precondition(probability > 0.5 && probability < 1, "a level lies between 0 and 1")
    return Distributions.studentTQuantile(probability, degreesOfFreedom: Double(n - 1))
  }

  /// The least number of pairs, from 2, that suffices, given that all above it do: found by doubling, then halving.
  private static func leastPairs(_ suffices: (Int) -> Bool) -> Int? {
    var (short, enough) = (1, 2)
    while !suffices(enough) {
      guard enough < mostPairs else { return nil }
      (short, enough) = (enough, min(2 * enough, mostPairs))
    }
    while enough - short > 1 {
      let middle = (short + enough) / 2
      if suffices(middle) { enough = middle } else { short = middle }
    }
    return enough
  }
}

/// S = √(χ²/ν): the standard deviation of a sample over that of its normal population.
private struct RootMeanSquare {
  let degreesOfFreedom: Double

  private static let rule = Distributions.gaussLegendre(nodes: 20)

  /// E f(S), for a smooth f but where it turns within a few 1/sharpness.
  func expectation(turns: [Double], sharpness: Double, of f: (Double) -> Double) -> Double {
    let unit = 1 / degreesOfFreedom.squareRoot()
    let mode = (1 - 1 / degreesOfFreedom).squareRoot()
    let (low, high) = (max(0, mode - 9.2 * unit), mode + 9.2 * unit)
    // A turn wider than a panel needs no panels of its own; its centre may be a kink all the same.
    let reach = sharpness * unit > 1 ? -5...5 : 0...0
    let steps = turns.flatMap { centre in reach.map { centre + Double($0) * 2 / sharpness } }
    let edges = (Array(stride(from: low, to: high, by: 2 * unit)) + [high] + steps).filter { $0 >= low && $0 <= high }
      .sorted()
    let factor = (degreesOfFreedom / .pi).squareRoot() / Distributions.regulatedGamma(degreesOfFreedom / 2)
    var sum = 0.0
    for (start, end) in zip(edges, edges.dropFirst()) where end > start {
      let half = (end - start) / 2
      for (node, weight) in Self.rule {
        let s = (start + end) / 2 + half * node
        sum += weight * half * density(s) * f(s)
      }
    }
    return min(1, factor * sum)
  }

  /// g(s) but for its constant factor.
  private func density(_ s: Double) -> Double {
    // ln s and s² − 1 cancel near 1; about s − 1 they keep their digits.
    let x = s - 1
    return exp((degreesOfFreedom - 1) * log1p(x) - degreesOfFreedom * x * (1 + x / 2))
  }
}
