// SPDX-License-Identifier: GPL-3.0-or-later

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
  /// One interval: middle and F0, the slope to the next one of its kind, and the next one's middle (∞ for the last).
  fileprivate struct Interval {
    var middle: Double
    var f0: Double
    var slope: Double
    var next: Double
  }

  /// One row of alternating events, in samples, ascending.
  fileprivate struct Row {
    var events: UnsafeMutablePointer<Double>
    var intervals: UnsafeMutablePointer<Interval>
    var count = 0
  }

  private var crossings: Row
  private var extrema: Row

  /// - Parameter capacity: number of samples of the output; there can't be more events.
  init(capacity: Int) {
    func row() -> Row {
      Row(events: .allocate(capacity: capacity + 1), intervals: .allocate(capacity: capacity + 1))
    }
    crossings = row()
    extrema = row()
  }

  deinit {
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
    let x = UnsafeRawPointer(z).assumingMemoryBound(to: SIMD2<Double>.self)
    var begin = 0
    // 64 pairs at a time: bit i of a mask says "x[i] > 0", and likewise for the difference.
    while begin < count {
      let n = min(64, count - begin)
      let p = x + begin
      var positive = SIMD2<UInt64>(repeating: 0)
      var rising = SIMD2<UInt64>(repeating: 0)
      let top = SIMD2<UInt64>(repeating: 1 << 63)
      var here = p[0]
      for i in 0..<n {
        let next = p[i + 1]
        positive = (positive &>> 1) | SIMD2<UInt64>(repeating: 0).replacing(with: top, where: here .> 0)
        rising = (rising &>> 1) | SIMD2<UInt64>(repeating: 0).replacing(with: top, where: (next - here) .> 0)
        here = next
      }
      let shift = UInt64(64 - n)
      positive = positive &>> SIMD2(repeating: shift)
      rising = rising &>> SIMD2(repeating: shift)
      // The bit after the last one: sample n, and the difference that starts there.
      let last = begin + n == count
      let differences = last && lastHasNoDifference ? n - 1 : n
      let after = p[n + 1]
      for lane in 0..<2 {
        let signs = toggles(positive[lane], n, here[lane] > 0)
        let turns = toggles(rising[lane], n, after[lane] - here[lane] > 0) & mask(differences)
        let values = UnsafeRawPointer(p).assumingMemoryBound(to: Double.self) + lane
        let base = offset + Double(begin)
        if lane == 0 {
          first.crossings.appendCrossings(signs, values, base)
          first.extrema.appendExtrema(turns, values, base)
        } else {
          second.crossings.appendCrossings(signs, values, base)
          second.extrema.appendExtrema(turns, values, base)
        }
      }
      begin += n
    }
  }

  private static func mask(_ n: Int) -> UInt64 { n >= 64 ? .max : (1 << UInt64(n)) - 1 }

  /// Bits i at which bit i and bit i + 1 differ; `next` is bit n.
  private static func toggles(_ bits: UInt64, _ n: Int, _ next: Bool) -> UInt64 {
    (bits ^ (bits &>> 1 | (next ? 1 << UInt64(n - 1) : 0))) & mask(n)
  }

  /// Turns events into intervals.
  mutating func measure(sampleRate: Double) {
    crossings.measure(sampleRate: sampleRate)
    extrema.measure(sampleRate: sampleRate)
  }

  /// Whether each kind has at least three intervals; fewer are no contour.
  var hasContour: Bool { crossings.count >= 8 && extrema.count >= 8 }

  /// Calls `frame` with the four F0 of each frame, in order. Needs `hasContour`.
  /// - Parameters:
  ///   - frames: numbers of the frames; number 0 is at 0.
  ///   - period: milliseconds from frame to frame.
  @inline(__always) borrowing func contour(
    frames: Range<Int>, period: Double, frame: (Int, SIMD4<Double>) -> Void
  ) {
    precondition(hasContour, "no contour between so few events")
    var (a, b) = (UnsafePointer(crossings.intervals), UnsafePointer(crossings.intervals) + 1)
    var (c, d) = (UnsafePointer(extrema.intervals), UnsafePointer(extrema.intervals) + 1)
    for i in frames {
      let t = Double(i) * period
      frame(i, SIMD4(Self.value(&a, t), Self.value(&b, t), Self.value(&c, t), Self.value(&d, t)))
    }
  }

  /// F0 at time t, ms, moving on to the interval that holds it. Rarely more than one lies within a millisecond: the
  /// first step is done without a branch.
  @inline(__always) private static func value(_ at: inout UnsafePointer<Interval>, _ t: Double) -> Double {
    at += t >= at.pointee.next ? 2 : 0
    while t >= at.pointee.next { at += 2 }
    return at.pointee.f0 + (t - at.pointee.middle) * at.pointee.slope
  }
}

extension EventTrain.Row {
  @inline(__always) fileprivate mutating func appendCrossings(
    _ mask: UInt64, _ x: UnsafePointer<Double>, _ base: Double
  ) {
    var bits = mask
    while bits != 0 {
      let i = bits.trailingZeroBitCount
      bits &= bits &- 1
      let (here, next) = (x[2 * i], x[2 * i + 2])
      events[count] = base + Double(i + 1) - here / (next - here)
      count += 1
    }
  }

  @inline(__always) fileprivate mutating func appendExtrema(_ mask: UInt64, _ x: UnsafePointer<Double>, _ base: Double)
  {
    var bits = mask
    while bits != 0 {
      let i = bits.trailingZeroBitCount
      bits &= bits &- 1
      let middle = x[2 * i + 2]
      let (here, next) = (middle - x[2 * i], x[2 * i + 4] - middle)
      events[count] = base + Double(i + 1) - here / (next - here)
      count += 1
    }
  }

  fileprivate mutating func measure(sampleRate: Double) {
    guard count >= 8 else { return }
    let milliseconds = 500 / sampleRate
    for j in 0..<count - 2 {
      intervals[j].middle = (events[j] + events[j + 2]) * milliseconds
      intervals[j].f0 = sampleRate / (events[j + 2] - events[j])
    }
    for j in 0..<count - 4 {
      let next = intervals[j + 2].middle
      intervals[j].next = next
      intervals[j].slope = (intervals[j + 2].f0 - intervals[j].f0) / (next - intervals[j].middle)
    }
    // Beyond the last middle WORLD extends the last line: so the last but one of each kind is the one that never ends.
    for j in count - 6..<count - 4 { intervals[j].next = .infinity }
  }
}
