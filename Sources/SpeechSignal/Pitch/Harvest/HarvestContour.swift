// SPDX-License-Identifier: GPL-3.0-or-later

/// Harvest's last stage: from several candidates a frame to one smooth contour (Morise 2017).
///
/// Candidates with no neighbour within 5 % in the frame before or after go. The best score of each frame makes a first
/// contour; its jumps and its sections under 6 ms are unvoiced. Each section is then led on in both directions, up to
/// 100 ms, through candidates within 18 %; where extended sections overlap, the better scores win. Gaps under 9 ms
/// are bridged, and each section is smoothed by a second-order Butterworth filter run both ways.
///
/// Several habits of WORLD's code move the result and are kept: the mean F0 of a section (for its least length) starts from
/// the one before; sections are ordered by one pass of neighbour exchanges, which is not a full sort; the sections' loop
/// begins with the first section's contour and not the first in that order. What is not kept: a copy of the whole
/// contour per section, which is quadratic in the recording's length.
struct HarvestContour {
  typealias Candidates = HarvestRefinement.Table

  private static let neighbourRange = 0.05
  private static let jumpRange = 0.008
  private static let shortestSection = 6
  private static let extensionRange = 0.18
  private static let longestExtension = 100
  private static let longestMiss = 4
  private static let lengthFactor = 2200.0
  private static let longestGap = 9

  private let candidates: Candidates

  /// - Parameter refined: the refined candidates of all frames.
  init(_ refined: Candidates) {
    candidates = Self.withoutLoners(refined)
  }

  /// F0 per frame of 1 ms, Hz, 0 where unvoiced.
  func contour() -> [Double] {
    let first = withoutShortSections(withoutJumps(best()))
    return Self.smoothed(bridged(extended(first)))
  }

  private static func withoutLoners(_ refined: Candidates) -> Candidates {
    var kept = Candidates()
    kept.entries.reserveCapacity(refined.entries.count)
    kept.starts.reserveCapacity(refined.starts.count)
    refined.entries.withUnsafeBufferPointer { entries in
      for i in 0..<refined.frameCount {
        // The outermost frames have one neighbour only and are spared.
        let isOuter = i == 0 || i == refined.frameCount - 1
        var before = Neighbours(range: isOuter ? 0..<0 : refined.starts[i - 1]..<refined.starts[i])
        var after = Neighbours(range: isOuter ? 0..<0 : refined.starts[i + 1]..<refined.starts[i + 2])
        for entry in entries[refined.starts[i]..<refined.starts[i + 1]]
        where isOuter || before.hold(entry.f0, entries) || after.hold(entry.f0, entries) {
          kept.entries.append(entry)
        }
        kept.starts.append(kept.entries.count)
      }
    }
    return kept
  }

  /// The candidates of the frame before or after, searched from the one found last on: the order is much the same in all frames.
  private struct Neighbours {
    let range: Range<Int>
    private var last: Int

    init(range: Range<Int>) { (self.range, last) = (range, range.lowerBound) }

    mutating func hold(_ f0: Double, _ entries: UnsafeBufferPointer<HarvestRefinement.Refined>) -> Bool {
      for _ in range {
        if abs(f0 - entries[last].f0) / f0 <= neighbourRange { return true }
        last = last + 1 == range.upperBound ? range.lowerBound : last + 1
      }
      return false
    }
  }

  private func best() -> [Double] {
    (0..<candidates.frameCount).map { frame in
      var best = HarvestRefinement.Refined(f0: 0, score: 0)
      for entry in candidates[frame] where entry.score > best.score { best = entry }
      return best.f0
    }
  }

