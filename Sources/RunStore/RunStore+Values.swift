// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
public import Foundation
internal import GRDB
public import SpeechMetrics

extension RunStore {
  /// The values of an earlier run for a trend: read without names, hashes and paths, which cost most of a run's reading.
  /// - Throws: ``RunStoreError/noSuchRun(_:)`` or another ``RunStoreError``.
  public func values(of run: UUID) throws(RunStoreError) -> Trend.Earlier {
    try read { db in
      let key = try Self.key(of: run, db)
      let started = try Int64.fetchOne(db, sql: "SELECT startedAt FROM runs WHERE id = ?", arguments: [key]) ?? 0
      var values: [String: [Signature: [Double]]] = [:]
      let signatures = try Row.fetchAll(db, sql: "SELECT id, text FROM signatures").reduce(into: [Int64: Signature]()) {
        $0[try $1.value(0)] = Signature(stored: try $1.value(1))
      }
      for system in try Row.fetchAll(db, sql: "SELECT id, name FROM systems WHERE run = ?", arguments: [key]) {
        let rows = try Row.fetchCursor(
          db,
          sql: """
            SELECT c.signature, c.value FROM utterances u JOIN scores c ON c.utterance = u.id
            WHERE u.system = ? AND c.status = 'value'
            """, arguments: [try system.value(0) as Int64])
        var own: [Int64: [Double]] = [:]
        while let row = try rows.next() { own[try row.value(0), default: []].append(try row.value(1)) }
        values[try system.value(1)] = own.reduce(into: [:]) { known, entry in
          if let signature = signatures[entry.key] { known[signature] = entry.value }
        }
      }
      return Trend.Earlier(id: run, startedAt: Date(milliseconds: started), values: values)
    }
  }
}
