// SPDX-License-Identifier: GPL-3.0-or-later
import SpeechSignal
import Testing

@Suite struct DelayTests {
  static let speech = SignalGenerator.syllables(seconds: 3, sampleRate: 16_000)

  /// The speech, `shift` samples later; what falls off one end is gone, zeros come in at the other.
  static func shifted(_ shift: Int) -> [Double] {
    let zeros = [Double](repeating: 0, count: abs(shift))
    return shift >= 0 ? zeros + speech.samples : Array(speech.samples.dropFirst(-shift)) + zeros
  }

  @Test(arguments: [0, 1, -1, 37, 592, -592, 4000, -4000, 8000, -8000, 12_345])
  func findsAShiftToTheSample(shift: Int) {
    let synthesis = Waveform(samples: Self.shifted(shift), sampleRate: 16_000)
    #expect(Delay.estimate(reference: Self.speech, synthesis: synthesis) == shift)
  }

  @Test func findsItUnderNoiseAsLoudAsTheSpeechAtAnotherLevelAndInvertedPolarity() {
    let noise = SignalGenerator.noise(60_000, seed: 9)
    let samples = Self.shifted(777).enumerated().map { -0.1 * ($1 + 0.1 * noise[$0]) }
    let synthesis = Waveform(samples: samples, sampleRate: 16_000)
    #expect(Delay.estimate(reference: Self.speech, synthesis: synthesis) == 777)
  }

  @Test func constantsHaveNoDelay() {
    let silence = Waveform(samples: [Double](repeating: 0, count: 16_000), sampleRate: 16_000)
    #expect(Delay.estimate(reference: Self.speech, synthesis: silence) == 0)
    #expect(Delay.estimate(reference: silence, synthesis: Self.speech) == 0)
  }
}
