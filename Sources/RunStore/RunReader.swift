// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation
internal import GRDB
internal import SpeechMetrics

/// Reads the systems of one run, each score once, in key order.
struct RunReader {
  private let db: Database
  private let order: [String: Int]
  private let readsTraces: Bool
  private let signatures: [Int64: (metric: String, signature: Signature)]

  /// A reader that puts scores into the order of these metrics.
  init(_ db: Database, metrics: [String], traces: Bool) throws {
    self.db = db
    readsTraces = traces
    order = Dictionary(metrics.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let rows = try Row.fetchAll(db, sql: "SELECT id, metric, text FROM signatures")
    signatures = try Dictionary(
      rows.map { (try $0.value(0), (try $0.value(1), Signature(stored: try $0.value(2)))) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The systems, in their order, with their utterances sorted by id.
  func systems(of run: Int64) throws -> [SystemResult] {
    try Row.fetchAll(db, sql: "SELECT id, name, path FROM systems WHERE run = ? ORDER BY position", arguments: [run])
      .map { row in
        SystemResult(name: try row.value(1), path: try row.value(2), utterances: try utterances(of: row.value(0)))
      }
  }

  private func utterances(of system: Int64) throws -> [UtteranceResult] {
    let traces = readsTraces ? try TraceColumns.ofSystem(system, db) : [:]
    let speeds = try self.speeds(of: system)
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT u.id, u.name, \(UtteranceColumns.list)
          FROM utterances u JOIN files r ON r.id = u.referenceFile JOIN files s ON s.id = u.synthesisFile
          WHERE u.system = ?
          """), arguments: [system])
    var utterances: [UtteranceResult] = []
    // Growing, an array of a hundred thousand is there twice.
    utterances.reserveCapacity(try count(of: system))
    while let row = try rows.next() {
      let key: Int64 = try row.value(0)
      let pair = try UtteranceColumns(row, from: 2)
      var utterance = UtteranceResult(
        id: try row.value(1), reference: pair.reference, synthesis: pair.synthesis, alignment: pair.alignment,
        scores: try scores(of: key, traces), f0Range: pair.f0Range, speed: speeds[key])
      utterance.share(utterances.last)
      utterances.append(utterance)
    }
    utterances.sort { $0.id < $1.id }
    return utterances
  }

  private func count(of system: Int64) throws -> Int {
    try Int.fetchOne(
      db.cachedStatement(sql: "SELECT count(*) FROM utterances WHERE system = ?"), arguments: [system]) ?? 0
  }

  private func speeds(of system: Int64) throws -> [Int64: Speed] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT s.utterance, wallSeconds, cpuSeconds, latencySeconds, realTimeFactor, peakMemoryBytes, gpuMemoryMiB,
            gpuPowerWatts
          FROM utterances u JOIN speeds s ON s.utterance = u.id
          WHERE u.system = ?
          """), arguments: [system])
    var speeds: [Int64: Speed] = [:]
    while let row = try rows.next() {
      speeds[try row.value(0)] = Speed(
        wallSeconds: try row.value(1), cpuSeconds: try row.value(2), latencySeconds: try row.value(3),
        realTimeFactor: try row.optional(4), peakMemoryBytes: try row.optional(5), gpuMemoryMiB: try row.optional(6),
        gpuPowerWatts: try row.optional(7))
    }
    return speeds
  }

  /// One utterance's at a time: those of a hundred thousand, put in order beside the results, would take as much memory again.
  private func scores(of utterance: Int64, _ traces: [TraceColumns.Key: [Trace]]) throws -> [Score] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(sql: "SELECT signature, status, value, reason FROM scores WHERE utterance = ?"),
      arguments: [utterance])
    var scores: [Score] = []
    scores.reserveCapacity(order.count)
    while let row = try rows.next() {
      let key = TraceColumns.Key(utterance: utterance, signature: try row.value(0))
      guard let (metric, signature) = signatures[key.signature] else { continue }
      scores.append(
        Score(metric: metric, signature: signature, outcome: try Outcome(row, from: 1), traces: traces[key] ?? []))
    }
    scores.sort { (order[$0.metric] ?? .max, $0.metric) < (order[$1.metric] ?? .max, $1.metric) }
    return scores
  }
}
