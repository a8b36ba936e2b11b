// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// A linear-phase high-pass filter by the window method (Oppenheim & Schafer, Discrete-Time Signal Processing, 7.5): the ideal
/// filter's impulse response δ(m) − (ω/π)·sinc(ω·m/π), m counted from the middle tap, under a symmetric Hamming window, and then
/// scaled to a gain of 1 at half the sample rate. It is what SciPy's `firwin(N, cutoff, pass_zero=False)` designs.
///
/// Causal: the output runs (N − 1)/2 samples late, and what lies before the first sample counts as zero.
public struct HighPass: Sendable {
  /// h[0…N−1].
  public let taps: [Double]

  /// - Parameters:
  ///   - tapCount: N, odd.
  ///   - cutoff: as a share of half the sample rate, between 0 and 1.
  public init(tapCount: Int, cutoff: Double) {
    precondition(tapCount % 2 == 1 && cutoff > 0 && cutoff < 1, "\(tapCount) taps, cut-off \(cutoff)")
    let middle = tapCount / 2
    func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(.pi * x) / (.pi * x) }
    let ideal = (0..<tapCount).map { n -> Double in
      let m = Double(n - middle)
      let window = 0.54 - 0.46 * cos(2 * .pi * Double(n) / Double(max(1, tapCount - 1)))
      return ((m == 0 ? 1 : 0) - cutoff * sinc(cutoff * m)) * window
    }
    // At half the sample rate, neighbouring taps have opposite signs.
    var gain = 0.0
    for (n, tap) in ideal.enumerated() { gain += (n - middle) % 2 == 0 ? tap : -tap }
    taps = ideal.map { $0 / gain }
  }

  /// The filtered signal, as long as the signal.
  /// - Parameter signal: shape `[n]`.
  public func apply(_ signal: [Double]) -> [Double] {
    // With zeros in front, each output is one inner product; four at a time, as the taps are read once for all.
    let lead = taps.count - 1
    let padded = [Double](repeating: 0, count: lead) + signal + [0, 0, 0]
    let reversed = Array(taps.reversed())
    var output = [Double](repeating: 0, count: signal.count)
    padded.withUnsafeBufferPointer { padded in
      for n in stride(from: 0, to: signal.count, by: 4) {
        var sums = SIMD4<Double>.zero
        for (k, tap) in reversed.enumerated() {
          let i = n + k
          let four = SIMD4<Double>(padded[i], padded[i + 1], padded[i + 2], padded[i + 3])
          sums += four * tap
        }
        for lane in 0..<min(4, signal.count - n) { output[n + lane] = sums[lane] }
      }
    }
    return output
  }
}
