// SPDX-License-Identifier: GPL-3.0-or-later

// The loop of PESQ's cascade of twelve second-order sections, over two signals at once.

/// Four neighbouring sections: the first four lanes are one signal's, the others the other's.
private struct Sections {
  private typealias Lanes = SIMD8<Float>

  private let b0, b1, b2, a1, a2: Lanes
  private var u1, u2, y: Lanes
  /// `y` one step earlier.
  private var previous: Lanes

  @inline(__always) init(_ coefficients: UnsafePointer<Float>) {
    let lanes = Lanes.self
    (b0, b1, b2) = (singles(lanes, coefficients, 0), singles(lanes, coefficients, 8), singles(lanes, coefficients, 16))
    (a1, a2) = (singles(lanes, coefficients, 24), singles(lanes, coefficients, 32))
    (u1, u2, y, previous) = (.zero, .zero, .zero, .zero)
  }

  @inline(__always) func keep(in state: UnsafeMutablePointer<Float>) {
    store(u1, state, 0)
    store(u2, state, 8)
    store(y, state, 16)
    store(previous, state, 24)
  }

  /// What the four sections behind these hear next.
  @inline(__always) var next: (Float, Float) { (previous[3], previous[7]) }
  /// What came out last.
  @inline(__always) var last: (Float, Float) { (y[3], y[7]) }

  @inline(__always) mutating func step(_ first: (Float, Float)) {
    let input = Lanes(
      first.0, previous[0], previous[1], previous[2], first.1, previous[4], previous[5], previous[6])
    let u = (input - a1 * u1) - a2 * u2
    previous = y
    y = (b0 * u + b1 * u1) + b2 * u2
    (u2, u1) = (u1, u)
  }
}

/// Filters the beginnings of two signals by twelve sections, of which each is two samples behind the one before it.
/// - Parameters:
///   - x: the one signal: each step reads a sample and writes the one `delay` places before it, if there is one.
///   - y: the other.
///   - count: steps, at most as many as either signal has samples.
///   - delay: places by which what comes out is late.
///   - coefficients: b0, b1, b2, a1 and a2 of four sections in eight lanes, then those of the next four: 120 numbers.
///   - state: receives the last u, the one before it, the last y and the one before it, in the same lanes: 96 numbers.
package func cascade(
  _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int, _ delay: Int,
  _ coefficients: UnsafePointer<Float>, _ state: UnsafeMutablePointer<Float>
) {
  var first = Sections(coefficients)
  var second = Sections(coefficients + 40)
  var third = Sections(coefficients + 80)
  @inline(__always) func step(_ n: Int) {
    third.step(second.next)
    second.step(first.next)
    first.step((x[n], y[n]))
  }
  var n = 0
  while n < min(delay, count) {
    step(n)
    n &+= 1
  }
  while n < count {
    step(n)
    (x[n &- delay], y[n &- delay]) = third.last
    n &+= 1
  }
  first.keep(in: state)
  second.keep(in: state + 32)
  third.keep(in: state + 64)
}
