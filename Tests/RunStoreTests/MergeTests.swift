// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance
import RunStore
import SpeechMetrics
import Testing

@Suite struct MergeTests {
  let folder: TemporaryFolder
  let target: RunStore
  init() throws {
    folder = try TemporaryFolder()
    target = try RunStore(path: folder.store)
  }

  private func source(_ name: String, _ runs: [Run], tags: [String: UUID] = [:]) throws -> RunStore {
    let store = try RunStore(path: folder.path + "/" + name)
    for run in runs { try store.begin(run) }
    for (name, run) in tags { try store.tag(run, name) }
    return store
  }

  private func run(_ start: String, pairs: Int = 3, isComplete: Bool = true, host: String = "h") -> Run {
    var run = Run.empty(start, systems: ["modelA", "modelB"])
    run.host.id = host
    run.provenance = FactSheet([Fact("host", "name", host), Fact("os", "name", "Debian")])
    for system in run.systems.indices {
      for i in 0..<pairs {
        let scores = [
          Score(metric: "stoi", signature: .stoi, outcome: .value(Double(i) / 7), traces: [.sample]),
          Score(metric: "lsd", signature: .lsd, outcome: .failed("why")),
        ]
        let synthesis = UInt8(100 + 10 * system + i)
        run.systems[system].utterances.append(
          .sample("u\(i)", reference: UInt8(i), synthesis: synthesis, scores: scores))
      }
    }
    if isComplete { run.finishedAt = Date(timeIntervalSince1970: 1_770_000_100) }
    return run
  }

  @Test func runsComeOverWhole() throws {
    let (one, two) = (run("00000001"), run("00000002", host: "other"))
    let a = try source("a", [one, .full], tags: ["best": one.id])
    let b = try source("b", [two])
    let merged = try target.merge([a, b])
    #expect(merged == RunStore.Merged(added: 3))
    for run in [one, two, .full] { #expect(try target.load(run.id) == run) }
    #expect(try target.run(matching: "tag:best") == one.id)
    #expect(try target.problems() == [])
    // Files and signatures that runs share stand there once.
    #expect(try target.sql("SELECT count(*) FROM signatures WHERE metric = 'stoi'") == [["1"]])
    #expect(try target.sql("SELECT count(*) FROM facts WHERE value = 'Debian'") == [["1"]])
  }

  @Test func mergingTwiceIsMergingOnce() throws {
    let a = try source("a", [run("00000001")])
    _ = try target.merge([a])
    let tables = try target.sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    func content() throws -> [[[String?]]] { try tables.map { try target.sql("SELECT * FROM \($0[0] ?? "")") } }
    let before = try content()
    #expect(try target.merge([a, a]) == RunStore.Merged(known: 2))
    #expect(try content() == before)
    #expect(try target.merge([target]) == RunStore.Merged())
  }

  @Test func anIncompleteRunGivesWayToMoreOfIt() throws {
    _ = try target.merge([try source("early", [run("00000001", pairs: 1, isComplete: false)])])
    let later = run("00000001", pairs: 3)
    #expect(try target.merge([try source("late", [later])]) == RunStore.Merged(replaced: 1))
    #expect(try target.load(later.id) == later)
    // And never the other way round.
    #expect(try target.merge([try RunStore(path: folder.path + "/early")]) == RunStore.Merged(known: 1))
    #expect(try target.load(later.id) == later)
  }

  @Test func aConflictLeavesEverythingAsItWas() throws {
    let kept = run("00000001")
    try target.begin(kept)
    let a = try source("a", [run("00000002")])
    let b = try source("b", [run("00000001", pairs: 2)])
    #expect(throws: RunStoreError.self) { try target.merge([a, b]) }
    #expect(try target.runs().map(\.id) == [kept.id] && target.load(kept.id) == kept)
    // The same pairs, but other scores.
    let c = try source("c", [kept])
    try c.sql("UPDATE scores SET value = value + 1.0 WHERE status = 'value'")
    #expect(throws: RunStoreError.self) { try target.merge([c]) }
    #expect(try target.load(kept.id) == kept)
  }

  /// Its tags stay with it, and nothing of the state before is left over.
  @Test func aRunThatGivesWayKeepsItsTags() throws {
    var early = run("00000001", pairs: 1, isComplete: false)
    early.systems[0].utterances[0].synthesis.fileSHA256 = hash(250)
    try target.begin(early)
    try target.tag(early.id, "good")
    let (later, other) = (run("00000001"), run("00000002"))
    _ = try target.merge([try source("late", [later, other], tags: ["good": other.id])])
    #expect(try target.run(matching: "tag:good") == later.id)
    #expect(try target.load(later.id) == later && target.problems() == [])
    let orphans =
      "SELECT count(*) FROM files WHERE id NOT IN (SELECT synthesisFile FROM utterances UNION SELECT referenceFile FROM utterances)"
    #expect(try target.sql(orphans) == [["0"]])
  }

  @Test func aTagStaysWhereItStands() throws {
    let (one, two) = (run("00000001"), run("00000002"))
    try target.begin(one)
    try target.tag(one.id, "best")
    #expect(try target.merge([try source("a", [two], tags: ["best": two.id])]).keptTags == ["best"])
    #expect(try target.run(matching: "tag:best") == one.id)
  }

  @Test func aNewerStoreIsRefused() throws {
    let path = folder.path + "/newer"
    do {
      let newer = try RunStore(path: path)
      try newer.sql("INSERT INTO grdb_migrations (identifier) VALUES ('v99')")
    }
    #expect(throws: RunStoreError.newerSchema(path: path)) { try target.merge([try RunStore(existing: path)]) }
    #expect(try target.runs().isEmpty)
  }
}
