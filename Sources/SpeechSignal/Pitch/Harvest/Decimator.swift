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

  /// A recording at the lower rate, as `decimate` gives it with the first and the last sample repeated at the ends.
  ///
  /// Of a long one, the forward filter's states are noted on a first way through; then it is filtered block by block, the last one
  /// first, to the same bits.
  /// - Parameters:
  ///   - waveform: at least one sample.
  ///   - lead: samples to put at either end, a multiple of r of at least nine.
  ///   - block: samples worked on at a time; of other than long recordings, all.
  /// - Returns: ⌈n / r⌉ samples, without those made of the ends.
  package func decimate(_ waveform: Waveform, lead: Int, block: Int? = nil) -> [Double] {
    precondition(lead >= Self.leadIn && lead % factor == 0 && waveform.count > 0, "\(lead) samples for a lead")
    let n = waveform.count + 2 * lead
    // Mirrored through an end that is constant, nine samples more are the same constant.
    let margin = lead + Self.leadIn
    let total = waveform.count + 2 * margin
    let block = block ?? (waveform.count > Waveform.longestPlain ? Waveform.blockLength : total)
    let blocks = stride(from: 0, to: total, by: block).map { $0..<min(total, $0 + block) }
    var buffer = [Double](repeating: 0, count: block)
    var states = [SIMD3<Double>.zero]
    for part in blocks.dropLast() {
      fill(&buffer, waveform, part, margin)
      states.append(filter(&buffer, 0..<part.count, from: states[states.count - 1]))
    }
    let first = factor - factor * ((n - 1) / factor + 1) + n + Self.leadIn - 1 + lead
    var output = [Double](repeating: 0, count: (waveform.count + factor - 1) / factor)
    var state = SIMD3<Double>.zero
    for (part, begin) in zip(blocks, states).reversed() {
      fill(&buffer, waveform, part, margin)
      _ = filter(&buffer, 0..<part.count, from: begin)
      state = filter(&buffer, (0..<part.count).reversed(), from: state)
      let wanted = max(0, (part.lowerBound - first + factor - 1) / factor)
      for k in stride(from: wanted, to: output.count, by: 1) {
        let at = first + k * factor
        if at >= part.upperBound { break }
        output[k] = buffer[at - part.lowerBound]
      }
    }
    return output
  }

  /// What the filter is fed: `margin` times the first sample, the recording, `margin` times the last.
  private func fill(_ buffer: inout [Double], _ waveform: Waveform, _ part: Range<Int>, _ margin: Int) {
    let count = waveform.count
    let own = part.clamped(to: margin..<margin + count)
    let (low, high) = (own.isEmpty ? part.upperBound : own.lowerBound, own.isEmpty ? part.upperBound : own.upperBound)
    let isBefore = part.lowerBound < margin
    let ends = [0, count - 1].map { at in waveform.withSamples(at..<at + 1) { $0[0] } }
    for i in part.lowerBound..<low { buffer[i - part.lowerBound] = ends[isBefore ? 0 : 1] }
    if !own.isEmpty {
      waveform.withSamples(own.lowerBound - margin..<own.upperBound - margin) { samples in
        for i in 0..<samples.count { buffer[low - part.lowerBound + i] = samples[i] }
      }
    }
    for i in high..<part.upperBound { buffer[i - part.lowerBound] = ends[1] }
  }

  /// The filter over some samples in their order, in place; its state behind them.
  @inline(__always) private func filter(
    _ x: inout [Double], _ indices: some Sequence<Int>, from state: SIMD3<Double>
  ) -> SIMD3<Double> {
    let (a0, a1, a2) = (feedback.x, feedback.y, feedback.z)
    var (w0, w1, w2) = (state.x, state.y, state.z)
    for i in indices {
      let w = (x[i] + a2 * w2 + a1 * w1) + a0 * w0
      x[i] = gain * (w + w2 + 3 * (w0 + w1))
      (w2, w1, w0) = (w1, w0, w)
    }
    return SIMD3(w0, w1, w2)
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

    _ = filter(&extended, extended.indices, from: .zero)
    _ = filter(&extended, extended.indices.reversed(), from: .zero)
    let outputCount = (n - 1) / factor + 1
    let first = factor - factor * outputCount + n
    return (0..<outputCount).map { extended[first + $0 * factor + lead - 1] }
  }
}
