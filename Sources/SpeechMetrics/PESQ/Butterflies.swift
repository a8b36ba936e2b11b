// SPDX-License-Identifier: GPL-3.0-or-later
internal import VectorLoops

/// Pointers to the scratch and twiddle arrays of one running transform.
struct PESQButterflies {
  typealias Lanes = SIMD4<Float>

  let length: Int
  let re: UnsafeMutablePointer<Float>
  let im: UnsafeMutablePointer<Float>
  let cosine: UnsafePointer<Float>
  let sine: UnsafePointer<Float>
  /// `PESQTransformPlan`'s tables; `nil` for a long transform.
  let lastPass: UnsafePointer<Float>?
  let target: UnsafePointer<Int32>?
  /// 1 forward, -1 inverse.
  let sign: Float

  @inline(__always)
  static func load(_ pointer: UnsafePointer<Float>, _ index: Int) -> Lanes {
    UnsafeRawPointer(pointer + index).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  static func load(_ pointer: UnsafeMutablePointer<Float>, _ index: Int) -> Lanes {
    UnsafeRawPointer(pointer + index).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  static func store(_ value: Lanes, _ pointer: UnsafeMutablePointer<Float>, _ index: Int) {
    UnsafeMutableRawPointer(pointer + index).storeBytes(of: value, as: Lanes.self)
  }

  /// All stages but the last two, of what is in `re` and, unless it is real, `im`.
  func allButLastPass(real: Bool) {
    if length.trailingZeroBitCount & 1 == 1 {
      firstStage(real: real)
      descend(group: 0, size: length / 2, real: real)
      descend(group: 1, size: length / 2, real: real)
    } else {
      descend(group: 0, size: length, real: real)
    }
  }

  /// The same of the real signal `x` times `window`.
  func allButLastPass(of x: UnsafePointer<Float>, window: UnsafePointer<Float>) {
    if length.trailingZeroBitCount & 1 == 1 {
      let half = length / 2
      var i = 0
      while i < half {
        let (a, b) = (
          Self.load(x, i) * Self.load(window, i), Self.load(x, i &+ half) * Self.load(window, i &+ half)
        )
        Self.store(a + b, re, i)
        Self.store(a - b, re, i &+ half)
        i &+= 4
      }
      descend(group: 0, size: half, real: true)
      descend(group: 1, size: half, real: true)
    } else {
      for i in stride(from: 0, to: length, by: 4) {
        Self.store(Self.load(x, i) * Self.load(window, i), re, i)
      }
      descend(group: 0, size: length, real: true)
    }
  }

  /// The very first stage alone (C = 1, S = 0), for lengths that are odd powers of two.
  @inline(__always)
  private func firstStage(real: Bool) {
    let half = length / 2
    var i = 0
    while i < half {
      let (a, b) = (Self.load(re, i), Self.load(re, i &+ half))
      Self.store(a + b, re, i)
      Self.store(a - b, re, i &+ half)
      if !real {
        let (c, d) = (Self.load(im, i), Self.load(im, i &+ half))
        Self.store(c + d, im, i)
        Self.store(c - d, im, i &+ half)
      }
      i &+= 4
    }
  }

  /// All stages but the last two, of the block of `size` points that is group number `group`.
  ///
  /// Blocks larger than the first-level cache are finished one after the other; the order of
  /// independent butterflies does not matter to their values.
  private func descend(group: Int, size: Int, real: Bool) {
    if size > 2048 {
      pass(groups: group..<group + 1, size: size, real: real)
      for child in 4 * group..<4 * group + 4 { descend(group: child, size: size / 4, real: real) }
      return
    }
    var size = size
    var first = group
    var last = group
    while size >= 16 {
      pass(groups: first..<last + 1, size: size, real: real)
      size /= 4
      first *= 4
      last = 4 * last + 3
    }
  }

  /// Two stages over some groups.
  private func pass(groups: Range<Int>, size: Int, real: Bool) {
    var general = groups.lowerBound
    // The first group's factors are 0 and 1, and the first two groups of a real signal's stages are real themselves.
    if general == 0 {
      if real { special(0, size, real: true, first: true) } else { special(0, size, real: false, first: true) }
      general = 1
    }
    if real, general == 1, groups.contains(1) {
      special(1, size, real: true, first: false)
      general = 2
    }
    VectorLoops.butterflies(re, im, (general, groups.upperBound), size, cosine, sine, sign)
  }

  /// Two stages over a group that is the first, or real.
  @inline(__always)
  private func special(_ group: Int, _ size: Int, real: Bool, first: Bool) {
    let q = size / 4
    let wc0 = cosine[group]
    let ws0 = sign * sine[group]
    let wc1 = cosine[2 * group]
    let ws1 = sign * sine[2 * group]
    let wc2 = cosine[2 * group + 1]
    let ws2 = sign * sine[2 * group + 1]
    let r = re + group * size
    let s = im + group * size
    // The offsets stay below the length, so that no addition can overflow.
    let (q1, q2, q3) = (q, 2 * q, 3 * q)
    var i = 0
    while i < q {
      defer { i &+= 4 }
      let (r0, r1, r2, r3) = (
        Self.load(r, i), Self.load(r, i &+ q1), Self.load(r, i &+ q2), Self.load(r, i &+ q3)
      )
      let (a0, a1, a2, a3): (Lanes, Lanes, Lanes, Lanes)
      let (b0, b1, b2, b3): (Lanes, Lanes, Lanes, Lanes)
      if real {
        if first {
          (a0, a2) = (r0 + r2, r0 - r2)
          (a1, a3) = (r1 + r3, r1 - r3)
          (b0, b1, b2, b3) = (.zero, .zero, .zero, .zero)
        } else {
          let (c2, c3, s2, s3) = (wc0 * r2, wc0 * r3, ws0 * r2, ws0 * r3)
          (a0, a2) = (r0 + c2, r0 - c2)
          (a1, a3) = (r1 + c3, r1 - c3)
          (b0, b2) = (-s2, s2)
          (b1, b3) = (-s3, s3)
        }
      } else {
        let (i0, i1, i2, i3) = (
          Self.load(s, i), Self.load(s, i &+ q1), Self.load(s, i &+ q2), Self.load(s, i &+ q3)
        )
        (a0, a2) = (r0 + r2, r0 - r2)
        (a1, a3) = (r1 + r3, r1 - r3)
        (b0, b2) = (i0 + i2, i0 - i2)
        (b1, b3) = (i1 + i3, i1 - i3)
      }
      if first {
        Self.store(a0 + a1, r, i)
        Self.store(a0 - a1, r, i &+ q1)
        if real {
          // a2 and a3 are real here.
          let (c, d) = (wc2 * a3, ws2 * a3)
          Self.store(.zero, s, i)
          Self.store(.zero, s, i &+ q1)
          Self.store(a2 + c, r, i &+ q2)
          Self.store(a2 - c, r, i &+ q3)
          Self.store(-d, s, i &+ q2)
          Self.store(d, s, i &+ q3)
          continue
        }
        Self.store(b0 + b1, s, i)
        Self.store(b0 - b1, s, i &+ q1)
      } else {
        let (y0, z0, y1, z1) = Self.butterfly(a0, b0, a1, b1, wc1, ws1)
        Self.store(y0, r, i)
        Self.store(z0, s, i)
        Self.store(y1, r, i &+ q1)
        Self.store(z1, s, i &+ q1)
      }
      let (y2, z2, y3, z3) = Self.butterfly(a2, b2, a3, b3, wc2, ws2)
      Self.store(y2, r, i &+ q2)
      Self.store(z2, s, i &+ q2)
      Self.store(y3, r, i &+ q3)
      Self.store(z3, s, i &+ q3)
    }
  }

  /// One butterfly; results in the order p (re, im), q (re, im).
  @inline(__always)
  static func butterfly(
    _ r1: Lanes, _ i1: Lanes, _ r2: Lanes, _ i2: Lanes, _ wc: Float, _ ws: Float
  ) -> (Lanes, Lanes, Lanes, Lanes) {
    butterfly(r1, i1, r2, i2, Lanes(repeating: wc), Lanes(repeating: ws))
  }

  @inline(__always)
  static func butterfly(
    _ r1: Lanes, _ i1: Lanes, _ r2: Lanes, _ i2: Lanes, _ wc: Lanes, _ ws: Lanes
  ) -> (Lanes, Lanes, Lanes, Lanes) {
    let (cr, si, sr, ci) = (wc * r2, ws * i2, ws * r2, wc * i2)
    return ((r1 + cr) + si, (i1 - sr) + ci, (r1 - cr) - si, (i1 + sr) - ci)
  }

  @inline(__always)
  static func transpose(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes) -> (Lanes, Lanes, Lanes, Lanes) {
    (
      Lanes(a[0], b[0], c[0], d[0]), Lanes(a[1], b[1], c[1], d[1]),
      Lanes(a[2], b[2], c[2], d[2]), Lanes(a[3], b[3], c[3], d[3])
    )
  }
}
