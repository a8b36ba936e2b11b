// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import SpeechMetrics
import SpeechSignal
import Testing

/// Runs that warp: which metrics hear what, and what their signatures say.
struct PairWarpTests {
  private func pair(
    _ reference: [Double], _ synthesis: [Double], _ alignment: AlignmentClass = .warp, silence: SilencePolicy = .trim
  ) -> PairAnalysis {
    func analysis(_ samples: [Double]) -> SignalAnalysis {
      SignalAnalysis(source: Waveform(samples: samples, sampleRate: 16_000), resample: Resampler.convert)
    }
    return PairAnalysis(
      reference: analysis(reference), synthesis: analysis(synthesis), analysisRate: 16_000, alignment: alignment,
      silence: silence)
  }

  private func score(_ id: String, _ pair: PairAnalysis) throws -> SpeechMetrics.Measurement {
    try #require(MetricCatalogue.metric(id)).measure(pair)
  }

  /// A clip torn apart, with a pause in its middle, is brought back together.
  @Test func aPauseIsTakenOut() throws {
    let clip = try ReferenceClip("en-librivox-0870").samples.map { Double($0) / 32768 }
    let half = clip.count / 2
    let pause = TestSignal.noise(3200, seed: 5).map { $0 * 0.0003 }
    let torn = pair(clip, Array(clip[..<half]) + pause + Array(clip[half...]))
    #expect(torn.alignment.isFreeRunning)
    // The second half is 200 ms late: from the median, half of the time by all of it.
    #expect(abs((torn.alignment.meanDeviation ?? 0) - 0.1) < 0.02)
    #expect(try #require(try score("stoi", torn).number) > 0.97)
    #expect(try #require(try score("mcd", torn).number) < 1)
    #expect(try #require(try score("vde", torn).number) < 0.05)
    #expect(try torn.inStep(at: 16_000).synthesis.count == clip.count)
  }

  @Test func itselfIsItself() throws {
    let clip = TestSignal.speechLike(seconds: 3)
    let same = pair(clip, clip)
    #expect(same.alignment.meanDeviation == 0 && same.alignment.delaySeconds == 0)
    #expect(try same.framePairs.steps.allSatisfy { $0.first == $0.second })
    #expect(try score("mcd", same) == .value(0))
    #expect(try #require(try score("stoi", same).number) > 0.999_999)
  }

  @Test func theExtentsAreEachSidesOwn() throws {
    let clip = TestSignal.speechLike(seconds: 2)
    let silence = [Double](repeating: 0, count: 16_000)
    let padded = silence + clip + silence
    let trimmed = try #require(try score("mcd", pair(clip, padded)).number)
    let kept = try #require(try score("mcd", pair(clip, padded, silence: .keep)).number)
    #expect(trimmed < 1 && kept > trimmed + 1, "\(trimmed) dB trimmed, \(kept) dB kept")
    #expect(try abs(#require(pair(clip, padded).alignment.meanDeviation)) < 0.01)
  }

  /// A click of one sample has an extent, and no window sees it.
  @Test(arguments: [0, 15_999, 31_999], AlignmentClass.allCases)
  func aLoneSampleIsNoSpeech(_ place: Int, _ alignment: AlignmentClass) throws {
    var click = [Double](repeating: 0, count: 32_000)
    click[place] = 0.5
    let clip = TestSignal.speechLike(seconds: 2)
    for (reference, synthesis) in [(click, clip), (clip, click), (click, click)] {
      let pair = pair(reference, synthesis, alignment)
      for metric in MetricCatalogue.all + MetricCatalogue.presets.flatMap(\.metrics) {
        do throws(MetricError) {
          if case .value(let number) = try metric.measure(pair) { #expect(number.isFinite) }
        } catch {
          #expect(error == .notFinite)
        }
      }
    }
  }

  @Test func silenceHasNoPath() throws {
    let clip = TestSignal.speechLike(seconds: 2)
    let zeros = clip.map { _ in 0.0 }
    for metric in MetricCatalogue.all where metric.info.input.timing != .own {
      #expect(try metric.measure(pair(zeros, clip)) == .undefined(.noActiveSpeech(.reference)))
      #expect(try metric.measure(pair(clip, zeros)) == .undefined(.noActiveSpeech(.synthesis)))
    }
  }

  @Test(arguments: [
    ("stoi", AlignmentClass.warp, "align:warp"), ("stoi", .delay, "align:delay"), ("pesq-wb", .delay, "align:none"),
    ("pesq-wb", .warp, "align:warp"), ("mcd", .warp, "align:warp"), ("mcd", .none, "align:none"),
  ])
  func signaturesNameTheClass(_ id: String, _ alignment: AlignmentClass, _ part: String) throws {
    let info = try #require(MetricCatalogue.metric(id)).info
    var conditions = Signature.Conditions(analysisRate: 16_000, resampler: "soxr-vhq", alignment: alignment)
    conditions.silence = .keep
    let parts = Signature(info, conditions).description.split(separator: "|").map(String.init)
    #expect(parts.contains(part))
    #expect(parts.contains("silence:keep") == (id == "mcd" || alignment == .warp))
  }
}
