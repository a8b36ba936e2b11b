// SPDX-License-Identifier: GPL-3.0-or-later
import Degradations
import SpeechSignal
import Testing

/// Every tracker against sounds of known F0. The table for readers is `analyse truth 16000`.
@Suite struct SyntheticTruthTests {
  /// Where a tracker is further off, and why.
  private static let exceptions: [F0Method.Tracker: Set<String>] = [
    // A candidate is kept for how well its harmonics agree; a sine has none. WORLD's own gives no F0 either.
    .harvest: ["sine 100 Hz", "sine 220 Hz", "sine 440 Hz"],
    // Periods that are strong and weak by turns put half of F0 beside it, which moves the zero crossings.
    .dio: ["creak 75 Hz"],
    // What has a period of 1/240 s has one of 1/120 s too, and these three are slow to leave a pitch that still fits.
    .praat: ["octave jumps 120 Hz"],
    .pyin: ["octave jumps 120 Hz"],
    .kaldi: ["octave jumps 120 Hz"],
  ]

  /// Cents. pYIN's F0 is one of a tenth of a semitone apart, Kaldi's one of half a percent: 10 and 8.6 cents.
  private static func limit(_ tracker: F0Method.Tracker) -> Double {
    switch tracker {
    case .harvest, .dio, .praat: 2
    case .pyin: 10
    case .kaldi: 8.6
    }
  }

  /// Share of the frames without sound that may be voiced: Harvest leads contours on into what has none.
  private static func mostFalseAlarms(_ tracker: F0Method.Tracker) -> Double {
    switch tracker {
    case .harvest: 0.13
    case .pyin: 0.07
    case .dio, .praat, .kaldi: 0
    }
  }

  /// Sounds at 20 dB and better: half of the voiced frames are within 2 cents, or a step of the tracker's own.
  @Test(arguments: F0Method.Tracker.allCases)
  func isNearTheTruth(_ tracker: F0Method.Tracker) throws {
    let made = F0Method(tracker).make(sampleRate: 16_000)
    for sound in KnownPitch.all where sound.decibels ?? .infinity >= 20 {
      let track = try made.track(Waveform(samples: sound.samples(sampleRate: 16_000), sampleRate: 16_000))
      let accuracy = PitchAccuracy(sound, times: track.times, f0: track.f0)
      #expect(accuracy.falseAlarms <= Self.mostFalseAlarms(tracker), "\(sound.name): \(accuracy)")
      let isNear =
        accuracy.medianCents.map { $0 <= Self.limit(tracker) } ?? false && accuracy.missed < 0.04
        && accuracy.gross < 0.05
      let isException = Self.exceptions[tracker]?.contains(sound.name) ?? false
      #expect(isNear != isException, "\(sound.name): \(accuracy)")
    }
  }

  /// A sound has as many periods as its F0 says, counted from the weakest to the strongest moment of each.
  @Test(arguments: KnownPitch.all.filter { $0.decibels ?? 80 >= 30 }.map(\.name))
  func theTruthIsTrue(_ name: String) throws {
    let sound = try #require(KnownPitch.all.first { $0.name == name })
    let rate = 48_000
    let samples = sound.samples(sampleRate: rate)
    let middle = 4 * rate / 10..<16 * rate / 10
    let peak = samples[middle].reduce(0) { max($0, abs($1)) }
    var (periods, isLow) = (0, true)
    for n in middle {
      if isLow, samples[n] > 0.5 * peak { (periods, isLow) = (periods + 1, false) }
      if samples[n] < -0.5 * peak { isLow = true }
    }
    let expected = middle.reduce(0.0) { $0 + (sound.f0(at: Double($1) / Double(rate)) ?? 0) / Double(rate) }
    #expect(abs(Double(periods) - expected) <= 1.01, "\(periods) periods, \(expected)")
  }

  @Test func truthIsPerfect() {
    let times = (0..<400).map { Double($0) * 0.005 }
    for sound in KnownPitch.all {
      let right = PitchAccuracy(sound, times: times, f0: times.map { sound.f0(at: $0) ?? 0 })
      #expect(right.medianCents == 0 && right.gross == 0 && right.missed == 0 && right.falseAlarms == 0)
      let wrong = PitchAccuracy(sound, times: times, f0: times.map { sound.f0(at: $0).map { 2 * $0 } ?? 100 })
      #expect(wrong.medianCents == 1200 && wrong.gross == 1 && wrong.missed == 0 && wrong.falseAlarms == 1)
      #expect(PitchAccuracy(sound, times: times, f0: times.map { _ in 0 }).missed == 1)
    }
  }
}
