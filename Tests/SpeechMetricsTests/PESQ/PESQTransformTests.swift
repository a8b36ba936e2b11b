// SPDX-License-Identifier: GPL-3.0-or-later

import SpeechMetrics
import Testing

@Suite("Single-precision transform")
struct PESQTransformTests {
  /// Bits of a value; zeros of either sign are the same.
  private func bits(_ x: Float) -> UInt32 { x == 0 ? 0 : x.bitPattern }

  private func noise(_ count: Int) -> [Float] {
    var state: UInt32 = 862
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(Int32(bitPattern: state) >> 8) / 1000
    }
  }

  @Test(arguments: (2...15).map { 1 << $0 })
  func bitsOfTheDefinition(_ n: Int) {
    let twiddles = PESQTwiddles.serving(length: n)
    var fourier = PESQFourier(length: n)
    var spectrum = PESQSpectra(length: n)
    let x = noise(n)
    fourier.forward(x, from: 0, count: n, window: nil, into: &spectrum)
    var (re, im) = (x, [Float](repeating: 0, count: n))
    PESQFourier.definition(
      re: &re, im: &im, twiddles: twiddles, inverse: false)
    for k in 0...n / 2 {
      #expect(bits(spectrum.re[k]) == bits(re[k]) && bits(spectrum.im[k]) == bits(im[k]))
    }

    let gain = (0...n / 2).map { Float($0 % 7) / 8 }
    var y = x
    fourier.inverse(spectrum, gain: gain, into: &y)
    for k in 0...n / 2 { (re[k], im[k]) = (spectrum.re[k] * gain[k], spectrum.im[k] * gain[k]) }
    for k in 1..<n / 2 { (re[n - k], im[n - k]) = (re[k], -im[k]) }
    PESQFourier.definition(
      re: &re, im: &im, twiddles: twiddles, inverse: true)
    #expect(zip(y, re).allSatisfy { bits($0) == bits($1) })
  }
}
