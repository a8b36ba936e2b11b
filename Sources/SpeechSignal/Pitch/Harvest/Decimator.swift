// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Lowers the sample rate by a whole factor, as MATLAB's `decimate` does and WORLD's pitch trackers expect.
///
/// A third-order Chebyshev low-pass (type I, 0.05 dB ripple, edge at 0.8 of the new Nyquist frequency) runs over the
/// signal forwards and then backwards, so that it has no phase; then every r-th sample is kept, counted so that the
/// last sample is among them. Nine samples, mirrored through the end points, lead in and out.
///
/// WORLD tabulates the filter for r = 2…12; here it is designed, by the bilinear transform, from the figures above.
/// The two agree to 1e-14, which a test of the trackers against WORLD would otherwise show at once.
package struct Decimator: Sendable {
  /// Input samples per output sample.
  package let factor: Int
  /// Feedback: w[n] = x[n] + Σ feedback[k]·w[n−1−k].
  private let feedback: SIMD3<Double>
  /// Feed-forward: y[n] = gain·(w[n] + 3w[n−1] + 3w[n−2] + w[n−3]).
  private let gain: Double

  private static let rippleDecibels = 0.05
  private static let edge = 0.8
  private static let leadIn = 9

  /// - Parameter factor: r ≥ 2.
  package init(factor: Int) {
    precondition(factor >= 2, "decimation by \(factor)")
    self.factor = factor
    // The analogue prototype's poles: one real, one pair (Oppenheim & Schafer, appendix B), pre-warped to the edge.
    let ripple = (pow(10, Self.rippleDecibels / 10) - 1).squareRoot()
    let v = asinh(1 / ripple) / 3
    let warped = tan(.pi * Self.edge / Double(factor) / 2)
    let realPole = -sinh(v) * warped
    let pair = (re: -sinh(v) / 2 * warped, im: cosh(v) * 0.75.squareRoot() * warped)
    // Bilinear: z = (1 + s)/(1 − s).
    let z0 = (1 + realPole) / (1 - realPole)
    let denominator = (1 - pair.re) * (1 - pair.re) + pair.im * pair.im
    let zRe = (1 - pair.re * pair.re - pair.im * pair.im) / denominator
    let zIm = 2 * pair.im / denominator
    let square = zRe * zRe + zIm * zIm
    // (1 − z0 q)(1 − 2 zRe q + square q²), q = z⁻¹.
    feedback = SIMD3(z0 + 2 * zRe, -(square + 2 * zRe * z0), square * z0)
    gain = (1 - feedback.sum()) / 8
  }

  /// The signal at the lower rate.
  /// - Parameter x: at least 10 samples.
  /// - Returns: ⌈x.count / r⌉ samples.
  package func decimate(_ x: [Double]) -> [Double] {
    let (n, lead) = (x.count, Self.leadIn)
    precondition(n > lead, "\(n) samples are too few to decimate")
    var extended: [Double] = []
    extended.reserveCapacity(n + 2 * lead)
    for i in 0..<lead { extended.append(2 * x[0] - x[lead - i]) }
    extended += x
    for i in 0..<lead { extended.append(2 * x[n - 1] - x[n - 2 - i]) }

    let (a0, a1, a2) = (feedback.x, feedback.y, feedback.z)
    var (w0, w1, w2) = (0.0, 0.0, 0.0)
    for i in extended.indices {
      let w = (extended[i] + a2 * w2 + a1 * w1) + a0 * w0
      extended[i] = gain * (w + w2 + 3 * (w0 + w1))
      (w2, w1, w0) = (w1, w0, w)
    }
    (w0, w1, w2) = (0, 0, 0)
    for i in extended.indices.reversed() {
      let w = (extended[i] + a2 * w2 + a1 * w1) + a0 * w0
      extended[i] = gain * (w + w2 + 3 * (w0 + w1))
      (w2, w1, w0) = (w1, w0, w)
    }
    let outputCount = (n - 1) / factor + 1
    let first = factor - factor * outputCount + n
    return (0..<outputCount).map { extended[first + $0 * factor + lead - 1] }
  }
}
