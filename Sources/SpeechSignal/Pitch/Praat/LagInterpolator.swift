// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// The autocorrelation between whole lags: Boersma 1993, the windowed sin x/x by which r is made continuous.
///
/// Between the lags l and l + 1, at l + φ, with D samples to either side,
///
///     r(l + φ) ≈ Σ r(l − n) · s(φ + n, φ) + Σ r(l + 1 + n) · s(1 − φ + n, 1 − φ),   n = 0 … D − 1
///     s(d, ψ) = sin πd / πd · (½ + ½ cos (πd / (ψ + D)))
///
/// where D is 70 (or 30), or what is left of r beyond l if that is less.
///
/// Looking for a maximum takes many values of one such interval. All of them are sums over the same 2D samples, and as functions of φ
/// the weights are smooth: each is a polynomial of degree 15 to the last bit or two. So one pass over the samples
/// gives the polynomial that r is between two lags, and the rest is done on its 16 coefficients.
package struct LagInterpolator: Sendable {
  /// Samples to either side, if there are as many.
  private let depth: Int
  /// The last lag that r has.
  private let lastLag: Int
  /// Per depth from the least that occurs: the weights of its 2 · depth samples, 16 coefficients each.
  private let weights: [[SIMD16<Double>]]
  private let leastDepth: Int

  /// - Parameters:
  ///   - depth: samples to either side.
  ///   - lastLag: the last lag that r is thought to have.
  ///   - longest: the last lag from which on there will be interpolated.
  package init(depth: Int, lastLag: Int, longest: Int) {
    self.depth = depth
    self.lastLag = lastLag
    leastDepth = max(1, min(depth, lastLag - longest))
    weights = (leastDepth...max(leastDepth, min(depth, lastLag - 1))).map(Self.weights)
  }

  /// Weights by lag, from l − D + 1 to l + D.
  private static func weights(depth: Int) -> [SIMD16<Double>] {
    let after = (0..<depth).map { n in
      LagPolynomial.interpolating { weight(distance: 1 - $0 + Double(n), 1 - $0, depth) }
    }
    let before = (0..<depth).map { n in
      LagPolynomial.interpolating { weight(distance: $0 + Double(n), $0, depth) }
    }
    return (before.reversed() + after).map(\.coefficients)
  }

  /// s(d, ψ), at places that are no samples.
  private static func weight(distance: Double, _ phase: Double, _ depth: Int) -> Double {
    let angle = Double.pi * distance
    return sin(angle) / angle * (0.5 + 0.5 * cos(angle / (phase + Double(depth))))
  }

  /// r from a lag to the next.
  /// - Parameter r: at lag 0; has `depth` − 1 lags before and what is there up to `lastLag`.
  package func polynomial(_ r: UnsafePointer<Double>, from lag: Int) -> LagPolynomial {
    let depth = min(depth, lastLag - lag)
    let first = r + (lag - depth + 1)
    return weights[depth - leastDepth].withUnsafeBufferPointer { weights in
      var sum = SIMD16<Double>.zero
      for n in 0..<weights.count { sum += first[n] * weights[n] }
      return LagPolynomial(coefficients: sum)
    }
  }

  /// The maximum of r between the neighbours of a whole lag that is not less than they are.
  /// - Parameters:
  ///   - r: as for `polynomial`.
  ///   - lag: the whole lag.
  /// - Returns: place and height.
  package func maximum(_ r: UnsafePointer<Double>, at lag: Int) -> (lag: Double, height: Double) {
    let before = polynomial(r, from: lag - 1)
    let after = polynomial(r, from: lag)
    // Praat counts places from the other end of its two-sided r, and precision with them.
    let origin = Double(lag + lastLag)
    let (place, height) = BrentMaximum.find(from: origin - 1, to: origin + 1, tolerance: 1e-10) {
      let phase = $0 - origin
      return phase < 0 ? before.value(phase + 1) : after.value(phase)
    }
    return (Double(lag) + (place - origin), height)
  }
}

/// A polynomial on [0, 1], as the coefficients of the powers of 2φ − 1.
package struct LagPolynomial {
  let coefficients: SIMD16<Double>

  /// Through the values of a function at Chebyshev's 16 nodes. The function's derivatives should not grow faster than those of the
  /// sounds that can be sampled, whose coefficients fall like (π/2)ⁿ/n!: no digits are lost then by taking powers for a basis.
  static func interpolating(_ function: (Double) -> Double) -> LagPolynomial {
    let angles = (0..<16).map { Double.pi * (Double($0) + 0.5) / 16 }
    let values = angles.map { function(0.5 + 0.5 * cos($0)) }
    var powers = SIMD16<Double>.zero
    // Chebyshev's polynomials of one order and the next, in powers.
    var (chebyshev, next) = (SIMD16<Double>.zero, SIMD16<Double>.zero)
    chebyshev[0] = 1
    next[1] = 1
    for order in 0..<16 {
      let sum = zip(angles, values).reduce(0) { $0 + $1.1 * cos(Double(order) * $1.0) }
      powers += sum * (order == 0 ? 1 : 2) / 16 * chebyshev
      var shifted = SIMD16<Double>.zero
      for power in 1..<16 { shifted[power] = next[power - 1] }
      (chebyshev, next) = (next, 2 * shifted - chebyshev)
    }
    return LagPolynomial(coefficients: powers)
  }

  /// Every fourth power goes into one of four sums.
  @inline(__always) package func value(_ phase: Double) -> Double {
    let x = 2 * phase - 1
    let square = x * x
    let fourth = square * square
    var sums = coefficients.highHalf.highHalf * fourth + coefficients.highHalf.lowHalf
    sums = sums * fourth + coefficients.lowHalf.highHalf
    sums = sums * fourth + coefficients.lowHalf.lowHalf
    return (sums[0] + x * sums[1]) + square * (sums[2] + x * sums[3])
  }
}
