// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
public import Foundation
internal import GRDB
internal import SpeechMetrics

extension RunStore {
  /// The values of an earlier run for a trend: read without names, hashes and paths, which cost most of a run's reading.
  /// - Throws: ``RunStoreError/noSuchRun(_:)`` or another ``RunStoreError``.
  public func values(of run: UUID) throws(RunStoreError) -> Trend.Earlier {
    try read { db in
      let key = try Self.key(of: run, db)
      let started = try Int64.fetchOne(db, sql: "SELECT startedAt FROM runs WHERE id = ?", arguments: [key]) ?? 0
      var values: [String: [Signature: [Double]]] = [:]
      let known = try Row.fetchAll(db, sql: "SELECT id, text, metric FROM signatures").reduce(
        into: [Int64: (signature: Signature, metric: String)]()
      ) { $0[try $1.value(0)] = (Signature(stored: try $1.value(1)), try $1.value(2)) }
      for system in try Row.fetchAll(db, sql: "SELECT id, name FROM systems WHERE run = ?", arguments: [key]) {
        let rows = try Row.fetchCursor(
          db,
          sql: """
            SELECT c.signature, c.value FROM utterances u JOIN scores c ON c.utterance = u.id WHERE u.system = ?
            """, arguments: [try system.value(0) as Int64])
        var own: [Int64: [Double]] = [:]
        while let row = try rows.next() {
          let value: Double? = try row.optional(1)
          own[try row.value(0), default: []] += value.map { [$0] } ?? []
        }
        // Of a metric with several recipes there is no one mean.
        let recipes = Dictionary(grouping: own.keys) { known[$0]?.metric ?? "" }
        values[try system.value(1)] = recipes.values.filter { $0.count == 1 }.reduce(into: [:]) { found, keys in
          if let signature = known[keys[0]]?.signature { found[signature] = own[keys[0]] }
        }
      }
      return Trend.Earlier(id: run, startedAt: Date(milliseconds: started), values: values)
    }
  }
}
