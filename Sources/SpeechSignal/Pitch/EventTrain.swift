// SPDX-License-Identifier: GPL-3.0-or-later
internal import VectorLoops

/// The events of one band-pass output (where it crosses zero, where it peaks and dips) and the F0 contour between them.
///
/// Shared by Harvest and DIO. Up- and down-crossings take turns, and so do peaks and dips; each of the two rows is
/// therefore kept as one list, in which the events of one kind are every other one. The place of an event between two
/// samples is found by a straight line. An interval between two events of a kind says F0 = 1/interval at its middle, and
/// F0 at a frame is read off the straight line between the middles before and after (or extrapolated at the ends).
///
/// Departure: WORLD asks for 0 < x[i] and x[i+1] ≤ 0 for one kind and x[i] < 0 and x[i+1] ≥ 0 for the other; here
/// both ask for x > 0 on one side only. They differ for samples that are exactly zero, which filtered sound has not.
///
/// Raw memory: this is the innermost loop (bands × samples); pointers stay within this file and its callers' frames.
struct EventTrain: ~Copyable {
  /// One row of alternating events, in samples, ascending; and their intervals, as `VectorLoops.intervals` writes them.
  fileprivate struct Row {
    var events: UnsafeMutablePointer<Double>
    var intervals: UnsafeMutablePointer<Double>
    var count = 0
  }

  private var crossings: Row
  private var extrema: Row
  /// Times of some frames, milliseconds, and F0 there, a row for each kind.
  private let times: UnsafeMutablePointer<Double>
  private let lines: UnsafeMutablePointer<Double>
  private let capacity: Int

  /// Frames whose F0 are worked out together: what is known of them stays in the first-level cache.
  static let chunk = 512
  /// From row to row of F0.
  static let pitch = chunk + 4

  /// - Parameter capacity: number of samples of the output; there can't be more events.
  init(capacity: Int) {
    self.capacity = capacity
    times = .allocate(capacity: Self.pitch)
    lines = .allocate(capacity: 4 * Self.pitch)
    lines.initialize(repeating: 0, count: 4 * Self.pitch)
    func row() -> Row {
      Row(events: .allocate(capacity: capacity + 1), intervals: .allocate(capacity: 4 * capacity))
    }
    crossings = row()
    extrema = row()
  }

  deinit {
    times.deallocate()
    lines.deallocate()
    crossings.events.deallocate()
    crossings.intervals.deallocate()
    extrema.events.deallocate()
    extrema.intervals.deallocate()
  }

  mutating func clear() {
    crossings.count = 0
    extrema.count = 0
  }

