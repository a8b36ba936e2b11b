// SPDX-License-Identifier: GPL-3.0-or-later

// Four doubles, or two, at any address, read and written.

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

/// The sum of four numbers: of the first and third and of the second and fourth, and of these.
@inline(__always) func total(_ x: Four) -> Double {
  let two = x.lowHalf + x.highHalf
  return two.x + two.y
}

/// The roots of four numbers that are not negative; the magnitude tells the compiler so, and a root becomes one instruction.
@inline(__always) func root(_ x: Four) -> Four {
  Four(
    x[0].magnitude.squareRoot(), x[1].magnitude.squareRoot(), x[2].magnitude.squareRoot(), x[3].magnitude.squareRoot())
}
