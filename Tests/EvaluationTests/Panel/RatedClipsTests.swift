// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance
import SpeechMetrics
import Statistics
import Testing

/// MOS among a run's scores.
@Suite struct RatedClipsTests {
  /// A run of systems whose clips are files with these hashes.
  private func run(_ systems: [String: [String]]) -> Run {
    Run(
      id: UUID(), startedAt: Date(timeIntervalSince1970: 0), finishedAt: Date(timeIntervalSince1970: 1), tool: "0.1.0",
      label: nil, host: Host(id: "h", cpu: "c", cores: 2, memoryBytes: 8, gpu: nil, os: "o", container: nil),
      settings: RunSettings(
        metrics: ["lsd"], conditions: .init(analysisRate: 16_000, resampler: "soxr-vhq", alignment: .delay)),
      systems: systems.sorted { $0.key < $1.key }.map { name, files in
        SystemResult(
          name: name, path: name,
          utterances: files.enumerated().map { place, file in
            UtteranceResult(
              id: "u\(place)", reference: FileFacts(path: "r", audioSHA256: "r\(place)"),
              synthesis: FileFacts(path: "s", fileSHA256: file, audioSHA256: file), alignment: nil,
              scores: [
                Score(metric: "lsd", signature: Signature(stored: "lsd|v1"), outcome: .value(Double(place)))
              ])
          })
      }, unmatched: Unmatched())
  }

  /// Listeners who differ in how strict they are, sentences in how hard: `listeners` × sentences of each system.
  private func panel(
    _ systems: [String: Double], listeners: Int = 12, sentences: Int = 4, hash: String = "abcdef0123456789",
    isImported: Bool = false
  ) -> RatedClips {
    let ratings = systems.sorted { $0.key < $1.key }.flatMap { system, level in
      (0..<listeners).flatMap { listener in
        (0..<sentences).map { sentence in
          let (strict, hard) = (Double(listener % 3) - 1, Double((listener * 5 + sentence * 3) % 4) / 4)
          let taste = system == "b" ? Double(listener % 4) / 8 : 0
          return PanelRating(
            listener: "l\(listener)", system: system, utterance: "u\(sentence)", score: level + strict + hard + taste)
        }
      }
    }
    let files = systems.keys.flatMap { system in
      (0..<sentences).map { (PanelClip(system: system, utterance: "u\($0)"), "\(system)-\($0)") }
    }
    return RatedClips(
      ratings, panel: hash, name: "p", scale: .mos, files: isImported ? nil : Dictionary(uniqueKeysWithValues: files))
  }

  private func files(_ system: String, _ count: Int = 6) -> [String] { (0..<count).map { "\(system)-\($0)" } }

  @Test func aPanelMeetsARunByTheFilesItPlayed() throws {
    // The run calls the system otherwise; two of its six clips nobody heard.
    let rated = run(["other name": files("a")]).rated(in: panel(["a": 3]))
    #expect(rated.settings.metrics == ["lsd", "mos"])
    let system = rated.systems[0]
    #expect(system.utterances.map { $0.score("mos") != nil } == [true, true, true, true, false, false])
    #expect(system.utterances[0].score("mos")?.votes.count == 12)
    let summary = try #require(system.summary("mos").values)
    #expect(summary.n == 48 && rated.listeners("mos") == 12 && rated.listeners("lsd") == nil)
    // As the panel's own analysis has it.
    let ratings = system.utterances.enumerated().flatMap { place, utterance in
      (utterance.score("mos")?.votes ?? []).map {
        PanelRating(listener: $0.listener, system: "a", utterance: "u\(place)", score: $0.score)
      }
    }
    let analysed = try PanelAnalysis(ratings).all.systems[0]
    #expect(abs(summary.mean - analysed.mean.mean) < 1e-12)
    let (interval, headline) = (try #require(summary.interval), try #require(analysed.interval))
    #expect(interval.method == .twoWay)
    #expect(abs(interval.low - headline.low) < 1e-12 && abs(interval.high - headline.high) < 1e-12)
  }

  @Test func anotherFileIsNobodysAndAnImportGoesByNames() {
    #expect(run(["a": files("b")]).rated(in: panel(["a": 3])).settings.metrics == ["lsd"])
    #expect(run(["a": files("b")]).rated(in: panel(["a": 3], isImported: true)).settings.metrics == ["lsd", "mos"])
  }

  @Test func tablesCompareMOSOnTheUtterancesThatWereHeard() {
    // 4 of 12 utterances were heard: less than half of the run, all of the panel.
    let rated = run(["a": files("a", 12), "b": files("b", 12)]).rated(in: panel(["a": 3, "b": 4]))
    let comparison = Comparison(rated, metric: "mos", better: .higher)
    #expect(comparison.commonUtterances == 4 && comparison.cells.map(\.isCompared) == [true, true])
    #expect(comparison.cells.map(\.isBest) == [false, true] && comparison.cells[0].values?.n == 48)
  }

  @Test func aDifferenceIsTestedByListeners() throws {
    let both = panel(["a": 2, "b": 3.25])
    let diff = RunDiff(run(["x": files("a")]).rated(in: both), run(["x": files("b")]).rated(in: both))
    let mos = try #require(diff.systems[0].metrics.first { $0.metric == "mos" })
    let comparison = try #require(mos.comparison)
    #expect(comparison.n == 12 && mos.unitsName == "listeners" && !mos.isGate)
    // 48 votes a side, four sentences, but twelve people: 2 in 4096 ways to flip them are as far.
    #expect(abs(comparison.test.p - 2.0 / 4096) < 1e-12 && mos.verdict == .improved)
    let interval = try #require(comparison.interval)
    // Mean, interval and p are of one thing: the listeners' own differences.
    let mean = try #require(comparison.meanDifference)
    #expect(interval.method == .studentT && abs((interval.low + interval.high) / 2 - mean) < 1e-12 && interval.low > 0)
    #expect(mos.differences.count == 4)
  }

  @Test func scoresOfTwoPanelsAreNotCompared() throws {
    let diff = RunDiff(
      run(["x": files("a")]).rated(in: panel(["a": 2])),
      run(["x": files("b")]).rated(in: panel(["b": 3], hash: "1111111111111111")))
    let mos = try #require(diff.systems[0].metrics.first { $0.metric == "mos" })
    #expect(mos.verdict == .notComparable && mos.reasons.contains { $0.contains("two panels") })
  }

  @Test func fewListenersAreWarnedOf() {
    let few = run(["a": files("a")]).rated(in: panel(["a": 3], listeners: 9))
    #expect(RunWarnings(few).lines == ["mos: 9 listeners; under 10 it is rough"])
    #expect(RunWarnings(run(["a": files("a")]).rated(in: panel(["a": 3], listeners: 10))).lines.isEmpty)
  }

  @Test func takesHaveTheVotesOfAll() throws {
    let both = panel(["a": 2, "b": 4])
    let rated = run(["take1": files("a"), "take2": files("b")]).rated(in: both)
    let matrix = HardwareMatrix([rated, rated])
    let mos = try #require(matrix.pairs[0].diff.systems[0].metrics.first { $0.metric == "mos" })
    #expect(mos.comparison?.n == 12 && mos.means?.a == mos.means?.b)
  }
}
