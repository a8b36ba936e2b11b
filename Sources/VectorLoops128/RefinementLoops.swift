// SPDX-License-Identifier: GPL-3.0-or-later

// The loops of HarvestRefinement: a window's sums at six frequencies.

/// Windows a signal, folded about its middle.
///
/// All rows are read and written in fours, up to the multiple of four at or above `count`.
/// - Parameters:
///   - ahead: the signal from the middle sample on.
///   - back: the same from the middle sample backwards, in memory forwards.
///   - windows: rows `pitch` apart: the window on the right and on the left, then its derivative; zero from `count` on.
///   - count: samples on one side with the middle one.
///   - folded: receives rows `pitch` apart: even and odd part under the window, then under its derivative.
///   - pitch: from row to row.
package func fold(
  _ ahead: UnsafePointer<Double>, _ back: UnsafePointer<Double>, _ windows: UnsafePointer<Double>, _ count: Int,
  _ folded: UnsafeMutablePointer<Double>, _ pitch: Int
) {
  var m = 0
  while m < count {
    let (right, left) = (four(ahead, m), four(back, m))
    let (a, b) = (right * four(windows, m), left * four(windows, m &+ pitch))
    store(a + b, folded, m)
    store(a - b, folded, m &+ pitch)
    let (c, d) = (right * four(windows, m &+ 2 &* pitch), left * four(windows, m &+ 3 &* pitch))
    store(c + d, folded, m &+ 2 &* pitch)
    store(c - d, folded, m &+ 3 &* pitch)
    m &+= 4
  }
}

/// Σ even·cos and Σ odd·sin of a folded signal at six frequencies. Products and sums are fused where vectors are wide: half the
/// operations, and other last bits.
/// - Parameters:
///   - folded: as `fold` leaves it.
///   - pitch: from row to row of it.
///   - count: values of a row.
///   - rows: where in `turns` each frequency's row of cosines begins; the row of sines is `turnPitch` behind.
///   - turns: cosines and sines.
///   - sums: receives four times eight values, of which six count: even and odd under the window, then under its derivative.
package func harmonicSums(
  _ folded: UnsafePointer<Double>, _ pitch: Int, _ count: Int, _ rows: UnsafePointer<Int>,
  _ turns: UnsafePointer<Double>, _ turnPitch: Int, _ sums: UnsafeMutablePointer<Double>
) {
  var h = 0
  while h < 6 {
    // Two frequencies at a time: their eight sums and what is multiplied fill the registers.
    let (first, second) = (turns + rows[h], turns + rows[h &+ 1])
    var (a0, a1, a2, a3) = (Four.zero, Four.zero, Four.zero, Four.zero)
    var (b0, b1, b2, b3) = (Four.zero, Four.zero, Four.zero, Four.zero)
    var m = 0
    while m < count {
      let (even, odd) = (four(folded, m), four(folded, m &+ pitch))
      let (evenSlope, oddSlope) = (four(folded, m &+ 2 &* pitch), four(folded, m &+ 3 &* pitch))
      let (c, s) = (four(first, m), four(first, m &+ turnPitch))
      a0 = fused(a0, even, c)
      a1 = fused(a1, odd, s)
      a2 = fused(a2, evenSlope, c)
      a3 = fused(a3, oddSlope, s)
      let (d, t) = (four(second, m), four(second, m &+ turnPitch))
      b0 = fused(b0, even, d)
      b1 = fused(b1, odd, t)
      b2 = fused(b2, evenSlope, d)
      b3 = fused(b3, oddSlope, t)
      m &+= 4
    }
    sums[h] = total(a0)
    sums[h &+ 8] = total(a1)
    sums[h &+ 16] = total(a2)
    sums[h &+ 24] = total(a3)
    sums[h &+ 1] = total(b0)
    sums[h &+ 9] = total(b1)
    sums[h &+ 17] = total(b2)
    sums[h &+ 25] = total(b3)
    h &+= 2
  }
}

/// Flanagan's equation at six bins.
/// - Parameters:
///   - sums: as `harmonicSums` leaves them.
///   - bins: the numbers of the bins, then the weights of the harmonics, 1 or 0, eight places each.
///   - spacing: Hz from bin to bin.
///   - scale: Hz per radian a sample.
///   - fundamentals: receives eight values, of which six count: the instantaneous frequencies divided by the number of the harmonic; 0
///     where there is no power.
/// - Returns: their mean by amplitude.
package func flanagan(
  _ sums: UnsafePointer<Double>, _ bins: UnsafePointer<Double>, _ spacing: Double, _ scale: Double,
  _ fundamentals: UnsafeMutablePointer<Double>
) -> Double {
  var (numerator, denominator) = (Four.zero, Four.zero)
  var numbers = Four(1, 2, 3, 4)
  var h = 0
  while h < 8 {
    // Each spectrum is (Re, −Im).
    let (mainRe, mainIm) = (four(sums, h), four(sums, h &+ 8))
    let (slopeRe, slopeIm) = (four(sums, h &+ 16), four(sums, h &+ 24))
    let power = mainRe * mainRe + mainIm * mainIm
    let turn = mainIm * slopeRe - mainRe * slopeIm
    let frequency = (four(bins, h) * spacing + turn / power * scale).replacing(with: 0, where: power .== 0)
    let amplitude = root(power) * four(bins, h &+ 8)
    store(frequency / numbers, fundamentals, h)
    numerator += amplitude * frequency
    denominator += amplitude * numbers
    numbers += 4
    h &+= 4
  }
  return total(numerator) / (total(denominator) + 1e-12)
}
