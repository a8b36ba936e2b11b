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
/// contour per section, which is quadratic in the recording's length. Frames are taken as they come, and candidates held only as
/// long as a section may still grow into them (`HarvestBranches`).
struct HarvestContour {
  typealias Candidates = HarvestRefinement.Table

  private static let jumpRange = 0.008
  private static let shortestSection = 6

  private let frameCount: Int
  /// The best candidate of each frame so far, Hz, 0 where there is none.
  private var best: [Double] = []
  /// The same without jumps and short sections.
  private var first: [Double] = []
  /// Where the section begins that is not yet at its end.
  private var start: Int?
  private var branches: HarvestBranches

  /// - Parameter frameCount: frames that are to come.
  init(frameCount: Int) {
    self.frameCount = frameCount
    branches = HarvestBranches(frameCount: frameCount)
  }

  /// Takes the candidates of the next frames.
  mutating func add(_ candidates: Candidates) {
    let begin = best.count
    for i in 0..<candidates.frameCount {
      var best = HarvestRefinement.Refined(f0: 0, score: 0)
      for entry in candidates[i] where entry.score > best.score { best = entry }
      self.best.append(best.f0)
    }
    var sections: [(range: ClosedRange<Int>, f0: [Double])] = []
    for i in begin..<best.count {
      first.append(isSmooth(i) ? best[i] : 0)
      let isVoiced = first[i] > 0 && i != 0 && i != frameCount - 1
      if isVoiced, start == nil { start = i }
      guard !isVoiced, let begin = start else { continue }
      start = nil
      if i - 1 - begin < Self.shortestSection {
        for k in begin..<i { first[k] = 0 }
      } else {
        sections.append((begin...i - 1, Array(first[begin..<i])))
      }
    }
    branches.add(candidates, sections, unfinished: start)
  }

  /// F0 per frame of 1 ms, Hz, 0 where unvoiced, once all frames have come.
  mutating func finished() -> [Double] {
    precondition(best.count == frameCount, "\(best.count) frames of \(frameCount)")
    best = []
    var f0 = branches.merged() ?? first
    // In place: of an hour, every copy would take 29 MB.
    first = []
    Self.bridge(&f0)
    Self.smooth(&f0)
    return f0
  }

  /// Whether a frame's best candidate goes on from those before it; the first two never do.
  private func isSmooth(_ i: Int) -> Bool {
    guard i >= 2, best[i] != 0 else { return false }
    let expected = best[i - 1] * 2 - best[i - 2]
    return
      !(abs((best[i] - expected) / expected) > Self.jumpRange
      && abs(best[i] - best[i - 1]) / best[i - 1] > Self.jumpRange)
  }
}
