// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import RunStore
import SpeechMetrics
import Testing

@Suite struct ReuseTests {
  let folder: TemporaryFolder
  let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(path: folder.store)
  }

  private func add(
    _ start: String, at seconds: TimeInterval, conditions: Signature.Conditions = .sample, synthesis: UInt8 = 2,
    level: Double? = -0.4, traces: [Trace] = [], _ scores: [Signature: Outcome]
  ) throws {
    var run = Run.empty(start, at: seconds, conditions: conditions)
    var utterance = UtteranceResult.sample("u", reference: 1, synthesis: synthesis, scores: [])
    utterance.alignment = PairAlignment(
      class: conditions.alignment, delaySeconds: 0.01, durationRatio: 1, meanDeviation: 0.001, isFreeRunning: false,
      cutSamples: 0, cutSpeechSeconds: 0, levelDifferenceDb: level)
    utterance.scores = scores.map { signature, outcome in
      Score(
        metric: String(signature.description.prefix { $0 != "|" }), signature: signature, outcome: outcome,
        traces: traces)
    }
    run.systems[0].utterances = [utterance]
    try store.begin(run)
  }

  private func find(
    _ reference: UInt8 = 1, _ synthesis: UInt8 = 2, conditions: Signature.Conditions = .sample
  ) throws -> KnownPair? {
    try store.finished(reference: hash(reference), synthesis: hash(synthesis), conditions: conditions)
  }

  @Test func finishedScoresAreFoundThoughTheRunIsIncomplete() throws {
    try add("00000001", at: 1, [.stoi: .value(0.9), .estoi: .undefined("12 frames of speech, needs 30")])
    let pair = try #require(try find())
    #expect(pair.outcomes == [.stoi: .value(0.9), .estoi: .undefined("12 frames of speech, needs 30")])
    #expect(pair.reference == .sample("natural/u.wav", 1))
    #expect(pair.synthesis == .sample("modelA/u.flac", 2))
    #expect(pair.alignment.levelDifferenceDb == -0.4)
  }

  @Test func failuresAreNotReused() throws {
    try add("00000001", at: 1, [.stoi: .value(0.9), .lsd: .failed("why")])
    #expect(try find()?.outcomes == [.stoi: .value(0.9)])
    try add("00000002", at: 2, synthesis: 3, [.lsd: .failed("why")])
    #expect(try find(1, 3)?.outcomes == [:])
  }

  @Test func pairsOfVersion1AreNotKnown() throws {
    try add("00000001", at: 1, [.stoi: .value(0.9)])
    try store.sql("UPDATE utterances SET cutSpeechSeconds = NULL")
    #expect(try find() == nil)
    #expect(try store.isFreeRunning(reference: hash(1), synthesis: hash(2), conditions: .sample) == nil)
  }

  @Test func pairsThatCouldNotBeReadAreNotKnown() throws {
    var run = Run.empty()
    var utterance = UtteranceResult.sample(
      "u", reference: 1, synthesis: 2, scores: [Score(metric: "lsd", signature: .lsd, outcome: .failed("silent"))])
    utterance.alignment = nil
    run.systems[0].utterances = [utterance]
    try store.begin(run)
    #expect(try find() == nil)
  }

  @Test func otherBytesAreNotFoundWhateverTheName() throws {
    try add("00000001", at: 1, [.stoi: .value(0.9)])
    #expect(try find(1, 3) == nil)
    #expect(try find(3, 2) == nil)
    #expect(try find(2, 1) == nil)
    // Audio swapped under the same name: the row is there, its hash is another.
    try add("00000002", at: 2, synthesis: 3, [.stoi: .value(0.1)])
    #expect(try find(1, 2)?.outcomes == [.stoi: .value(0.9)])
    #expect(try find(1, 3)?.outcomes == [.stoi: .value(0.1)])
  }

  @Test(arguments: [
    Signature.Conditions(analysisRate: 16000, resampler: "soxr-vhq", alignment: .delay),
    Signature.Conditions(analysisRate: 22050, resampler: "soxr-hq", alignment: .delay),
    Signature.Conditions(analysisRate: 22050, resampler: "soxr-vhq", alignment: .none),
    Signature.Conditions(analysisRate: 22050, resampler: "soxr-vhq", alignment: .delay, channel: "mix"),
    Signature.Conditions(analysisRate: 22050, resampler: "soxr-vhq", alignment: .delay, level: "match"),
    Signature.Conditions(analysisRate: 22050, resampler: "soxr-vhq", alignment: .delay, silence: .keep),
  ])
  func otherConditionsAreNotFound(conditions: Signature.Conditions) throws {
    try add("00000001", at: 1, [.stoi: .value(0.9)])
    #expect(try find(conditions: conditions) == nil)
    try add("00000002", at: 2, conditions: conditions, [.stoi: .value(0.5)])
    #expect(try find(conditions: conditions)?.outcomes == [.stoi: .value(0.5)])
    #expect(try find()?.outcomes == [.stoi: .value(0.9)])
  }

  @Test func theLatestRunSpeaksAndEarlierOnesAdd() throws {
    try add("00000002", at: 200, level: 2, [.stoi: .value(0.2), .lsd: .failed("why")])
    try add("00000001", at: 100, level: 1, [.stoi: .value(0.1), .lsd: .value(1), .estoi: .value(0.3)])
    let pair = try #require(try find())
    #expect(pair.outcomes == [.stoi: .value(0.2), .lsd: .value(1), .estoi: .value(0.3)])
    #expect(pair.alignment.levelDifferenceDb == 2)
  }

  @Test func whetherAPairIsFreeRunningIsFoundUnderAnyClass() throws {
    func find(_ conditions: Signature.Conditions = .sample, _ synthesis: UInt8 = 2) throws -> Bool? {
      try store.isFreeRunning(reference: hash(1), synthesis: hash(synthesis), conditions: conditions)
    }
    #expect(try find() == nil)
    try add("00000001", at: 1, [:])
    var other = Signature.Conditions.sample
    (other.alignment, other.level, other.silence) = (.warp, "match", .keep)
    #expect(try find() == false && find(other) == false && find(other, 3) == nil)
    other.analysisRate = 16_000
    #expect(try find(other) == nil)
  }

  @Test func tracesAreFoundWhereARunKeptThem() throws {
    func traces(_ wanted: Bool) throws -> [Signature: [Trace]]? {
      try store.finished(reference: hash(1), synthesis: hash(2), conditions: .sample, traces: wanted)?.traces
    }
    try add("00000001", at: 1, traces: [.sample], [.stoi: .value(0.9)])
    try add("00000002", at: 2, [.stoi: .value(0.9), .lsd: .value(1)])
    #expect(try traces(true) == [.stoi: [.sample]])
    #expect(try traces(false) == [:])
  }

  @Test func severalThreadsMayAsk() throws {
    for index in 0..<20 {
      try add("000000\(10 + index)", at: Double(index), synthesis: UInt8(100 + index), [.stoi: .value(Double(index))])
    }
    DispatchQueue.concurrentPerform(iterations: 200) { iteration in
      let index = iteration % 20
      let pair = try? find(1, UInt8(100 + index))
      #expect(pair?.outcomes == [.stoi: .value(Double(index))])
    }
  }

  @Test func noHashIsAnError() {
    #expect(throws: RunStoreError.refused(reason: "no SHA-256: x")) {
      try store.finished(reference: "x", synthesis: hash(1), conditions: .sample)
    }
  }
}
