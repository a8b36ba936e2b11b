// SPDX-License-Identifier: GPL-3.0-or-later

// The loops of HarvestBank and EventTrain.

/// Z = X·(G₁ + iG₂) over the whole circle, X being Hermitian and both G even and real.
/// - Parameters:
///   - x: bins 0…N/2, each real and imaginary part; those of bins 0 and N/2 are 0.
///   - g: bins 0…N/2 two at a time: of both bins G₁, G₂, then of both −G₂, G₁.
///   - z: receives N bins.
///   - length: N, a multiple of four.
package func filterPair(
  _ x: UnsafePointer<Double>, _ g: UnsafePointer<Double>, _ z: UnsafeMutablePointer<Double>, _ length: Int
) {
  // re·(G₁, G₂) ± im·(−G₂, G₁).
  var k = 0
  while k < length / 2 {
    let bins = four(x, 2 &* k)
    let p = four(g, 4 &* k) * Four(bins[0], bins[0], bins[2], bins[2])
    let q = four(g, 4 &* k &+ 4) * Four(bins[1], bins[1], bins[3], bins[3])
    store(p + q, z, 2 &* k)
    // Bin 0 has no mirror image; what is written there, behind bin N − 1, is not used.
    let mirrored = p - q
    store(Four(mirrored[2], mirrored[3], mirrored[0], mirrored[1]), z, 2 &* (length &- k &- 1))
    k &+= 2
  }
  z[length] = x[length] * g[2 &* length]
  z[length &+ 1] = x[length] * g[2 &* length &+ 1]
}

/// The signs of two signals and of their differences, 64 samples at a time.
/// - Parameters:
///   - x: both signals in turns, as many samples as are looked at and one more.
///   - count: samples, rounded up to a multiple of 64.
///   - masks: receives for every 64 samples eight masks, bits from below: at bit 2i + 1 whether x[2i] > 0, of the first and of the second
///     signal; x[2i + 1] > 0 of both; x[2i + 1] > x[2i] of both; x[2i + 2] > x[2i + 1] of both. Even bits mean nothing.
package func signs(_ x: UnsafePointer<Double>, _ count: Int, _ masks: UnsafeMutablePointer<UInt64>) {
  typealias Mask = SIMD4<UInt64>
  let out = UnsafeMutableRawPointer(masks)
  let top = Mask(repeating: 1 << 63)
  var begin = 0
  while begin < count {
    // The sign of 0 − x, shifted in from the left. Shuffles are dear: what belongs together is put together later.
    var (positive, rising) = (Mask.zero, Mask.zero)
    var i = 2 &* begin
    let end = i &+ 128
    while i < end {
      let (here, next) = (four(x, i), four(x, i &+ 2))
      positive = (positive &>> 2) | (unsafeBitCast(Four.zero - here, to: Mask.self) & top)
      rising = (rising &>> 2) | (unsafeBitCast(here - next, to: Mask.self) & top)
      i &+= 4
    }
    out.storeBytes(of: positive, toByteOffset: begin, as: Mask.self)
    out.storeBytes(of: rising, toByteOffset: begin &+ 32, as: Mask.self)
    begin &+= 64
  }
}

/// What intervals between every other event say: 1/interval at its middle, and the slope to the next interval of its kind.
/// - Parameters:
///   - events: samples, ascending; events of two kinds in turns.
///   - count: how many, at least eight.
///   - rate: samples a second.
///   - period: milliseconds from frame to frame, the first of which is at 0.
///   - rows: receives, for events j and j + 2 at place j, in rows `pitch` apart the middle in milliseconds, F0 in Hz, the slope in Hz per
///     millisecond, and 2^52 and the number of the first frame from the middle on; not for the last interval of each kind, which
///     has no next.
///   - pitch: from row to row.
package func intervals(
  _ events: UnsafePointer<Double>, _ count: Int, _ rate: Double, _ period: Double,
  _ rows: UnsafeMutablePointer<Double>, _ pitch: Int
) {
  // Adding 2^52 rounds to whole numbers, and leaves them in the lower bits.
  let whole = 4_503_599_627_370_496.0
  let milliseconds = 500 / rate
  // Four at a time, from eight events; the last four perhaps a second time.
  var begin = 0
  while begin < count &- 4 {
    let j = min(begin, count &- 8)
    let (a, b, c) = (four(events, j), four(events, j &+ 2), four(events, j &+ 4))
    let (middle, nextMiddle) = ((a + b) * milliseconds, (b + c) * milliseconds)
    let (f0, nextF0) = (rate / (b - a), rate / (c - b))
    store(middle, rows, j)
    store(f0, rows, j &+ pitch)
    store((nextF0 - f0) / (nextMiddle - middle), rows, j &+ 2 &* pitch)
    let nearest = middle / period + whole
    let isBefore = (nearest - whole) * period .< middle
    store(nearest + Four.zero.replacing(with: 1, where: isBefore), rows, j &+ 3 &* pitch)
    begin &+= 4
  }
}
