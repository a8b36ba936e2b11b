// SPDX-License-Identifier: GPL-3.0-or-later
//
// The first estimate of a delay: the lag, in whole 4 ms frames, at which the log envelopes of a
// stretch of the reference and of the degraded signal correlate best (Rix et al. 2001, section 3).

/// Correlates stretches of two envelopes.
struct PESQEnvelopeSearch: Sendable {
  let reference: [Float]
  let degraded: [Float]
  /// Samples per frame.
  let frame: Int

  /// One transform per length met, with its memory.
  private var engines: [Int: Engine] = [:]

  fileprivate struct Engine {
    var fourier: PESQFourier
    var first: PESQSpectra
    var second: PESQSpectra
    var reversed: [Float]
    var correlation: [Float]
  }

  init(reference: [Float], degraded: [Float], frame: Int) {
    self.reference = reference
    self.degraded = degraded
    self.frame = frame
  }

  /// Delay in samples, of the whole signal.
  mutating func crudeDelay() -> Int {
    frame * lag(0..<reference.count, 0..<degraded.count) { _ in }
  }

  /// Delay of reference frames `window`, looked for around the delay `prior`, a multiple of the frame.
  ///
  /// - Parameter observe: Called with the correlation sequence, if there is one, whose first value
  ///   belongs to the most negative lag.
  mutating func delay(
    of window: Range<Int>, prior: Int,
    observe: (ArraySlice<Float>) -> Void = { _ in }
  ) -> Int {
    var start = window.lowerBound
    var target = start + prior / frame
    if target < 0 { (start, target) = (-prior / frame, 0) }
    let count = window.upperBound - start
    let targetCount = min(count, degraded.count - target)
    guard count > 1, targetCount > 1 else { return prior }
    let lag = lag(
      start..<start + count, target..<target + targetCount, observe: observe)
    return prior + frame * lag
  }

  /// The lag in frames of the first maximum among the positive correlations; 0 without one.
  private mutating func lag(
    _ r: Range<Int>, _ d: Range<Int>,
    observe: (ArraySlice<Float>) -> Void
  ) -> Int {
    guard r.count > 1, d.count > 1, r.lowerBound >= 0, r.upperBound <= reference.count else { return 0 }
    let length = 2 * PESQFourier.length(atLeast: max(r.count, d.count), minimum: 2)
    if engines[length] == nil {
      engines[length] = Engine(
        fourier: PESQFourier(length: length),
        first: PESQSpectra(length: length), second: PESQSpectra(length: length),
        reversed: [Float](repeating: 0, count: length / 2),
        correlation: [Float](repeating: 0, count: length))
    }
    // In place: a copy of the engine would copy its buffers.
    // swift-format-ignore: NeverForceUnwrap
    return engines[length]!.lag(reference, r, degraded, d, observe: observe)
  }
}

extension PESQEnvelopeSearch.Engine {
  fileprivate mutating func lag(
    _ reference: [Float], _ r: Range<Int>, _ degraded: [Float], _ d: Range<Int>,
    observe: (ArraySlice<Float>) -> Void
  ) -> Int {
    // Correlation as the convolution with the reference reversed in time.
    for i in 0..<r.count { reversed[i] = reference[r.upperBound - 1 - i] }
    fourier.forward(reversed, from: 0, count: r.count, window: nil, into: &first)
    fourier.forward(degraded, from: d.lowerBound, count: d.count, window: nil, into: &second)
    fourier.inverseProduct(first, 0, second, 0, conjugate: false, into: &correlation)
    let sequence = correlation[0..<r.count + d.count - 1]
    observe(sequence)
    var best: (value: Float, index: Int) = (0, r.count - 1)
    for (k, c) in sequence.enumerated() where c > best.value { best = (c, k) }
    return best.index - (r.count - 1)
  }
}
