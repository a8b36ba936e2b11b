// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Harvest's refinement: each F0 candidate is corrected, and scored, by instantaneous frequency (Morise 2017).
///
/// Under a Blackman window of three periods the spectrum M and, under the window's derivative, D are taken at the
/// bins nearest to harmonics 1…6 of the candidate. Flanagan's equation gives the instantaneous frequency of each:
/// ωₕ = 2πkₕ/N + Im(M*·D)/|M|². Their mean, weighted by |M| and divided by the number of the harmonic, is the refined F0; the
/// inverse of their mean relative deviation from the candidate is the score.
///
/// WORLD transforms two whole windows per candidate to read six bins. Here only those bins are summed, from tables of
/// cos and sin, the window folded about its middle, so that the sums are half as long: even part with the cosine, odd
/// part with the sine, two lanes of one multiplication. And since a candidate enters only through the length of its
/// window and the rounded bins, candidates of one frame that share these (WORLD tries those of the three frames before and
/// after as well) share the sums. Frames are visited in an order in which the samples lie the same way about
/// the frame's time, so that windows are made once per length and not once per candidate.
///
/// Raw memory: rows of the tables and of the scratch are walked by pointer, within this file.
struct HarvestRefinement: Sendable {
  /// A refined candidate.
  struct Refined {
    var f0: Double
    var score: Double
  }

  /// Candidates of all frames, those of frame i at `starts[i]..<starts[i + 1]`, each F0 once, with its best score.
  struct Table {
    var starts: [Int] = [0]
    var entries: [Refined] = []

    subscript(frame: Int) -> ArraySlice<Refined> { entries[starts[frame]..<starts[frame + 1]] }
    var frameCount: Int { starts.count - 1 }
  }

  private static let harmonicCount = 6
  /// Frames to either side whose candidates are tried too.
  private static let spread = 3
  /// Least score of a candidate.
  private static let leastScore = 2.5
  private static let tiny = 1e-12
  /// Frames that are visited out of order, and the longest period worth that.
  private static let chunk = 2048
  private static let longestPeriod = 64

  private let sampleRate: Double
  private let floor: Double
  private let ceiling: Double
  /// Row k of the table for transforms of 2^bits holds (cos, sin)(2πkm/N) for m = 0…`rowLength − 1`.
  private struct Twiddles: Sendable {
    var begin = 0
    var rowLength = 0
  }

  /// By log₂ N, empty below the shortest.
  private let twiddles: [Twiddles]
  private let rows: [SIMD2<Double>]
  /// Longest half window, samples.
  private let longest: Int
  /// After how many frames the samples lie the same way about the frame's time; 1 if they never do.
  private let period: Int

  /// - Parameters:
  ///   - sampleRate: of the decimated signal, Hz.
  ///   - floor: lowest F0, Hz.
  ///   - ceiling: highest F0, Hz.
  init(sampleRate: Double, floor: Double, ceiling: Double) {
    self.sampleRate = sampleRate
    self.floor = floor
    self.ceiling = ceiling
    let shortest = Self.halfWindow(ceiling, sampleRate)
    longest = Self.halfWindow(floor, sampleRate)
    period =
      (1...Self.longestPeriod).first { count in
        let samples = Double(count) * sampleRate / 1000
        return abs(samples - samples.rounded()) < 1e-9
      } ?? 1
    var twiddles = [Twiddles](repeating: Twiddles(), count: Self.log2Length(longest) + 1)
    var rows: [SIMD2<Double>] = []
    for bits in Self.log2Length(shortest)...Self.log2Length(longest) {
      let length = 1 << bits
      // Half windows that use this length: N/4 ≤ 2h + 1 < N/2.
      let rowLength = min(length / 4, longest + 1)
      let highest = 1.5 * sampleRate / max(Double(length / 8) - 2, 1)
      let rowCount = min(length / 2, Int(Double(Self.harmonicCount * length) * highest / sampleRate) + 1) + 1
      let circle = (0..<length).map { j in
        let angle = 2 * Double.pi * Double(j) / Double(length)
        return SIMD2(cos(angle), sin(angle))
      }
      twiddles[bits] = Twiddles(begin: rows.count, rowLength: rowLength)
      for k in 0..<rowCount {
        for m in 0..<rowLength { rows.append(circle[(k * m) & (length - 1)]) }
      }
    }
    // Sums over two m at a time read one entry beyond a row.
    rows.append(.zero)
    self.twiddles = twiddles
    self.rows = rows
  }

  private static func halfWindow(_ f0: Double, _ sampleRate: Double) -> Int { Int(1.5 * sampleRate / f0 + 1) }

  /// log₂ of WORLD's transform length for a half window: four times the power of two below the window's length.
  private static func log2Length(_ half: Int) -> Int { 2 + (Int.bitWidth - 1 - (2 * half + 1).leadingZeroBitCount) }

