// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

struct OctaveResamplerTests {
  @Test(arguments: [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000])
  func keepsASpeechBandSine(_ rate: Int) {
    let resample = OctaveResampler(from: rate, to: 10_000)
    let count = rate / 2
    let sine = { (rate: Int, count: Int) in (0..<count).map { sin(2 * .pi * 440 * Double($0) / Double(rate)) } }
    let (first, second) = resample(sine(rate, count), sine(rate, count).map { -$0 })
    #expect(first.count == (count * 10_000 + rate - 1) / rate)
    #expect(zip(first, second).allSatisfy { $0 == -$1 })
    let expected = sine(10_000, first.count)
    // The filter's ends see the sudden start; within, it ripples by less than 60 dB down.
    let error = zip(first, expected).dropFirst(500).dropLast(500).map { abs($0 - $1) }.max() ?? 1
    #expect(error < 2e-3)
  }

  /// Numbers of `scipy.signal.resample_poly` with pystoi's window, for a step and a ramp of 40 samples.
  @Test func agreesWithScipy() {
    let step = [Double](repeating: 1, count: 40)
    let ramp = (0..<40).map(Double.init)
    let (first, second) = OctaveResampler(from: 16_000, to: 10_000)(step, ramp)
    #expect(first.count == 25)
    for (index, expected) in Self.scipy {
      #expect(abs(first[index] - expected.0) < 1e-13 && abs(second[index] - expected.1) < 1e-11)
    }
  }

  /// Four outputs at a time in the middle, one at a time near the ends: both must be the same sum.
  @Test func isLinearAndShiftsWithItsInput() {
    let resample = OctaveResampler(from: 16_000, to: 10_000)
    var noise = SignalGenerator.noise(16_000, seed: 4)
    for i in 0..<800 { noise[i] = 0; noise[15_999 - i] = 0 }
    // 8 samples at 16 kHz are 5 at 10 kHz.
    let shifted = [Double](repeating: 0, count: 24) + noise.dropLast(24)
    let (first, second) = resample(noise, shifted)
    #expect(zip(first, second.dropFirst(15)).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func sameRateIsLeftAlone() {
    let noise = SignalGenerator.noise(100, seed: 5)
    #expect(OctaveResampler(from: 10_000, to: 10_000)(noise, noise).first == noise)
  }

  /// Output sample, of the step, of the ramp.
  private static let scipy: [Int: (Double, Double)] = [
    0: (0.8132233449367654, 0.13295868736858432),
    1: (1.05524371923555, 1.5521160954100626),
    7: (1.006760887968786, 11.124735642394336),
    12: (0.9995650828222606, 19.347156525090575),
    23: (0.9698806201129901, 35.55224522687329),
    24: (1.0552437192355493, 40.65763267401191),
  ]
}
