// SPDX-License-Identifier: GPL-3.0-or-later

// The loops of PESQ's transform, whose roundings stand at PESQFourier. No sum or product mixes lanes, so that their number changes no bit.

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
    let turns = turns(group, cosine, sine, sign)
    var i = 0
    while i &+ Singles.scalarCount <= q {
      let places = (i, i &+ q, i &+ 2 &* q, i &+ 3 &* q)
      store(twoStages(load(Singles.self, r, s, places), spread(Singles.self, turns)), r, s, places)
      i &+= Singles.scalarCount
    }
    #if WIDE_VECTORS
      // A quarter of the smallest groups is half a vector.
      if i < q { smallGroup(r, s, turns) }
    #endif
    group &+= 1
  }
}

/// Two stages of a transform over a group that is the first, or real.
/// - Parameters:
///   - re: real parts of all points.
///   - im: imaginary parts; those of a real group are not read.
///   - group: number of the group.
///   - size: points of it, a multiple of 16.
///   - isReal: whether it is real; one that is not must be the first.
///   - cosine: the factors of a stage by number of the group.
///   - sine: likewise.
///   - sign: of the sines: 1 forward, −1 inverse.
package func simpleButterflies(
  _ re: UnsafeMutablePointer<Float>, _ im: UnsafeMutablePointer<Float>, _ group: Int, _ size: Int, _ isReal: Bool,
  _ cosine: UnsafePointer<Float>, _ sine: UnsafePointer<Float>, _ sign: Float
) {
  let q = size / 4
  let (r, s) = (re + group &* size, im + group &* size)
  let turns = turns(group, cosine, sine, sign)
  @inline(__always) func run<Lanes: SIMD & BitwiseCopyable>(_ lanes: Lanes.Type, _ i: Int) where Lanes.Scalar == Float {
    let places = (i, i &+ q, i &+ 2 &* q, i &+ 3 &* q)
    let (j, k, l) = (places.1, places.2, places.3)
    let turns = spread(lanes, turns)
    if !isReal {
      store(firstStages(load(lanes, r, s, places), turns.2), r, s, places)
    } else if group == 0 {
      let (r0, r1, r2, r3) = (singles(lanes, r, i), singles(lanes, r, j), singles(lanes, r, k), singles(lanes, r, l))
      let (a0, a1, a2, a3) = (r0 + r2, r1 + r3, r0 - r2, r1 - r3)
      let (c, d) = (turns.2.0 * a3, turns.2.1 * a3)
      store((a0 + a1, .zero, a0 - a1, .zero, a2 + c, -d, a2 - c, d), r, s, places)
    } else {
      let (r0, r1, r2, r3) = (singles(lanes, r, i), singles(lanes, r, j), singles(lanes, r, k), singles(lanes, r, l))
      let (c2, c3, s2, s3) = (turns.0.0 * r2, turns.0.0 * r3, turns.0.1 * r2, turns.0.1 * r3)
      let (y0, z0, y1, z1) = butterfly(r0 + c2, -s2, r1 + c3, -s3, turns.1)
      let (y2, z2, y3, z3) = butterfly(r0 - c2, s2, r1 - c3, s3, turns.2)
      store((y0, z0, y1, z1, y2, z2, y3, z3), r, s, places)
    }
  }
  var i = 0
  while i &+ Singles.scalarCount <= q {
    run(Singles.self, i)
    i &+= Singles.scalarCount
  }
  if i < q { run(SIMD4<Float>.self, i) }
}

/// The first stage of a transform whose number of stages is odd, of the real signal x·w.
/// - Parameters:
///   - x: the signal.
///   - window: w, as long.
///   - half: half of that, a multiple of eight.
///   - re: receives the real parts.
package func windowedStage(
  _ x: UnsafePointer<Float>, _ window: UnsafePointer<Float>, _ half: Int, _ re: UnsafeMutablePointer<Float>
) {
  let lanes = Singles.self
  var i = 0
  while i < half {
    let a = singles(lanes, x, i) * singles(lanes, window, i)
    let b = singles(lanes, x, i &+ half) * singles(lanes, window, i &+ half)
    store(a + b, re, i)
    store(a - b, re, i &+ half)
    i &+= Singles.scalarCount
  }
}

/// A spectrum whose bins 0…N/2 are products of two others' bins, and whose other bins are the conjugates of these.
/// - Parameters:
///   - ar: real parts of the one.
///   - ai: its imaginary parts.
///   - sign: of these: −1 takes its conjugate.
///   - br: real parts of the other.
///   - bi: its imaginary parts.
///   - length: N, a multiple of 16.
///   - re: receives N real parts.
///   - im: receives N imaginary parts.
package func products(
  _ ar: UnsafePointer<Float>, _ ai: UnsafePointer<Float>, _ sign: Float, _ br: UnsafePointer<Float>,
  _ bi: UnsafePointer<Float>, _ length: Int, _ re: UnsafeMutablePointer<Float>, _ im: UnsafeMutablePointer<Float>
) {
  let (half, width) = (length / 2, Singles.scalarCount)
  var k = 0
  while k < half {
    let lanes = Singles.self
    let (r, i) = (singles(lanes, ar, k), sign * singles(lanes, ai, k))
    let (s, j) = (singles(lanes, br, k), singles(lanes, bi, k))
    let (x, y) = (r * s - i * j, r * j + i * s)
    store(x, re, k)
    store(y, im, k)
    // Bin 0 has no other, of which the place would be N.
    if k > 0 {
      store(reversed(x), re, length &- k &- width &+ 1)
      store(reversed(-y), im, length &- k &- width &+ 1)
    }
    k &+= width
  }
  let (r, i) = (ar[half], sign * ai[half])
  (re[half], im[half]) = (r * br[half] - i * bi[half], r * bi[half] + i * br[half])
  for k in 1..<width { (re[length &- k], im[length &- k]) = (re[k], -im[k]) }
}