  /// Refines all candidates.
  /// - Parameters:
  ///   - candidates: in any order.
  ///   - signal: decimated, without its mean.
  ///   - frameCount: number of frames, 1 ms apart.
  func refine(_ candidates: [HarvestBank.Candidate], signal: [Double], frameCount: Int) -> Table {
    // Counting sort by frame.
    var starts = [Int](repeating: 0, count: frameCount + 1)
    for candidate in candidates { starts[Int(candidate.frame) + 1] += 1 }
    for i in 0..<frameCount { starts[i + 1] += starts[i] }
    var next = starts
    var sorted = [Double](repeating: 0, count: candidates.count)
    for candidate in candidates {
      sorted[next[Int(candidate.frame)]] = candidate.f0
      next[Int(candidate.frame)] += 1
    }

    var table = Table()
    table.starts.reserveCapacity(frameCount + 1)
    var refiner = Refiner(owner: self, signal: signal)
    var results: [Refined] = []
    var ranges = [Range<Int>](repeating: 0..<0, count: min(frameCount, Self.chunk))
    rows.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return }
      for begin in stride(from: 0, to: frameCount, by: Self.chunk) {
        let end = min(frameCount, begin + Self.chunk)
        results.removeAll(keepingCapacity: true)
        for phase in 0..<period {
          for i in stride(from: begin + phase, to: end, by: period) {
            let near = starts[max(0, i - Self.spread)]..<starts[min(frameCount, i + Self.spread + 1)]
            let own = results.count
            if !near.isEmpty { refiner.refine(sorted[near], frame: i, rows, into: &results) }
            ranges[i - begin] = own..<results.count
          }
        }
        for i in begin..<end {
          table.entries += results[ranges[i - begin]]
          table.starts.append(table.entries.count)
        }
      }
    }
    return table
  }

  /// Refines the candidates of one frame after the other. Owns the scratch that this takes.
  private struct Refiner: ~Copyable {
    private let sampleRate: Double
    private let floor: Double
    private let ceiling: Double
    private let twiddles: [Twiddles]

    /// The signal, its first and last sample repeated far enough for the longest window.
    private let padded: UnsafeMutablePointer<Double>
    private let lead: Int
    /// By half length h, h + 1 entries each from `h(h + 1)/2` on: the angles' (cos, sin)(2πm/(2h + 1)), and window and
    /// derivative at +m and at −m.
    private let turns: UnsafeMutablePointer<SIMD2<Double>>
    private let windows: UnsafeMutablePointer<SIMD4<Double>>
    /// By half length: how the samples lay when its windows were made; NaN before.
    private let offsets: UnsafeMutablePointer<Double>
    /// Per m: even and odd part of the signal under the window, then under its derivative; zero behind the last m.
    private let folded: UnsafeMutablePointer<SIMD4<Double>>
    private let line: UnsafeMutablePointer<Double>
    /// Six spectra under the window, six under its derivative.
    private let spectra: UnsafeMutablePointer<SIMD2<Double>>
    private var candidates: [Double] = []

    /// What the harmonics say of F0: each its own frequency divided by its number, and the mean by amplitude.
    private struct Sums {
      var fundamentals: SIMD8<Double> = .zero
      var mean = 0.0
    }

    init(owner: HarvestRefinement, signal: [Double]) {
      sampleRate = owner.sampleRate
      floor = owner.floor
      ceiling = owner.ceiling
      twiddles = owner.twiddles
      let longest = owner.longest
      lead = longest + 4
      // The last frame may stand up to a millisecond beyond the last sample.
      let tail = lead + Int(owner.sampleRate / 1000) + 2
      padded = .allocate(capacity: lead + signal.count + tail)
      padded.initialize(repeating: signal[0], count: lead)
      for i in signal.indices { (padded + lead + i).initialize(to: signal[i]) }
      (padded + lead + signal.count).initialize(repeating: signal[signal.count - 1], count: tail)
      let size = (longest + 1) * (longest + 2) / 2
      turns = .allocate(capacity: size)
      windows = .allocate(capacity: size)
      windows.initialize(repeating: .zero, count: size)
      for half in 0...longest {
        let step = 2 * Double.pi / Double(2 * half + 1)
        let row = turns + half * (half + 1) / 2
        for m in 0...half { (row + m).initialize(to: SIMD2(cos(step * Double(m)), sin(step * Double(m)))) }
      }
      offsets = .allocate(capacity: longest + 1)
      offsets.initialize(repeating: .nan, count: longest + 1)
      folded = .allocate(capacity: longest + 2)
      folded.initialize(repeating: .zero, count: longest + 2)
      line = .allocate(capacity: 2 * longest + 3)
      line.initialize(repeating: 0, count: 2 * longest + 3)
      spectra = .allocate(capacity: 12)
      spectra.initialize(repeating: .zero, count: 12)
    }

    deinit {
      padded.deallocate()
      turns.deallocate()
      windows.deallocate()
      offsets.deallocate()
      folded.deallocate()
      line.deallocate()
      spectra.deallocate()
    }

    /// Appends the refined candidates of a frame.
    mutating func refine(
      _ unsorted: ArraySlice<Double>, frame: Int, _ rows: UnsafePointer<SIMD2<Double>>, into results: inout [Refined]
    ) {
      // In order, candidates with the same window and the same bins are neighbours.
      candidates.removeAll(keepingCapacity: true)
      for f0 in unsorted {
        candidates.append(f0)
        var j = candidates.count - 1
        while j > 0, candidates[j - 1] > f0 {
          candidates[j] = candidates[j - 1]
          j -= 1
        }
        candidates[j] = f0
      }
      let time = Double(frame) / 1000
      let own = results.count
      var lastHalf = -1
      var lastBins = SIMD8<Int32>(repeating: -1)
      var sums = Sums()
      for f0 in candidates {
        let half = HarvestRefinement.halfWindow(f0, sampleRate)
        let bits = HarvestRefinement.log2Length(half)
        let harmonics = min(Int(sampleRate / 2 / f0), HarvestRefinement.harmonicCount)
        let bin = f0 * Double(1 << bits) / sampleRate
        var bins = SIMD8<Int32>(repeating: 0)
        for h in 0..<harmonics { bins[h] = Int32(truncatingIfNeeded: Int(bin * Double(h + 1) + 0.5)) }
        if half != lastHalf { fold(half, time: time) }
        if half != lastHalf || bins != lastBins {
          sum(half, bits, bins, rows)
          sums = instantaneous(bits, bins, harmonics)
          (lastHalf, lastBins) = (half, bins)
        }
        let refined = mean(sums, f0, harmonics)
        guard refined.f0 >= floor, refined.f0 <= ceiling, refined.score >= HarvestRefinement.leastScore else {
          continue
        }
        if results.count > own, results[results.count - 1].f0 == refined.f0 {
          results[results.count - 1].score = max(results[results.count - 1].score, refined.score)
        } else {
          results.append(refined)
        }
      }
    }

    /// The amplitude-weighted mean, and the score by the deviation of each harmonic from a candidate.
    private func mean(_ sums: Sums, _ f0: Double, _ harmonics: Int) -> Refined {
      var deviation = 0.0
      for h in 0..<harmonics { deviation += abs(sums.fundamentals[h] - f0) }
      return Refined(
        f0: sums.mean, score: 1 / (deviation / (f0 * Double(harmonics)) + HarvestRefinement.tiny))
    }

    /// Windows the signal about a time and folds it about the middle sample.
    private mutating func fold(_ half: Int, time: Double) {
      // WORLD's index of the first sample, with its guard against a product just below one half.
      let begin = (time + Double(-half) / sampleRate) * sampleRate + 0.001
      let first = (begin > 0 ? Int(begin + 0.5) : Int(begin - 0.5)) - 1
      // How far the middle sample lies from the frame's time, in samples: −1.5…−0.5.
      let offset = Double(first + half) - time * sampleRate
      // The same to far below a sample's thousandth: the same window.
      if !(abs(offsets[half] - offset) < 1e-9) { makeWindows(half, offset) }
      let centre = padded + (lead + first + half)
      let windows = windows + half * (half + 1) / 2
      var m = 0
      while m <= half {
        let w = windows[m]
        let (a, b) = (centre[m] * w.lowHalf, centre[0 &- m] * w.highHalf)
        let (even, odd) = (a + b, a - b)
        folded[m] = SIMD4(even.x, odd.x, even.y, odd.y)
        m &+= 1
      }
      folded[half + 1] = .zero
    }

    /// Per m the window and its derivative at +m and at −m; the two weights at m = 0 stand once, on the right.
    private mutating func makeWindows(_ half: Int, _ offset: Double) {
      offsets[half] = offset
      let turn = 2 * Double.pi * offset / Double(2 * half + 1)
      let (c, s) = (cos(turn), sin(turn))
      let row = half * (half + 1) / 2
      let centre = line + half + 1
      for m in 0...half {
        // cos of the angle at m + offset and at −m + offset; Blackman by the double angle.
        let (product, cross) = (turns[row + m].x * c, turns[row + m].y * s)
        let angle = SIMD2(product - cross, product + cross)
        let weight = 0.34 + angle * (0.5 + 0.16 * angle)
        centre[m] = weight.x
        centre[-m] = weight.y
      }
      centre[half + 1] = 0
      centre[-half - 1] = 0
      for m in 0...half {
        windows[row + m] = SIMD4(
          centre[m], (centre[m - 1] - centre[m + 1]) * 0.5, centre[-m], (centre[-m - 1] - centre[-m + 1]) * 0.5)
      }
      windows[row].highHalf = .zero
    }

    /// Spectra under both windows at six bins, into `spectra`. Not inlined: the optimiser would transpose the
    /// accumulators for what follows and pay for it in every turn of the loop.
    @inline(never) private func sum(
      _ half: Int, _ bits: Int, _ bins: SIMD8<Int32>, _ rows: UnsafePointer<SIMD2<Double>>
    ) {
      let (begin, rowLength) = (twiddles[bits].begin, twiddles[bits].rowLength)
      func row(_ h: Int) -> UnsafePointer<SIMD2<Double>> { rows + begin + Int(bins[h]) * rowLength }
      let (r0, r1, r2, r3, r4, r5) = (row(0), row(1), row(2), row(3), row(4), row(5))
      sum(r0, r1, r2, half, into: spectra)
      sum(r3, r4, r5, half, into: spectra + 3)
    }

    /// Three bins, under the window into `spectra[0..<3]`, under its derivative into `spectra[6..<9]`: as many sums as
    /// registers hold. Two m a turn, which spares the compiler's shuffling of registers half of the times.
    @inline(__always) private func sum(
      _ r0: UnsafePointer<SIMD2<Double>>, _ r1: UnsafePointer<SIMD2<Double>>, _ r2: UnsafePointer<SIMD2<Double>>,
      _ half: Int, into spectra: UnsafeMutablePointer<SIMD2<Double>>
    ) {
      // Lanes: even and odd part under the window, even and odd part under its derivative.
      var s0 = SIMD4<Double>.zero
      var (s1, s2) = (s0, s0)
      func twice(_ row: SIMD2<Double>) -> SIMD4<Double> { SIMD4(lowHalf: row, highHalf: row) }
      var m = 0
      while m <= half {
        s0 += folded[m] * twice(r0[m])
        s1 += folded[m] * twice(r1[m])
        s2 += folded[m] * twice(r2[m])
        s0 += folded[m &+ 1] * twice(r0[m &+ 1])
        s1 += folded[m &+ 1] * twice(r1[m &+ 1])
        s2 += folded[m &+ 1] * twice(r2[m &+ 1])
        m &+= 2
      }
      (spectra[0], spectra[1], spectra[2]) = (s0.lowHalf, s1.lowHalf, s2.lowHalf)
      (spectra[6], spectra[7], spectra[8]) = (s0.highHalf, s1.highHalf, s2.highHalf)
    }

    /// Flanagan's equation for the six bins, two at a time. Not inlined either, for the same reason.
    @inline(never) private func instantaneous(_ bits: Int, _ bins: SIMD8<Int32>, _ harmonics: Int) -> Sums {
      var sums = Sums()
      let scale = sampleRate / 2 / .pi
      let spacing = sampleRate / Double(1 << bits)
      var numerator = 0.0
      var denominator = 0.0
      for h in stride(from: 0, to: HarvestRefinement.harmonicCount, by: 2) {
        // Each is (Re, −Im).
        let (m0, m1, d0, d1) = (spectra[h], spectra[h + 1], spectra[h + 6], spectra[h + 7])
        let (mainRe, mainIm) = (SIMD2(m0.x, m1.x), SIMD2(m0.y, m1.y))
        let (slopeRe, slopeIm) = (SIMD2(d0.x, d1.x), SIMD2(d0.y, d1.y))
        let power = mainRe * mainRe + mainIm * mainIm
        let turn = mainIm * slopeRe - mainRe * slopeIm
        let bin = SIMD2(Double(Int(bins[h])), Double(Int(bins[h + 1]))) * spacing
        let frequency = (bin + turn / power * scale).replacing(with: 0, where: power .== 0)
        let number = SIMD2(Double(h + 1), Double(h + 2))
        let amplitude = power.squareRoot().replacing(with: 0, where: number .> Double(harmonics))
        numerator += (amplitude * frequency).sum()
        denominator += (amplitude * number).sum()
        let fundamental = frequency * SIMD2(Self.reciprocals[h], Self.reciprocals[h + 1])
        sums.fundamentals[h] = fundamental.x
        sums.fundamentals[h + 1] = fundamental.y
      }
      sums.mean = numerator / (denominator + HarvestRefinement.tiny)
      return sums
    }

    private static let reciprocals = SIMD8<Double>(1, 1.0 / 2, 1.0 / 3, 1.0 / 4, 1.0 / 5, 1.0 / 6, 0, 0)
  }
}
