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
/// Raw memory: this is the innermost loop (bands × samples); pointers stay within this file, the loops it calls and its callers' frames.
struct EventTrain: ~Copyable {
  /// One row of alternating events, in samples, ascending; and their intervals, as `VectorLoops.intervals` writes them.
  fileprivate struct Row {
    var events: UnsafeMutablePointer<Double>
    var intervals: UnsafeMutablePointer<Double>
    var count = 0

    /// Behind the last event.
    var end: UnsafeMutablePointer<Double> {
      get { events + count }
      set { count = newValue - events }
    }
  }

  private var crossings: Row
  private var extrema: Row
  /// Times of some frames, milliseconds, and F0 there, a row for each kind.
  private let times: UnsafeMutablePointer<Double>
  private let lines: UnsafeMutablePointer<Double>
  /// 1…64.
  private let places: UnsafeMutablePointer<Double>
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
    places = .allocate(capacity: 64)
    for i in 0..<64 { (places + i).initialize(to: Double(i + 1)) }
    func row() -> Row {
      // Events are written four at a time.
      Row(events: .allocate(capacity: capacity + 4), intervals: .allocate(capacity: 4 * capacity))
    }
    crossings = row()
    extrema = row()
  }

  deinit {
    times.deallocate()
    lines.deallocate()
    places.deallocate()
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
  ///   - z: `count + 2` samples; read up to two behind `count` rounded up to a multiple of 64, where they mean nothing.
  ///   - count: pairs (i, i + 1) to look at.
  ///   - lastHasNoDifference: the last pair is the last of the whole output, so its slope has no successor.
  ///   - offset: index of z[0] in the whole output.
  static func detect(
    _ z: UnsafePointer<Complex>, count: Int, lastHasNoDifference: Bool, offset: Double, _ first: inout EventTrain,
    _ second: inout EventTrain
  ) {
    guard count > 0 else { return }
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (count + 63) / 64 * 8) { masks in
      guard let masks = masks.baseAddress else { return }
      VectorLoops.signs(doubles(z), (count + 63) / 64 * 64, masks)
      withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Double>.self, capacity: 4) { rows in
        guard let ends = rows.baseAddress else { return }
        ends[0] = first.crossings.end
        ends[1] = first.extrema.end
        ends[2] = second.crossings.end
        ends[3] = second.extrema.end
        VectorLoops.events(
          doubles(z), count, lastHasNoDifference ? count - 1 : count, masks, first.places, offset, ends)
        first.crossings.end = ends[0]
        first.extrema.end = ends[1]
        second.crossings.end = ends[2]
        second.extrema.end = ends[3]
      }
    }
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
      // Of 32 bits, several become doubles at a time.
      for i in 0..<part.count + 3 { times[i] = Double(Int32(truncatingIfNeeded: begin &+ i)) * period }
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