  private func withoutJumps(_ f0: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: f0.count)
    for i in f0.indices.dropFirst(2) where f0[i] != 0 {
      let expected = f0[i - 1] * 2 - f0[i - 2]
      let isJump =
        abs((f0[i] - expected) / expected) > Self.jumpRange && abs(f0[i] - f0[i - 1]) / f0[i - 1] > Self.jumpRange
      if !isJump { result[i] = f0[i] }
    }
    return result
  }

  /// First and last frame of each voiced section; the very first and very last frame never belong to one.
  private static func sections(_ f0: [Double]) -> [ClosedRange<Int>] {
    var sections: [ClosedRange<Int>] = []
    var start: Int?
    for i in f0.indices {
      let isVoiced = f0[i] > 0 && i != 0 && i != f0.count - 1
      if isVoiced, start == nil { start = i }
      if !isVoiced, let begin = start {
        sections.append(begin...i - 1)
        start = nil
      }
    }
    return sections
  }

  private func withoutShortSections(_ f0: [Double]) -> [Double] {
    var result = f0
    for section in Self.sections(f0) where section.upperBound - section.lowerBound < Self.shortestSection {
      for i in section { result[i] = 0 }
    }
    return result
  }

  // MARK: Extension

  /// One section with the frames it may grow into.
  private struct Branch {
    /// Frame of `values[0]`.
    let origin: Int
    var values: [Double]
    var first: Int
    var last: Int

    subscript(frame: Int) -> Double {
      get { values.indices.contains(frame - origin) ? values[frame - origin] : 0 }
      set { values[frame - origin] = newValue }
    }
  }

  private func extended(_ f0: [Double]) -> [Double] {
    var branches = Self.sections(f0).map { section in
      let origin = section.lowerBound - Self.longestExtension - 2
      let pad = [Double](repeating: 0, count: Self.longestExtension + 2)
      var branch = Branch(
        origin: origin, values: pad + f0[section] + pad, first: section.lowerBound, last: section.upperBound)
      branch.last = extend(
        &branch, from: section.upperBound, to: min(f0.count - 2, section.upperBound + Self.longestExtension), by: 1)
      branch.first = extend(
        &branch, from: section.lowerBound, to: max(1, section.lowerBound - Self.longestExtension), by: -1)
      return branch
    }
    var mean = 0.0
    branches = branches.filter { branch in
      for i in branch.first..<max(branch.first, branch.last) { mean += branch[i] }
      mean /= Double(branch.last - branch.first)
      return Self.lengthFactor / mean < Double(branch.last - branch.first)
    }
    return branches.isEmpty ? f0 : merged(branches, frameCount: f0.count)
  }

  /// Leads a section on through the candidates nearest to its end; returns the last frame reached.
  private func extend(_ branch: inout Branch, from start: Int, to end: Int, by step: Int) -> Int {
    var f0 = branch[start]
    var reached = start
    var misses = 0
    for i in 0...abs(end - start) {
      let frame = start + step * (i + 1)
      let next = nearest(f0, frame)
      branch[frame] = next
      if next == 0 {
        misses += 1
      } else {
        (f0, reached, misses) = (next, frame, 0)
      }
      if misses == Self.longestMiss { break }
    }
    return reached
  }

  private func nearest(_ f0: Double, _ frame: Int) -> Double {
    var best = 0.0
    var error = Self.extensionRange
    for entry in candidates[frame] {
      let distance = abs(f0 - entry.f0) / f0
      if distance <= error { (best, error) = (entry.f0, distance) }
    }
    return best
  }

  private func merged(_ branches: [Branch], frameCount: Int) -> [Double] {
    var bounds = branches.map { (first: $0.first, last: $0.last) }
    var order = Array(branches.indices)
    for i in order.indices.dropFirst() {
      for j in (0..<i).reversed() {
        guard bounds[order[j]].first > bounds[order[i]].first else { break }
        order.swapAt(i, j)
      }
    }
    var f0 = [Double](repeating: 0, count: frameCount)
    for i in branches[0].first...max(branches[0].first, branches[0].last) { f0[i] = branches[0][i] }
    for index in order.dropFirst() {
      let bound = bounds[index]
      if bound.first > bounds[0].last {
        for i in bound.first...bound.last { f0[i] = branches[index][i] }
        bounds[0] = bound
      } else if !(bounds[0].first <= bound.first && bounds[0].last >= bound.last) {
        var scores = (0.0, 0.0)
        for i in stride(from: bound.first, through: bounds[0].last, by: 1) {
          scores.0 += score(f0[i], i)
          scores.1 += score(branches[index][i], i)
        }
        let begin = scores.0 > scores.1 ? bounds[0].last : bound.first
        for i in stride(from: begin, through: bound.last, by: 1) { f0[i] = branches[index][i] }
        bounds[0].last = bound.last
      }
    }
    return f0
  }

  private func score(_ f0: Double, _ frame: Int) -> Double {
    candidates[frame].first { $0.f0 == f0 }?.score ?? 0
  }

  // MARK: Gaps and smoothing

  private func bridged(_ f0: [Double]) -> [Double] {
    var result = f0
    let sections = Self.sections(f0)
    for (before, after) in zip(sections, sections.dropFirst()) {
      let gap = after.lowerBound - before.upperBound - 1
      guard gap < Self.longestGap else { continue }
      let (from, to) = (f0[before.upperBound] + 1, f0[after.lowerBound] - 1)
      let slope = (to - from) / Double(gap + 1)
      for i in 0..<gap { result[before.upperBound + 1 + i] = from + slope * Double(i + 1) }
    }
    return result
  }

  /// Each section, its ends held for 300 ms, through the Butterworth filter forwards and backwards. The filter has
  /// forgotten its beginning long before: it starts here in the state that the held value leads to.
  private static func smoothed(_ f0: [Double]) -> [Double] {
    let (b0, b1) = (0.0078202080334971724, 0.015640416066994345)
    let (a0, a1) = (1.7347257688092754, -0.76600660094326412)
    let hold = 300
    var result = [Double](repeating: 0, count: f0.count)
    // WORLD pads before it looks for sections, so here the outermost frames may belong to one.
    let padded = [0] + f0 + [0]
    for section in sections(padded) {
      var x = Array(padded[section])
      let count = x.count
      x += Array(repeating: x[count - 1], count: hold)
      func run(_ indices: some Sequence<Int>, from start: Double) {
        var w0 = start / (1 - a0 - a1)
        var w1 = w0
        for i in indices {
          let w = x[i] + a0 * w0 + a1 * w1
          x[i] = b0 * w + b1 * w0 + b0 * w1
          (w1, w0) = (w0, w)
        }
      }
      run(0..<x.count, from: x[0])
      run((0..<x.count).reversed(), from: x[x.count - 1])
      for i in 0..<count { result[section.lowerBound - 1 + i] = x[i] }
    }
    return result
  }
}