/// C and S of a number.
private typealias Turn = (Float, Float)
/// Real and imaginary parts of a point of each quarter of a group, one after the other.
private typealias Points<Lanes> = (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes, Lanes, Lanes)

/// Of the first stage, and of the first and the second butterfly of the next.
@inline(__always)
private func turns(_ group: Int, _ cosine: UnsafePointer<Float>, _ sine: UnsafePointer<Float>, _ sign: Float) -> (
  Turn, Turn, Turn
) {
  (
    (cosine[group], sign * sine[group]), (cosine[2 &* group], sign * sine[2 &* group]),
    (cosine[2 &* group &+ 1], sign * sine[2 &* group &+ 1])
  )
}

@inline(__always)
private func spread<Lanes: SIMD>(_ lanes: Lanes.Type, _ turns: (Turn, Turn, Turn)) -> (
  (Lanes, Lanes), (Lanes, Lanes), (Lanes, Lanes)
) where Lanes.Scalar == Float {
  @inline(__always) func spread(_ turn: Turn) -> (Lanes, Lanes) {
    (Lanes(repeating: turn.0), Lanes(repeating: turn.1))
  }
  return (spread(turns.0), spread(turns.1), spread(turns.2))
}

@inline(__always)
private func load<Lanes: SIMD & BitwiseCopyable>(
  _ lanes: Lanes.Type, _ r: UnsafePointer<Float>, _ s: UnsafePointer<Float>, _ at: (Int, Int, Int, Int)
) -> Points<Lanes> where Lanes.Scalar == Float {
  (
    singles(lanes, r, at.0), singles(lanes, s, at.0), singles(lanes, r, at.1), singles(lanes, s, at.1),
    singles(lanes, r, at.2), singles(lanes, s, at.2), singles(lanes, r, at.3), singles(lanes, s, at.3)
  )
}

@inline(__always)
private func store<Lanes: SIMD & BitwiseCopyable>(
  _ x: Points<Lanes>, _ r: UnsafeMutablePointer<Float>, _ s: UnsafeMutablePointer<Float>, _ at: (Int, Int, Int, Int)
) where Lanes.Scalar == Float {
  store(x.0, r, at.0)
  store(x.1, s, at.0)
  store(x.2, r, at.1)
  store(x.3, s, at.1)
  store(x.4, r, at.2)
  store(x.5, s, at.2)
  store(x.6, r, at.3)
  store(x.7, s, at.3)
}

@inline(__always)
private func twoStages<Lanes: SIMD>(
  _ x: Points<Lanes>, _ turns: ((Lanes, Lanes), (Lanes, Lanes), (Lanes, Lanes))
) -> Points<Lanes> where Lanes.Scalar == Float {
  let (a0, b0, a2, b2) = butterfly(x.0, x.1, x.4, x.5, turns.0)
  let (a1, b1, a3, b3) = butterfly(x.2, x.3, x.6, x.7, turns.0)
  let (y0, z0, y1, z1) = butterfly(a0, b0, a1, b1, turns.1)
  let (y2, z2, y3, z3) = butterfly(a2, b2, a3, b3, turns.2)
  return (y0, z0, y1, z1, y2, z2, y3, z3)
}

/// The same of the first group, in which all factors but one butterfly's are 0 and 1.
@inline(__always)
private func firstStages<Lanes: SIMD>(_ x: Points<Lanes>, _ turn: (Lanes, Lanes)) -> Points<Lanes>
where Lanes.Scalar == Float {
  let (a0, b0, a2, b2) = (x.0 + x.4, x.1 + x.5, x.0 - x.4, x.1 - x.5)
  let (a1, b1, a3, b3) = (x.2 + x.6, x.3 + x.7, x.2 - x.6, x.3 - x.7)
  let (y2, z2, y3, z3) = butterfly(a2, b2, a3, b3, turn)
  return (a0 + a1, b0 + b1, a0 - a1, b0 - b1, y2, z2, y3, z3)
}

#if WIDE_VECTORS
  /// Two stages over a group of 16 points, of which a vector takes two quarters.
  @inline(__always)
  private func smallGroup(
    _ r: UnsafeMutablePointer<Float>, _ s: UnsafeMutablePointer<Float>, _ turns: (Turn, Turn, Turn)
  ) {
    @inline(__always) func join(_ a: Float, _ b: Float) -> Singles {
      joined(SIMD4(repeating: a), SIMD4(repeating: b))
    }
    @inline(__always) func regroup(_ a: Singles, _ b: Singles) -> (Singles, Singles) {
      let ((a0, a1), (b0, b1)) = (halves(a), halves(b))
      return (joined(a0, b0), joined(a1, b1))
    }
    let lanes = Singles.self
    let x = butterfly(
      singles(lanes, r, 0), singles(lanes, s, 0), singles(lanes, r, 8), singles(lanes, s, 8),
      (Singles(repeating: turns.0.0), Singles(repeating: turns.0.1)))
    let ((r0, r1), (i0, i1)) = (regroup(x.0, x.2), regroup(x.1, x.3))
    let y = butterfly(r0, i0, r1, i1, (join(turns.1.0, turns.2.0), join(turns.1.1, turns.2.1)))
    let ((r2, r3), (i2, i3)) = (regroup(y.0, y.2), regroup(y.1, y.3))
    store(r2, r, 0)
    store(r3, r, 8)
    store(i2, s, 0)
    store(i3, s, 8)
  }
#endif
