// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance
import RunStore
import SpeechMetrics
import Testing

/// Parts of a run, joined by merging.
@Suite struct ShardJoiningTests {
  let folder: TemporaryFolder
  let target: RunStore
  init() throws {
    folder = try TemporaryFolder()
    target = try RunStore(path: folder.store)
  }

  /// A part with two utterances of its own.
  private func part(
    _ number: Int, of count: Int = 3, start: String? = nil, isComplete: Bool = true, host: String = "node1",
    value: Double = 0.5, whole: String = "w", launch: String? = nil
  ) throws -> Run {
    var run = Run.empty(start ?? "0000000\(number)", systems: ["modelA"])
    run.host.id = host
    run.startedAt = Date(timeIntervalSince1970: 1_770_000_000 + Double(number))
    run.finishedAt = isComplete ? Date(timeIntervalSince1970: 1_770_000_100 + Double(number)) : nil
    let shard = try #require(Shard(number: number, of: count))
    run.provenance = FactSheet(
      shard.facts(of: whole, pairs: 2 * count, launch: launch) + [
        Fact("os", "name", "Debian"), Fact("gpu", "0.model", host),
      ])
    run.unmatched = Unmatched(reference: number == 1 ? ["r/alone.wav"] : [], synthesis: [])
    run.systems[0].utterances = (0..<2).map { i in
      .sample(
        "u\(number)\(i)", reference: UInt8(10 * number + i), synthesis: UInt8(100 + 10 * number + i),
        scores: [
          Score(metric: "stoi", signature: .stoi, outcome: .value(value)),
          Score(metric: "lsd", signature: .lsd, outcome: .failed("why")),
        ])
    }
    return run
  }

  private func source(_ name: String, _ runs: [Run]) throws -> RunStore {
    let store = try RunStore(path: folder.path + "/" + name)
    for run in runs { try store.begin(run) }
    return store
  }

  @Test func partsMakeOneRun() throws {
    let parts = try (1...3).map { try part($0, host: $0 == 3 ? "node2" : "node1") }
    let sources = try parts.enumerated().map { try source("s\($0)", [$1]) }
    let merged = try target.merge(sources)
    let joined = try #require(merged.joined.first)
    #expect(merged.added == 1 && merged.joined.count == 1 && joined.missing == [] && joined.count == 3)
    #expect(try target.runs().map(\.id) == [joined.id] && target.problems() == [])
    let run = try target.load(joined.id)
    #expect(run.systems[0].utterances == parts.flatMap { $0.systems[0].utterances })
    #expect(run.startedAt == parts[0].startedAt && run.finishedAt == parts[2].finishedAt)
    #expect(run.unmatched == parts[0].unmatched && run.settings == parts[0].settings)
    #expect(run.host.id == "2 machines: node1, node2")
    #expect(run.provenance["os", "name"] == "Debian" && run.provenance["gpu", "0.model"] == "node1; node2")
    #expect(run.provenance["shards", "count"] == "3" && run.provenance["shard", "number"] == nil)
    #expect(run.missingShards == nil)
    // Again, in one store or in three.
    #expect(try target.merge(sources).known == 1 && target.runs().count == 1)
    #expect(try target.merge([source("all", parts)]).known == 1 && target.runs().count == 1)
  }

  @Test func aRunThatLacksPartsSaysWhichUntilTheyCome() throws {
    let first = try source("s1", [part(1)])
    let third = try source("s3", [part(3, isComplete: false)])
    let lacking = try #require(try target.merge([first, third]).joined.first)
    #expect(lacking.missing == [2, 3])
    var run = try target.load(lacking.id)
    #expect(run.finishedAt == nil && run.systems[0].utterances.count == 4)
    #expect(run.missingShards == "of 3 parts these are missing: 2, 3")
    try target.tag(lacking.id, "nightly")

    let second = try source("s2", [part(2)])
    try third.begin(part(3, start: "0000003a"))
    let merged = try target.merge([first, second, third])
    #expect(merged.replaced == 1 && merged.joined.first?.missing == [])
    run = try target.load(try #require(merged.joined.first?.id))
    #expect(run.finishedAt != nil && run.systems[0].utterances.count == 6)
    #expect(try target.runs().map(\.id) == [run.id] && target.run(matching: "tag:nightly") == run.id)
    #expect(try target.problems() == [])
  }

  @Test func ofSeveralTriesTheLatestCompleteOneCounts() throws {
    let died = try part(1, of: 1, start: "0000000a", isComplete: false, value: 0.1)
    var early = try part(1, of: 1, start: "0000000b", value: 0.2)
    early.startedAt -= 50
    let late = try part(1, of: 1, start: "0000000c", value: 0.3)
    let merged = try target.merge([source("s", [late, died, early])])
    let run = try target.load(try #require(merged.joined.first?.id))
    #expect(run.systems[0].utterances.map { $0.score("stoi")?.outcome } == [.value(0.3), .value(0.3)])
  }

  @Test func whatIsJoinedIsNotLostToFewerParts() throws {
    let stores = try (1...3).map { try source("s\($0)", [part($0)]) }
    _ = try target.merge([stores[0], stores[1]])
    #expect(throws: RunStoreError.self) { _ = try target.merge([stores[2]]) }
    var pairs = try target.runs().map(\.pairs)
    #expect(pairs == [4])
    let whole = try #require(try target.merge(stores).joined.first)
    pairs = try target.runs().map(\.pairs)
    #expect(whole.missing == [] && pairs == [6])
    // One of the parts again adds nothing.
    #expect(try target.merge([stores[0]]).known == 1)
    #expect(try target.runs().map(\.id) == [whole.id])
  }

  @Test func partsThatSawOtherFilesAreNotAWhole() throws {
    var short = try part(2, of: 2)
    short.systems[0].utterances.removeLast()
    let stores = [try source("s1", [part(1, of: 2)]), try source("s2", [short])]
    let reason = "the parts have 3 pairs and the whole has 4: they did not see the same files"
    #expect(throws: RunStoreError.refused(reason: reason)) { _ = try target.merge(stores) }
    #expect(try target.runs().isEmpty)
  }

  /// The same command tomorrow may hear other sounds: yesterday's part does not fill tomorrow's gap.
  @Test func launchesDoNotMix() throws {
    let yesterday = try (1...2).map { try part($0, of: 2, start: "000000a\($0)", value: 0.1, launch: "y") }
    var today = try part(1, of: 2, start: "000000b1", value: 0.9, launch: "t")
    today.startedAt += 86_400
    let stores = [try source("s1", [yesterday[0], today]), try source("s2", [yesterday[1]])]
    let joined = try #require(try target.merge(stores).joined.first)
    let (found, other) = (try target.run(launchedAs: "t"), try target.run(launchedAs: "y"))
    #expect(joined.missing == [2] && found == joined.id && other == nil)
    let outcomes = try target.load(joined.id).systems[0].utterances.map { $0.score("stoi")?.outcome }
    #expect(outcomes == [.value(0.9), .value(0.9)])
  }

  @Test func wholesStayApartAndOtherRunsComeOverAsTheyAre() throws {
    let other = try part(1, of: 1, start: "0000000d", whole: "v")
    let plain = Run.full
    let merged = try target.merge([source("s", [part(1, of: 1), other, plain])])
    #expect(merged.added == 3 && merged.joined.count == 2)
    #expect(try target.load(plain.id) == plain)
  }
}
