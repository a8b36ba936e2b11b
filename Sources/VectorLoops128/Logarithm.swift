// SPDX-License-Identifier: GPL-3.0-or-later

/// The natural logarithms of positive, normal numbers and the noise under them: ln(x + |noise|·scale).
/// - Parameters:
///   - x: numbers.
///   - noise: as many.
///   - scale: of the noise.
///   - count: a multiple of four.
///   - logarithms: receives as many; may be `x`.
package func logarithms(
  _ x: UnsafePointer<Double>, _ noise: UnsafePointer<Double>, _ scale: Double, _ count: Int,
  _ logarithms: UnsafeMutablePointer<Double>
) {
  var i = 0
  while i < count {
    let draw = four(noise, i)
    let magnitude = unsafeBitCast(unsafeBitCast(draw, to: SIMD4<UInt64>.self) & (.max >> 1), to: Four.self)
    store(naturalLogarithm(four(x, i) + magnitude * scale), logarithms, i)
    i &+= 4
  }
}

/// The natural logarithm of four positive, normal numbers at once.
///
/// x = m·2^e with m in [√½, √2); ln m = 2·artanh(s), s = (m − 1)/(m + 1), |s| ≤ 0.1716, where (artanh(s)/s − 1)/s² is nearly the
/// polynomial in s² that meets it at seven Chebyshev nodes: within 5e-18 of artanh(s)/s. ln 2 is added in two parts, as in every
/// libm. A test holds it to 2.5e-16·max(1, |ln x|). Having no table and no fused operations, it gives the same bits on every
/// machine.
@inline(__always)
private func naturalLogarithm(_ x: SIMD4<Double>) -> SIMD4<Double> {
  let bits = unsafeBitCast(x, to: SIMD4<UInt64>.self)
  // Subtracting the bits of √½ makes the exponent field count from √½ on.
  let rootHalf: UInt64 = 0x3FE6_A09E_667F_3BCD
  let shifted = bits &- rootHalf
  // The exponent as a double without a conversion: its bits (biased by 2048, so positive) under those of 2^52.
  let biased = (shifted &+ (2048 << 52)) &>> 52
  let magic: UInt64 = 0x4330_0000_0000_0000
  let exponent = unsafeBitCast(biased | magic, to: SIMD4<Double>.self) - (4_503_599_627_370_496 + 2048)
  let mantissa = unsafeBitCast((shifted & 0x000F_FFFF_FFFF_FFFF) &+ rootHalf, to: SIMD4<Double>.self)
  let s = (mantissa - 1) / (mantissa + 1)
  let q = s * s
  // Estrin's order: short chains of dependent operations.
  let q2 = q * q
  let q4 = q2 * q2
  let a: SIMD4<Double> = q * 0.19999999999949752 + 0.3333333333333335
  let b: SIMD4<Double> = q * 0.1111110556739754 + 0.14285714312987743
  let c: SIMD4<Double> = q * 0.07665860800278021 + 0.09091444562630861
  let low: SIMD4<Double> = a + q2 * b
  let high: SIMD4<Double> = c + q2 * 0.07308224842521703
  let series: SIMD4<Double> = low + q4 * high
  let small = 2 * s + 2 * s * (q * series)
  return exponent * 0.693147180369123816490 + (small + exponent * 1.90821492927058770002e-10)
}
