// SPDX-License-Identifier: GPL-3.0-or-later
import SpeechSignal
import Testing

@Suite struct WarpPathTests {
  static func frames(_ samples: [Double]) -> LogMelFrames {
    let waveform = Waveform(samples: samples, sampleRate: 16_000)
    return LogMelFrames(waveform, extent: SpeechExtent(waveform))
  }

  @Test func aShiftIsNoWarp() throws {
    let path = try #require(WarpPath(Self.frames(DelayTests.speech.samples), Self.frames(DelayTests.shifted(1600))))
    #expect(abs(path.medianShift - 0.1) < 0.006)
    #expect(path.meanDeviation < 0.003)
  }

  @Test func anotherTempoIsAWarp() throws {
    let slow = SignalGenerator.syllables(seconds: 3, sampleRate: 16_000 * 11 / 10)
    let path = try #require(WarpPath(Self.frames(DelayTests.speech.samples), Self.frames(slow.samples)))
    #expect(path.meanDeviation > 0.05)
  }

  @Test func silenceHasNoPath() {
    #expect(WarpPath(Self.frames(DelayTests.speech.samples), Self.frames([Double](repeating: 0, count: 16_000))) == nil)
  }
}
