// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import SpeechMetrics
import SpeechSignal
import Testing

/// A metric of a preset as a test's argument.
struct PresetEntry: Sendable, CustomTestStringConvertible {
  let preset: Preset
  let metric: any Metric
  var testDescription: String { "\(metric.info.id) by \(preset.name)" }

  static let all = Preset.allCases.flatMap { preset in preset.metrics.map { PresetEntry(preset: preset, metric: $0) } }
}

/// What is asked of every metric of every preset. They all work at 22.05 kHz.
struct PresetTests {
  private static let rate = 22_050

  private func clip(_ seconds: Double = 2, seed: UInt64 = 1) -> [Double] {
    TestSignal.speechLike(seconds: seconds, sampleRate: Self.rate, seed: seed)
  }

  private func pair(_ reference: [Double], _ synthesis: [Double], rate: Int = rate) -> PairAnalysis {
    .inStep(reference, synthesis, sampleRate: rate)
  }

  @Test func areFoundByName() {
    #expect(MetricCatalogue.presets.map(\.name).count == Set(MetricCatalogue.presets.map(\.name)).count)
    for preset in MetricCatalogue.presets {
      #expect(preset.name.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil)
      #expect(MetricCatalogue.preset(preset.name)?.first?.info.id == "mcd")
    }
    #expect(MetricCatalogue.preset("mcd") == nil)
  }

  @Test(arguments: PresetEntry.all)
  func describesItself(_ entry: PresetEntry) throws {
    let info = entry.metric.info
    #expect(!info.summary.isEmpty && !info.citations.isEmpty && !info.isDefault && info.input.timing == .own)
    #expect(info.recipe.first == "preset:\(entry.preset.name)")
    let page = try String(
      contentsOf: ReferenceClip.repository.appending(
        path: "Sources/SpeechMetrics/SpeechMetrics.docc/\(info.id == "mcd" ? "MCD" : "F0Metric").md"), encoding: .utf8)
    #expect(page.contains("`\(entry.preset.name)`"))
  }

  /// A signature that does not say which recipe it is would let different things be compared.
  @Test func signaturesDiffer() {
    let conditions = Signature.Conditions(analysisRate: Self.rate, resampler: "soxr-vhq", alignment: .none)
    let metrics = PresetEntry.all.map(\.metric) + MetricCatalogue.all
    #expect(Set(metrics.map { Signature($0.info, conditions) }).count == metrics.count)
  }

