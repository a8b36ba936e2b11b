// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Harvest's refinement: each F0 candidate is corrected, and scored, by instantaneous frequency (Morise 2017, section 2.3).
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
/// after as well) share the sums.
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

  private let sampleRate: Double
  private let floor: Double
  private let ceiling: Double
  /// By log₂ N: row k holds (cos, sin)(2πkm/N) for m = 0…`rowLength − 1`.
  private let twiddles: [Int: Twiddles]

  private struct Twiddles: Sendable {
    let rowLength: Int
    let rows: [SIMD2<Double>]
  }

  /// - Parameters:
  ///   - sampleRate: of the decimated signal, Hz.
  ///   - floor: lowest F0, Hz.
  ///   - ceiling: highest F0, Hz.
  init(sampleRate: Double, floor: Double, ceiling: Double) {
    self.sampleRate = sampleRate
    self.floor = floor
    self.ceiling = ceiling
    let shortest = Self.halfWindow(ceiling, sampleRate)
    let longest = Self.halfWindow(floor, sampleRate)
    var twiddles: [Int: Twiddles] = [:]
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
      var rows: [SIMD2<Double>] = []
      rows.reserveCapacity(rowCount * rowLength)
      for k in 0..<rowCount {
        for m in 0..<rowLength { rows.append(circle[(k * m) & (length - 1)]) }
      }
      twiddles[bits] = Twiddles(rowLength: rowLength, rows: rows)
    }
    self.twiddles = twiddles
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
    var frame = FrameRefiner(owner: self, signal: signal)
    for i in 0..<frameCount {
      let near = starts[max(0, i - Self.spread)]..<starts[min(frameCount, i + Self.spread + 1)]
      if !near.isEmpty {
        frame.begin(time: Double(i) / 1000)
        let own = table.entries.count
        for c in near {
          let refined = frame.refine(sorted[c])
          guard refined.f0 >= floor, refined.f0 <= ceiling, refined.score >= Self.leastScore else { continue }
          if let same = table.entries[own...].firstIndex(where: { $0.f0 == refined.f0 }) {
            table.entries[same].score = max(table.entries[same].score, refined.score)
          } else {
            table.entries.append(refined)
          }
        }
      }
      table.starts.append(table.entries.count)
    }
    return table
  }

  /// The window's cosines for one half length: (cos, sin)(2πm/(2h + 1)), m = 0…h + 1.
  private struct Shape {
    var isMade = false
    var turns: [SIMD2<Double>] = []
    /// Folded windows, and the offset they were made for.
    var windows: [SIMD4<Double>] = []
    var offset = Double.nan
  }

  /// What one frame's candidates share.
  private struct FrameRefiner {
    private let owner: HarvestRefinement
    /// The signal, its first and last sample repeated far enough for the longest window.
    private let padded: [Double]
    private let lead: Int
    private var shapes: [Shape]
    /// Per m: even and odd part under the window, then under its derivative.
    private var folded: [SIMD4<Double>]
    private var window: [Double]
    private var time = 0.0
    private var done: [Sums] = []

    /// Instantaneous frequencies and amplitudes of the harmonics; the key is all they depend on.
    private struct Sums {
      var half: Int
      var bins: SIMD8<Int32>
      var frequencies: SIMD8<Double> = .zero
      var amplitudes: SIMD8<Double> = .zero
    }

    init(owner: HarvestRefinement, signal: [Double]) {
      self.owner = owner
      let longest = HarvestRefinement.halfWindow(owner.floor, owner.sampleRate)
      lead = longest + 4
      padded =
        Array(repeating: signal[0], count: lead) + signal
        + Array(repeating: signal[signal.count - 1], count: lead + Int(owner.sampleRate / 1000) + 2)
      shapes = Array(repeating: Shape(), count: longest + 1)
      folded = Array(repeating: .zero, count: longest + 1)
      window = Array(repeating: 0, count: 2 * longest + 3)
      done.reserveCapacity(64)
    }

    mutating func begin(time: Double) {
      self.time = time
      done.removeAll(keepingCapacity: true)
    }

    mutating func refine(_ f0: Double) -> Refined {
      let fs = owner.sampleRate
      let half = HarvestRefinement.halfWindow(f0, fs)
      let bits = HarvestRefinement.log2Length(half)
      let length = Double(1 << bits)
      let harmonics = min(Int(fs / 2 / f0), HarvestRefinement.harmonicCount)
      var bins = SIMD8<Int32>(repeating: 0)
      let bin = f0 * length / fs
      for h in 0..<harmonics { bins[h] = Int32(bin * Double(h + 1) + 0.5) }

      var at = done.count
      for (j, sums) in done.enumerated() where sums.half == half && sums.bins == bins { at = j }
      if at == done.count {
        var sums = Sums(half: half, bins: bins)
        sum(&sums, half: half, bits: bits, harmonics: harmonics)
        done.append(sums)
      }
      var numerator = 0.0
      var denominator = 0.0
      var deviation = 0.0
      for h in 0..<harmonics {
        let (frequency, amplitude) = (done[at].frequencies[h], done[at].amplitudes[h])
        numerator += amplitude * frequency
        denominator += amplitude * Double(h + 1)
        deviation += abs((frequency / Double(h + 1) - f0) / f0)
      }
      return Refined(
        f0: numerator / (denominator + HarvestRefinement.tiny),
        score: 1 / (deviation / Double(harmonics) + HarvestRefinement.tiny))
    }

    private mutating func sum(_ sums: inout Sums, half: Int, bits: Int, harmonics: Int) {
      let fs = owner.sampleRate
      // WORLD's index of the first sample, with its guard against a product just below one half.
      let begin = (time + Double(-half) / fs) * fs + 0.001
      let first = (begin > 0 ? Int(begin + 0.5) : Int(begin - 0.5)) - 1
      // How far the middle sample lies from the frame's time, in samples: −1.5…−0.5.
      let offset = Double(first + half) - time * fs
      makeWindows(half: half, offset: offset)

      let middle = lead + min(max(first, -lead), padded.count) + half
      padded.withUnsafeBufferPointer { signal in
        let centre = signal.baseAddress! + middle
        shapes[half].windows.withUnsafeBufferPointer { windows in
          folded.withUnsafeMutableBufferPointer { folded in
            for m in 0...half {
              let (right, left) = (centre[m], centre[-m])
              let w = windows[m]
              // (window, derivative) on the right and on the left.
              let (a, b) = (right * w.lowHalf, left * w.highHalf)
              let (even, odd) = (a + b, a - b)
              folded[m] = SIMD4(even.x, odd.x, even.y, odd.y)
            }
          }
        }
      }

      guard let twiddles = owner.twiddles[bits] else { preconditionFailure("no table for 2^\(bits) bins") }
      let length = Double(1 << bits)
      twiddles.rows.withUnsafeBufferPointer { rows in
        folded.withUnsafeBufferPointer { folded in
          func row(_ h: Int) -> UnsafePointer<SIMD2<Double>> {
            rows.baseAddress! + Int(sums.bins[h]) * twiddles.rowLength
          }
          let (r0, r1, r2, r3, r4, r5) = (row(0), row(1), row(2), row(3), row(4), row(5))
          var m0 = SIMD2<Double>.zero, m1 = m0, m2 = m0, m3 = m0, m4 = m0, m5 = m0
          var d0 = m0, d1 = m0, d2 = m0, d3 = m0, d4 = m0, d5 = m0
          for m in 0...half {
            let (w, d) = (folded[m].lowHalf, folded[m].highHalf)
            m0 += w * r0[m]
            d0 += d * r0[m]
            m1 += w * r1[m]
            d1 += d * r1[m]
            m2 += w * r2[m]
            d2 += d * r2[m]
            m3 += w * r3[m]
            d3 += d * r3[m]
            m4 += w * r4[m]
            d4 += d * r4[m]
            m5 += w * r5[m]
            d5 += d * r5[m]
          }
          func finish(_ h: Int, _ main: SIMD2<Double>, _ derivative: SIMD2<Double>) {
            // Lanes: (Re, −Im).
            let power = main.x * main.x + main.y * main.y
            let numerator = main.y * derivative.x - main.x * derivative.y
            sums.frequencies[h] =
              power == 0 ? 0 : Double(sums.bins[h]) * fs / length + numerator / power * fs / 2 / .pi
            sums.amplitudes[h] = power.squareRoot()
          }
          finish(0, m0, d0)
          finish(1, m1, d1)
          finish(2, m2, d2)
          finish(3, m3, d3)
          finish(4, m4, d4)
          finish(5, m5, d5)
        }
      }
    }

    /// Per m the window and its derivative at +m and at −m; the two weights at m = 0 stand once, on the right.
    private mutating func makeWindows(half: Int, offset: Double) {
      let step = 2 * Double.pi / Double(2 * half + 1)
      if !shapes[half].isMade {
        shapes[half].isMade = true
        shapes[half].turns = (0...half).map { SIMD2(cos(step * Double($0)), sin(step * Double($0))) }
        shapes[half].windows = Array(repeating: .zero, count: half + 1)
      }
      // The same to far below a sample's thousandth: the same window.
      guard !(abs(shapes[half].offset - offset) < 1e-9) else { return }
      shapes[half].offset = offset
      let (c, s) = (cos(step * offset), sin(step * offset))
      shapes[half].turns.withUnsafeBufferPointer { turns in
        window.withUnsafeMutableBufferPointer { window in
          let centre = half + 1
          for m in 0...half {
            // cos of the angle at m + offset and at −m + offset; Blackman by the double angle.
            let (product, cross) = (turns[m].x * c, turns[m].y * s)
            let angle = SIMD2(product - cross, product + cross)
            let weight = 0.34 + angle * (0.5 + 0.16 * angle)
            window[centre + m] = weight.x
            window[centre - m] = weight.y
          }
          window[0] = 0
          window[2 * half + 2] = 0
          shapes[half].windows.withUnsafeMutableBufferPointer { windows in
            for m in 0...half {
              let (right, left) = (centre + m, centre - m)
              windows[m] = SIMD4(
                window[right], (window[right - 1] - window[right + 1]) * 0.5,
                window[left], (window[left - 1] - window[left + 1]) * 0.5)
            }
            windows[0].highHalf = .zero
          }
        }
      }
    }
  }
}
