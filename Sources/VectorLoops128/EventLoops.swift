// SPDX-License-Identifier: GPL-3.0-or-later

// The loops of EventTrain that find events.

/// The signs of two signals and of their differences, 64 samples at a time.
/// - Parameters:
///   - x: both signals in turns, as many samples as are looked at and one more.
///   - count: samples, rounded up to a multiple of 64.
///   - masks: receives for every 64 samples eight masks, bits from below: at bit 2i whether x[2i] > 0, of the first and of the second
///     signal; x[2i + 1] > 0 of both; x[2i + 1] > x[2i] of both; x[2i + 2] > x[2i + 1] of both. Odd bits are 0.
package func signs(_ x: UnsafePointer<Double>, _ count: Int, _ masks: UnsafeMutablePointer<UInt64>) {
  typealias Mask = SIMD4<Int64>
  let out = UnsafeMutableRawPointer(masks)
  var begin = 0
  while begin < count {
    // Backwards, so that the first sample comes to stand lowest; true is −1. Shuffles are dear: what belongs together is put
    // together later.
    var (positive, rising) = (Mask.zero, Mask.zero)
    var i = 2 &* begin &+ 124
    while i >= 2 &* begin {
      let (here, next) = (four(x, i), four(x, i &+ 2))
      positive = (positive &<< 2) &- unsafeBitCast(here .> 0, to: Mask.self)
      rising = (rising &<< 2) &- unsafeBitCast(here .< next, to: Mask.self)
      i &-= 4
    }
    out.storeBytes(of: positive, toByteOffset: begin, as: Mask.self)
    out.storeBytes(of: rising, toByteOffset: begin &+ 32, as: Mask.self)
    begin &+= 64
  }
}

private typealias Events = UnsafeMutablePointer<Double>

/// Where two signals cross zero, and where they peak and dip, on the straight line between two samples.
/// - Parameters:
///   - x: both signals in turns; read up to two samples behind `count` rounded up to a multiple of 64.
///   - count: samples that are looked at, each with the next.
///   - slopes: how many of them have a difference that is looked at, with the next.
///   - masks: as `signs` leaves them.
///   - places: 1…64. To read these is quicker than to count.
///   - offset: one less than the place that the first sample has in what is written.
///   - ends: where the crossings and the extrema of the first signal go, then those of the second; each has room for three more. Receives
///     where each of them ends.
package func events(
  _ x: UnsafePointer<Double>, _ count: Int, _ slopes: Int, _ masks: UnsafePointer<UInt64>,
  _ places: UnsafePointer<Double>, _ offset: Double, _ ends: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
) {
  var begin = 0
  while begin < count {
    let n = min(64, count &- begin)
    let (samples, mask) = (x + 2 &* begin, masks + begin / 8)
    let (looked, sloped) = (lowest(n), lowest(min(64, slopes &- begin)))
    let base = offset + Double(begin)
    // The bit after the last one: sample n, and the difference that starts there.
    let (end, after) = (two(samples, 2 &* n), two(samples, 2 &* n &+ 2))
    let (first, second) = (toggles(mask, n, end.x > 0) & looked, toggles(mask + 1, n, end.y > 0) & looked)
    let firstSlopes = toggles(mask + 4, n, after.x > end.x) & sloped
    let secondSlopes = toggles(mask + 5, n, after.y > end.y) & sloped
    ends[0] = crossings(samples, first, places, base, ends[0])
    ends[1] = extrema(samples, firstSlopes, places, base, ends[1])
    ends[2] = crossings(samples + 1, second, places, base, ends[2])
    ends[3] = extrema(samples + 1, secondSlopes, places, base, ends[3])
    begin &+= 64
  }
}

/// As many of the lowest bits.
@inline(__always) private func lowest(_ n: Int) -> UInt64 {
  n >= 64 ? .max : (1 &<< UInt64(truncatingIfNeeded: n)) &- 1
}

/// Bits i at which bit i and bit i + 1 of even and odd samples' masks differ; `next` is bit n.
@inline(__always) private func toggles(_ masks: UnsafePointer<UInt64>, _ n: Int, _ next: Bool) -> UInt64 {
  let bits = masks[0] | masks[2] &<< 1
  let last: UInt64 = next ? 1 : 0
  return bits ^ (bits &>> 1 | last &<< UInt64(truncatingIfNeeded: n &- 1))
}

/// The lowest four bits, taken off; where there are fewer, the rest mean nothing.
@inline(__always) private func takeFour(_ bits: inout UInt64) -> (Int, Int, Int, Int) {
  @inline(__always) func take() -> Int {
    let lowest = (bits | 1 &<< 63).trailingZeroBitCount
    bits &= bits &- 1
    return lowest
  }
  return (take(), take(), take(), take())
}

/// Every other number, at four places.
@inline(__always) private func gather(_ x: UnsafePointer<Double>, _ at: (Int, Int, Int, Int)) -> Four {
  Four(x[2 &* at.0], x[2 &* at.1], x[2 &* at.2], x[2 &* at.3])
}

@inline(__always) private func crossings(
  _ x: UnsafePointer<Double>, _ toggles: UInt64, _ places: UnsafePointer<Double>, _ base: Double, _ out: Events
) -> Events {
  zeros(toggles, places, base, out) { at in (gather(x, at), gather(x + 2, at)) }
}

@inline(__always) private func extrema(
  _ x: UnsafePointer<Double>, _ toggles: UInt64, _ places: UnsafePointer<Double>, _ base: Double, _ out: Events
) -> Events {
  zeros(toggles, places, base, out) { at in
    let next = gather(x + 2, at)
    return (next - gather(x, at), gather(x + 4, at) - next)
  }
}

/// Where the lines from one value to the next are zero.
@inline(__always) private func zeros(
  _ toggles: UInt64, _ places: UnsafePointer<Double>, _ base: Double, _ out: Events,
  _ values: ((Int, Int, Int, Int)) -> (Four, Four)
) -> Events {
  var (bits, place) = (toggles, out)
  while bits != 0 {
    let at = takeFour(&bits)
    let (here, next) = values(at)
    store((base + Four(places[at.0], places[at.1], places[at.2], places[at.3])) - here / (next - here), place, 0)
    place += 4
  }
  return out + toggles.nonzeroBitCount
}
