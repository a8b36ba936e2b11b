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

extension PESQSignal {
  /// Number of samples at either end that the wide-band filter fades.
  private static var fade: Int { 15 }

  /// Fades the signal in and out over 15 samples and filters it by one section (P.862.2).
  mutating func filterWideBand(_ section: PESQConstants.Section) {
    let first = constants.edge
    let last = first + count - 1
    for k in 1...Self.fade {
      let gain = Float(k) / Float(Self.fade + 1)
      samples[first + k - 1] *= gain
      samples[last - k + 1] *= gain
    }
    var (u1, u2): (Float, Float) = (0, 0)
    for i in first...last {
      let u = (samples[i] - section.a1 * u1) - section.a2 * u2
      samples[i] = (section.b0 * u + section.b1 * u1) + section.b2 * u2
      (u2, u1) = (u1, u)
    }
  }

  /// A copy as the time alignment sees it: without mean, faded over one frame, band filtered.
  ///
  /// - Parameter whole: With the tail, which is next to never looked at.
  func filteredForAlignment(whole: Bool = false) -> [Float] {
    var x = whole ? samples : Array(samples[..<length])
    filterForAlignment(&x)
    return x
  }

  /// The same in place of the signal, which has no samples afterwards.
  mutating func takeFilteredForAlignment(whole: Bool) -> [Float] {
    var x: [Float] = []
    swap(&x, &samples)
    if !whole { x.removeLast(x.count - length) }
    filterForAlignment(&x)
    return x
  }

  private func filterForAlignment(_ x: inout [Float]) {
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
    PESQCascade(constants.alignmentSections).apply(to: &x)
  }
}

/// Up to twelve sections in a row, all worked on at the same time.
///
/// A section has to wait for its own last result before it can go on, so one after the other they
/// leave a processor idle. Here every lane of three vectors is a section, each two samples behind the
/// one before it; the values are those of running the sections one after the other.
package struct PESQCascade: Sendable {
  private typealias Lanes = SIMD4<Float>

  private struct State: Sendable, Equatable {
    var (u1, u2): (Lanes, Lanes) = (.zero, .zero)
    var y = Lanes.zero
    /// `y` one sample earlier.
    var previous = Lanes.zero
  }

  /// Coefficients of four neighbouring sections.
  private struct Group: Sendable {
    let b0, b1, b2, a1, a2: Lanes

    init(_ s: [PESQConstants.Section]) {
      func lanes(_ value: (PESQConstants.Section) -> Float) -> Lanes {
        Lanes(value(s[0]), value(s[1]), value(s[2]), value(s[3]))
      }
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
  /// Eight sections or fewer need no third group.
  private let isDeep: Bool

  package init(_ sections: [PESQConstants.Section]) {
    precondition(sections.count <= 12)
    // A section that does nothing, not even a rounding, fills up the rest.
    let identity = PESQConstants.Section(1, 0, 0, 0, 0)
    let all = sections + [PESQConstants.Section](repeating: identity, count: 12 - sections.count)
    isDeep = sections.count > 8
    first = Group(Array(all[0..<4]))
    second = Group(Array(all[4..<8]))
    third = Group(Array(all[8..<12]))
  }

  package func apply(to x: inout [Float]) {
    // Wide-band signals end in zeros; narrow-band ones do not, having been filtered in a circle.
    let end = (x.lastIndex { $0 != 0 } ?? -1) + 1
    var samples = x.mutableSpan
    // Each as a loop of its own, without a branch per sample.
    if isDeep {
      run(&samples, end: end, isDeep: true)
    } else {
      run(&samples, end: end, isDeep: false)
    }
  }

  /// - Parameter end: From here on all samples are zero.
  @inline(__always)
  private func run(_ x: inout MutableSpan<Float>, end: Int, isDeep: Bool) {
    var (s1, s2, s3) = (State(), State(), State())
    // A section that has had no sample yet is fed zeros, which leave its state at zero.
    let delay = isDeep ? 22 : 14
    for n in 0..<min(delay, end) { _ = step(&s1, &s2, &s3, x[n], isDeep) }
    for n in min(delay, end)..<end { x[n - delay] = step(&s1, &s2, &s3, x[n], isDeep) }

    // With no more input the states die away until rounding stops them: all zero, or going round
    // among the smallest numbers there are, with which processors are slow. Once a state comes
    // back the output repeats, and need not be computed.
    var remembered = (s1, s2, s3)
    var rememberedOutput: Float = 0
    var since = end - 1
    for n in end..<x.count + delay {
      let y = step(&s1, &s2, &s3, 0, isDeep)
      if n >= delay { x[n - delay] = y }
      if y == rememberedOutput, (s1, s2, s3) == remembered {
        let period = n - since
        for i in max(n - delay + 1, period)..<max(x.count, n - delay + 1, period) { x[i] = x[i - period] }
        return
      }
      if (n - end) & (n - end - 1) == 0 {
        remembered = (s1, s2, s3)
        rememberedOutput = y
        since = n
      }
    }
  }

  @inline(__always)
  private func step(
    _ s1: inout State, _ s2: inout State, _ s3: inout State, _ input: Float, _ isDeep: Bool
  ) -> Float {
    if isDeep { third.step(&s3, s2.previous[3]) }
    second.step(&s2, s1.previous[3])
    first.step(&s1, input)
    return isDeep ? s3.y[3] : s2.y[3]
  }
}
