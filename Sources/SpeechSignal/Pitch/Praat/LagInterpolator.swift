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
/// gives the polynomial that r is between two lags, in Chebyshev's basis, and the rest is done on its 16 coefficients.
package struct LagInterpolator: Sendable {
  /// Samples to either side, if there are as many.
  private let depth: Int
  /// The last lag that r has.
  private let lastLag: Int
  /// Per depth from the least that occurs: the weights of its 2 · depth samples, 16 coefficients each.
  private let weights: [[SIMD16<Double>]]
  private let leastDepth: Int
  /// Lags; a maximum farther from the whole lag is the only one.
  private static let closeness = 0.05

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

  /// The maximum of r next to a whole lag at which r is not less than at its neighbours.
  /// - Parameters:
  ///   - r: as for `polynomial`.
  ///   - lag: the whole lag.
  ///   - guess: where the maximum might be, less than one from the lag.
  /// - Returns: place and height.
  package func maximum(_ r: UnsafePointer<Double>, at lag: Int, guess: Double) -> (lag: Double, height: Double) {
    // Two polynomials meet at the lag. Their slopes there differ in the sixth digit, so that both may have a maximum close to it;
    // and a flat top may have two humps. Praat finds the higher one.
    var best = (lag: Double(lag), height: r[lag])
    let isAfter = guess >= Double(lag)
    for side in [isAfter, !isAfter] {
      let from = side ? lag : lag - 1
      let polynomial = polynomial(r, from: from)
      guard let hump = polynomial.maximum(towardsOne: side, guess: guess - Double(from)) else { continue }
      let found = (lag: Double(from) + hump.phase, height: polynomial.value(hump.phase))
      if found.height > best.height { best = found }
      if hump.isUphill && abs(found.lag - Double(lag)) > Self.closeness { break }
    }
    return best
  }
}

/// A polynomial on [0, 1], as the coefficients of Chebyshev's polynomials of 2φ − 1.
package struct LagPolynomial {
  let coefficients: SIMD16<Double>

  /// Through the values of a function at Chebyshev's 16 nodes.
  static func interpolating(_ function: (Double) -> Double) -> LagPolynomial {
    let angles = (0..<16).map { Double.pi * (Double($0) + 0.5) / 16 }
    let values = angles.map { function(0.5 + 0.5 * cos($0)) }
    var coefficients = SIMD16<Double>.zero
    for order in 0..<16 {
      let sum = zip(angles, values).reduce(0) { $0 + $1.1 * cos(Double(order) * $1.0) }
      coefficients[order] = sum * (order == 0 ? 1 : 2) / 16
    }
    return LagPolynomial(coefficients: coefficients)
  }

  package func value(_ phase: Double) -> Double {
    let x = 2 * phase - 1
    var (last, t) = (1.0, x)
    var value = coefficients[0] + coefficients[1] * x
    for order in 2..<16 {
      (last, t) = (t, 2 * x * t - last)
      value += coefficients[order] * t
    }
    return value
  }

  /// The first two derivatives by x = 2φ − 1.
  private func derivatives(_ x: Double) -> (slope: Double, curvature: Double) {
    var (t0, t1) = (1.0, x)
    var (d0, d1) = (0.0, 1.0)
    var (e0, e1) = (0.0, 0.0)
    var (slope, curvature) = (coefficients[1], 0.0)
    for order in 2..<16 {
      (e0, e1) = (e1, 4 * d1 + 2 * x * e1 - e0)
      (d0, d1) = (d1, 2 * t1 + 2 * x * d1 - d0)
      (t0, t1) = (t1, 2 * x * t1 - t0)
      slope += coefficients[order] * d1
      curvature += coefficients[order] * e1
    }
    return (slope, curvature)
  }

  /// The polynomial's first maximum, seen from one end of [0, 1]: Newton's steps within a shrinking interval.
  /// - Parameters:
  ///   - towardsOne: the end to start from is 0; if false it is 1.
  ///   - guess: where the maximum might be.
  /// - Returns: φ, and whether it is uphill all the way; nil if it is downhill.
  func maximum(towardsOne: Bool, guess: Double) -> (phase: Double, isUphill: Bool)? {
    let direction = towardsOne ? 1.0 : -1.0
    var (rising, falling) = (-direction, direction)
    let isUphill = derivatives(rising).slope * direction > 0
    if !isUphill {
      let uphill = (1..<16).lazy.map { direction * (Double($0) / 8 - 1) }
        .first { derivatives($0).slope * direction > 0 }
      guard let uphill else { return nil }
      rising = uphill
    }
    var x = 2 * guess - 1
    if !((x - rising) * (x - falling) <= 0) { x = 0.5 * (rising + falling) }
    for _ in 0..<60 {
      let at = derivatives(x)
      if at.slope * direction > 0 { rising = x } else { falling = x }
      let next = x - at.slope / at.curvature
      let isInside = at.curvature < 0 && (next - rising) * (next - falling) <= 0
      let step = isInside ? next - x : 0.5 * (rising + falling) - x
      x += step
      if abs(step) < 1e-9 { break }
    }
    return (0.5 + 0.5 * x, isUphill)
  }
}
