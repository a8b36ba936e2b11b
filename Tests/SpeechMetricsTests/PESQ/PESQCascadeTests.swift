// SPDX-License-Identifier: GPL-3.0-or-later

import SpeechMetrics
import Testing

@Suite("Cascade of second-order sections")
struct PESQCascadeTests {
  private typealias Section = PESQConstants.Section

  private let sections: [PESQConstants.Section] = [
    Section(0.9, -0.9, 0, -0.77, 0), Section(0.9, 1.3, 0.45, 1.27, 0.44),
    Section(4.05, -7.87, 3.82, -1.75, 0.786), Section(0.5, -0.5, 0, 0, 0),
    Section(0.57, -0.24, -0.31, 0.26, 0.25),
  ]

  /// The sections one after the other, as the definition reads.
  private func definition(_ x: [Float], _ sections: [Section]) -> [Float] {
    var x = x
    for s in sections {
      var (u1, u2): (Float, Float) = (0, 0)
      for i in x.indices {
        let u = (x[i] - s.a1 * u1) - s.a2 * u2
        x[i] = (s.b0 * u + s.b1 * u1) + s.b2 * u2
        (u2, u1) = (u1, u)
      }
    }
    return x
  }

  private func chosen(_ depth: Int) -> [Section] { (0..<depth).map { sections[$0 % sections.count] } }

  /// - Parameter end: From where on it is zero: the cascade stops working when it has died
  ///   away, which takes less than a thousand samples with these sections.
  private func signal(_ count: Int, end: Int, seed: UInt32) -> [Float] {
    var state = seed
    return (0..<count).map { i -> Float in
      state = state &* 1_664_525 &+ 1_013_904_223
      // The second half as weak as what rounding leaves behind a narrow-band signal.
      return i < end ? Float(Int32(bitPattern: state) >> 8) * (i < count / 2 ? 1 : 1e-9) : 0
    }
  }

  @Test(arguments: [0, 1, 10, 30, 500, 4990, 5000], [5, 8, 9, 12])
  func equalsOneSectionAfterTheOther(end: Int, depth: Int) {
    var x = signal(5000, end: end, seed: 1)
    let expected = definition(x, chosen(depth))
    PESQCascade(chosen(depth)).apply(to: &x)
    #expect(x == expected)
  }

  /// What dies away within the first steps, before anything came out that could be repeated.
  @Test func aPulseThatIsRoundedAway() {
    var x = [Float](repeating: 0, count: 3000)
    x[0] = 1e-45
    let halving = [sections[3]]
    let expected = definition(x, halving)
    PESQCascade(halving).apply(to: &x)
    #expect(x == expected)
  }

  /// Two signals side by side, of which either may be longer, and either may end in zeros first.
  @Test(arguments: [0, 1, 22, 500, 4990], [5, 12])
  func twoSignalsDoNotMix(end: Int, depth: Int) {
    for (other, otherEnd) in [(5000, 0), (5000, 21), (5000, 4000), (3000, 3000), (7000, 6990)] {
      var (x, y) = (signal(5000, end: end, seed: 1), signal(other, end: otherEnd, seed: 2))
      let expected = (definition(x, chosen(depth)), definition(y, chosen(depth)))
      PESQCascade(chosen(depth)).apply(to: &x, &y)
      #expect(x == expected.0)
      #expect(y == expected.1)
    }
  }
}
