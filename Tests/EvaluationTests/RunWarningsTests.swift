// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance
import SpeechMetrics
import Testing

@Suite struct RunWarningsTests {
  /// Warnings of a run of one system whose pairs lie as told.
  private func warnings(_ alignments: [PairAlignment]) -> [String] {
    let conditions = Signature.Conditions(analysisRate: 16_000, resampler: "soxr-vhq", alignment: .delay)
    let utterances = alignments.enumerated().map { index, alignment in
      UtteranceResult(
        id: "u\(index)", reference: FileFacts(path: "r"), synthesis: FileFacts(path: "s"), alignment: alignment,
        scores: [])
    }
    let run = Run(
      id: UUID(), startedAt: Date(timeIntervalSince1970: 0), tool: "0", label: nil,
      host: Host(id: "h", cpu: "c", cores: 2, memoryBytes: 8, gpu: nil, os: "o", container: nil),
      settings: RunSettings(metrics: [], conditions: conditions),
      systems: [SystemResult(name: "new", path: "n", utterances: utterances)], unmatched: Unmatched())
    return RunWarnings(run).lines
  }

  private func pair(
    _ class: AlignmentClass = .delay, isFreeRunning: Bool = false, cutSpeech: Double = 0, level: Double = 0,
    search: PairAlignment.PathSearch? = nil
  ) -> PairAlignment {
    PairAlignment(
      class: `class`, delaySeconds: 0, durationRatio: 1, meanDeviation: 0, isFreeRunning: isFreeRunning, cutSamples: 0,
      cutSpeechSeconds: cutSpeech, levelDifferenceDb: level, pathSearch: search)
  }

  @Test func nothingToSay() {
    #expect(warnings([pair(cutSpeech: 0.09, level: -2.9), pair(.warp, isFreeRunning: true, search: .band)]) == [])
  }

  @Test func eachHasItsLine() {
    #expect(
      warnings([pair(), pair(level: -12)])[0].contains(
        "1 of 2 pairs differ in level by more than 3 dB (at most -12.0 dB)"))
    #expect(warnings([pair(cutSpeech: 0.2), pair()])[0].contains("in 1 of 2 pairs one side speaks on"))
    #expect(warnings([pair(isFreeRunning: true)])[0].contains("1 of 1 pairs are free-running"))
    #expect(
      warnings([pair(.warp, search: .edge), pair(.warp, search: .whole)])[0].contains("1 of 2 pairs are so long"))
    #expect(warnings([pair(level: 4), pair(cutSpeech: 1)]).count == 2)
  }
}
