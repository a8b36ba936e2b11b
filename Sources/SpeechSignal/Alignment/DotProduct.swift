// SPDX-License-Identifier: GPL-3.0-or-later

/// Σ x·y, in eight running sums: a fixed order of additions that vectorises.
func dotProduct(_ x: Span<Double>, _ y: Span<Double>) -> Double {
  var sums = SIMD8<Double>(repeating: 0)
  let whole = x.count / 8 * 8
  var i = 0
  while i < whole {
    var (a, b) = (SIMD8<Double>(), SIMD8<Double>())
    for lane in 0..<8 {
      a[lane] = x[i + lane]
      b[lane] = y[i + lane]
    }
    sums += a * b
    i += 8
  }
  var sum = sums.sum()
  for i in whole..<x.count { sum += x[i] * y[i] }
  return sum
}
