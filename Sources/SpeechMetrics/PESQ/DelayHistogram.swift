// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fine estimate of a delay: windowed 64 ms frames of both signals are cross-correlated, and each
// frame votes, in a histogram over lags, for the lags at which its correlation comes within 1 % of
// its maximum. The smoothed histogram's peak is the delay, to one sample; its height relative to all
// votes says how far the frames agree (Rix et al. 2001, section 3).

internal import Foundation

/// Votes over lags, circular over the transform's length.
struct PESQDelayHistogram: Sendable {
  private var votes: [Float]
  private var total: Float = 0
  private let halfWidth: Int

  init(length: Int, halfWidth: Int) {
    votes = [Float](repeating: 0, count: length)
    self.halfWidth = halfWidth
  }

  /// Counts one frame, each vote spread over a triangle.
  mutating func addSmoothed(_ frame: PESQFrameCorrelator) {
    let weight = frame.voteWeight / Float(halfWidth)
    for lag in frame.peakLags {
      total += weight * Float(halfWidth)
      for i in 1 - halfWidth..<halfWidth {
        votes[(lag + i) & (votes.count - 1)] += weight * Float(halfWidth - abs(i))
      }
    }
  }

  /// Counts one frame as it is; `smooth` has to follow.
  mutating func add(_ frame: PESQFrameCorrelator) {
    for lag in frame.peakLags { votes[lag] += frame.voteWeight }
  }

  /// Spreads all votes over a triangle.
  ///
  /// A frame's votes for neighbouring lags weigh the same, so that the smoothed histogram has flat
  /// tops, and its rounding decides where on such a top the maximum is. Hence the transforms.
  mutating func smooth(_ fourier: inout PESQFourier) {
    total = votes.reduce(0, +)
    var triangle = [Float](repeating: 0, count: votes.count)
    for i in 1 - halfWidth..<halfWidth {
      triangle[i & (votes.count - 1)] = 1 - Float(abs(i)) / Float(halfWidth)
    }
    var spectra = PESQSpectra(length: votes.count, count: 2)
    fourier.forward(votes, from: 0, count: votes.count, window: nil, into: &spectra, slot: 0)
    fourier.forward(triangle, from: 0, count: votes.count, window: nil, into: &spectra, slot: 1)
    fourier.inverseProduct(spectra, 0, spectra, 1, conjugate: false, into: &votes)
    _ = PESQMagnitudes.take(&votes)
  }

  /// The lag with the most votes, in samples, and its share of all votes.
  var peak: (lag: Int, confidence: Float) {
    guard total > 0 else { return (0, 0) }
    var best: (value: Float, index: Int) = (0, 0)
    for (m, v) in votes.enumerated() where v > best.value { best = (v, m) }
    let lag = best.index >= votes.count / 2 ? best.index - votes.count : best.index
    return (lag, best.value / total)
  }
}

/// Cross-correlation of one frame of the reference and one of the degraded signal at a time.
struct PESQFrameCorrelator: Sendable {
  /// Lags of the last frame's correlation whose magnitude exceeds 0.99 of the largest, ascending.
  private(set) var peakLags: [Int] = []
  /// What each of them counts: that bound to the power of 1/8.
  private(set) var voteWeight: Float = 0

  private(set) var reference: [Float]
  let degraded: [Float]
  private let source: PESQSignal?
  private var window: [Float] = []
  var fourier: PESQFourier
  private var correlation: [Float]
  private var referenceSpectra: Cache
  private var degradedSpectra: Cache

  /// - Parameters:
  ///   - reference: The filtered reference, without its tail where there is a source.
  ///   - degraded: The filtered degraded signal without its tail.
  ///   - source: The reference before the filter.
  init(reference: [Float], degraded: [Float], source: PESQSignal?, length: Int) {
    self.reference = reference
    self.source = source
    self.degraded = degraded
    fourier = PESQFourier(length: length)
    correlation = [Float](repeating: 0, count: length)
    referenceSpectra = Cache(length: length)
    degradedSpectra = Cache(length: length)
  }

  /// Starts a run of frames seen through `window`.
  mutating func begin(window: [Float]) {
    guard window != self.window else { return }
    self.window = window
    referenceSpectra.clear()
    degradedSpectra.clear()
  }

  /// Correlates the frames that start at reference sample `a` and degraded sample `b`.
  ///
  /// False, without a result, if a frame reaches beyond its buffer.
  ///
  /// - Parameter remembered: Whether the frames' spectra are worth keeping.
  mutating func correlate(_ a: Int, _ b: Int, remembered: Bool = true) -> Bool {
    let length = fourier.length
    let limit = source?.samples.count ?? reference.count
    guard a >= 0, b >= 0, a + length <= limit, b + length <= degraded.count else { return false }
    if a + length > reference.count, let source { reference = source.filteredForAlignmentWithTail() }
    let r = referenceSpectra.transform(reference, a, window, &fourier, remembered)
    let d = degradedSpectra.transform(degraded, b, window, &fourier, remembered)
    fourier.inverseProduct(
      referenceSpectra.chunks[r.chunk], r.slot, degradedSpectra.chunks[d.chunk], d.slot,
      conjugate: true, into: &correlation)
    findPeaks()
    return true
  }

  private mutating func findPeaks() {
    let bound = 0.99 * PESQMagnitudes.take(&correlation)
    voteWeight = Float(pow(Double(bound), 0.125))
    peakLags.removeAll(keepingCapacity: true)
    PESQMagnitudes.indices(of: correlation, above: bound, appendingTo: &peakLags)
  }

  /// Spectra of the last frames, as the searches for one split visit some of them many times over.
  ///
  /// Memory is taken bit by bit: few utterances need all of it.
  private struct Cache: Sendable {
    /// Empty until used.
    private(set) var chunks: [PESQSpectra]
    /// The sample at which the frame in each place starts.
    private var starts: [Int]
    private let hop: Int

    /// 512 frames, 8 s, at 2 or 4 KB each.
    private static let chunkSize = 32
    private static let chunkCount = 16

    init(length: Int) {
      hop = length / 4
      chunks = Array(repeating: PESQSpectra(length: length, count: 0), count: Self.chunkCount)
      starts = Array(repeating: -1, count: Self.chunkCount * Self.chunkSize)
    }

    mutating func clear() {
      for i in starts.indices { starts[i] = -1 }
    }

    /// Where the spectrum of the frame at `start` is; it is computed unless it is still there.
    mutating func transform(
      _ signal: [Float], _ start: Int, _ window: [Float], _ fourier: inout PESQFourier,
      _ remembered: Bool
    ) -> (chunk: Int, slot: Int) {
      let place = remembered ? start / hop % starts.count : 0
      let (chunk, slot) = (place / Self.chunkSize, place % Self.chunkSize)
      guard starts[place] != start else { return (chunk, slot) }
      starts[place] = remembered ? start : -1
      chunks[chunk].grow(to: Self.chunkSize)
      fourier.forward(
        signal, from: start, count: fourier.length, window: window, into: &chunks[chunk], slot: slot)
      return (chunk, slot)
    }
  }
}
