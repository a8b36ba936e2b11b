// SPDX-License-Identifier: GPL-3.0-or-later

/// Pointers to the scratch and twiddle arrays of one running transform.
struct PESQButterflies {
  typealias Lanes = SIMD4<Float>

  let length: Int
  let re: UnsafeMutablePointer<Float>
  let im: UnsafeMutablePointer<Float>
  let cosine: UnsafePointer<Float>
  let sine: UnsafePointer<Float>
  let lastPass: UnsafePointer<Float>
  let target: UnsafePointer<Int32>
  /// 1 forward, -1 inverse.
  let sign: Float

  @inline(__always)
  private static func load(_ pointer: UnsafePointer<Float>, _ index: Int) -> Lanes {
    UnsafeRawPointer(pointer + index).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  private static func load(_ pointer: UnsafeMutablePointer<Float>, _ index: Int) -> Lanes {
    UnsafeRawPointer(pointer + index).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  private static func store(_ value: Lanes, _ pointer: UnsafeMutablePointer<Float>, _ index: Int) {
    UnsafeMutableRawPointer(pointer + index).storeBytes(of: value, as: Lanes.self)
  }

  func allButLastPass(real: Bool) {
    if length.trailingZeroBitCount & 1 == 1 {
      firstStage(real: real)
      descend(group: 0, size: length / 2, real: real)
      descend(group: 1, size: length / 2, real: real)
    } else {
      descend(group: 0, size: length, real: real)
    }
  }

  /// The very first stage alone (C = 1, S = 0), for lengths that are odd powers of two.
  @inline(__always)
  private func firstStage(real: Bool) {
    let half = length / 2
    for i in stride(from: 0, to: half, by: 4) {
      let (a, b) = (Self.load(re, i), Self.load(re, i + half))
      Self.store(a + b, re, i)
      Self.store(a - b, re, i + half)
      if real { continue }
      let (c, d) = (Self.load(im, i), Self.load(im, i + half))
      Self.store(c + d, im, i)
      Self.store(c - d, im, i + half)
    }
  }

  /// All stages but the last two, of the block of `size` points that is group number `group`.
  ///
  /// Blocks larger than the first-level cache are finished one after the other; the order of
  /// independent butterflies does not matter to their values.
  private func descend(group: Int, size: Int, real: Bool) {
    if size > 2048 {
      pass(group: group, size: size, real: real)
      for child in 4 * group..<4 * group + 4 { descend(group: child, size: size / 4, real: real) }
      return
    }
    var size = size
    var first = group
    var last = group
    while size >= 16 {
      for g in first...last { pass(group: g, size: size, real: real) }
      size /= 4
      first *= 4
      last = 4 * last + 3
    }
  }

  /// Two stages over one group. The first two groups of a real signal's stages are real themselves.
  @inline(__always)
  private func pass(group: Int, size: Int, real: Bool) {
    if group == 0 {
      if real {
        butterflies(group, size, real: true, first: true)
      } else {
        butterflies(group, size, real: false, first: true)
      }
    } else if real && group == 1 {
      butterflies(group, size, real: true, first: false)
    } else {
      butterflies(group, size, real: false, first: false)
    }
  }

  @inline(__always)
  private func butterflies(_ group: Int, _ size: Int, real: Bool, first: Bool) {
    let q = size / 4
    let wc0 = cosine[group]
    let ws0 = sign * sine[group]
    let wc1 = cosine[2 * group]
    let ws1 = sign * sine[2 * group]
    let wc2 = cosine[2 * group + 1]
    let ws2 = sign * sine[2 * group + 1]
    let r = re + group * size
    let s = im + group * size
    for i in stride(from: 0, to: q, by: 4) {
      let (r0, r1, r2, r3) = (
        Self.load(r, i), Self.load(r, i + q), Self.load(r, i + 2 * q), Self.load(r, i + 3 * q)
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
          Self.load(s, i), Self.load(s, i + q), Self.load(s, i + 2 * q), Self.load(s, i + 3 * q)
        )
        if first {
          (a0, a2) = (r0 + r2, r0 - r2)
          (a1, a3) = (r1 + r3, r1 - r3)
          (b0, b2) = (i0 + i2, i0 - i2)
          (b1, b3) = (i1 + i3, i1 - i3)
        } else {
          (a0, b0, a2, b2) = Self.butterfly(r0, i0, r2, i2, wc0, ws0)
          (a1, b1, a3, b3) = Self.butterfly(r1, i1, r3, i3, wc0, ws0)
        }
      }
      if first {
        Self.store(a0 + a1, r, i)
        Self.store(a0 - a1, r, i + q)
        if real {
          // a2 and a3 are real here.
          let (c, d) = (wc2 * a3, ws2 * a3)
          Self.store(.zero, s, i)
          Self.store(.zero, s, i + q)
          Self.store(a2 + c, r, i + 2 * q)
          Self.store(a2 - c, r, i + 3 * q)
          Self.store(-d, s, i + 2 * q)
          Self.store(d, s, i + 3 * q)
          continue
        }
        Self.store(b0 + b1, s, i)
        Self.store(b0 - b1, s, i + q)
      } else {
        let (y0, z0, y1, z1) = Self.butterfly(a0, b0, a1, b1, wc1, ws1)
        Self.store(y0, r, i)
        Self.store(z0, s, i)
        Self.store(y1, r, i + q)
        Self.store(z1, s, i + q)
      }
      let (y2, z2, y3, z3) = Self.butterfly(a2, b2, a3, b3, wc2, ws2)
      Self.store(y2, r, i + 2 * q)
      Self.store(z2, s, i + 2 * q)
      Self.store(y3, r, i + 3 * q)
      Self.store(z3, s, i + 3 * q)
    }
  }

  /// One butterfly; results in the order p (re, im), q (re, im).
  @inline(__always)
  private static func butterfly(
    _ r1: Lanes, _ i1: Lanes, _ r2: Lanes, _ i2: Lanes, _ wc: Float, _ ws: Float
  ) -> (Lanes, Lanes, Lanes, Lanes) {
    butterfly(r1, i1, r2, i2, Lanes(repeating: wc), Lanes(repeating: ws))
  }

  @inline(__always)
  private static func butterfly(
    _ r1: Lanes, _ i1: Lanes, _ r2: Lanes, _ i2: Lanes, _ wc: Lanes, _ ws: Lanes
  ) -> (Lanes, Lanes, Lanes, Lanes) {
    let (cr, si, sr, ci) = (wc * r2, ws * i2, ws * r2, wc * i2)
    return ((r1 + cr) + si, (i1 - sr) + ci, (r1 - cr) - si, (i1 + sr) - ci)
  }

  @inline(__always)
  private static func transpose(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes) -> (Lanes, Lanes, Lanes, Lanes) {
    (
      Lanes(a[0], b[0], c[0], d[0]), Lanes(a[1], b[1], c[1], d[1]),
      Lanes(a[2], b[2], c[2], d[2]), Lanes(a[3], b[3], c[3], d[3])
    )
  }

  /// Four blocks of four points, one block per lane: `[point]`.
  @inline(__always)
  private static func blocks(_ p: UnsafeMutablePointer<Float>, _ k: Int, _ stride: Int)
    -> (Lanes, Lanes, Lanes, Lanes)
  {
    transpose(
      load(p, 4 * k), load(p, 4 * k + 2 * stride), load(p, 4 * k + stride),
      load(p, 4 * k + 3 * stride))
  }

  /// The last two stages and the bit reversal; bins 0 ... N/2.
  func finishForward(_ outRe: UnsafeMutablePointer<Float>, _ outIm: UnsafeMutablePointer<Float>) {
    let quarter = length / 4
    // Bin N/2 is the second result of the very first butterfly (C = 1, S = 0 twice).
    outRe[length / 2] = (re[0] + re[2]) - (re[1] + re[3])
    outIm[length / 2] = (im[0] + im[2]) - (im[1] + im[3])
    for k in 0..<length / 16 {
      let t = lastPass + 24 * k
      let (r0, r1, r2, r3) = Self.blocks(re, k, quarter)
      let (i0, i1, i2, i3) = Self.blocks(im, k, quarter)
      let (wc0, ws0) = (Self.load(t, 0), Self.load(t, 4))
      let (a0, b0, a2, b2) = Self.butterfly(r0, i0, r2, i2, wc0, ws0)
      let (a1, b1, a3, b3) = Self.butterfly(r1, i1, r3, i3, wc0, ws0)
      let (wc1, ws1) = (Self.load(t, 8), Self.load(t, 12))
      let (wc2, ws2) = (Self.load(t, 16), Self.load(t, 20))
      let out = Int(target[k])
      Self.store((a0 + wc1 * a1) + ws1 * b1, outRe, out)
      Self.store((b0 - ws1 * a1) + wc1 * b1, outIm, out)
      Self.store((a2 + wc2 * a3) + ws2 * b3, outRe, out + quarter)
      Self.store((b2 - ws2 * a3) + wc2 * b3, outIm, out + quarter)
    }
  }

  /// The last two stages of the inverse, real parts only, the bit reversal, and the factor 1/N.
  func finishInverse(_ out: UnsafeMutablePointer<Float>) {
    let quarter = length / 4
    let scale = 1 / Float(length)
    for k in 0..<length / 16 {
      let t = lastPass + 24 * k
      let (r0, r1, r2, r3) = Self.blocks(re, k, quarter)
      let (i0, i1, i2, i3) = Self.blocks(im, k, quarter)
      let (wc0, ws0) = (Self.load(t, 0), -Self.load(t, 4))
      let (a0, _, a2, _) = Self.butterfly(r0, i0, r2, i2, wc0, ws0)
      let (a1, b1, a3, b3) = Self.butterfly(r1, i1, r3, i3, wc0, ws0)
      let (cr1, si1) = (Self.load(t, 8) * a1, -Self.load(t, 12) * b1)
      let (cr3, si3) = (Self.load(t, 16) * a3, -Self.load(t, 20) * b3)
      let o = Int(target[k])
      Self.store(((a0 + cr1) + si1) * scale, out, o)
      Self.store(((a2 + cr3) + si3) * scale, out, o + quarter)
      Self.store(((a0 - cr1) - si1) * scale, out, o + 2 * quarter)
      Self.store(((a2 - cr3) - si3) * scale, out, o + 3 * quarter)
    }
  }
}
