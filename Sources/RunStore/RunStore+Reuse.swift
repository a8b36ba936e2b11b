// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation
internal import GRDB
public import SpeechMetrics

extension RunStore {
  /// What is known of a pair from all runs so far, incomplete ones too: the facts and the alignment of the latest one,
  /// and every score that is not a failure, the latest of each signature.
  ///
  /// A pair that could not be read is not known, nor is one that was made under other conditions. Nor are those of a store of
  /// version 1, whose delays were found otherwise: what was added since is missing from them.
  /// - Parameters:
  ///   - reference: SHA-256 of the reference file's bytes, as 64 digits.
  ///   - synthesis: SHA-256 of the synthesis file's bytes, likewise.
  ///   - conditions: the conditions of the run that asks.
  ///   - traces: whether to look for the scores' traces too.
  /// - Returns: nil where nothing is known.
  public func finished(
    reference: String, synthesis: String, conditions: Signature.Conditions, traces: Bool = false
  ) throws(RunStoreError) -> KnownPair? {
    try readOnce { db in
      // CROSS JOIN keeps SQLite to this order, which is right whatever its statistics say: hashes first.
      let statement = try db.cachedStatement(
        sql: """
          SELECT c.signature, g.text, c.status, c.value, c.reason, u.id, \(UtteranceColumns.list)
          FROM files s CROSS JOIN files r CROSS JOIN utterances u CROSS JOIN systems y CROSS JOIN runs n
            LEFT JOIN scores c ON c.utterance = u.id AND c.status <> 'failed'
            LEFT JOIN signatures g ON g.id = c.signature
          WHERE s.sha256 = ? AND r.sha256 = ? AND u.synthesisFile = s.id AND u.referenceFile = r.id
            AND u.cutSpeechSeconds IS NOT NULL AND y.id = u.system AND n.id = y.run
            AND n.analysisRate = ? AND n.resampler = ? AND n.alignment = ? AND n.channel IS ? AND n.level IS ?
            AND n.silence = ?
          ORDER BY n.startedAt DESC, u.id DESC
          """)
      let rows = try Row.fetchCursor(
        statement,
        arguments: [
          try Digest.bytes(synthesis), try Digest.bytes(reference), conditions.analysisRate, conditions.resampler,
          conditions.alignment.rawValue, conditions.channel, conditions.level, conditions.silence.rawValue,
        ])
      var pair: KnownPair?
      // Rows of earlier runs repeat later ones, and are passed over by number, unread.
      var seen: Set<Int64> = []
      while let row = try rows.next() {
        if pair == nil {
          let columns = try UtteranceColumns(row, from: 6)
          guard let alignment = columns.alignment else { continue }
          pair = KnownPair(
            reference: columns.reference, synthesis: columns.synthesis, alignment: alignment, outcomes: [:])
        }
        guard let key: Int64 = try row.optional(0) else { continue }
        let isFirst = seen.insert(key).inserted
        guard isFirst || traces else { continue }
        let signature = Signature(stored: try row.value(1))
        if isFirst {
          pair?.outcomes[signature] = try Outcome(row, from: 2)
          pair?.f0Ranges[signature] = try UtteranceColumns(row, from: 6).f0Range
        }
        if traces, pair?.traces[signature] == nil {
          pair?.traces[signature] = try TraceColumns.ofScore(.init(utterance: row.value(5), signature: key), db)
        }
      }
      return pair
    }
  }

  /// Whether a pair is free-running, as the latest run found that analysed it at the same rate, whatever its class.
  /// - Parameters:
  ///   - reference: SHA-256 of the reference file's bytes, as 64 digits.
  ///   - synthesis: SHA-256 of the synthesis file's bytes, likewise.
  ///   - conditions: of the run that asks; what does not bear on the question is not looked at.
  /// - Returns: nil where nothing is known.
  public func isFreeRunning(
    reference: String, synthesis: String, conditions: Signature.Conditions
  ) throws(RunStoreError) -> Bool? {
    try readOnce { db in
      try Bool.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT u.isFreeRunning
            FROM files s CROSS JOIN files r CROSS JOIN utterances u CROSS JOIN systems y CROSS JOIN runs n
            WHERE s.sha256 = ? AND r.sha256 = ? AND u.synthesisFile = s.id AND u.referenceFile = r.id
              AND u.cutSpeechSeconds IS NOT NULL AND y.id = u.system AND n.id = y.run
              AND n.analysisRate = ? AND n.resampler = ? AND n.channel IS ?
            ORDER BY n.startedAt DESC, u.id DESC LIMIT 1
            """),
        arguments: [
          try Digest.bytes(synthesis), try Digest.bytes(reference), conditions.analysisRate, conditions.resampler,
          conditions.channel,
        ])
    }
  }
}
