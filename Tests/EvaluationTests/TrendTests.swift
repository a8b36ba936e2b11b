// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance
import SpeechMetrics
import Testing

@Suite struct TrendTests {
  private func earlier(
    _ day: Int, _ values: [Double], signature: String = "mcd|v1", system: String = "tts"
  ) -> Trend.Earlier {
    Trend.Earlier(
      id: UUID(), startedAt: Date(timeIntervalSince1970: Double(day) * 86_400),
      values: [system: [Signature(stored: signature): values]])
  }

  private func run(_ day: Int, _ values: [Double], signature: String = "mcd|v1", system: String = "tts") -> Run {
    let utterances = values.enumerated().map { place, value in
      UtteranceResult(
        id: "u\(place)", reference: FileFacts(path: "r"), synthesis: FileFacts(path: "s"), alignment: nil,
        scores: [Score(metric: "mcd", signature: Signature(stored: signature), outcome: .value(value))])
    }
    let start = Date(timeIntervalSince1970: Double(day) * 86_400)
    return Run(
      id: UUID(), startedAt: start, finishedAt: start, tool: "1", label: "l",
      host: Host(id: "h", cpu: "c", cores: 2, memoryBytes: 8, gpu: nil, os: "o", container: nil),
      settings: RunSettings(
        metrics: ["mcd"], conditions: .init(analysisRate: 16_000, resampler: "soxr-vhq", alignment: .delay)),
      systems: [SystemResult(name: system, path: "p", utterances: utterances)], unmatched: Unmatched())
  }

  @Test func runsStandInTheOrderOfTime() throws {
    let last = run(9, [4, 5, 6])
    let trend = try #require(Trend(last, after: [earlier(3, [2, 2]), earlier(1, [1])]))
    #expect(trend.runs.map { $0.startedAt.timeIntervalSince1970 / 86_400 } == [1, 3, 9])
    #expect(trend.points("tts", "mcd").map { $0?.mean } == [1, 2, 5] && trend.metrics == ["mcd"])
    #expect(trend.points("tts", "mcd").map { $0?.n } == [1, 2, 3])
    let interval = try #require(trend.points("tts", "mcd")[2]?.interval)
    // t(.975, 2)/√3
    #expect(abs(interval.high - 5 - 2.484_137_71) < 1e-8 && interval.method == .studentT)
    #expect(trend.points("tts", "mcd")[0]?.interval == nil)
  }

  @Test func whatIsNotOfTheSameLineIsNoPoint() throws {
    let former = [
      earlier(1, [1, 2], signature: "mcd|v0"), earlier(2, [1, 2], system: "other"), earlier(3, []), earlier(4, [3, 4]),
    ]
    let trend = try #require(Trend(run(5, [5, 6]), after: former))
    #expect(trend.points("tts", "mcd").map { $0?.mean } == [nil, nil, nil, 3.5, 5.5])
    #expect(Trend(run(5, [5, 6]), after: Array(former.prefix(3))) == nil)
    #expect(Trend(run(5, [5, 6]), after: []) == nil)
  }
}
