// SPDX-License-Identifier: GPL-3.0-or-later

/// The refined candidates that have a neighbour within 5 % in the frame before or after; those of the first and the last frame, which
/// have one neighbour only, are spared. Taken in as frames come, so that the others need not be held.
struct HarvestCompany {
  typealias Table = HarvestRefinement.Table

  private static let neighbourRange = 0.05

  /// Frames decided.
  private var decided = 0
  /// All candidates of the frames not yet decided, and of the one before.
  private var open = Table()
  private var kept = Table()
  /// Number of the first frame in `open`.
  private var first = 0
  private let frameCount: Int

  /// - Parameter frameCount: frames that are to come.
  init(frameCount: Int) { self.frameCount = frameCount }

  /// Takes the next frames.
  /// - Returns: what is kept of the frames that this decides: all but the last of those known.
  mutating func add(_ table: Table) -> Table {
    kept.removeAll()
    open.append(table)
    let known = first + open.frameCount
    let end = known == frameCount ? known : known - 1
    open.entries.withUnsafeBufferPointer { entries in
      for frame in decided..<max(decided, end) {
        let i = frame - first
        let isOuter = frame == 0 || frame == frameCount - 1
        var before = Neighbours(range: isOuter ? 0..<0 : open.starts[i - 1]..<open.starts[i])
        var after = Neighbours(range: isOuter ? 0..<0 : open.starts[i + 1]..<open.starts[i + 2])
        for entry in entries[open.starts[i]..<open.starts[i + 1]]
        where isOuter || before.hold(entry.f0, entries) || after.hold(entry.f0, entries) {
          kept.entries.append(entry)
        }
        kept.starts.append(kept.entries.count)
      }
    }
    decided = max(decided, end)
    let done = max(0, min(decided - 1 - first, open.frameCount))
    open.removeFirst(done)
    first += done
    return kept
  }

  /// The candidates of the frame before or after, searched from the one found last on: the order is much the same in all frames.
  private struct Neighbours {
    let range: Range<Int>
    private var last: Int

    init(range: Range<Int>) { (self.range, last) = (range, range.lowerBound) }

    mutating func hold(_ f0: Double, _ entries: UnsafeBufferPointer<HarvestRefinement.Refined>) -> Bool {
      // WORLD divides; a product is quicker.
      let farthest = neighbourRange * f0
      for _ in range {
        if abs(f0 - entries[last].f0) <= farthest { return true }
        last = last + 1 == range.upperBound ? range.lowerBound : last + 1
      }
      return false
    }
  }
}
