// SPDX-License-Identifier: GPL-3.0-or-later

// The loops of HarvestRefinement: a window's sums at six frequencies.

/// Windows a signal, folded about its middle.
///
/// All rows are read and written in fours, up to the multiple of four at or above `count`.
/// - Parameters:
///   - ahead: the signal from the middle sample on.
///   - back: the same from the middle sample backwards, in memory forwards.
///   - windows: rows `pitch` apart: the window on the right and on the left, then its derivative; zero from `count` to the next multiple of four.
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
///   - bins: the frequencies' numbers, 16 bits each from the lowest up: four, and two.
///   - turns: for each number a row of cosines and a row of sines, `turnPitch` apart.
///   - sums: receives four times eight values, of which six count: even and odd under the window, then under its derivative.
package func harmonicSums(
  _ folded: UnsafePointer<Double>, _ pitch: Int, _ count: Int, _ bins: (UInt64, UInt64),
  _ turns: UnsafePointer<Double>, _ turnPitch: Int, _ sums: UnsafeMutablePointer<Double>
) {
  // Two frequencies at a time: their eight sums and what is multiplied fill the registers.
  @inline(__always) func run(_ h: Int, _ bins: UInt64) {
    let (bin, next) = (Int(truncatingIfNeeded: bins & 0xFFFF), Int(truncatingIfNeeded: bins &>> 16 & 0xFFFF))
    let (first, second) = (turns + 2 &* turnPitch &* bin, turns + 2 &* turnPitch &* next)
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
    store(totals(a0, b0), sums, h)
    store(totals(a1, b1), sums, h &+ 8)
    store(totals(a2, b2), sums, h &+ 16)
    store(totals(a3, b3), sums, h &+ 24)
  }
  run(0, bins.0)
  run(2, bins.0 &>> 32)
  run(4, bins.1)
}

/// Flanagan's equation at six bins.
/// - Parameters:
///   - sums: as `harmonicSums` leaves them.
///   - bins: the numbers of the bins, eight places.
///   - weights: of the harmonics, 1 or 0, eight places.
///   - spacing: Hz from bin to bin.
///   - scale: Hz per radian a sample.
///   - fundamentals: receives eight values, of which six count: the instantaneous frequencies divided by the number of the harmonic; 0
///     where there is no power.
/// - Returns: their mean by amplitude.
package func flanagan(
  _ sums: UnsafePointer<Double>, _ bins: UnsafePointer<Double>, _ weights: UnsafePointer<Double>, _ spacing: Double,
  _ scale: Double, _ fundamentals: UnsafeMutablePointer<Double>
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
    let amplitude = root(power) * four(weights, h)
    store(frequency / numbers, fundamentals, h)
    numerator += amplitude * frequency
    denominator += amplitude * numbers
    numbers += 4
    h &+= 4
  }
  return total(numerator) / (total(denominator) + 1e-12)
}
