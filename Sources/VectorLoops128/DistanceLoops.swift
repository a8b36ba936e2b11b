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

/// Σ taps[k]·signal[k] of two filters at four places of a signal; every fourth k is summed by itself. Products and sums are fused where
/// vectors are wide.
/// - Parameters:
///   - taps: the first filter, then the second.
///   - signal: from the first place on.
///   - apart: samples from place to place.
///   - count: taps of a filter, a multiple of four.
///   - sums: receives four of the first filter and four of the second.
package func dotsApart(
  _ taps: UnsafePointer<Double>, _ signal: UnsafePointer<Double>, _ apart: Int, _ count: Int,
  _ sums: UnsafeMutablePointer<Double>
) {
  // Eight sums: each of them waits for itself, and what is read for one serves another.
  var (a0, a1, a2, a3) = (Four.zero, Four.zero, Four.zero, Four.zero)
  var (b0, b1, b2, b3) = (Four.zero, Four.zero, Four.zero, Four.zero)
  var k = 0
  while k < count {
    let (first, second) = (four(taps, k), four(taps, k &+ count))
    let x0 = four(signal, k)
    a0 = fused(a0, x0, first)
    b0 = fused(b0, x0, second)
    let x1 = four(signal, k &+ apart)
    a1 = fused(a1, x1, first)
    b1 = fused(b1, x1, second)
    let x2 = four(signal, k &+ 2 &* apart)
    a2 = fused(a2, x2, first)
    b2 = fused(b2, x2, second)
    let x3 = four(signal, k &+ 3 &* apart)
    a3 = fused(a3, x3, first)
    b3 = fused(b3, x3, second)
    k &+= 4
  }
  (sums[0], sums[1], sums[2], sums[3]) = (total(a0), total(a1), total(a2), total(a3))
  (sums[4], sums[5], sums[6], sums[7]) = (total(b0), total(b1), total(b2), total(b3))
}
