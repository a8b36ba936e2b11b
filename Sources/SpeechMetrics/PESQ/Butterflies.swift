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
      VectorLoops.windowedStage(x, window, half, re)
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
    while general < groups.upperBound, general == 0 || real && general == 1 {
      VectorLoops.simpleButterflies(re, im, general, size, real, cosine, sine, sign)
      general += 1
    }
    VectorLoops.butterflies(re, im, (general, groups.upperBound), size, cosine, sine, sign)
  }

  /// One butterfly; results in the order p (re, im), q (re, im).
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
