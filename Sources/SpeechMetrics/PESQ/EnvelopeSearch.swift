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

  /// Stretches of the two envelopes, in frames, that one search correlates.
  struct Stretches: Sendable, Equatable {
    let reference: Range<Int>
    let degraded: Range<Int>

    /// Values of the correlation sequence.
    var sequenceLength: Int { reference.count + degraded.count - 1 }
  }

  /// Delay in samples, of the whole signal.
  mutating func crudeDelay() -> Int {
    frame * lag(Stretches(reference: 0..<reference.count, degraded: 0..<degraded.count)) { _ in }
  }

  /// What the search for reference frames `window` around the delay `prior`, a multiple of the
  /// frame, looks at; `nil` if that is too short for a search.
  func stretches(of window: Range<Int>, prior: Int) -> Stretches? {
    var start = window.lowerBound
    var target = start + prior / frame
    if target < 0 { (start, target) = (-prior / frame, 0) }
    let count = window.upperBound - start
    let targetCount = min(count, degraded.count - target)
    guard count > 1, targetCount > 1, start >= 0, start + count <= reference.count else { return nil }
    return Stretches(reference: start..<start + count, degraded: target..<target + targetCount)
  }

  /// Delay of reference frames `window`, looked for around the delay `prior`, a multiple of the frame.
  ///
  /// - Parameter observe: Called with the correlation sequence, if there is one, whose first value
  ///   belongs to the most negative lag.
  mutating func delay(
    of window: Range<Int>, prior: Int, observe: (ArraySlice<Float>) -> Void = { _ in }
  ) -> Int {
    guard let stretches = stretches(of: window, prior: prior) else { return prior }
    return prior + frame * lag(stretches, observe: observe)
  }

  /// The lag in frames of the first maximum among the positive correlations; 0 without one.
  private mutating func lag(_ stretches: Stretches, observe: (ArraySlice<Float>) -> Void) -> Int {
    let (r, d) = (stretches.reference, stretches.degraded)
    guard r.count > 1, d.count > 1 else { return 0 }
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
