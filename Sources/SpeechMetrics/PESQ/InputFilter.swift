// SPDX-License-Identifier: GPL-3.0-or-later
//
// Filters in the time domain: the wide-band input filter of P.862.2, a high-pass that stands in for
// headphones, and the band filter through which the time alignment looks at both signals. (The
// narrow-band input filter works in the frequency domain and is in LevelAlignment.swift.)
//
// Both are cascades of second-order sections in direct form II, in single precision, with one order
// of rounding: u = (x - a1 u1) - a2 u2, y = (b0 u + b1 u1) + b2 u2. The poles of the wide-band
// section lie so near z = 1 that the rounding noise itself is heard by the model; in another
// arithmetic scores differ by up to 0.0035.

internal import VectorLoops

extension PESQSignal {
  /// Number of samples at either end that the wide-band filter fades.
  private static var fade: Int { 15 }

  /// Fades both signals in and out over 15 samples and filters them by one section (P.862.2); side by side, as a section has to wait
  /// for its own last result.
  ///
  /// - Parameter signals: Reference and degraded.
  static func filterWideBand(_ signals: inout [PESQSignal], by section: PESQConstants.Section) {
    for i in 0..<2 { signals[i].fadeEnds() }
    let first = signals[0].constants.edge
    let ends = signals.map { first + $0.count }
    let common = min(ends[0], ends[1])
    // By themselves: as elements of an array they would be looked up at each step.
    var (x, y): ([Float], [Float]) = ([], [])
    swap(&x, &signals[0].samples)
    swap(&y, &signals[1].samples)
    var (a, b) = (SectionState(section), SectionState(section))
    for i in first..<common {
      x[i] = a.step(x[i])
      y[i] = b.step(y[i])
    }
    for i in common..<ends[0] { x[i] = a.step(x[i]) }
    for i in common..<ends[1] { y[i] = b.step(y[i]) }
    swap(&x, &signals[0].samples)
    swap(&y, &signals[1].samples)
  }

  private mutating func fadeEnds() {
    let first = constants.edge
    let last = first + count - 1
    for k in 1...Self.fade {
      let gain = Float(k) / Float(Self.fade + 1)
      samples[first + k - 1] *= gain
      samples[last - k + 1] *= gain
    }
  }

  /// Both signals as the time alignment sees them: without mean, faded over one frame, band filtered; without their tails.
  ///
  /// - Parameters:
  ///   - signals: Reference and degraded.
  ///   - inPlace: Whether they may be spent on it: they are left without samples, and the reference that comes back keeps its tail,
  ///     which could not be made later.
  static func filteredForAlignment(
    _ signals: inout [PESQSignal], inPlace: Bool
  ) -> (reference: [Float], degraded: [Float]) {
    var (x, y): ([Float], [Float]) = ([], [])
    if inPlace {
      swap(&x, &signals[0].samples)
      swap(&y, &signals[1].samples)
      y.removeLast(y.count - signals[1].length)
    } else {
      x = Array(signals[0].samples[..<signals[0].length])
      y = Array(signals[1].samples[..<signals[1].length])
    }
    signals[0].centreAndFade(&x)
    signals[1].centreAndFade(&y)
    PESQCascade(signals[0].constants.alignmentSections).apply(to: &x, &y)
    return (x, y)
  }

  /// The same of one signal, with its tail, which is next to never looked at.
  func filteredForAlignmentWithTail() -> [Float] {
    var x = samples
    centreAndFade(&x)
    PESQCascade(constants.alignmentSections).apply(to: &x)
    return x
  }

  /// Takes the mean away and fades either end over one frame.
  private func centreAndFade(_ x: inout [Float]) {
    let (first, frame) = (constants.edge, constants.frame)
    var sum: Float = 0
    for i in first..<first + count { sum += x[i] }
    // The mean is taken over the silent margins too.
    let mean = sum / Float(length)
    for i in first..<first + count { x[i] -= mean }
    for i in 0..<frame {
      let gain = (Float(i) + 0.5) / Float(frame)
      x[first + i] *= gain
      x[first + count - 1 - i] *= gain
    }
  }
}

/// A section at work on a signal.
private struct SectionState {
  private let section: PESQConstants.Section
  private var (u1, u2): (Float, Float) = (0, 0)

  init(_ section: PESQConstants.Section) { self.section = section }

  @inline(__always)
  mutating func step(_ x: Float) -> Float {
    let u = (x - section.a1 * u1) - section.a2 * u2
    let y = (section.b0 * u + section.b1 * u1) + section.b2 * u2
    (u2, u1) = (u1, u)
    return y
  }
}

