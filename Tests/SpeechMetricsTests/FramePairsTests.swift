// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import SpeechMetrics
import SpeechSignal
import Testing

/// Which frames MCD and the F0 metrics compare.
struct FramePairsTests {
  private static let ids = [
    "mcd", "f0-rmse-cents", "f0-corr", "gpe", "vde", "ffe", "f0-rmse-hz", "vuv-f1", "f0-mean-diff-cents",
    "f0-range-ratio",
  ]

  private func scores(
    _ reference: SignalAnalysis, _ synthesis: [Double], rate: Int, _ alignment: AlignmentClass
  ) throws -> [Double] {
    let pair = PairAnalysis(
      reference: reference, synthesis: analysis(synthesis, rate), analysisRate: rate, alignment: alignment)
    return try Self.ids.map { try #require(try measure($0, pair).number) }
  }

  private func measure(_ id: String, _ pair: PairAnalysis) throws -> SpeechMetrics.Measurement {
    try #require(MetricCatalogue.metric(id)).measure(pair)
  }

  private func analysis(_ samples: [Double], _ rate: Int) -> SignalAnalysis {
    SignalAnalysis(source: Waveform(samples: samples, sampleRate: rate), resample: Resampler.convert)
  }

  /// A clip in noise scores the same when it comes late or early. At 22 050 Hz no number of samples is 5 ms.
  @Test(arguments: [("it-carlo-priv-introsaved", 16_000), ("en-librivox-0880", 22_050)])
  func aDelayedCopyScoresAsAnUndelayedOne(_ id: String, _ rate: Int) throws {
    let clip = try ReferenceClip(id).samples.map { Double($0) / 32768 }
    let noisy = TestSignal.noisy(clip, 0.003)
    let reference = analysis(clip, rate)
    let undelayed = try scores(reference, noisy, rate: rate, .none)
    #expect(try scores(reference, noisy, rate: rate, .delay) == undelayed)

    let late = TestSignal.noise(601, seed: 4).map { $0 * 0.003 } + noisy
    #expect(try scores(reference, late, rate: rate, .delay) == undelayed)
    let unaligned = try scores(reference, late, rate: rate, .none)
    #expect(unaligned[0] > undelayed[0] + 1 && unaligned[1] > undelayed[1])

    // Early: the frames that are left are the same sound, but Harvest starts elsewhere and decides a stretch or two of
    // voicing in noise otherwise.
    let early = try scores(reference, Array(noisy.dropFirst(601)), rate: rate, .delay)
    #expect(abs(early[0] - undelayed[0]) < 0.1, "\(early[0]) dB early, \(undelayed[0]) dB in time")
    if rate == 16_000 {
      // 601 samples fit into eight frames, and 640 are eight frames.
      #expect(try scores(reference, Array(noisy.dropFirst(640)), rate: rate, .delay) == early)
    }
  }

  @Test(arguments: [
    (0, 16_000, 0, 0), (601, 16_000, 601, 0), (-1, 16_000, 79, 1), (-80, 16_000, 0, 1), (-601, 16_000, 39, 8),
    (-601, 22_050, 61, 6), (-441, 22_050, 0, 4), (-442, 22_050, 109, 5),
  ])
  func anEarlySynthesisIsCutAtAFrame(_ shift: Int, _ rate: Int, _ dropped: Int, _ offset: Int) {
    let placement = FramePairs.Placement(shift: shift, sampleRate: rate)
    #expect(placement.dropped == dropped && placement.offset == offset)
  }

  @Test func freeRunningSpeechHasNoFrames() throws {
    // The second half 200 ms late.
    let clip = try ReferenceClip("en-librivox-0870").samples.map { Double($0) / 32768 }
    let half = clip.count / 2
    let pause = TestSignal.noise(3200, seed: 5).map { $0 * 0.001 }
    let torn = Array(clip[..<half]) + pause + Array(clip[half...])
    let pair = PairAnalysis(
      reference: analysis(clip, 16_000), synthesis: analysis(torn, 16_000), analysisRate: 16_000, alignment: .delay)
    #expect(pair.alignment.isFreeRunning)
    for id in Self.ids {
      #expect(try measure(id, pair) == .undefined(.freeRunning))
    }
  }

  /// Digital silence around both, and other noise in it, moves nothing but what the analyses see of its edge.
  @Test func silenceAroundSpeechDoesNotCount() throws {
    let clip = TestSignal.speechLike(seconds: 2)
    let noisy = TestSignal.noisy(clip, 0.05)
    let quiet = TestSignal.noise(16_000, seed: 6).map { $0 * 1e-5 }
    let hiss = TestSignal.noise(16_000, seed: 7).map { $0 * 1e-4 }
    let bare = try scores(analysis(clip, 16_000), noisy, rate: 16_000, .none)
    let padded = try scores(
      analysis(quiet + clip + quiet, 16_000), hiss + noisy + hiss, rate: 16_000, .none)
    #expect(abs(padded[0] - bare[0]) < 0.5, "\(padded[0]) with silence, \(bare[0]) without")
  }

  @Test func silenceHasAReason() throws {
    let clip = TestSignal.speechLike(seconds: 2)
    let zeros = clip.map { _ in 0.0 }
    for id in Self.ids {
      #expect(try measure(id, .inStep(zeros, clip)) == .undefined(.noActiveSpeech(.reference)))
      #expect(try measure(id, .inStep(clip, zeros)) == .undefined(.noActiveSpeech(.synthesis)))
    }
  }

  @Test func ratesBeyondTheVocoderAreRefused() throws {
    let clip = TestSignal.speechLike(seconds: 1, sampleRate: 7000)
    for id in Self.ids {
      #expect(throws: MetricError.unsupportedRate(7000)) {
        try measure(id, .inStep(clip, clip, sampleRate: 7000))
      }
    }
  }
}