  /// Appends the events of two interleaved outputs (real and imaginary part).
  /// - Parameters:
  ///   - z: `count + 2` samples.
  ///   - count: pairs (i, i + 1) to look at.
  ///   - lastHasNoDifference: the last pair is the last of the whole output, so its slope has no successor.
  ///   - offset: index of z[0] in the whole output.
  static func detect(
    _ z: UnsafePointer<Complex>, count: Int, lastHasNoDifference: Bool, offset: Double, _ first: inout EventTrain,
    _ second: inout EventTrain
  ) {
    guard count > 0 else { return }
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (count + 63) / 64 * 8) { masks in
      guard var mask = masks.baseAddress else { return }
      VectorLoops.signs(doubles(z), (count + 63) / 64 * 64, mask)
      for begin in stride(from: 0, to: count, by: 64) {
        let n = min(64, count - begin)
        let p = z + begin
        // The bit after the last one: sample n, and the difference that starts there.
        let (end, after) = (p[n], p[n + 1])
        let differences = Self.mask(begin + n == count && lastHasNoDifference ? n - 1 : n)
        let base = offset + Double(begin)
        let x = doubles(p)
        first.crossings.appendCrossings(toggles(joined(mask), n, end.re > 0), x, base)
        first.extrema.appendExtrema(toggles(joined(mask + 4), n, after.re > end.re) & differences, x, base)
        second.crossings.appendCrossings(toggles(joined(mask + 1), n, end.im > 0), x + 1, base)
        second.extrema.appendExtrema(toggles(joined(mask + 5), n, after.im > end.im) & differences, x + 1, base)
        mask += 8
      }
    }
  }

  /// A mask of 64 from those of the even and the odd samples, as `VectorLoops.signs` leaves them.
  @inline(__always) private static func joined(_ masks: UnsafePointer<UInt64>) -> UInt64 { masks[0] | masks[2] &<< 1 }

  @inline(__always) private static func mask(_ n: Int) -> UInt64 { n >= 64 ? .max : (1 &<< UInt64(n)) &- 1 }

  /// Bits i at which bit i and bit i + 1 differ; `next` is bit n.
  @inline(__always) private static func toggles(_ bits: UInt64, _ n: Int, _ next: Bool) -> UInt64 {
    (bits ^ (bits &>> 1 | (next ? 1 &<< UInt64(n &- 1) : 0))) & mask(n)
  }

  /// Turns events into intervals.
  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - period: milliseconds from frame to frame.
  mutating func measure(sampleRate: Double, period: Double) {
    for row in [crossings, extrema] where row.count >= 8 {
      VectorLoops.intervals(row.events, row.count, sampleRate, period, row.intervals, capacity)
    }
  }

  /// Whether each kind has at least three intervals; fewer are no contour.
  var hasContour: Bool { crossings.count >= 8 && extrema.count >= 8 }

  /// The four F0 of each frame. Needs `hasContour`.
  /// - Parameters:
  ///   - frames: numbers of the frames; number 0 is at 0.
  ///   - period: milliseconds from frame to frame.
  ///   - use: is given a few frames at a time, in order, and F0 of each in four rows `pitch` apart, by the up-crossings and the
  ///     down-crossings or the reverse, and by the peaks and the dips or the reverse; behind the last is room for a vector.
  @inline(__always) borrowing func contour(
    frames: Range<Int>, period: Double, use: (Range<Int>, UnsafePointer<Double>) -> Void
  ) {
    precondition(hasContour, "no contour between so few events")
    // The interval of each kind that holds the frames before.
    var held = (0, 1, 0, 1)
    for begin in stride(from: frames.lowerBound, to: frames.upperBound, by: Self.chunk) {
      let part = begin..<min(begin + Self.chunk, frames.upperBound)
      for i in 0..<part.count + 3 { times[i] = Double(begin + i) * period }
      func draw(_ row: Row, _ from: Int, _ kind: Int) -> Int {
        VectorLoops.lines(
          row.intervals, capacity, from, (begin, part.upperBound), times, lines + kind * Self.pitch)
      }
      held = (
        draw(crossings, held.0, 0), draw(crossings, held.1, 1), draw(extrema, held.2, 2), draw(extrema, held.3, 3)
      )
      use(part, lines)
    }
  }
}

extension EventTrain.Row {
  @inline(__always) fileprivate mutating func appendCrossings(
    _ mask: UInt64, _ x: UnsafePointer<Double>, _ base: Double
  ) {
    var bits = mask
    var event = events + count
    while bits != 0 {
      let i = bits.trailingZeroBitCount
      bits &= bits &- 1
      let at = x + 2 &* i
      let (here, next) = (at[0], at[2])
      event.pointee = base + Double(i &+ 1) - here / (next - here)
      event += 1
    }
    count = event - events
  }

  @inline(__always) fileprivate mutating func appendExtrema(_ mask: UInt64, _ x: UnsafePointer<Double>, _ base: Double)
  {
    var bits = mask
    var event = events + count
    while bits != 0 {
      let i = bits.trailingZeroBitCount
      bits &= bits &- 1
      let at = x + 2 &* i
      let (here, next) = (at[2] - at[0], at[4] - at[2])
      event.pointee = base + Double(i &+ 1) - here / (next - here)
      event += 1
    }
    count = event - events
  }
}
