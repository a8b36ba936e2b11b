// SPDX-License-Identifier: GPL-3.0-or-later

/// The sections of Harvest's first contour, led on in both directions, and what they make together (see `HarvestContour`).
///
/// A section is led on as soon as the candidates of the 100 ms behind it have come; then they are forgotten. What is kept of each
/// frame is an F0 and its score.
struct HarvestBranches {
  typealias Candidates = HarvestRefinement.Table

  private static let extensionRange = 0.18
  private static let longestExtension = 100
  private static let longestMiss = 4
  private static let lengthFactor = 2200.0

  /// One section with the frames it has grown into.
  private struct Branch {
    let first: Int
    let last: Int
    /// Of the frames from the lesser of the two on.
    let values: [HarvestRefinement.Refined]

    subscript(frame: Int) -> HarvestRefinement.Refined {
      let i = frame - min(first, last)
      return values.indices.contains(i) ? values[i] : .init(f0: 0, score: 0)
    }
  }

  private let frameCount: Int
  /// Candidates that may still be needed, and the number of their first frame.
  private var candidates = Candidates()
  private var origin = 0
  private var waiting: [(range: ClosedRange<Int>, f0: [Double])] = []
  private var branches: [Branch] = []
  /// Of the F0 of the last section, into which those before it enter.
  private var mean = 0.0

  /// - Parameter frameCount: frames that are to come.
  init(frameCount: Int) { self.frameCount = frameCount }

  /// Takes the candidates of the next frames, and the sections that end among them.
  /// - Parameter unfinished: where a section begins that has not ended yet.
  mutating func add(
    _ next: Candidates, _ sections: [(range: ClosedRange<Int>, f0: [Double])], unfinished: Int?
  ) {
    candidates.append(next)
    waiting += sections
    let known = origin + candidates.frameCount
    // Looked at are the frames of a section, 100 more, and one more.
    let reach = Self.longestExtension + 2
    let ready = known == frameCount ? waiting.count : waiting.prefix { $0.range.upperBound + reach <= known }.count
    for section in waiting[..<ready] { take(section) }
    waiting.removeFirst(ready)
    let needed = (waiting.first?.range.lowerBound ?? unfinished ?? known) - reach
    let done = max(0, min(needed - origin, candidates.frameCount))
    candidates.removeFirst(done)
    origin += done
  }

  private mutating func take(_ section: (range: ClosedRange<Int>, f0: [Double])) {
    let branch = extended(section.range, section.f0)
    for i in branch.first..<max(branch.first, branch.last) { mean += branch[i].f0 }
    mean /= Double(branch.last - branch.first)
    if Self.lengthFactor / mean < Double(branch.last - branch.first) { branches.append(branch) }
  }

  private func extended(_ section: ClosedRange<Int>, _ f0: [Double]) -> Branch {
    let last = min(frameCount - 2, section.upperBound + Self.longestExtension)
    let behind = continuation(f0[f0.count - 1], from: section.upperBound, to: last, by: 1)
    let first = max(1, section.lowerBound - Self.longestExtension)
    let before = continuation(f0[0], from: section.lowerBound, to: first, by: -1)
    let values = before.reversed() + f0 + behind
    let begin = section.lowerBound - before.count
    return Branch(
      first: begin, last: section.upperBound + behind.count,
      values: values.enumerated().map { .init(f0: $1, score: score($1, begin + $0)) })
  }

  /// Leads a section on through the candidates nearest to its end; the F0 of the frames up to the last one reached.
  private func continuation(_ f0: Double, from start: Int, to end: Int, by step: Int) -> [Double] {
    var f0 = f0
    var (values, reached, misses) = ([Double](), 0, 0)
    for i in 0...abs(end - start) {
      let next = nearest(f0, start + step * (i + 1))
      values.append(next)
      if next == 0 {
        misses += 1
      } else {
        (f0, reached, misses) = (next, values.count, 0)
      }
      if misses == Self.longestMiss { break }
    }
    return Array(values[..<reached])
  }

  private func nearest(_ f0: Double, _ frame: Int) -> Double {
    var best = 0.0
    var error = Self.extensionRange * f0
    for entry in candidates[frame - origin] {
      let distance = abs(f0 - entry.f0)
      if distance <= error { (best, error) = (entry.f0, distance) }
    }
    return best
  }

  private func score(_ f0: Double, _ frame: Int) -> Double {
    candidates[frame - origin].first { $0.f0 == f0 }?.score ?? 0
  }

  /// F0 per frame of 1 ms, Hz, 0 where unvoiced; nil when no section is long enough.
  func merged() -> [Double]? {
    guard !branches.isEmpty else { return nil }
    var bounds = branches.map { (first: $0.first, last: $0.last) }
    var order = Array(branches.indices)
    for i in order.indices.dropFirst() {
      for j in (0..<i).reversed() {
        guard bounds[order[j]].first > bounds[order[i]].first else { break }
        order.swapAt(i, j)
      }
    }
    var merged = [HarvestRefinement.Refined](repeating: .init(f0: 0, score: 0), count: frameCount)
    for i in branches[0].first...max(branches[0].first, branches[0].last) { merged[i] = branches[0][i] }
    for index in order.dropFirst() {
      let bound = bounds[index]
      if bound.first > bounds[0].last {
        for i in bound.first...bound.last { merged[i] = branches[index][i] }
        bounds[0] = bound
      } else if !(bounds[0].first <= bound.first && bounds[0].last >= bound.last) {
        var scores = (0.0, 0.0)
        for i in stride(from: bound.first, through: bounds[0].last, by: 1) {
          scores.0 += merged[i].score
          scores.1 += branches[index][i].score
        }
        let begin = scores.0 > scores.1 ? bounds[0].last : bound.first
        for i in stride(from: begin, through: bound.last, by: 1) { merged[i] = branches[index][i] }
        bounds[0].last = bound.last
      }
    }
    return merged.map(\.f0)
  }
}
