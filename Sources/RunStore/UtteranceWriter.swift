// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation
internal import GRDB

/// Inserts utterances of one run within one transaction, looking each system and signature up once.
///
/// Keys are not kept beyond the transaction: should it roll back, they would name rows that never were.
struct UtteranceWriter {
  private let db: Database
  private let systems: [String: Int64]
  private var signatures: [String: (key: Int64, metric: String)] = [:]

  init(_ db: Database, run: Int64) throws {
    self.db = db
    let rows = try Row.fetchAll(db, sql: "SELECT name, id FROM systems WHERE run = ?", arguments: [run])
    systems = try Dictionary(rows.map { (try $0.value(0), try $0.value(1)) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func insert(_ utterance: UtteranceResult, system: String) throws {
    guard let system = systems[system] else {
      throw RunStoreError.refused(reason: "a system unknown to the run: \(system)")
    }
    let alignment = utterance.alignment
    let numbers = [
      alignment?.delaySeconds, alignment?.durationRatio, alignment?.meanDeviation, alignment?.levelDifferenceDb,
      alignment?.cutSpeechSeconds,
    ]
    guard numbers.allSatisfy({ $0?.isFinite ?? true }) else {
      throw RunStoreError.refused(reason: "\(utterance.id): a number of its alignment is not finite")
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO utterances (
          system, name, referencePath, referenceFile, synthesisPath, synthesisFile,
          alignment, delaySeconds, durationRatio, meanDeviation, isFreeRunning, cutSamples, levelDifferenceDb,
          cutSpeechSeconds, pathSearch, f0Voiced, f0AtBounds
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      system, utterance.id, utterance.reference.path, try key(of: utterance.reference), utterance.synthesis.path,
      try key(of: utterance.synthesis), alignment?.class.rawValue, alignment?.delaySeconds, alignment?.durationRatio,
      alignment?.meanDeviation, alignment?.isFreeRunning, alignment?.cutSamples, alignment?.levelDifferenceDb,
      alignment?.cutSpeechSeconds, alignment?.pathSearch?.rawValue, utterance.f0Range?.voiced,
      utterance.f0Range?.atBounds,
    ])
    let key = db.lastInsertedRowID
    if let speed = utterance.speed { try insert(speed, utterance: key, name: utterance.id) }
    for score in utterance.scores { try insert(score, utterance: key, name: utterance.id) }
  }

  private func insert(_ speed: Speed, utterance: Int64, name: String) throws {
    let numbers = [
      speed.wallSeconds, speed.cpuSeconds, speed.latencySeconds, speed.realTimeFactor, speed.gpuMemoryMiB,
      speed.gpuPowerWatts,
    ]
    guard numbers.allSatisfy({ $0?.isFinite ?? true }) else {
      throw RunStoreError.refused(reason: "\(name): a figure of its speed is not finite")
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO speeds (
          utterance, wallSeconds, cpuSeconds, latencySeconds, realTimeFactor, peakMemoryBytes, gpuMemoryMiB, gpuPowerWatts
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      utterance, speed.wallSeconds, speed.cpuSeconds, speed.latencySeconds, speed.realTimeFactor,
      speed.peakMemoryBytes, speed.gpuMemoryMiB, speed.gpuPowerWatts,
    ])
  }

  private mutating func insert(_ score: Score, utterance: Int64, name: String) throws {
    let signature = try key(of: score)
    let columns: (status: String, value: Double?, reason: String?)
    switch score.outcome {
    case .value(let value):
      guard value.isFinite else { throw RunStoreError.refused(reason: "\(name): \(score.metric) is \(value)") }
      columns = ("value", value, nil)
    case .undefined(let reason): columns = ("undefined", nil, reason)
    case .failed(let reason): columns = ("failed", nil, reason)
    }
    try db.cachedStatement(
      sql: "INSERT INTO scores (utterance, signature, status, value, reason) VALUES (?, ?, ?, ?, ?)"
    )
    .execute(arguments: [utterance, signature, columns.status, columns.value, columns.reason])
    for trace in score.traces {
      guard trace.values.allSatisfy(\.isFinite) else {
        throw RunStoreError.refused(reason: "\(name): a value of \(score.metric)'s \(trace.name) is not finite")
      }
      try db.cachedStatement(
        sql: "INSERT INTO traces (utterance, signature, name, start, period, samples) VALUES (?, ?, ?, ?, ?, ?)"
      ).execute(arguments: [utterance, signature, trace.name, trace.start, trace.period, trace.samples])
    }
  }

  private mutating func key(of score: Score) throws -> Int64 {
    let text = score.signature.description
    if signatures[text] == nil {
      try db.cachedStatement(sql: "INSERT INTO signatures (text, metric) VALUES (?, ?) ON CONFLICT (text) DO NOTHING")
        .execute(arguments: [text, score.metric])
      let row = try Row.fetchOne(
        db.cachedStatement(sql: "SELECT id, metric FROM signatures WHERE text = ?"), arguments: [text])
      signatures[text] = try row.map { (try $0.value(0), try $0.value(1)) }
    }
    guard let (key, metric) = signatures[text], metric == score.metric else {
      throw RunStoreError.refused(reason: "\(score.metric) with another metric's signature: \(text)")
    }
    return key
  }

  private func key(of file: FileFacts) throws -> Int64 {
    guard file.seconds?.isFinite ?? true else {
      throw RunStoreError.refused(reason: "\(file.path): its duration is not finite")
    }
    let facts: StatementArguments = [
      try file.fileSHA256.map(Digest.bytes), try file.audioSHA256.map(Digest.bytes), file.sampleRate, file.channels,
      file.seconds,
    ]
    // SQLite uses the index of such files only where the statement says that it is about them.
    let select = try db.cachedStatement(
      sql: """
        SELECT id FROM files
        WHERE sha256 \(file.fileSHA256 == nil ? "IS NULL AND ? IS NULL" : "= ?") AND audioSHA256 IS ? AND sampleRate IS ?
          AND channels IS ? AND seconds IS ?
        """)
    if let known = try Int64.fetchOne(select, arguments: facts) { return known }
    try db.cachedStatement(
      sql: "INSERT INTO files (sha256, audioSHA256, sampleRate, channels, seconds) VALUES (?, ?, ?, ?, ?)"
    ).execute(arguments: facts)
    return db.lastInsertedRowID
  }
}