  @Test func recipesDifferOnOnePair() throws {
    let longer = clip(2.2, seed: 4)
    let recipes: [any Metric] = [MCD()] + Preset.allCases.map { $0.metrics[0] }
    let scores = try recipes.map { try #require(try $0.measure(pair(clip(), longer)).number) }.sorted()
    for (a, b) in zip(scores, scores.dropFirst()) { #expect(b - a > 0.01, "\(scores)") }
  }

  @Test(arguments: PresetEntry.all)
  func identityIsBest(_ entry: PresetEntry) throws {
    let same = try #require(try entry.metric.measure(pair(clip(), clip())).number)
    let noisy = try #require(try entry.metric.measure(pair(clip(), TestSignal.noisy(clip(), 0.1))).number)
    if entry.metric.info.scale.better == .higher {
      #expect(abs(same - 1) < 1e-9 && noisy < same)
    } else {
      #expect(abs(same) < 1e-9 && noisy > same)
    }
  }

  @Test(arguments: PresetEntry.all)
  func silenceHasNoScore(_ entry: PresetEntry) throws {
    let zeros = [Double](repeating: 0, count: Self.rate)
    #expect(try entry.metric.measure(pair(clip(), zeros)) == .undefined(.noActiveSpeech(.synthesis)))
    #expect(try entry.metric.measure(pair(zeros, clip())) == .undefined(.noActiveSpeech(.reference)))
    #expect(try entry.metric.measure(pair(zeros, zeros)) == .undefined(.noActiveSpeech(.reference)))
  }

  @Test(arguments: PresetEntry.all)
  func theShortestInputHasAnOutcome(_ entry: PresetEntry) throws {
    let minimum = entry.metric.info.input.minimumSeconds
    for rate in [16_000, 22_050, 24_000, 44_100, 48_000] {
      let count = Int((minimum * Double(rate)).rounded(.up))
      let noise = TestSignal.noise(count, seed: 3)
      _ = try entry.metric.measure(pair(noise, TestSignal.noisy(noise, 0.1), rate: rate))
      let short = Array(noise.dropLast())
      #expect(throws: MetricError.tooShort(seconds: Double(count - 1) / Double(rate), minimum: minimum)) {
        try entry.metric.measure(pair(noise, short, rate: rate))
      }
    }
  }

  /// The reference's frames are kept for the next system; that must not show.
  @Test(arguments: PresetEntry.all)
  func sameInputSameBits(_ entry: PresetEntry) throws {
    let reference = SignalAnalysis(
      source: Waveform(samples: clip(), sampleRate: Self.rate), resample: Resampler.convert)
    let scores = try [0.05, 0.1, 0.05].map { amplitude in
      let synthesis = Waveform(samples: TestSignal.noisy(clip(), amplitude), sampleRate: Self.rate)
      let pair = PairAnalysis(
        reference: reference, synthesis: SignalAnalysis(source: synthesis, resample: Resampler.convert),
        analysisRate: Self.rate, alignment: .none)
      return try #require(try entry.metric.measure(pair).number).bitPattern
    }
    #expect(scores[0] == scores[2] && scores[0] != scores[1])
  }

  /// Level is part of these recipes, so that a level that was matched must reach them.
  @Test func aMatchedLevelIsSeen() throws {
    let quiet = clip().map { $0 / 8 }
    for preset in Preset.allCases {
      let scores = try [false, true].map { matches in
        let sides = [clip(), quiet].map {
          SignalAnalysis(source: Waveform(samples: $0, sampleRate: Self.rate), resample: Resampler.convert)
        }
        let pair = PairAnalysis(
          reference: sides[0], synthesis: sides[1], analysisRate: Self.rate, alignment: .none, matchesLevel: matches)
        return try #require(try preset.metrics[0].measure(pair).number)
      }
      #expect(scores[0] > 5 && scores[1] < 0.1, "\(preset.name): \(scores)")
    }
  }

  @Test func ratesWithoutParametersAreRefused() throws {
    let signal = TestSignal.speechLike(seconds: 1, sampleRate: 32_000)
    #expect(throws: MetricError.unsupportedRate(32_000)) {
      try Preset.espnet.metrics[0].measure(pair(signal, signal, rate: 32_000))
    }
    for preset in [Preset.pymcdPlain, .pymcdDTW, .pymcdDTWSL] {
      #expect(
        try preset.metrics[0].measure(pair(signal, signal, rate: 16_000))
          == .undefined(.rateBelow(16_000, minimum: 22_050)))
      #expect(try preset.metrics[0].measure(pair(signal, signal, rate: 32_000)).number != nil)
    }
  }

  @Test func unlikeLengthsArePlainlyRefused() throws {
    // 401 and 441 frames differ by .048 of their sum; 401 and 501 by .11.
    let plain = Preset.versaPlain.metrics[0]
    #expect(try plain.measure(pair(clip(), clip(2.2))).number != nil)
    #expect(try plain.measure(pair(clip(), clip(2.5))) == .undefined(.unlikeLengths(401, 501)))
    #expect(try Preset.versa.metrics[0].measure(pair(clip(), clip(2.5))).number != nil)
  }

  @Test func theLengthRatioMultiplies() throws {
    let pair = pair(clip(), clip(2.5))
    let warped = try #require(try Preset.pymcdDTW.metrics[0].measure(pair).number)
    let scaled = try #require(try Preset.pymcdDTWSL.metrics[0].measure(pair).number)
    #expect(abs(scaled - warped * 501 / 401) < 1e-12 * scaled)
  }
}
