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
/// part with the sine (`HarvestRefiner`). And since a candidate enters only through the length of its window and the rounded
/// bins, candidates of one frame that share these (WORLD tries those of the three frames before and after as well) share
/// the sums. What there is to do is ordered by the length of the window, then by how the samples lie about the frame's time, then
/// by frame: a window is made once for many frames, and the rows of cos and sin that it needs stay in the cache.
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

    /// Puts frames behind those there are.
    mutating func append(_ other: Table) {
      let count = entries.count
      entries += other.entries
      for end in other.starts.dropFirst() { starts.append(count + end) }
    }

    /// Forgets all frames, but not the room they took.
    mutating func removeAll() {
      starts.removeAll(keepingCapacity: true)
      starts.append(0)
      entries.removeAll(keepingCapacity: true)
    }

    /// Forgets the first frames.
    mutating func removeFirst(_ count: Int) {
      let begin = starts[count]
      entries.removeFirst(begin)
      starts = starts[count...].map { $0 - begin }
    }

    subscript(frame: Int) -> ArraySlice<Refined> { entries[starts[frame]..<starts[frame + 1]] }
    var frameCount: Int { starts.count - 1 }
  }

  static let harmonicCount = 6
  /// Frames to either side whose candidates are tried too.
  static let spread = 3
  /// Frames that are worked on together, and the longest period worth an order of its own.
  private static let chunk = 2048
  private static let longestPeriod = 64

  let sampleRate: Double
  let floor: Double
  let ceiling: Double
  /// Longest half window, samples.
  let longest: Int
  /// Values of a row under a window, in fours.
  let pitch: Int
  /// By half window, rows `pitch` apart: (cos, sin)(2πm/(2h + 1)) for m = 0…h.
  let angles: [SIMD2<Double>]
  /// By log₂ N, empty below the shortest.
  let turns: [Turns]
  /// The rows of all of them. In fours, so that no four lie across two lines of the cache.
  private let rows: [SIMD4<Double>]
  /// After how many frames the samples lie the same way about the frame's time; 1 if they never do.
  private let period: Int

  /// Row k of the table for transforms of N samples: cos(2πkm/N) for m = 0…`pitch − 1`, then as many sines.
  struct Turns: Sendable {
    var begin = 0
    var pitch = 0
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
    longest = Self.halfWindow(floor, sampleRate)
    let widest = (longest + 4) & ~3
    pitch = widest
    period =
      (1...Self.longestPeriod).first { count in
        let samples = Double(count) * sampleRate / 1000
        return abs(samples - samples.rounded()) < 1e-9
      } ?? 1
    angles = (0...longest).flatMap { half in
      let step = 2 * Double.pi / Double(2 * half + 1)
      return (0..<widest).map { $0 <= half ? SIMD2(cos(step * Double($0)), sin(step * Double($0))) : .zero }
    }
    var turns = [Turns](repeating: Turns(), count: Self.log2Length(longest) + 1)
    var rows: [SIMD4<Double>] = []
    for bits in Self.log2Length(shortest)...Self.log2Length(longest) {
      let length = 1 << bits
      // Half windows that use this length: N/4 ≤ 2h + 1 < N/2.
      let pitch = min(length / 4, widest)
      let highest = 1.5 * sampleRate / max(Double(length / 8) - 2, 1)
      let rowCount = min(length / 2, Int(Double(Self.harmonicCount * length) * highest / sampleRate) + 1) + 1
      turns[bits] = Turns(begin: 4 * rows.count, pitch: pitch)
      let circle = (0..<length).map { 2 * Double.pi * Double($0) / Double(length) }.map { SIMD2(cos($0), sin($0)) }
      for k in 0..<rowCount {
        for part in 0..<2 {
          for m in stride(from: 0, to: pitch, by: 4) {
            rows.append(SIMD4((m..<m + 4).map { circle[(k * $0) & (length - 1)][part] }))
          }
        }
      }
    }
    self.turns = turns
    self.rows = rows
  }

  static func halfWindow(_ f0: Double, _ sampleRate: Double) -> Int { Int(1.5 * sampleRate / f0 + 1) }

  /// log₂ of WORLD's transform length for a half window: four times the power of two below the window's length.
  static func log2Length(_ half: Int) -> Int { 2 + (Int.bitWidth - 1 - (2 * half + 1).leadingZeroBitCount) }

  /// Refines candidates as they are found, so that little more than those of a stretch are held.
  /// - Parameters:
  ///   - signal: decimated, without its mean.
  ///   - frameCount: number of frames, 1 ms apart.
  ///   - bank: finds them.
  ///   - stretch: how many frames the bank works on at a time.
  ///   - body: called with the refined candidates of the next frames.
  func refine(
    signal: [Double], frameCount: Int, bank: HarvestBank, stretch length: Int, _ body: (Table) -> Void
  ) {
    rows.withUnsafeBytes { rows in
      guard let rows = rows.assumingMemoryBound(to: Double.self).baseAddress else { return }
      var refiner = HarvestRefiner(owner: self, rows: rows)
      var work = Work()
      var table = Table()
      // Of frames before `next`, too, where they are near.
      var waiting: [HarvestBank.Candidate] = []
      var next = 0
      bank.forEachStretch(signal, frameCount: frameCount, length: length) { stretch, candidates in
        waiting += candidates
        // Whole chunks whose neighbours are known, too: what is worked on together decides about the last bits.
        let end =
          stretch.upperBound == frameCount
          ? frameCount : max(next, (stretch.upperBound - Self.spread) / Self.chunk * Self.chunk)
        let sorted = FrameSorted(
          waiting, frames: max(0, next - Self.spread)..<stretch.upperBound, sampleRate: sampleRate)
        for begin in stride(from: next, to: end, by: Self.chunk) {
          let frames = begin..<min(end, begin + Self.chunk)
          refiner.load(signal, frames: frames)
          refine(sorted, frames, &refiner, &work, &table)
          body(table)
          table.removeAll()
        }
        waiting.removeAll { Int($0.frame) < end - Self.spread }
        next = end
      }
    }
  }

  /// What is worked with chunk after chunk.
  private struct Work {
    var jobs: [Job] = []
    /// Results of each frame, where there is room for one of each of its candidates.
    var results: [Refined] = []
    var begins: [Int] = []
    var ends: [Int] = []
  }

  /// Refines the candidates of a chunk of frames.
  private func refine(
    _ sorted: FrameSorted, _ frames: Range<Int>, _ refiner: inout HarvestRefiner, _ work: inout Work,
    _ table: inout Table
  ) {
    work.begins.removeAll(keepingCapacity: true)
    work.ends.removeAll(keepingCapacity: true)
    var room = 0
    for i in frames {
      work.begins.append(room)
      work.ends.append(room)
      room += sorted.near(i).count
    }
    let none = Refined(f0: 0, score: 0)
    if room > work.results.count {
      work.results.append(contentsOf: repeatElement(none, count: room - work.results.count))
    }
    order(sorted, frames, &work.jobs)
    var (frame, half, own) = (-1, Int32(-1), 0)
    for job in work.jobs {
      let candidate = sorted.candidates[Int(job.candidate)]
      let i = Int(job.frame) - frames.lowerBound
      if job.frame != frame || candidate.half != half {
        (frame, half, own) = (Int(job.frame), candidate.half, work.ends[i])
        refiner.fold(Int(half), frame: frame)
      }
      guard let refined = refiner.refined(candidate) else { continue }
      let end = work.ends[i]
      if let known = (own..<end).first(where: { work.results[$0].f0 == refined.f0 }) {
        work.results[known].score = max(work.results[known].score, refined.score)
      } else {
        work.results[end] = refined
        work.ends[i] = end + 1
      }
    }
    for i in work.ends.indices {
      table.entries += work.results[work.begins[i]..<work.ends[i]]
      table.starts.append(table.entries.count)
    }
  }

  /// A candidate and a frame at which it is tried.
  private struct Job {
    var candidate: Int32 = 0
    var frame: Int32 = 0
  }

  /// What is to be done for some frames, by half window, then by how the samples lie about the frame, then by frame: what one job
  /// leaves in the cache serves the next.
  private func order(_ sorted: FrameSorted, _ frames: Range<Int>, _ jobs: inout [Job]) {
    var next = [Int](repeating: 0, count: longest + 2)
    for i in frames {
      for k in sorted.near(i) { next[Int(sorted.candidates[k].half) + 1] += 1 }
    }
    for half in 0...longest { next[half + 1] += next[half] }
    let count = next[longest + 1]
    jobs.removeLast(max(0, jobs.count - count))
    jobs.append(contentsOf: repeatElement(Job(), count: count - jobs.count))
    for phase in 0..<period {
      for i in stride(from: frames.lowerBound + phase, to: frames.upperBound, by: period) {
        for k in sorted.near(i) {
          let half = Int(sorted.candidates[k].half)
          jobs[next[half]] = Job(candidate: Int32(k), frame: Int32(i))
          next[half] += 1
        }
      }
    }
  }
}
