// SPDX-License-Identifier: GPL-3.0-or-later
import SpeechMetrics
import SpeechSignal
import Testing

/// The recipes of other tools against those tools' own features under exact time warping.
struct PresetGoldenScoreTests {
  /// A golden file is named by metric and preset: `reference-mcd-espnet.json`.
  static let goldens = MetricCatalogue.presets.flatMap { preset in
    preset.metrics.map { metric -> (metric: any Metric, golden: GoldenFile) in
      let name = "\(metric.info.id)-\(preset.name)"
      do { return (metric, try GoldenFile(metric: name)) } catch { fatalError("golden of \(name): \(error)") }
    }
  }

  static let clips = Set(goldens.flatMap(\.golden.cases).map(\.clip)).sorted()

  @Test func coversWhatItShould() {
    for (metric, golden) in Self.goldens {
      let cases = golden.cases
      #expect(Set(cases.map { "\($0.clip) \($0.degradation) \($0.rate)" }).count == cases.count, "a pair stands twice")
      #expect(cases.count >= 20)
      #expect(cases.count { $0.degradation.hasPrefix("instead:") } >= 3)
      #expect(Set(cases.map(\.clip)).count == 7)
      #expect(golden.revision == metric.info.revision)
      switch metric.info.input.rate {
      case .fixed(let rate): #expect(cases.allSatisfy { $0.rate == rate })
      default: #expect(Set(cases.map(\.rate)).count == 5)
      }
    }
  }

  @Test("agrees with its oracles", arguments: clips)
  func agreesWithOracles(_ id: String) {
    do {
      let clip = try ReferenceClip(id)
      var references: [Int: SignalAnalysis] = [:]
      var pairs: [String: PairAnalysis] = [:]
      for (metric, golden) in Self.goldens {
        for expected in golden.cases where expected.clip == id {
          let reference = references[expected.rate] ?? clip.reference(of: expected)
          references[expected.rate] = reference
          let key = "\(expected.degradation) \(expected.rate)"
          let pair = try pairs[key] ?? clip.pair(of: expected, reference)
          pairs[key] = pair
          try check(metric, golden, expected, pair)
        }
      }
    } catch {
      Issue.record("\(error)")
    }
  }

  private func check(
    _ metric: any Metric, _ golden: GoldenFile, _ expected: GoldenFile.Case, _ pair: PairAnalysis
  ) throws {
    let name = "\(golden.metric) of \(expected.clip) under \(expected.degradation) at \(expected.rate) Hz"
    try ReferenceClip.require(pair.reference.source, expected.reference, "clip \(expected.clip)")
    try ReferenceClip.require(
      pair.synthesis.source, expected.synthesis, "\(expected.clip) under \(expected.degradation)")
    guard case .value(let score) = try metric.measure(pair) else {
      Issue.record("\(name) is undefined, the oracle has \(expected.value)")
      return
    }
    #expect(abs(score - expected.value) <= golden.tolerance, "\(name): \(score), the oracle has \(expected.value)")
  }
}