/// Up to twelve sections in a row, all worked on at the same time.
///
/// A section has to wait for its own last result before it can go on, so one after the other they
/// leave a processor idle. Here every lane of three vectors is a section, each two samples behind the
/// one before it; the values are those of running the sections one after the other. Two signals go through it side by side, as far as
/// both reach, in vectors of twice as many lanes.
package struct PESQCascade: Sendable {
  private typealias Lanes = SIMD4<Float>

  /// Samples by which the last section is behind the first.
  private static let delay = 22

  /// Of four neighbouring sections.
  private struct State: Sendable, Equatable {
    var (u1, u2): (Lanes, Lanes) = (.zero, .zero)
    var y = Lanes.zero
    /// `y` one sample earlier.
    var previous = Lanes.zero
  }

  /// Coefficients of four neighbouring sections.
  private struct Group: Sendable {
    let b0, b1, b2, a1, a2: Lanes

    init(_ s: ArraySlice<PESQConstants.Section>) {
      func lanes(_ value: (PESQConstants.Section) -> Float) -> Lanes { Lanes(s.map(value)) }
      b0 = lanes(\.b0)
      b1 = lanes(\.b1)
      b2 = lanes(\.b2)
      a1 = lanes(\.a1)
      a2 = lanes(\.a2)
    }

    @inline(__always)
    func step(_ s: inout State, _ first: Float) {
      let input = Lanes(first, s.previous[0], s.previous[1], s.previous[2])
      let u = (input - a1 * s.u1) - a2 * s.u2
      s.previous = s.y
      s.y = (b0 * u + b1 * s.u1) + b2 * s.u2
      (s.u2, s.u1) = (s.u1, u)
    }
  }

  private let first, second, third: Group
  /// The same for two signals, as `VectorLoops.cascade` reads them.
  private let coefficients: [Float]

  package init(_ sections: [PESQConstants.Section]) {
    precondition(sections.count <= 12)
    // A section that does nothing, not even a rounding, fills up the rest.
    let identity = PESQConstants.Section(1, 0, 0, 0, 0)
    let all = sections + [PESQConstants.Section](repeating: identity, count: 12 - sections.count)
    (first, second, third) = (Group(all[0..<4]), Group(all[4..<8]), Group(all[8..<12]))
    coefficients = [first, second, third].flatMap { group in
      [group.b0, group.b1, group.b2, group.a1, group.a2].flatMap { four in
        (0..<8).map { four[$0 & 3] }
      }
    }
  }

  package func apply(to x: inout [Float]) {
    finish(&x, Self.end(x), from: 0, (State(), State(), State()))
  }

  package func apply(to x: inout [Float], _ y: inout [Float]) {
    let ends = (Self.end(x), Self.end(y))
    let count = min(ends.0, ends.1)
    // What this leaves in the sections, in its own order.
    var states = [Float](repeating: 0, count: 96)
    VectorLoops.cascade(&x, &y, count, Self.delay, coefficients, &states)
    func lanes(_ group: Int, _ place: Int, _ signal: Int) -> Lanes {
      Lanes(states[(32 * group + 8 * place + 4 * signal)...].prefix(4))
    }
    func state(_ group: Int, _ signal: Int) -> State {
      State(
        u1: lanes(group, 0, signal), u2: lanes(group, 1, signal), y: lanes(group, 2, signal),
        previous: lanes(group, 3, signal))
    }
    finish(&x, ends.0, from: count, (state(0, 0), state(1, 0), state(2, 0)))
    finish(&y, ends.1, from: count, (state(0, 1), state(1, 1), state(2, 1)))
  }

  /// Where nothing but zeros follows: wide-band signals end in them; narrow-band ones do not, having been filtered in a circle.
  private static func end(_ x: [Float]) -> Int { (x.lastIndex { $0 != 0 } ?? -1) + 1 }

  /// Filters a signal from a sample on, with what those before it left in the sections.
  ///
  /// - Parameter end: From here on all samples are zero.
  private func finish(_ x: inout [Float], _ end: Int, from start: Int, _ states: (State, State, State)) {
    var (s1, s2, s3) = states
    func step(_ input: Float) -> Float {
      third.step(&s3, s2.previous[3])
      second.step(&s2, s1.previous[3])
      first.step(&s1, input)
      return s3.y[3]
    }
    // A section that has had no sample yet is fed zeros, which leave its state at zero.
    let delay = Self.delay
    for n in start..<end {
      let y = step(x[n])
      if n >= delay { x[n - delay] = y }
    }

    // With no more input the states die away until rounding stops them: all zero, or going round
    // among the smallest numbers there are, with which processors are slow. Once a state comes
    // back the output repeats, and need not be computed.
    var remembered = (s1, s2, s3)
    var rememberedOutput: Float = 0
    var since = end - 1
    for n in end..<x.count + delay {
      let y = step(0)
      if n >= delay { x[n - delay] = y }
      // Not among the first steps, of which nothing was written that could be repeated.
      if y == rememberedOutput, since >= delay - 1, (s1, s2, s3) == remembered {
        for i in n - delay + 1..<max(x.count, n - delay + 1) { x[i] = x[i - (n - since)] }
        return
      }
      if (n - end) & (n - end - 1) == 0 {
        remembered = (s1, s2, s3)
        rememberedOutput = y
        since = n
      }
    }
  }
}
