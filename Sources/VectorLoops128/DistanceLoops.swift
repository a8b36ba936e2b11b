// SPDX-License-Identifier: GPL-3.0-or-later

// The loops of WarpingLattice, MelCepstrum and OctaveResampler.

/// Euclidean distances of a frame from eight, the squares of even dimensions and of odd ones each added in their order.
/// - Parameters:
///   - frame: as many values as dimensions.
///   - tile: shape `[dimension × 8]`.
///   - dimension: values per frame.
///   - distances: receives eight.
package func distances(
  _ frame: UnsafePointer<Double>, _ tile: UnsafePointer<Double>, _ dimension: Int,
  _ distances: UnsafeMutablePointer<Double>
) {
  // Four sums: of two, each would wait for itself.
  var (low, high, lowOdd, highOdd) = (Four.zero, Four.zero, Four.zero, Four.zero)
  var k = 0
  while k < dimension &- 1 {
    let (even, odd) = (Four(repeating: frame[k]), Four(repeating: frame[k &+ 1]))
    let (a, b) = (four(tile, 8 &* k) - even, four(tile, 8 &* k &+ 4) - even)
    low += a * a
    high += b * b
    let (c, d) = (four(tile, 8 &* k &+ 8) - odd, four(tile, 8 &* k &+ 12) - odd)
    lowOdd += c * c
    highOdd += d * d
    k &+= 2
  }
  if k < dimension {
    let value = Four(repeating: frame[k])
    let (a, b) = (four(tile, 8 &* k) - value, four(tile, 8 &* k &+ 4) - value)
    low += a * a
    high += b * b
  }
  store(root(low + lowOdd), distances, 0)
  store(root(high + highOdd), distances, 4)
}

/// Σ values[k]·matrix[k][c] for 28 columns c. Products and sums are fused where vectors are wide.
/// - Parameters:
///   - matrix: rows `pitch` apart.
///   - pitch: from row to row.
///   - values: one per row.
///   - count: rows.
///   - sums: receives 28.
package func project(
  _ matrix: UnsafePointer<Double>, _ pitch: Int, _ values: UnsafePointer<Double>, _ count: Int,
  _ sums: UnsafeMutablePointer<Double>
) {
  var (s0, s1, s2, s3) = (Four.zero, Four.zero, Four.zero, Four.zero)
  var (s4, s5, s6) = (Four.zero, Four.zero, Four.zero)
  var row = matrix
  for k in 0..<count {
    let x = Four(repeating: values[k])
    s0 = fused(s0, x, four(row, 0))
    s1 = fused(s1, x, four(row, 4))
    s2 = fused(s2, x, four(row, 8))
    s3 = fused(s3, x, four(row, 12))
    s4 = fused(s4, x, four(row, 16))
    s5 = fused(s5, x, four(row, 20))
    s6 = fused(s6, x, four(row, 24))
    row += pitch
  }
  store(s0, sums, 0)
  store(s1, sums, 4)
  store(s2, sums, 8)
  store(s3, sums, 12)
  store(s4, sums, 16)
  store(s5, sums, 20)
  store(s6, sums, 24)
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
