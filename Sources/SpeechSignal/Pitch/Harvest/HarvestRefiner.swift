// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import VectorLoops

/// Refines the candidates of one frame of a recording after the other; what is computed stands at `HarvestRefinement`. Owns the scratch
/// that this takes.
///
/// Raw memory: rows of the scratch are walked by pointer, within this file and `VectorLoops`.
struct HarvestRefiner: ~Copyable {
  /// A candidate, and what its sums depend on.
  struct Candidate {
    var f0 = 0.0
    /// Half the window, samples.
    var half: Int32 = 0
    /// Harmonics below half the sample rate.
    var harmonics: Int32 = 0
    /// Their bins, 0 for those above: 16 bits each, as `VectorLoops.harmonicSums` has them.
    private(set) var bins = (UInt64(0), UInt64(0))

    static let noBins = (UInt64.max, UInt64.max)

    init() {}

    init(_ f0: Double, sampleRate: Double) {
      self.f0 = f0
      let half = HarvestRefinement.halfWindow(f0, sampleRate)
      self.half = Int32(half)
      harmonics = Int32(min(Int(sampleRate / 2 / f0), HarvestRefinement.harmonicCount))
      let bin = f0 * Double(1 << HarvestRefinement.log2Length(half)) / sampleRate
      func rounded(_ h: Int32) -> UInt64 { h <= harmonics ? UInt64(Int(bin * Double(h) + 0.5)) : 0 }
      bins = (rounded(1) | rounded(2) << 16 | rounded(3) << 32 | rounded(4) << 48, rounded(5) | rounded(6) << 16)
    }
  }

  /// Least score of a candidate.
  private static let leastScore = 2.5
  private static let tiny = 1e-12

  private let owner: HarvestRefinement
  private let table: UnsafePointer<Double>
  private let pitch: Int
  /// A stretch of the signal, its first and last sample repeated far enough for the longest window; and the same backwards.
  private var padded: UnsafeMutablePointer<Double>
  private var reversed: UnsafeMutablePointer<Double>
  private var paddedCount = 0
  private var room = 0
  /// Which sample of the signal stands at `lead`.
  private var origin = 0
  private let lead: Int
  /// Four rows: the window at +m and at −m, its derivative at +m and at −m; zero from the last m to the next multiple of four.
  private let windows: UnsafeMutablePointer<Double>
  /// For what half length, and how the samples lay, when the windows were made.
  private var windowed = (half: -1, offset: 0.0)
  /// The rows of cosines and sines under such a window, and Hz from bin to bin.
  private var turns = HarvestRefinement.Turns()
  private var spacing = 0.0
  /// Rows: even and odd part of the signal under the window, then under its derivative.
  private let folded: UnsafeMutablePointer<Double>
  private let line: UnsafeMutablePointer<Double>
  /// Eight places each: even and odd sums under the window, then under its derivative.
  private let sums: UnsafeMutablePointer<Double>
  private let bins: UnsafeMutablePointer<Double>
  /// Eight ones and eight zeros: from a place on, the weights of so many harmonics.
  private let weights: UnsafeMutablePointer<Double>
  /// The bins that were asked for last, and what the folded signal says of F0 there: each harmonic, and their mean by amplitude.
  private var known = Candidate.noBins
  private let fundamentals: UnsafeMutablePointer<Double>
  private var mean = 0.0
  private let foldLoop = VectorLoops.fold
  private let sumLoop = VectorLoops.harmonicSums
  private let meanLoop = VectorLoops.flanagan

