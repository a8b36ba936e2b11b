// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct RealFFTTests {
  @Test(arguments: [1, 2, 5, 16, 100, 512])
  func forwardIsTheDefinition(length: Int) {
    let x = SignalGenerator.noise(length, seed: 3)
    var fft = RealFFT(length: length)
    var spectrum = [Complex](repeating: Complex(0, 0), count: fft.binCount)
    var bins = spectrum.mutableSpan
    fft.forward(x.span, into: &bins)
    for k in 0..<fft.binCount {
      var (re, im) = (0.0, 0.0)
      for n in 0..<length {
        let angle = -2 * Double.pi * Double(k * n % length) / Double(length)
        re += x[n] * cos(angle)
        im += x[n] * sin(angle)
      }
      #expect(abs(spectrum[k].re - re) < 1e-12 * Double(length))
      #expect(abs(spectrum[k].im - im) < 1e-12 * Double(length))
    }
  }

  @Test func inverseUndoesForward() {
    let x = SignalGenerator.noise(240, seed: 4)
    var fft = RealFFT(length: 240)
    var spectrum = [Complex](repeating: Complex(0, 0), count: fft.binCount)
    var bins = spectrum.mutableSpan
    fft.forward(x.span, into: &bins)
    var back = [Double](repeating: 0, count: 240)
    var samples = back.mutableSpan
    fft.inverse(spectrum.span, into: &samples)
    #expect(zip(x, back).allSatisfy { abs($0 - $1) < 1e-15 * 16 })
  }

  @Test func shortFramesAreFollowedByZerosAlsoAfterALongOne() {
    var fft = RealFFT(length: 8)
    var power = [Double](repeating: 0, count: fft.binCount)
    let ones = [Double](repeating: 1, count: 8)
    var first = power.mutableSpan
    fft.power(of: ones.span, window: ones.span, into: &first)
    var second = power.mutableSpan
    fft.power(of: [1.0].span, window: [1.0].span, into: &second)
    #expect(power == [Double](repeating: 1, count: 5))
  }

  @Test func sameInputSameBits() {
    let x = SignalGenerator.noise(1000, seed: 5)
    func spectrum() -> [Complex] {
      var fft = RealFFT(length: 1024)
      var spectrum = [Complex](repeating: Complex(0, 0), count: fft.binCount)
      var bins = spectrum.mutableSpan
      fft.forward(x.span, into: &bins)
      return spectrum
    }
    #expect(spectrum() == spectrum())
  }
}
