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
  /// Per frame and kind, the intervals that begin to hold there.
  private let begins: UnsafeMutablePointer<UInt16>
  private let capacity: Int

  /// - Parameter capacity: number of samples of the output; there can't be more events, nor frames.
  init(capacity: Int) {
    self.capacity = capacity
    begins = .allocate(capacity: 4 * capacity)
    func row() -> Row {
      Row(events: .allocate(capacity: capacity + 1), intervals: .allocate(capacity: 4 * capacity))
    }
    crossings = row()
    extrema = row()
  }

  deinit {
    begins.deallocate()
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
  @inline(__always) private static func joined(_ masks: UnsafePointer<UInt64>) -> UInt64 { masks[0] &>> 1 | masks[2] }

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

  @inline(__always) private func f0(_ interval: UnsafePointer<Double>, _ t: Double) -> Double {
    interval[capacity] + (t - interval[0]) * interval[2 &* capacity]
  }

  /// Calls `frame` with the four F0 of each frame, in order. Needs `hasContour`.
  ///
  /// Which interval holds a frame is counted up beforehand: each interval is noted at the first frame that it holds. To
  /// look at every frame whether an interval has ended costs a wrongly predicted branch at every other one.
  /// - Parameters:
  ///   - frames: numbers of the frames, at most the capacity; number 0 is at 0.
  ///   - period: milliseconds from frame to frame.
  @inline(__always) borrowing func contour(
    frames: Range<Int>, period: Double, frame: (Int, SIMD4<Double>) -> Void
  ) {
    precondition(hasContour && frames.count <= capacity, "no contour between so few events, or too many frames")
    begins.update(repeating: 0, count: 4 &* frames.count)
    crossings.note(begins, frames, crossings.intervals + 3 * capacity)
    extrema.note(begins + 2, frames, extrema.intervals + 3 * capacity)
    var (a, b) = (UnsafePointer(crossings.intervals), UnsafePointer(crossings.intervals) + 1)
    var (c, d) = (UnsafePointer(extrema.intervals), UnsafePointer(extrema.intervals) + 1)
    var begun = UnsafePointer(begins)
    for i in frames {
      let t = Double(i) * period
      a += 2 &* Int(begun[0])
      b += 2 &* Int(begun[1])
      c += 2 &* Int(begun[2])
      d += 2 &* Int(begun[3])
      begun += 4
      frame(i, SIMD4(f0(a, t), f0(b, t), f0(c, t), f0(d, t)))
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

  /// Counts every interval but the first of its kind at the first frame from its middle on. Beyond the last middle WORLD
  /// extends the last line: so the last of each kind is left out.
  @inline(__always) fileprivate func note(
    _ begins: UnsafeMutablePointer<UInt16>, _ frames: Range<Int>, _ starts: UnsafePointer<Double>
  ) {
    let starts = UnsafeRawPointer(starts).assumingMemoryBound(to: UInt64.self)
    let zero = (4_503_599_627_370_496.0).bitPattern
    for kind in 0..<2 {
      var j = kind &+ 2
      while j < count &- 4 {
        // In the last bits of a sound's end, before digital silence, a middle may be no number; its bits are above all frames, and no
        // interval from there on holds one.
        let start = starts[j] &- zero
        if start >= UInt64(frames.upperBound) { break }
        let first = max(Int(start) &- frames.lowerBound, 0)
        begins[4 &* first &+ kind] &+= 1
        j &+= 2
      }
    }
  }
}
