// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct HarvestTopBinTests {
  /// WORLD's filtering step by step, its mistake with it, on a transform by the definition.
  @Test func isWhatTheMistakeDoes() {
    let signal = SignalGenerator.noise(50, seed: 3).map { 40 * $0 }
    let taps = (-4...4).map { 1 / Double(1 + $0 * $0) }
    let top = HarvestTopBin(signal, padding: 12)
    let length = 64

    func transform(_ x: [Double]) -> [Complex] {
      (0..<length).map { k in
        x.enumerated().reduce(Complex(0, 0)) { sum, at in
          let angle = 2 * Double.pi * Double(k * at.offset % length) / Double(length)
          return Complex(sum.re + at.element * cos(angle), sum.im - at.element * sin(angle))
        }
      }
    }
    func product(_ a: Complex, _ b: Complex) -> Complex {
      Complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
    }
    let spectrum = transform(signal)
    let right = zip(spectrum, transform(taps)).map(product)
    var wrong = transform(taps)
    wrong[0] = right[0]
    for k in 1...length / 2 {
      wrong[k] = product(spectrum[k], wrong[k])
      wrong[length - k - 1] = wrong[k]
    }
    func output(_ bins: [Complex], _ m: Int) -> Double {
      let turn = 2 * Double.pi * Double(m) / Double(length)
      let inner = (1..<length / 2).reduce(0.0) {
        $0 + 2 * (bins[$1].re * cos(turn * Double($1)) - bins[$1].im * sin(turn * Double($1)))
      }
      return (bins[0].re + inner + bins[length / 2].re * cos(.pi * Double(m))) / Double(length)
    }

    // The output's first sample is the filter's length / 2 + 1 after the beginning.
    let delay = taps.count / 2 + 1
    let samples = UnsafeMutablePointer<Complex>.allocate(capacity: 40)
    defer { samples.deallocate() }
    for i in 0..<40 { samples[i] = Complex(output(right, i + 7 + delay), 1) }
    top.add(to: samples, count: 40, first: 7, top.tone(taps: taps), nil)
    var largest = 0.0
    for i in 0..<40 {
      #expect(abs(samples[i].re - output(wrong, i + 7 + delay)) < 1e-9)
      #expect(samples[i].im == 1)
      largest = max(largest, abs(output(wrong, i + 7 + delay) - output(right, i + 7 + delay)))
    }
    #expect(largest > 1, "nothing to see")
  }

  /// Steady voice at full scale 1 has nothing of it; where it is quiet after a hiss, far above the scale of integers, it is there.
  @Test func levelMattersWhereItIsAskedFor() throws {
    func f0(_ samples: [Double], scale: Double, _ dependsOnLevel: Bool) throws -> [Double] {
      let waveform = Waveform(samples: samples.map { $0 * scale }, sampleRate: 16_000)
      return try Harvest(sampleRate: 16_000, floor: 40, dependsOnLevel: dependsOnLevel).track(waveform).f0
    }
    func distance(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } }
    let voice = IntegerVoice.waveform(IntegerVoice.pcm(rate: 16_000, base: 110), rate: 16_000).samples
    #expect(distance(try f0(voice, scale: 1, false), try f0(voice, scale: 1, true)) < 1e-9)
    let hiss = SignalGenerator.noise(6000, seed: 5).enumerated().map { ($0 < 3000 ? 0.3 : 1e-4) * $1 }
    let syllables = Array(voice.prefix(4000)) + hiss + Array(voice.suffix(4001))
    let plain = try f0(syllables, scale: 1, false)
    #expect(distance(plain, try f0(syllables, scale: 33_554_432, false)) < 1e-8)
    #expect(distance(plain, try f0(syllables, scale: 33_554_432, true)) > 1)
  }
}
