// SPDX-License-Identifier: GPL-3.0-or-later
internal import VectorLoops

// The last two stages work on tiles: four blocks of four neighbouring points, a quarter of the
// length apart. Bit reversal maps tile k to tile reverse(k), transposed; the lanes of a vector
// hold the same point of the four blocks, so that the results leave in their final order.

extension PESQButterflies {
  /// A tile's points; every lane is a block.
  @inline(__always)
  private func tile(_ p: UnsafeMutablePointer<Float>, _ k: Int) -> (Lanes, Lanes, Lanes, Lanes) {
    let (i, q) = (4 &* k, length / 4)
    return Self.transpose(
      Self.load(p, i), Self.load(p, i &+ 2 &* q), Self.load(p, i &+ q), Self.load(p, i &+ 3 &* q))
  }

  /// Where the results of tile `k` belong.
  @inline(__always)
  private func place(of k: Int) -> Int {
    if let target { return Int(target[k]) }
    return 4 &* PESQTwiddles.reverse(k, bits: length.trailingZeroBitCount &- 4)
  }

  /// C and S of the last stage but one, and of the last stage's first and second butterfly.
  @inline(__always)
  private func tileTwiddles(_ k: Int) -> (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes) {
    if let lastPass {
      let half = max(1, length / 32)
      let t = lastPass + (k < half ? 48 &* k : 48 &* (k &- half) &+ 4)
      return (
        Self.load(t, 0), Self.load(t, 8), Self.load(t, 16), Self.load(t, 24),
        Self.load(t, 32), Self.load(t, 40)
      )
    }
    let n = length / 16
    let (a, b, c, d) = (k, k &+ 2 &* n, k &+ n, k &+ 3 &* n)
    func even(_ p: UnsafePointer<Float>) -> Lanes { Lanes(p[2 &* a], p[2 &* b], p[2 &* c], p[2 &* d]) }
    return (
      Lanes(cosine[a], cosine[b], cosine[c], cosine[d]), Lanes(sine[a], sine[b], sine[c], sine[d]),
      even(cosine), even(sine), even(cosine + 1), even(sine + 1)
    )
  }

  /// One quarter of the results, of a tile: bins, of which the first two quarters are looked at, or
  /// samples of the inverse.
  private typealias Quarters = (Lanes, Lanes, Lanes, Lanes)

  /// Results of a tile of the forward transform below bin N/2: re, im, and re, im a quarter later.
  @inline(__always)
  private func forwardTile(_ k: Int) -> Quarters {
    let (wc0, ws0, wc1, ws1, wc2, ws2) = tileTwiddles(k)
    let (r0, r1, r2, r3) = tile(re, k)
    let (i0, i1, i2, i3) = tile(im, k)
    let (a0, b0, a2, b2) = Self.butterfly(r0, i0, r2, i2, wc0, ws0)
    let (a1, b1, a3, b3) = Self.butterfly(r1, i1, r3, i3, wc0, ws0)
    return (
      (a0 + wc1 * a1) + ws1 * b1, (b0 - ws1 * a1) + wc1 * b1,
      (a2 + wc2 * a3) + ws2 * b3, (b2 - ws2 * a3) + wc2 * b3
    )
  }

  /// Results of a tile of the inverse transform, divided by N: the real parts of four quarters.
  @inline(__always)
  private func inverseTile(_ k: Int) -> Quarters {
    let scale = 1 / Float(length)
    let (wc0, s0, wc1, s1, wc2, s2) = tileTwiddles(k)
    let (ws0, ws1, ws2) = (-s0, -s1, -s2)
    let (r0, r1, r2, r3) = tile(re, k)
    let (i0, i1, i2, i3) = tile(im, k)
    let (a0, _, a2, _) = Self.butterfly(r0, i0, r2, i2, wc0, ws0)
    let (a1, b1, a3, b3) = Self.butterfly(r1, i1, r3, i3, wc0, ws0)
    let (cr1, si1, cr3, si3) = (wc1 * a1, ws1 * b1, wc2 * a3, ws2 * b3)
    return (
      ((a0 + cr1) + si1) * scale, ((a2 + cr3) + si3) * scale,
      ((a0 - cr1) - si1) * scale, ((a2 - cr3) - si3) * scale
    )
  }

  /// Bin N/2: the second result of the very first butterfly (C = 1, S = 0 twice).
  private var middle: (Float, Float) {
    ((re[0] + re[2]) - (re[1] + re[3]), (im[0] + im[2]) - (im[1] + im[3]))
  }

  /// The last two stages and the bit reversal; bins 0 ... N/2.
  func finishForward(_ outRe: UnsafeMutablePointer<Float>, _ outIm: UnsafeMutablePointer<Float>) {
    (outRe[length / 2], outIm[length / 2]) = middle
    if let lastPass, let target, length >= 32 {
      return VectorLoops.finishForward(re, im, length, lastPass, target, outRe, outIm)
    }
    for k in 0..<length / 16 { store(forwardTile(k), outRe, outIm, place(of: k)) }
  }

  /// The same into `re` and `im`, whose upper halves are left in disorder.
  func finishForwardInPlace() {
    let middle = middle
    for k in 0..<length / 16 {
      let place = place(of: k)
      // Tiles that take each other's place are worked on together.
      guard place >= 4 &* k else { continue }
      let (first, second) = (forwardTile(k), forwardTile(place / 4))
      store(first, re, im, place)
      store(second, re, im, 4 &* k)
    }
    (re[length / 2], im[length / 2]) = middle
  }

  /// The last two stages of the inverse, real parts only, the bit reversal, and the factor 1/N.
  func finishInverse(_ out: UnsafeMutablePointer<Float>) {
    if let lastPass, let target, length >= 32 {
      return VectorLoops.finishInverse(re, im, length, lastPass, target, out)
    }
    for k in 0..<length / 16 { store(inverseTile(k), out, place(of: k)) }
  }

  /// The same into `re`.
  func finishInverseInPlace() {
    for k in 0..<length / 16 {
      let place = place(of: k)
      guard place >= 4 &* k else { continue }
      let (first, second) = (inverseTile(k), inverseTile(place / 4))
      store(first, re, place)
      store(second, re, 4 &* k)
    }
  }

  @inline(__always)
  private func store(
    _ x: Quarters, _ outRe: UnsafeMutablePointer<Float>, _ outIm: UnsafeMutablePointer<Float>, _ place: Int
  ) {
    Self.store(x.0, outRe, place)
    Self.store(x.1, outIm, place)
    Self.store(x.2, outRe, place &+ length / 4)
    Self.store(x.3, outIm, place &+ length / 4)
  }

  @inline(__always)
  private func store(_ x: Quarters, _ out: UnsafeMutablePointer<Float>, _ place: Int) {
    let q = length / 4
    Self.store(x.0, out, place)
    Self.store(x.1, out, place &+ q)
    Self.store(x.2, out, place &+ 2 &* q)
    Self.store(x.3, out, place &+ 3 &* q)
  }
}
