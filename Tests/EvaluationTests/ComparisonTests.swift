// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance
import SpeechMetrics
import Testing

/// A run with the given scores of one metric: nil is undefined.
func run(_ scores: [String: [Double?]], signatures: [String: String] = [:]) -> Run {
  let systems = scores.sorted { $0.key < $1.key }.map { name, values in
    SystemResult(
      name: name, path: name,
      utterances: values.enumerated().map { index, value in
        let signature = Signature(stored: signatures[name] ?? "stoi|v1")
        let outcome = value.map(Outcome.value) ?? .undefined("because")
        return UtteranceResult(
          id: "u\(index)", reference: FileFacts(path: "r"), synthesis: FileFacts(path: "s"), alignment: nil,
          scores: [Score(metric: "stoi", signature: signature, outcome: outcome)])
      })
  }
  return Run(
    id: UUID(), startedAt: Date(timeIntervalSince1970: 0), tool: "test", label: nil,
    host: Host(id: "h", cpu: "c", cores: 1, memoryBytes: 1, gpu: nil, os: "o", container: nil),
    settings: RunSettings(
      metrics: ["stoi"],
      conditions: Signature.Conditions(analysisRate: 16_000, resampler: "none", alignment: .delay)),
    systems: systems, unmatched: Unmatched())
}

@Suite struct ComparisonTests {
  @Test func systemsAreComparedOnTheUtterancesAllHave() {
    let comparison = Comparison(
      run(["a": [1, 0.5, 0.6, 0.7], "b": [nil, 0.6, 0.6, 0.8]]), metric: "stoi", better: .higher)
    #expect(comparison.commonUtterances == 3)
    #expect(comparison.cells.map { $0.values?.n } == [3, 3])
    #expect(comparison.cells.map(\.isBest) == [false, true])
    #expect(comparison.cells[1].undefined == 1 && comparison.cells[1].reason == "because")
  }

  @Test func whoHasLessThanHalfTakesNoPart() {
    let comparison = Comparison(
      run(["a": [0.1, 0.2, 0.3], "b": [0.2, 0.3, 0.4], "c": [nil, nil, 0.9]]), metric: "stoi", better: .higher)
    #expect(comparison.commonUtterances == 3)
    #expect(comparison.cells.map(\.isCompared) == [true, true, false])
    #expect(comparison.cells.map(\.isBest) == [false, true, false])
    #expect(comparison.cells[2].values?.mean == 0.9)
  }

  @Test func otherSignaturesAreNotCompared() {
    let comparison = Comparison(
      run(["a": [0.1, 0.2], "b": [0.2, 0.3]], signatures: ["b": "stoi|v2"]), metric: "stoi", better: .higher)
    #expect(comparison.commonUtterances == 0)
    // Each has its own mean, and takes no part.
    #expect(comparison.cells.allSatisfy { !$0.isBest && !$0.isCompared && $0.values?.n == 2 })
  }

  @Test func anIntervalStaysOnTheScale() throws {
    let comparison = Comparison(run(["a": [0.2, 1, 1]]), metric: "stoi", better: .higher)
    let interval = try #require(comparison.cells[0].values?.interval)
    #expect(interval.high == 1 && interval.low < 0)
  }

  @Test func lowerCanBeBetterAndNothingIsBestAlone() {
    let two = Comparison(run(["a": [1, 2], "b": [2, 3]]), metric: "stoi", better: .lower)
    #expect(two.cells.map(\.isBest) == [true, false])
    #expect(Comparison(run(["a": [1, 2]]), metric: "stoi", better: .lower).cells.map(\.isBest) == [false])
  }

  @Test func mixedSignaturesAreNeverAveraged() {
    let scores = ["stoi|v1", "stoi|v2"].map {
      Score(metric: "stoi", signature: Signature(stored: $0), outcome: .value(1))
    }
    let summary = MetricSummary(metric: "stoi", scores)
    #expect(summary.values == nil && summary.signature == nil)
  }
}
