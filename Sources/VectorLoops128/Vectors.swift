// SPDX-License-Identifier: GPL-3.0-or-later

// Numbers at any address, read and written: four doubles, or two, or as many floats as a vector of the width takes.

typealias Four = SIMD4<Double>

@inline(__always) func four(_ p: UnsafePointer<Double>, _ i: Int) -> Four {
  UnsafeRawPointer(p + i).loadUnaligned(as: Four.self)
}

@inline(__always) func store(_ value: Four, _ p: UnsafeMutablePointer<Double>, _ i: Int) {
  UnsafeMutableRawPointer(p + i).storeBytes(of: value, as: Four.self)
}

@inline(__always) func two(_ p: UnsafePointer<Double>, _ i: Int) -> SIMD2<Double> {
  UnsafeRawPointer(p + i).loadUnaligned(as: SIMD2<Double>.self)
}

@inline(__always) func store(_ value: SIMD2<Double>, _ p: UnsafeMutablePointer<Double>, _ i: Int) {
  UnsafeMutableRawPointer(p + i).storeBytes(of: value, as: SIMD2<Double>.self)
}

/// The halves in each other's place.
@inline(__always) func swapped(_ x: Four) -> Four { Four(x[2], x[3], x[0], x[1]) }

/// sum + a·b: rounded once where vectors are wide, since what has these has fused operations too; otherwise, where a call would stand for
/// them, rounded twice.
@inline(__always) func fused(_ sum: Four, _ a: Four, _ b: Four) -> Four {
  #if WIDE_VECTORS
    sum.addingProduct(a, b)
  #else
    sum + a * b
  #endif
}

/// Its first and its last two lanes; by their bits, since taken lane by lane, all that made them is made in halves, too.
@inline(__always) func halves(_ x: Four) -> (SIMD2<Double>, SIMD2<Double>) {
  unsafeBitCast(x, to: (SIMD2<Double>, SIMD2<Double>).self)
}

/// The sum of four numbers: of the first and third and of the second and fourth, and of these.
@inline(__always) func total(_ x: Four) -> Double {
  let (low, high) = halves(x)
  let two = low + high
  return two.x + two.y
}

/// The same of two fours.
@inline(__always) func totals(_ x: Four, _ y: Four) -> SIMD2<Double> {
  let ((a, b), (c, d)) = (halves(x), halves(y))
  let (first, second) = (a + b, c + d)
  return SIMD2(first.x, second.x) + SIMD2(first.y, second.y)
}

/// The roots of four numbers that are not negative; the magnitude tells the compiler so, and a root becomes one instruction.
@inline(__always) func root(_ x: Four) -> Four {
  Four(
    x[0].magnitude.squareRoot(), x[1].magnitude.squareRoot(), x[2].magnitude.squareRoot(), x[3].magnitude.squareRoot())
}

#if WIDE_VECTORS
  typealias Singles = SIMD8<Float>

  /// By their bits, like those of four doubles.
  @inline(__always) func halves(_ x: Singles) -> (SIMD4<Float>, SIMD4<Float>) {
    unsafeBitCast(x, to: (SIMD4<Float>, SIMD4<Float>).self)
  }

  @inline(__always) func reversed(_ x: Singles) -> Singles { Singles(x[7], x[6], x[5], x[4], x[3], x[2], x[1], x[0]) }

  @inline(__always) func joined(_ low: SIMD4<Float>, _ high: SIMD4<Float>) -> Singles {
    unsafeBitCast((low, high), to: Singles.self)
  }
#else
  typealias Singles = SIMD4<Float>

  @inline(__always) func reversed(_ x: Singles) -> Singles { Singles(x[3], x[2], x[1], x[0]) }
#endif

@inline(__always) func singles<Lanes: SIMD & BitwiseCopyable>(
  _ lanes: Lanes.Type, _ p: UnsafePointer<Float>, _ i: Int
) -> Lanes where Lanes.Scalar == Float {
  UnsafeRawPointer(p + i).loadUnaligned(as: Lanes.self)
}

@inline(__always) func store<Lanes: SIMD & BitwiseCopyable>(
  _ value: Lanes, _ p: UnsafeMutablePointer<Float>, _ i: Int
) where Lanes.Scalar == Float {
  UnsafeMutableRawPointer(p + i).storeBytes(of: value, as: Lanes.self)
}

/// One butterfly of PESQ's transform; results in the order p (re, im), q (re, im).
@inline(__always) func butterfly<Lanes: SIMD>(
  _ r1: Lanes, _ i1: Lanes, _ r2: Lanes, _ i2: Lanes, _ turn: (Lanes, Lanes)
) -> (Lanes, Lanes, Lanes, Lanes) where Lanes.Scalar == Float {
  let (cr, si, sr, ci) = (turn.0 * r2, turn.1 * i2, turn.1 * r2, turn.0 * i2)
  return ((r1 + cr) + si, (i1 - sr) + ci, (r1 - cr) - si, (i1 + sr) - ci)
}
