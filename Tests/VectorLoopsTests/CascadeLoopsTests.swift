// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import VectorLoops
import VectorLoops128
import VectorLoops256

/// Sections over two signals: the same bits with vectors of either width, and what the definition says.
struct CascadeLoopsTests {
  @Test(arguments: [0, 21, 22, 23, 300]) func filtersTwoSignals(count: Int) throws {
    let signals = VectorLoopsTests.noise(600, seed: 30).map { Float($0) }
    // Poles well within the circle.
    let sections = VectorLoopsTests.noise(60, seed: 31).map { Float($0 * 0.4) }
    /// A coefficient, b0 to a2, of one of the twelve.
    func coefficient(_ kind: Int, of section: Int) -> Float { sections[5 * section + kind] }
    var coefficients: [Float] = []
    for group in 0..<3 {
      for kind in 0..<5 { for lane in 0..<8 { coefficients.append(coefficient(kind, of: 4 * group + lane % 4)) } }
    }
    /// Both signals, and the states that the next steps would go on from.
    func begun(_ all: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
      for i in signals.indices { all[i] = signals[i] }
      return all
    }
    let (narrow, wide) = try VectorLoopsTests.both(
      696, Float(0), { VectorLoops128.cascade(begun($0), $0 + 300, count, 22, coefficients, $0 + 600) },
      { VectorLoops256.cascade(begun($0), $0 + 300, count, 22, coefficients, $0 + 600) })
    #expect(narrow == wide)
    // One section after the other; what the last has not reached is as it was.
    let written = max(0, count - 22)
    for begin in [0, 300] {
      var x = Array(signals[begin..<begin + 300])
      let before = x
      for section in 0..<12 {
        let (b0, b1, b2) = (coefficient(0, of: section), coefficient(1, of: section), coefficient(2, of: section))
        let (a1, a2) = (coefficient(3, of: section), coefficient(4, of: section))
        var (u1, u2): (Float, Float) = (0, 0)
        for i in x.indices {
          let u = (x[i] - a1 * u1) - a2 * u2
          x[i] = (b0 * u + b1 * u1) + b2 * u2
          (u2, u1) = (u1, u)
          // The first section is late by nothing.
          guard section == 0, i == count - 1 else { continue }
          let lane = begin == 0 ? 600 : 604
          #expect((narrow[lane], narrow[lane + 8]) == (u1, u2))
        }
      }
      let found = Array(narrow[begin..<begin + 300])
      #expect(found == Array(x[..<written]) + Array(before[written...]))
    }
  }
}
