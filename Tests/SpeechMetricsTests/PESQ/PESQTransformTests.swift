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

  /// Each length by table and (beyond 2^13) without; the longest is that of a minute at 8 kHz.
  @Test(arguments: ((2...15) + [19]).map { 1 << $0 })
  func bitsOfTheDefinition(_ n: Int) {
    let twiddles = PESQTwiddles.serving(length: n)
    var fourier = PESQFourier(length: n)
    var spectrum = PESQSpectra(length: n)
    let x = noise(n)
    fourier.forward(x, from: 0, count: n, window: nil, into: &spectrum)
    var (re, im) = (x, [Float](repeating: 0, count: n))
    PESQFourier.definition(
      re: &re, im: &im, twiddles: twiddles, inverse: false)
    #expect((0...n / 2).allSatisfy { bits(spectrum.re[$0]) == bits(re[$0]) && bits(spectrum.im[$0]) == bits(im[$0]) })

    // Times itself, not conjugated, and back.
    var y = x
    fourier.inverseProduct(spectrum, 0, spectrum, 0, conjugate: false, into: &y)
    let inverse = definedInverse(
      (0...n / 2).map { k in
        let (r, i) = (spectrum.re[k], spectrum.im[k])
        return (r * r - i * i, r * i + i * r)
      }, twiddles)
    #expect(zip(y, inverse).allSatisfy { bits($0) == bits($1) })

    // Through a window, and filtered in place.
    let window = noise(n + 1).dropFirst().map { $0 / 1000 }
    fourier.forward(x, from: 0, count: n, window: window, into: &spectrum)
    (re, im) = (zip(x, window).map { $0 * $1 }, [Float](repeating: 0, count: n))
    PESQFourier.definition(re: &re, im: &im, twiddles: twiddles, inverse: false)
    #expect((0...n / 2).allSatisfy { bits(spectrum.re[$0]) == bits(re[$0]) && bits(spectrum.im[$0]) == bits(im[$0]) })
    guard n >= 64 else { return }
    let gain = (0...n / 2).map { Float($0 % 7) / 8 }
    fourier.forward(x, from: 0, count: n - 5, window: nil, into: &spectrum)
    fourier.filter(x, from: 0, count: n - 5, gain: gain)
    let filtered = definedInverse(
      gain.indices.map { (spectrum.re[$0] * gain[$0], spectrum.im[$0] * gain[$0]) }, twiddles)
    #expect(zip(fourier.re, filtered).allSatisfy { bits($0) == bits($1) })
  }

  /// The inverse, by the definition, of bins 0 ... N/2 of a real signal.
  private func definedInverse(_ bins: [(Float, Float)], _ twiddles: PESQTwiddles) -> [Float] {
    let upper = bins.dropFirst().dropLast().reversed().map { ($0.0, -$0.1) }
    var (re, im) = ((bins + upper).map(\.0), (bins + upper).map(\.1))
    PESQFourier.definition(re: &re, im: &im, twiddles: twiddles, inverse: true)
    return re
  }
}
