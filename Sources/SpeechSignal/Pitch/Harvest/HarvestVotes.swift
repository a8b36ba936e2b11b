// SPDX-License-Identifier: GPL-3.0-or-later

/// Per frame the bands in a row that have voted, and the sum of what they voted for.
struct HarvestVotes: ~Copyable {
  let frames: Range<Int>
  var candidates: [HarvestBank.Candidate]
  /// (sum, number of bands), addressed by frame; walked once per band, so without checks.
  private let memory: UnsafeMutablePointer<SIMD2<Double>>
  private var runs: UnsafeMutablePointer<SIMD2<Double>> { memory - frames.lowerBound }

  init(frames: Range<Int>, candidates: [HarvestBank.Candidate]) {
    self.frames = frames
    self.candidates = candidates
    memory = .allocate(capacity: frames.count)
    memory.initialize(repeating: .zero, count: frames.count)
  }

  deinit { memory.deallocate() }

  @inline(__always) mutating func add(_ f0: Double, _ frame: Int) { runs[frame] += SIMD2(f0, 1) }

  @inline(__always) mutating func end(_ frame: Int, agreement: Double) {
    let run = runs[frame]
    guard run.y != 0 else { return }
    runs[frame] = .zero
    if run.y >= agreement { propose(frame, run.x / run.y) }
  }

  @inline(never) private mutating func propose(_ frame: Int, _ f0: Double) {
    candidates.append(.init(frame: Int32(frame), f0: f0))
  }

  mutating func finish(agreement: Double) {
    for frame in frames { end(frame, agreement: agreement) }
  }
}
