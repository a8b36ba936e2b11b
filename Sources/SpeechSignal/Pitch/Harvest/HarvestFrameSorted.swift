// SPDX-License-Identifier: GPL-3.0-or-later

extension HarvestRefinement {
  /// Candidates in the order of their frames.
  struct FrameSorted {
    private(set) var candidates: [HarvestRefiner.Candidate]
    /// Those of frame `first` + i are `starts[i]..<starts[i + 1]`.
    private var starts: [Int]
    private let first: Int

    /// - Parameters:
    ///   - unsorted: may have candidates of other frames, too.
    ///   - frames: those that count.
    init(_ unsorted: [HarvestBank.Candidate], frames: Range<Int>, sampleRate: Double) {
      first = frames.lowerBound
      starts = [Int](repeating: 0, count: frames.count + 1)
      for candidate in unsorted where frames.contains(Int(candidate.frame)) {
        starts[Int(candidate.frame) - first + 1] += 1
      }
      for i in 0..<frames.count { starts[i + 1] += starts[i] }
      var next = starts
      candidates = [HarvestRefiner.Candidate](repeating: .init(), count: starts[frames.count])
      for candidate in unsorted where frames.contains(Int(candidate.frame)) {
        let i = Int(candidate.frame) - first
        candidates[next[i]] = .init(candidate.f0, sampleRate: sampleRate)
        next[i] += 1
      }
    }

    /// The candidates that are tried at a frame.
    @inline(__always) func near(_ frame: Int) -> Range<Int> {
      starts[
        max(0, frame - HarvestRefinement.spread - first)]..<starts[
          min(starts.count - 1, frame + HarvestRefinement.spread + 1 - first)]
    }
  }
}
