// SPDX-License-Identifier: GPL-3.0-or-later
import SpeechMetrics
import SpeechSignal
import Testing

struct STOITests {
  /// Noise keeps every frame above the 40 dB range. At 10 kHz, n samples have ⌈(n − 256)/128⌉ frames, and joined again
  /// they have one less.
  @Test func thirtyFramesAreEnough() throws {
    let noise = TestSignal.noise(256 + 31 * 128, seed: 1)
    let enough = PairAnalysis.inStep(noise, TestSignal.noisy(noise, 0.1), sampleRate: 10_000)
    let tooFew = PairAnalysis.inStep(
      Array(noise.dropLast(128)), TestSignal.noisy(noise, 0.1), sampleRate: 10_000)
    for metric in [STOI(), ESTOI()] as [any Metric] {
      #expect(try metric.measure(enough).number != nil)
      #expect(try metric.measure(tooFew) == .undefined(.tooFewFrames(29, minimum: 30)))
    }
  }

  /// One signal at a time, as of long recordings, or both: the same bits.
  @Test(arguments: [10_000, 16_000, 22_050])
  func longPairsAreThoseOfShortOnes(rate: Int) throws {
    let noise = TestSignal.noise(2 * rate, seed: 4)
    let pair = SynchronousPair(reference: noise, synthesis: TestSignal.noisy(noise, 0.3), sampleRate: rate)
    let (short, long) = (try ThirdOctaveEnvelopes(pair), try ThirdOctaveEnvelopes(pair, longestPlain: 0))
    #expect(STOI.meanCorrelation(long) == STOI.meanCorrelation(short))
    #expect(ESTOI.meanCorrelation(long) == ESTOI.meanCorrelation(short))
  }

  @Test func silentFramesAreLeftOut() throws {
    let (speech, pause) = (TestSignal.noise(10_000, seed: 2), TestSignal.noise(10_240, seed: 3).map { $0 * 1e-3 })
    let clip = speech + pause + speech
    // What happens more than 40 dB down changes nothing but the frames at the pause's edges.
    let pauseGone = speech + pause.map { $0 * 0.1 } + speech
    let noisy = TestSignal.noisy(clip, 0.3)
    let scores = try [clip, pauseGone].map { reference in
      try #require(try STOI().measure(.inStep(reference, noisy, sampleRate: 10_000)).number)
    }
    #expect(abs(scores[0] - scores[1]) < 1e-3)
  }

  @Test func levelDoesNotMatter() throws {
    let clip = TestSignal.speechLike(seconds: 2)
    let noisy = TestSignal.noisy(clip, 0.2)
    for metric in [STOI(), ESTOI()] as [any Metric] {
      let score = try #require(try metric.measure(.inStep(clip, noisy)).number)
      let quiet = try #require(try metric.measure(.inStep(clip, noisy.map { $0 * 0.01 })).number)
      #expect(abs(score - quiet) < 1e-9)
    }
  }

  @Test func silenceHasAReason() throws {
    let clip = TestSignal.speechLike(seconds: 2)
    let zeros = clip.map { _ in 0.0 }
    #expect(try STOI().measure(.inStep(zeros, clip)) == .undefined(.noEnergy(.reference)))
    #expect(try STOI().measure(.inStep(clip, zeros)) == .undefined(.noEnergy(.synthesis)))
  }

  /// Edges in bins of 10000/512 Hz, counted out by hand from 150·2^((2j ∓ 1)/6) Hz.
  @Test func bandsTakeTheNearestBins() throws {
    let edges = [7, 9, 11, 14, 17, 22, 27, 34, 43, 55, 69, 87, 109, 138, 174, 219]
    #expect(ThirdOctaveEnvelopes.bands.map(\.lowerBound) == Array(edges.dropLast()))
    #expect(ThirdOctaveEnvelopes.bands.map(\.upperBound) == Array(edges.dropFirst()))
  }
}
