// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct SpeechExtentTests {
  static func tone(_ count: Int, amplitude: Double = 0.5) -> [Double] {
    (0..<count).map { amplitude * sin(2 * .pi * 200 * Double($0) / 16_000) }
  }

  @Test func leavesOutSilenceButAMargin() throws {
    let samples = [Double](repeating: 0, count: 8000) + Self.tone(16_000) + [Double](repeating: 0, count: 8000)
    let extent = try #require(SpeechExtent(Waveform(samples: samples, sampleRate: 16_000)))
    #expect(extent.samples == 8000 - 800..<24_000 + 800)
  }

  @Test func countsWhatLiesWithin40dB() throws {
    // 40 dB is a factor of 100 in amplitude: 0.006 is within, 0.004 is not.
    for (amplitude, start) in [(0.006, 0), (0.004, 3200 - 800)] {
      let samples = Self.tone(3200, amplitude: amplitude) + Self.tone(6400)
      let extent = try #require(SpeechExtent(Waveform(samples: samples, sampleRate: 16_000)))
      #expect(extent.samples.lowerBound == start)
    }
  }

  @Test func anOffsetIsNotSpeech() throws {
    let samples = [Double](repeating: 0, count: 8000) + Self.tone(16_000)
    let lifted = Waveform(samples: samples.map { $0 + 0.3 }, sampleRate: 16_000)
    #expect(SpeechExtent(lifted) == SpeechExtent(Waveform(samples: samples, sampleRate: 16_000)))
  }

  @Test(arguments: [[], [0, 0, 0], [Double](repeating: 0.1, count: 5000)])
  func constantsHaveNone(samples: [Double]) {
    #expect(SpeechExtent(Waveform(samples: samples, sampleRate: 16_000)) == nil)
  }
}

@Suite struct ActiveLevelTests {
  @Test(arguments: [1.0, 0.1, 1e-5])
  func aSteadyToneIsActiveAtItsOwnLevel(amplitude: Double) throws {
    let tone = SpeechExtentTests.tone(160_000, amplitude: amplitude)
    let level = try #require(ActiveLevel(Waveform(samples: tone, sampleRate: 16_000)))
    #expect(abs(level.decibels - (20 * log10(amplitude) - 3.0103)) < 0.05)
    #expect(level.activity > 0.98)
  }

  @Test func pausesDoNotCount() throws {
    // One second on, three off: the long-term level is 6 dB below the active one; the hangover of 200 ms costs 0.8 dB.
    let cycle = SpeechExtentTests.tone(16_000) + [Double](repeating: 0, count: 48_000)
    let samples = cycle + cycle + cycle
    let level = try #require(ActiveLevel(Waveform(samples: samples, sampleRate: 16_000)))
    #expect(abs(level.decibels - (20 * log10(0.5) - 3.0103 - 10 * log10(1.25))) < 0.5)
    #expect(abs(level.activity - 0.31) < 0.03)
  }

  @Test func aGainMovesItByAsMuch() throws {
    let speech = DelayTests.speech
    let quiet = Waveform(samples: speech.samples.map { $0 * 0.25 }, sampleRate: speech.sampleRate)
    let levels = (try #require(ActiveLevel(speech)), try #require(ActiveLevel(quiet)))
    #expect(abs(levels.0.decibels - levels.1.decibels - 12.0412) < 1e-3)
  }

  @Test func silenceHasNone() {
    #expect(ActiveLevel(Waveform(samples: [0, 0, 0], sampleRate: 16_000)) == nil)
  }
}
