// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import SpeechMetrics
import SpeechSignal
import Testing

/// Scores against those of independent implementations, on natural speech and our own degradations of it. A case of
/// this test is a clip, with all its degradations, rates and metrics, so that a pair is analysed once for all of them.
struct GoldenScoreTests {
  /// The metrics whose goldens have this form.
  static let goldens = MetricCatalogue.all.map { metric in
    let id = metric.info.id
    do { return try GoldenFile(metric: id) } catch { fatalError("golden of \(id): \(error)") }
  }

  static let clips = Set(goldens.flatMap(\.cases).map(\.clip)).sorted()

  @Test func coversWhatItShould() {
    for golden in Self.goldens {
      let cases = golden.cases
      #expect(Set(cases.map { "\($0.clip) \($0.degradation) \($0.rate)" }).count == cases.count, "a pair stands twice")
      #expect(Set(cases.map(\.degradation)).count == 7)
      let isBroad = golden.metric.hasSuffix("stoi") || golden.metric.hasPrefix("pesq")
      #expect(Set(cases.map(\.clip)).count >= (isBroad ? 33 : 7))
      #expect(MetricCatalogue.metric(golden.metric)?.info.revision == golden.revision)
    }
  }

  @Test("agrees with its oracles", arguments: clips)
  func agreesWithOracles(_ id: String) {
    do {
      let clip = try ReferenceClip(id)
      var references: [Int: SignalAnalysis] = [:]
      var pairs: [String: PairAnalysis] = [:]
      for golden in Self.goldens {
        for expected in golden.cases where expected.clip == id {
          let reference = references[expected.rate] ?? clip.reference(of: expected)
          references[expected.rate] = reference
          let key = "\(expected.degradation) \(expected.rate)"
          let pair = try pairs[key] ?? clip.pair(of: expected, reference)
          pairs[key] = pair
          try check(golden, expected, pair)
        }
      }
    } catch {
      Issue.record("\(error)")
    }
  }

  private func check(_ golden: GoldenFile, _ expected: GoldenFile.Case, _ pair: PairAnalysis) throws {
    let metric = try #require(MetricCatalogue.metric(golden.metric))
    let name = "\(golden.metric) of \(expected.clip) under \(expected.degradation) at \(expected.rate) Hz"
    // Two metrics may share a pair, never its hashes: each case says which audio it was made of.
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
