// SPDX-License-Identifier: GPL-3.0-or-later

// The loops of WarpingLattice and OctaveResampler.

/// Euclidean distances of a frame from eight, the squares added in the order of the dimensions.
/// - Parameters:
///   - frame: as many values as dimensions.
///   - tile: shape `[dimension × 8]`.
///   - dimension: values per frame.
///   - distances: receives eight.
package func distances(
  _ frame: UnsafePointer<Double>, _ tile: UnsafePointer<Double>, _ dimension: Int,
  _ distances: UnsafeMutablePointer<Double>
) {
  var (low, high) = (Four.zero, Four.zero)
  var k = 0
  while k < dimension {
    let value = Four(repeating: frame[k])
    let (a, b) = (four(tile, 8 &* k) - value, four(tile, 8 &* k &+ 4) - value)
    low += a * a
    high += b * b
    k &+= 1
  }
  store(root(low), distances, 0)
  store(root(high), distances, 4)
}

/// Σ taps[k]·signal[k] at four places of a signal; every fourth k is summed by itself.
/// - Parameters:
///   - taps: the filter.
///   - signal: from the first place on.
///   - apart: samples from place to place.
///   - count: taps, a multiple of four.
///   - sums: receives four.
package func dotsApart(
  _ taps: UnsafePointer<Double>, _ signal: UnsafePointer<Double>, _ apart: Int, _ count: Int,
  _ sums: UnsafeMutablePointer<Double>
) {
  var (a, b, c, d) = (Four.zero, Four.zero, Four.zero, Four.zero)
  var k = 0
  while k < count {
    let tap = four(taps, k)
    a += four(signal, k) * tap
    b += four(signal, k &+ apart) * tap
    c += four(signal, k &+ 2 &* apart) * tap
    d += four(signal, k &+ 3 &* apart) * tap
    k &+= 4
  }
  (sums[0], sums[1], sums[2], sums[3]) = (total(a), total(b), total(c), total(d))
}
