// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import RunStore
import SpeechMetrics
import Testing

/// What must not get in does not get in, and leaves nothing of its transaction behind.
@Suite struct RefusalTests {
  let folder: TemporaryFolder
  let store: RunStore
  let run = Run.empty()

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(path: folder.store)
    try store.begin(run)
  }

  private func expectRefusal(_ utterance: UtteranceResult, system: String = "modelA", _ reason: String) throws {
    let sound = UtteranceResult.sample("sound", reference: 1, synthesis: 2, scores: [])
    #expect(throws: RunStoreError.refused(reason: reason)) {
      try store.record([("modelA", sound), (system, utterance)], run: run.id)
    }
    #expect(try store.load(run.id) == run)
    #expect(try store.sql("SELECT count(*) FROM files") == [["0"]])
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func scoresThatAreNotFinite(value: Double) throws {
    let score = Score(metric: "lsd", signature: .lsd, outcome: .value(value))
    try expectRefusal(.sample("u", reference: 1, synthesis: 2, scores: [score]), "u: lsd is \(value)")
  }

  @Test func tracesThatAreNotFinite() throws {
    let trace = Trace(name: "distance", start: 0, period: 0.005, values: [1, .nan])
    let score = Score(metric: "lsd", signature: .lsd, outcome: .value(1), traces: [trace])
    try expectRefusal(
      .sample("u", reference: 1, synthesis: 2, scores: [score]), "u: a value of lsd's distance is not finite")
  }

  @Test func alignmentsThatAreNotFinite() throws {
    var utterance = UtteranceResult.sample("u", reference: 1, synthesis: 2, scores: [])
    utterance.alignment = PairAlignment(
      class: .delay, delaySeconds: 0, durationRatio: .nan, meanDeviation: nil, isFreeRunning: false, cutSamples: 0,
      levelDifferenceDb: nil)
    try expectRefusal(utterance, "u: a number of its alignment is not finite")
  }

  @Test func durationsThatAreNotFinite() throws {
    var utterance = UtteranceResult.sample("u", reference: 1, synthesis: 2, scores: [])
    utterance.synthesis.seconds = .infinity
    try expectRefusal(utterance, "modelA/u.flac: its duration is not finite")
  }

  @Test(arguments: ["", "abc", hash(0xAB).uppercased(), hash(0xAB) + "00", String(repeating: "é", count: 32)])
  func hashesThatAreNone(text: String) throws {
    var utterance = UtteranceResult.sample("u", reference: 1, synthesis: 2, scores: [])
    utterance.synthesis.fileSHA256 = text
    try expectRefusal(utterance, "no SHA-256: \(text)")
  }

  @Test func systemsTheRunDoesNotKnow() throws {
    let utterance = UtteranceResult.sample("u", reference: 1, synthesis: 2, scores: [])
    try expectRefusal(utterance, system: "other", "a system unknown to the run: other")
  }

  @Test func pairsAndScoresThatAreThereAlready() throws {
    try expectRefusal(
      .sample("sound", reference: 1, synthesis: 2, scores: []),
      "UNIQUE constraint failed: utterances.system, utterances.name")
    let score = Score(metric: "lsd", signature: .lsd, outcome: .value(1))
    try expectRefusal(
      .sample("u", reference: 1, synthesis: 2, scores: [score, score]),
      "UNIQUE constraint failed: scores.utterance, scores.signature")
  }

  @Test func signaturesOfAnotherMetric() throws {
    let scores = [
      Score(metric: "lsd", signature: .lsd, outcome: .value(1)),
      Score(metric: "stoi", signature: .lsd, outcome: .value(1)),
    ]
    try expectRefusal(
      .sample("u", reference: 1, synthesis: 2, scores: scores), "stoi with another metric's signature: \(Signature.lsd)"
    )
  }

  @Test func runsThatAreThereAlready() throws {
    #expect(throws: RunStoreError.refused(reason: "UNIQUE constraint failed: runs.uuid")) { try store.begin(run) }
  }

  @Test func runsThatAreNotThere() throws {
    let id = UUID(start: "0000dead")
    let missing = RunStoreError.noSuchRun("0000dead-0000-4000-8000-000000000000")
    let utterance = UtteranceResult.sample("u", reference: 1, synthesis: 2, scores: [])
    #expect(throws: missing) { try store.record([("modelA", utterance)], run: id) }
    #expect(throws: missing) { try store.finish(run: id, at: Date()) }
    #expect(throws: missing) { try store.load(id) }
    #expect(throws: missing) { try store.tag(id, "t") }
    #expect(throws: missing) { try store.delete(id) }
  }

  /// The schema itself holds, whoever writes.
  @Test(arguments: [
    "INSERT INTO scores VALUES (1, 1, 'value', NULL, NULL)",
    "INSERT INTO scores VALUES (1, 1, 'value', NULL, 'why')",
    "INSERT INTO scores VALUES (1, 1, 'value', 0.5, 'why')",
    "INSERT INTO scores VALUES (1, 1, 'value', 1, NULL)",
    "INSERT INTO scores VALUES (1, 1, 'value', '0.5', NULL)",
    "INSERT INTO scores VALUES (1, 1, 'value', 9e999, NULL)",
    "INSERT INTO scores VALUES (1, 1, 'value', -9e999, NULL)",
    "INSERT INTO scores VALUES (1, 1, 'undefined', 0.5, 'why')",
    "INSERT INTO scores VALUES (1, 1, 'undefined', NULL, NULL)",
    "INSERT INTO scores VALUES (1, 1, 'failed', 0.5, 'why')",
    "INSERT INTO scores VALUES (1, 1, 'failed', NULL, NULL)",
    "INSERT INTO scores VALUES (1, 1, 'other', NULL, 'why')",
    "INSERT INTO scores VALUES (1, 1, NULL, NULL, 'why')",
    "INSERT INTO scores VALUES (7, 1, 'value', 0.5, NULL)",
    "INSERT INTO scores VALUES (1, 7, 'value', 0.5, NULL)",
    "UPDATE utterances SET alignment = NULL",
    "UPDATE utterances SET alignment = 'other'",
    "UPDATE utterances SET delaySeconds = NULL",
    "UPDATE utterances SET durationRatio = NULL",
    "UPDATE utterances SET isFreeRunning = NULL",
    "UPDATE utterances SET isFreeRunning = 2",
    "UPDATE utterances SET cutSamples = NULL",
    "UPDATE utterances SET cutSamples = -1",
    "UPDATE utterances SET levelDifferenceDb = 9e999",
    "UPDATE utterances SET system = 7",
    "UPDATE utterances SET referenceFile = 7",
    "UPDATE files SET sha256 = x'00'",
    "UPDATE files SET audioSHA256 = 'text'",
    "UPDATE files SET sampleRate = 0",
    "UPDATE files SET channels = 0",
    "UPDATE files SET seconds = -1",
    "UPDATE runs SET uuid = 'A'",
    "UPDATE runs SET uuid = upper('0000000a-0000-4000-8000-00000000000a')",
    "UPDATE runs SET analysisRate = 0",
    "UPDATE runs SET alignment = 'other'",
    "UPDATE runs SET host = 7",
    "UPDATE runs SET startedAt = 'yesterday'",
    "UPDATE hosts SET cores = -1",
    "INSERT INTO tags VALUES ('', 1)",
    "INSERT INTO tags VALUES ('t', 7)",
    "INSERT INTO unmatched VALUES (1, 'other', 0, 'p')",
    "DELETE FROM files",
    "DELETE FROM hosts",
    "DELETE FROM signatures",
  ])
  func rowsTheSchemaForbids(statement: String) throws {
    try store.record(
      [
        (
          "modelA",
          .sample(
            "u", reference: 1, synthesis: 2, scores: [Score(metric: "lsd", signature: .lsd, outcome: .value(1))])
        )
      ], run: run.id)
    let before = try store.load(run.id)
    // Room for the rows to be tried.
    if statement.hasPrefix("INSERT INTO scores") { try store.sql("DELETE FROM scores") }
    do {
      try store.sql(statement)
      Issue.record("not refused")
    } catch .refused {
    } catch {
      Issue.record(error)
    }
    if !statement.hasPrefix("INSERT INTO scores") { #expect(try store.load(run.id) == before) }
  }
}
