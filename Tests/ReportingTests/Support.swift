// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance
import Reporting
import SpeechMetrics
import Testing

/// A small run with everything in it: two systems, a value, an undefined score, a failure, and the names given.
func sampleRun(system: String = "new", id: String = "u2", reason: String = "too long ago") throws -> Run {
  let conditions = Signature.Conditions(analysisRate: 16_000, resampler: "soxr-vhq", alignment: .delay)
  func utterance(_ id: String, _ scores: [String: Outcome]) -> UtteranceResult {
    let facts = FileFacts(
      path: "r/\(id).wav", fileSHA256: String(repeating: "0", count: 64),
      audioSHA256: String(repeating: "a", count: 64),
      sampleRate: 16_000, channels: 1, seconds: 2.5)
    let alignment = PairAlignment(
      class: .delay, delaySeconds: 0.037, durationRatio: 1, meanDeviation: 0.001, isFreeRunning: false, cutSamples: 3,
      cutSpeechSeconds: 0,
      levelDifferenceDb: -0.5)
    return UtteranceResult(
      id: id, reference: facts, synthesis: facts, alignment: alignment,
      scores: scores.sorted { $0.key < $1.key }.map {
        Score(metric: $0, signature: Signature(stored: "\($0)|v1"), outcome: $1)
      })
  }
  return Run(
    id: try #require(UUID(uuidString: "00000000-0000-4000-8000-000000000001")),
    startedAt: Date(timeIntervalSince1970: 1_769_860_800), finishedAt: Date(timeIntervalSince1970: 1_769_860_801),
    tool: "0.1.0", label: nil,
    host: Host(id: "h", cpu: "c", cores: 2, memoryBytes: 8, gpu: nil, os: "o", container: nil),
    settings: RunSettings(metrics: ["stoi", "lsd"], conditions: conditions),
    systems: [
      SystemResult(
        name: "old", path: "o",
        utterances: [
          utterance("u1", ["stoi": .value(0.5), "lsd": .value(1)]),
          utterance(id, ["stoi": .value(0.75), "lsd": .value(2)]),
        ]),
      SystemResult(
        name: system, path: "n",
        utterances: [
          utterance("u1", ["stoi": .value(0.625), "lsd": .undefined("free-running; use --align warp")]),
          utterance(id, ["stoi": .value(0.875), "lsd": .failed(reason)]),
        ]),
    ],
    unmatched: Unmatched(reference: ["r/u3.wav"], synthesis: []))
}

/// A run's JSON as a whole.
func jsonText(_ run: Run, diff: RunDiff? = nil) throws -> String {
  var text = ""
  try JSONReport.write(run, diff: diff) { text += $0 }
  return text
}

/// A run's CSV as a whole.
func csvText(_ run: Run) -> String {
  var text = ""
  CSVReport.write(run) { text += $0 }
  return text
}
