// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation
internal import GRDB
public import SpeechMetrics

extension RunStore {
  /// What is known of a pair from all runs so far, incomplete ones too: the facts and the alignment of the latest one,
  /// and every score that is not a failure, the latest of each signature; of a pair that was scored very often, from its last 32 times.
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
      var pair: KnownPair?
      // Rows of earlier runs repeat later ones, and are passed over by number, unread.
      var seen: Set<Int64> = []
      for files in try Self.files(reference: reference, synthesis: synthesis, db) {
        let rows = try Row.fetchCursor(
          try db.cachedStatement(sql: Self.finishedSQL),
          arguments: [
            files.synthesis, files.reference, conditions.analysisRate, conditions.resampler,
            conditions.alignment.rawValue, conditions.channel, conditions.level, conditions.silence.rawValue,
          ])
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
      }
      return pair
    }
  }

  /// The latest results of two files under some conditions. A pair that was scored very often is looked at so often: a look-up must not cost
  /// more as runs come together.
  private static let finishedSQL = """
    SELECT c.signature, g.text, c.status, c.value, c.reason, u.id, \(UtteranceColumns.list)
    FROM (
      SELECT u.*, n.startedAt FROM utterances u CROSS JOIN systems y CROSS JOIN runs n
      WHERE u.synthesisFile = ? AND u.referenceFile = ? AND u.cutSpeechSeconds IS NOT NULL
        AND y.id = u.system AND n.id = y.run
        AND n.analysisRate = ? AND n.resampler = ? AND n.alignment = ? AND n.channel IS ? AND n.level IS ? AND n.silence = ?
      ORDER BY u.id DESC LIMIT 32
    ) u
    CROSS JOIN files s ON s.id = u.synthesisFile CROSS JOIN files r ON r.id = u.referenceFile
    LEFT JOIN scores c ON c.utterance = u.id AND c.status <> 'failed'
    LEFT JOIN signatures g ON g.id = c.signature
    ORDER BY u.startedAt DESC, u.id DESC
    """

  /// What the store knows of two contents: as a rule one row of each, the latest first.
  private static func files(
    reference: String, synthesis: String, _ db: Database
  ) throws -> [(reference: Int64, synthesis: Int64)] {
    func rows(_ digest: String) throws -> [Int64] {
      try Int64.fetchAll(
        db.cachedStatement(sql: "SELECT id FROM files WHERE sha256 = ? ORDER BY id DESC"),
        arguments: [try Digest.bytes(digest)])
    }
    let references = try rows(reference)
    return try rows(synthesis).flatMap { synthesis in references.map { (reference: $0, synthesis: synthesis) } }
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
      for files in try Self.files(reference: reference, synthesis: synthesis, db) {
        let found = try Bool.fetchOne(
          db.cachedStatement(
            sql: """
              SELECT isFreeRunning FROM (
                SELECT u.id, u.isFreeRunning, n.startedAt FROM utterances u CROSS JOIN systems y CROSS JOIN runs n
                WHERE u.synthesisFile = ? AND u.referenceFile = ? AND u.cutSpeechSeconds IS NOT NULL
                  AND y.id = u.system AND n.id = y.run AND n.analysisRate = ? AND n.resampler = ? AND n.channel IS ?
                ORDER BY u.id DESC LIMIT 32
              ) ORDER BY startedAt DESC, id DESC LIMIT 1
              """),
          arguments: [
            files.synthesis, files.reference, conditions.analysisRate, conditions.resampler, conditions.channel,
          ])
        if let found { return found }
      }
      return nil
    }
  }
}