  /// - Parameters:
  ///   - owner: the tables.
  ///   - rows: the rows of cosines and sines among them, valid as long as this.
  init(owner: HarvestRefinement, rows table: UnsafePointer<Double>) {
    self.owner = owner
    self.table = table
    let longest = owner.longest
    pitch = owner.pitch
    lead = longest + 8
    padded = .allocate(capacity: 0)
    reversed = .allocate(capacity: 0)
    // Whole lines of the cache.
    func row(_ count: Int) -> UnsafeMutablePointer<Double> {
      let raw = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Double>.stride, alignment: 64)
      return raw.initializeMemory(as: Double.self, repeating: 0, count: count)
    }
    windows = row(4 * pitch)
    folded = row(4 * pitch)
    line = row(2 * longest + 3)
    sums = row(32)
    bins = row(8)
    weights = row(16)
    weights.update(repeating: 1, count: 8)
    fundamentals = row(8)
  }

  deinit {
    padded.deallocate()
    reversed.deallocate()
    windows.deallocate()
    folded.deallocate()
    line.deallocate()
    sums.deallocate()
    bins.deallocate()
    weights.deallocate()
    fundamentals.deallocate()
  }

  /// Gets ready for some frames.
  /// - Parameters:
  ///   - signal: decimated, without its mean.
  ///   - frames: 1 ms apart.
  mutating func load(_ signal: [Double], frames: Range<Int>) {
    func sample(_ frame: Int) -> Int { Int(Double(frame) / 1000 * owner.sampleRate) }
    // Windows stand two samples before their frame at most.
    origin = min(signal.count - 1, max(0, sample(frames.lowerBound) - 2))
    let count = min(signal.count, sample(frames.upperBound) + 2) - origin
    // The last frame may stand up to a millisecond beyond the last sample.
    paddedCount = lead + count + lead + Int(owner.sampleRate / 1000) + 2
    if paddedCount > room {
      room = paddedCount
      padded.deallocate()
      reversed.deallocate()
      padded = .allocate(capacity: room)
      reversed = .allocate(capacity: room)
    }
    for i in 0..<paddedCount {
      let value = signal[min(signal.count - 1, max(0, origin + i - lead))]
      (padded + i).initialize(to: value)
      (reversed + paddedCount - 1 - i).initialize(to: value)
    }
  }

  /// A candidate refined by what was folded last, which must be its window; nil if its score or its F0 won't do.
  mutating func refined(_ candidate: Candidate) -> HarvestRefinement.Refined? {
    if candidate.bins != known { takeHarmonics(candidate) }
    guard mean >= owner.floor, mean <= owner.ceiling else { return nil }
    // The score by the deviation of each harmonic.
    var deviation = 0.0
    for h in 0..<Int(candidate.harmonics) { deviation += abs(fundamentals[h] - candidate.f0) }
    let score = 1 / (deviation / (candidate.f0 * Double(candidate.harmonics)) + Self.tiny)
    return score >= Self.leastScore ? .init(f0: mean, score: score) : nil
  }

  /// Windows the signal about a frame and folds it about the middle sample.
  mutating func fold(_ half: Int, frame: Int) {
    let time = Double(frame) / 1000
    // WORLD's index of the first sample, with its guard against a product just below one half.
    let begin = (time + Double(-half) / owner.sampleRate) * owner.sampleRate + 0.001
    let first = (begin > 0 ? Int(begin + 0.5) : Int(begin - 0.5)) - 1
    // How far the middle sample lies from the frame's time, in samples: −1.5…−0.5.
    let offset = Double(first + half) - time * owner.sampleRate
    // The same to far below a sample's thousandth: the same window.
    if half != windowed.half || abs(windowed.offset - offset) >= 1e-9 { makeWindows(half, offset) }
    let centre = lead + first + half - origin
    foldLoop(padded + centre, reversed + (paddedCount - 1 - centre), windows, half + 1, folded, pitch)
    known = Candidate.noBins
  }

  /// Per m the window and its derivative at +m and at −m; the two weights at m = 0 stand once, on the right.
  private mutating func makeWindows(_ half: Int, _ offset: Double) {
    let bits = HarvestRefinement.log2Length(half)
    turns = owner.turns[bits]
    spacing = owner.sampleRate / Double(1 << bits)
    windowed = (half, offset)
    let turn = 2 * Double.pi * offset / Double(2 * half + 1)
    let (c, s) = (cos(turn), sin(turn))
    let centre = line + half + 1
    for m in 0...half {
      // cos of the angle at m + offset and at −m + offset; Blackman by the double angle.
      let angle = owner.angles[half * pitch + m]
      let (product, cross) = (angle.x * c, angle.y * s)
      let both = SIMD2(product - cross, product + cross)
      let weight = 0.34 + both * (0.5 + 0.16 * both)
      centre[m] = weight.x
      centre[-m] = weight.y
    }
    centre[half + 1] = 0
    centre[-half - 1] = 0
    for m in 0...half {
      windows[m] = centre[m]
      windows[2 * pitch + m] = (centre[m - 1] - centre[m + 1]) * 0.5
    }
    for m in 1..<half + 1 {
      windows[pitch + m] = centre[-m]
      windows[3 * pitch + m] = (centre[-m - 1] - centre[-m + 1]) * 0.5
    }
    // What is read is whole fours.
    for m in half + 1..<(half + 4) & ~3 { for row in 0..<4 { windows[row * pitch + m] = 0 } }
  }

  /// Sums the folded signal at the six bins of a candidate.
  private mutating func takeHarmonics(_ candidate: Candidate) {
    sumLoop(folded, pitch, windowed.half + 1, candidate.bins, table + turns.begin, turns.pitch, sums)
    let (four, two) = candidate.bins
    for h in 0..<4 { bins[h] = Double(UInt16(truncatingIfNeeded: four &>> UInt64(16 &* h))) }
    for h in 0..<2 { bins[h &+ 4] = Double(UInt16(truncatingIfNeeded: two &>> UInt64(16 &* h))) }
    let scale = owner.sampleRate / 2 / .pi
    mean = meanLoop(sums, bins, weights + (8 - Int(candidate.harmonics)), spacing, scale, fundamentals)
    known = candidate.bins
  }
}
