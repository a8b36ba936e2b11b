// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import RunStore
import SpeechMetrics
import Testing

@Suite struct RoundTripTests {
  let folder: TemporaryFolder
  let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(path: folder.store)
  }

  @Test func runComesBackAsItWas() throws {
    try store.begin(.full)
    #expect(try store.load(Run.full.id) == .full)
    #expect(try RunStore(existing: folder.store).load(Run.full.id) == .full)
    #expect(try store.problems() == [])
  }

  @Test func runGrowsAsItGoes() throws {
    var run = Run.full
    run.finishedAt = nil
    var bare = run
    for index in bare.systems.indices { bare.systems[index].utterances = [] }
    try store.begin(bare)
    #expect(try store.load(run.id) == bare)

    // In the order in which pairs happen to be finished.
    for system in run.systems.reversed() {
      try store.record(system.utterances.reversed().map { (system.name, $0) }, run: run.id)
    }
    #expect(try store.load(run.id) == run)
    #expect(try store.runs().map(\.state) == [.incomplete])

    let end = Date(timeIntervalSince1970: 1_770_000_060.5)
    try store.finish(run: run.id, at: end)
    run.finishedAt = end
    #expect(try store.load(run.id) == run)
    #expect(try store.runs().map(\.state) == [.complete])
  }

  @Test(arguments: [
    0, -0.0, 1, -3, 0.1, .pi, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
    -.greatestFiniteMagnitude, 1 / 3, 4.644, 9_007_199_254_740_993, 1e15, 1e-300, 0x1.fffffffffffffp-1,
  ])
  func doublesKeepTheirBits(value: Double) throws {
    var run = Run.empty()
    var utterance = UtteranceResult.sample(
      "u", reference: 1, synthesis: 2, scores: [Score(metric: "lsd", signature: .lsd, outcome: .value(value))])
    utterance.reference.seconds = abs(value)
    run.systems[0].utterances = [utterance]
    try store.begin(run)
    let loaded = try store.load(run.id).systems[0].utterances[0]
    guard case .value(let stored) = loaded.scores[0].outcome else {
      Issue.record("no value")
      return
    }
    #expect(stored.bitPattern == value.bitPattern)
    #expect(loaded.reference.seconds?.bitPattern == abs(value).bitPattern)
  }

  @Test func millisecondsComeBackExactly() throws {
    for (index, milliseconds) in [1_769_999_999_999, 1_770_000_000_001, 1_893_456_000_123].enumerated() {
      let start = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
      var run = Run.empty("0000000\(index)")
      run.startedAt = start
      try store.begin(run)
      #expect(try store.load(run.id).startedAt == start)
    }
  }

  @Test func textFromBytesThatAreNoUTF8() throws {
    let path = String(decoding: [0x61, 0xFF, 0xFE, 0x2F, 0xC3], as: UTF8.self)
    var run = Run.empty()
    run.systems[0].path = path
    run.unmatched.reference = [path]
    var utterance = UtteranceResult.sample(path, reference: 1, synthesis: 2, scores: [])
    utterance.synthesis.path = path
    run.systems[0].utterances = [utterance]
    try store.begin(run)
    #expect(try store.load(run.id) == run)
    // And bytes that some other program put there.
    try store.sql("UPDATE runs SET label = CAST(x'61ff62' AS TEXT)")
    #expect(try store.load(run.id).label == "a\u{FFFD}b")
  }

  @Test func listTellsWhatEachRunIs() throws {
    try store.begin(.empty("0000000a", at: 100, label: "one", systems: ["x", "y"]))
    try store.begin(.full)
    try store.tag(Run.full.id, "main")
    try store.tag(Run.full.id, "best")
    let runs = try store.runs()
    #expect(runs.map(\.id) == [Run.full.id, UUID(start: "0000000a")])
    #expect(runs.map(\.label) == [Run.full.label, "one"])
    #expect(runs.map(\.tags) == [["best", "main"], []])
    #expect(runs.map(\.pairs) == [3, 0])
    #expect(runs.map(\.systems) == [["model B; DROP TABLE runs", "modelA", "nothing"], ["x", "y"]])
    #expect(runs.map(\.state) == [.complete, .incomplete])
    #expect(runs.map(\.startedAt) == [Run.full.startedAt, Date(timeIntervalSince1970: 100)])
    #expect(runs.map(\.host) == [Run.full.host, Run.empty().host])
    #expect(runs.map(\.tool) == ["1.0.0", "1.0.0"])
  }

  @Test func factsAreStoredOnce() throws {
    try store.begin(.full)
    var again = Run.full
    again.id = UUID(start: "000000ff")
    try store.begin(again)
    #expect(try store.sql("SELECT count(*) FROM hosts") == [["1"]])
    #expect(try store.sql("SELECT count(*) FROM signatures") == [["3"]])
    // Bytes 1, 2, 3; 9 without its sound; and one of which nothing is known.
    #expect(try store.sql("SELECT count(*) FROM files") == [["5"]])
    #expect(try store.load(again.id) == again)
  }
}
