// SPDX-License-Identifier: GPL-3.0-or-later

// The last two stages of PESQ's transform, which work on tiles (see LastPass.swift). A wide vector takes two, tile k and tile k + N/32,
// whose results are neighbours.

/// Points of tiles, or a quarter of the results each: four per tile.
private typealias Quarters = (Singles, Singles, Singles, Singles)

/// The last two stages and the bit reversal of a forward transform; bins 0…N/2 − 1.
/// - Parameters:
///   - re: real parts of all points.
///   - im: imaginary parts.
///   - length: N, a multiple of 32.
///   - table: `PESQTransformPlan.lastPass`.
///   - target: where each tile's results belong.
///   - outRe: receives the real parts.
///   - outIm: receives the imaginary parts.
package func finishForward(
  _ re: UnsafePointer<Float>, _ im: UnsafePointer<Float>, _ length: Int, _ table: UnsafePointer<Float>,
  _ target: UnsafePointer<Int32>, _ outRe: UnsafeMutablePointer<Float>, _ outIm: UnsafeMutablePointer<Float>
) {
  let q = length / 4
  var k = 0
  while k < length / (4 &* Singles.scalarCount) {
    let place = Int(truncatingIfNeeded: target[k])
    let (turn0, turn1, turn2) = turns(table, k, length / 32)
    let (r0, r1, r2, r3) = tiles(re, k, q)
    let (i0, i1, i2, i3) = tiles(im, k, q)
    let (a0, b0, a2, b2) = butterfly(r0, i0, r2, i2, turn0)
    let (a1, b1, a3, b3) = butterfly(r1, i1, r3, i3, turn0)
    store((a0 + turn1.0 * a1) + turn1.1 * b1, outRe, place)
    store((b0 - turn1.1 * a1) + turn1.0 * b1, outIm, place)
    store((a2 + turn2.0 * a3) + turn2.1 * b3, outRe + q, place)
    store((b2 - turn2.1 * a3) + turn2.0 * b3, outIm + q, place)
    k &+= 1
  }
}

/// The last two stages of an inverse transform, real parts only, the bit reversal, and the factor 1/N.
/// - Parameters:
///   - re: real parts of all points.
///   - im: imaginary parts.
///   - length: N, a multiple of 32.
///   - table: `PESQTransformPlan.lastPass`.
///   - target: where each tile's results belong.
///   - out: receives N samples.
package func finishInverse(
  _ re: UnsafePointer<Float>, _ im: UnsafePointer<Float>, _ length: Int, _ table: UnsafePointer<Float>,
  _ target: UnsafePointer<Int32>, _ out: UnsafeMutablePointer<Float>
) {
  let q = length / 4
  let scale = 1 / Float(length)
  var k = 0
  while k < length / (4 &* Singles.scalarCount) {
    let place = Int(truncatingIfNeeded: target[k])
    let (turn0, turn1, turn2) = turns(table, k, length / 32)
    let (r0, r1, r2, r3) = tiles(re, k, q)
    let (i0, i1, i2, i3) = tiles(im, k, q)
    let (a0, _, a2, _) = butterfly(r0, i0, r2, i2, (turn0.0, -turn0.1))
    let (a1, b1, a3, b3) = butterfly(r1, i1, r3, i3, (turn0.0, -turn0.1))
    let (cr1, si1, cr3, si3) = (turn1.0 * a1, -turn1.1 * b1, turn2.0 * a3, -turn2.1 * b3)
    store(((a0 + cr1) + si1) * scale, out, place)
    store(((a2 + cr3) + si3) * scale, out + q, place)
    store(((a0 - cr1) - si1) * scale, out + 2 &* q, place)
    store(((a2 - cr3) - si3) * scale, out + 3 &* q, place)
    k &+= 1
  }
}

/// The factors of tiles: of the last stage but one, and of the last stage's first and second butterfly.
@inline(__always)
private func turns(_ table: UnsafePointer<Float>, _ k: Int, _ half: Int) -> (
  (Singles, Singles), (Singles, Singles), (Singles, Singles)
) {
  let (t, lanes) = (table + (k < half ? 48 &* k : 48 &* (k &- half) &+ 4), Singles.self)
  return (
    (singles(lanes, t, 0), singles(lanes, t, 8)), (singles(lanes, t, 16), singles(lanes, t, 24)),
    (singles(lanes, t, 32), singles(lanes, t, 40))
  )
}

/// Points of tiles, transposed: every lane is a block.
@inline(__always)
private func tiles(_ p: UnsafePointer<Float>, _ k: Int, _ q: Int) -> Quarters {
  let first = tile(p, 4 &* k, q)
  #if WIDE_VECTORS
    let second = tile(p, 4 &* k &+ q / 2, q)
    return (
      joined(first.0, second.0), joined(first.1, second.1), joined(first.2, second.2), joined(first.3, second.3)
    )
  #else
    return first
  #endif
}

@inline(__always)
private func tile(_ p: UnsafePointer<Float>, _ i: Int, _ q: Int) -> (
  SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>
) {
  let lanes = SIMD4<Float>.self
  let (a, b) = (singles(lanes, p, i), singles(lanes, p, i &+ 2 &* q))
  let (c, d) = (singles(lanes, p, i &+ q), singles(lanes, p, i &+ 3 &* q))
  // By twos, then by twos of twos, as doubles: put together one by one they take half as long again.
  typealias Twos = SIMD2<Double>
  @inline(__always) func twos(_ x: SIMD4<Float>) -> Twos { unsafeBitCast(x, to: Twos.self) }
  let (ab, cd) = (twos(SIMD4(a[0], b[0], a[1], b[1])), twos(SIMD4(c[0], d[0], c[1], d[1])))
  let (ef, gh) = (twos(SIMD4(a[2], b[2], a[3], b[3])), twos(SIMD4(c[2], d[2], c[3], d[3])))
  return (
    unsafeBitCast(Twos(ab.x, cd.x), to: lanes), unsafeBitCast(Twos(ab.y, cd.y), to: lanes),
    unsafeBitCast(Twos(ef.x, gh.x), to: lanes), unsafeBitCast(Twos(ef.y, gh.y), to: lanes)
  )
}
