// SPDX-License-Identifier: GPL-3.0-or-later

// The loop of PESQ's transform, whose roundings stand at PESQFourier. Lanes never mix, so that their number changes no bit.

#if WIDE_VECTORS
  private typealias Singles = SIMD8<Float>
#else
  private typealias Singles = SIMD4<Float>
#endif

/// Two stages of a transform over some groups of points, of which none is the first.
/// - Parameters:
///   - re: real parts of all points.
///   - im: imaginary parts.
///   - groups: number of the first group and the number behind that of the last.
///   - size: points of a group, a multiple of 16.
///   - cosine: the factors of a stage by number of the group; the next stage has two groups for one.
///   - sine: likewise.
///   - sign: of the sines: 1 forward, −1 inverse.
package func butterflies(
  _ re: UnsafeMutablePointer<Float>, _ im: UnsafeMutablePointer<Float>, _ groups: (Int, Int), _ size: Int,
  _ cosine: UnsafePointer<Float>, _ sine: UnsafePointer<Float>, _ sign: Float
) {
  let q = size / 4
  var group = groups.0
  while group < groups.1 {
    let (r, s) = (re + group &* size, im + group &* size)
    let turns = (
      (cosine[group], sign * sine[group]), (cosine[2 &* group], sign * sine[2 &* group]),
      (cosine[2 &* group &+ 1], sign * sine[2 &* group &+ 1])
    )
    var i = 0
    while i &+ Singles.scalarCount <= q {
      twoStages(Singles.self, r, s, i, q, turns)
      i &+= Singles.scalarCount
    }
    if i < q { twoStages(SIMD4<Float>.self, r, s, i, q, turns) }
    group &+= 1
  }
}

/// Two stages for as many points of each quarter of a group as there are lanes.
@inline(__always)
private func twoStages<Lanes: SIMD & BitwiseCopyable>(
  _ lanes: Lanes.Type, _ r: UnsafeMutablePointer<Float>, _ s: UnsafeMutablePointer<Float>, _ i: Int, _ q: Int,
  _ turns: ((Float, Float), (Float, Float), (Float, Float))
) where Lanes.Scalar == Float {
  @inline(__always) func load(_ p: UnsafeMutablePointer<Float>, _ i: Int) -> Lanes {
    UnsafeRawPointer(p + i).loadUnaligned(as: Lanes.self)
  }
  @inline(__always) func store(_ value: Lanes, _ p: UnsafeMutablePointer<Float>, _ i: Int) {
    UnsafeMutableRawPointer(p + i).storeBytes(of: value, as: Lanes.self)
  }
  @inline(__always) func butterfly(_ r1: Lanes, _ i1: Lanes, _ r2: Lanes, _ i2: Lanes, _ turn: (Float, Float)) -> (
    Lanes, Lanes, Lanes, Lanes
  ) {
    let (c, s) = (Lanes(repeating: turn.0), Lanes(repeating: turn.1))
    let (cr, si, sr, ci) = (c * r2, s * i2, s * r2, c * i2)
    return ((r1 + cr) + si, (i1 - sr) + ci, (r1 - cr) - si, (i1 + sr) - ci)
  }
  let (j, k, l) = (i &+ q, i &+ 2 &* q, i &+ 3 &* q)
  let (a0, b0, a2, b2) = butterfly(load(r, i), load(s, i), load(r, k), load(s, k), turns.0)
  let (a1, b1, a3, b3) = butterfly(load(r, j), load(s, j), load(r, l), load(s, l), turns.0)
  let (y0, z0, y1, z1) = butterfly(a0, b0, a1, b1, turns.1)
  store(y0, r, i)
  store(z0, s, i)
  store(y1, r, j)
  store(z1, s, j)
  let (y2, z2, y3, z3) = butterfly(a2, b2, a3, b3, turns.2)
  store(y2, r, k)
  store(z2, s, k)
  store(y3, r, l)
  store(z3, s, l)
}
