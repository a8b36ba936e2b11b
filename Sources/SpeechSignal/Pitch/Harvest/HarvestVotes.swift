// SPDX-License-Identifier: GPL-3.0-or-later
internal import VectorLoops

/// Per frame the bands in a row that have voted, and the sum of what they voted for; and the candidates that came of it.
///
/// Raw memory: it is walked once per band, by `VectorLoops`.
struct HarvestVotes: ~Copyable {
  let frames: Range<Int>
  private(set) var candidates: [HarvestBank.Candidate] = []
  private let agreement: Double
  private let sums: UnsafeMutablePointer<Double>
  private let counts: UnsafeMutablePointer<Double>
  /// Rows of F0 that are no vote.
  private let none: UnsafeMutablePointer<Double>
  /// Frames at which a row of votes has ended, and the means of the votes.
  private let ended: UnsafeMutablePointer<Int>
  private let means: UnsafeMutablePointer<Double>

  /// - Parameters:
  ///   - frames: numbers of the frames.
  ///   - agreement: how many bands in a row make a candidate.
  init(frames: Range<Int>, agreement: Double) {
    self.frames = frames
    self.agreement = agreement
    func zeros(_ count: Int) -> UnsafeMutablePointer<Double> {
      let memory = UnsafeMutablePointer<Double>.allocate(capacity: count)
      memory.initialize(repeating: 0, count: count)
      return memory
    }
    // Room for whole vectors.
    sums = zeros(frames.count + 3)
    counts = zeros(frames.count + 3)
    none = zeros(4 * EventTrain.pitch)
    ended = .allocate(capacity: EventTrain.chunk)
    means = .allocate(capacity: EventTrain.chunk)
  }

  deinit {
    sums.deallocate()
    counts.deallocate()
    none.deallocate()
    ended.deallocate()
    means.deallocate()
  }

  /// Adds the votes of one band, bands being in ascending order.
  /// - Parameters:
  ///   - train: its events, measured.
  ///   - reach: lowest and highest F0 that count, Hz, above 0.
  mutating func add(_ train: borrowing EventTrain, reach: (Double, Double)) {
    if train.hasContour {
      train.contour(frames: frames, period: 1) { part, lines in add(part, lines, reach) }
    } else {
      end()
    }
  }

  /// Ends all rows of votes.
  mutating func end() {
    for begin in stride(from: frames.lowerBound, to: frames.upperBound, by: EventTrain.chunk) {
      add(begin..<min(begin + EventTrain.chunk, frames.upperBound), none, (1, 1))
    }
  }

  private mutating func add(_ part: Range<Int>, _ lines: UnsafePointer<Double>, _ reach: (Double, Double)) {
    let begin = part.lowerBound - frames.lowerBound
    let found = VectorLoops.vote(
      lines, EventTrain.pitch, part.count, reach, sums + begin, counts + begin, agreement, ended, means)
    for i in 0..<found { candidates.append(.init(frame: Int32(part.lowerBound + ended[i]), f0: means[i])) }
  }
}
