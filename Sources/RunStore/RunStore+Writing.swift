// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
public import Foundation
internal import GRDB
internal import Provenance

extension RunStore {
  /// How long a call waits for another process to finish writing, in seconds.
  public static let patience = 60.0

  /// Puts down a run that starts: its machine, settings, systems and unmatched files; and its utterances, if it has any.
  ///
  /// Times are kept in whole milliseconds.
  /// - Throws: ``RunStoreError/refused(reason:)`` when the run is there already, or another ``RunStoreError``.
  public func begin(_ run: Run) throws(RunStoreError) {
    _ = try write { db in try Self.insert(run, db) }
  }

  /// - Returns: the run's row.
  @discardableResult
  static func insert(_ run: Run, _ db: Database) throws -> Int64 {
    let conditions = run.settings.conditions
    try db.execute(
      sql: """
        INSERT INTO runs (uuid, startedAt, finishedAt, tool, label, host, analysisRate, resampler, alignment, channel, level,
          silence)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        run.id.stored, run.startedAt.milliseconds, run.finishedAt?.milliseconds, run.tool, run.label,
        try Self.key(of: run.host, db), conditions.analysisRate, conditions.resampler, conditions.alignment.rawValue,
        conditions.channel, conditions.level, conditions.silence.rawValue,
      ])
    let key = db.lastInsertedRowID
    for (position, metric) in run.settings.metrics.enumerated() {
      try db.execute(
        sql: "INSERT INTO runMetrics (run, position, metric) VALUES (?, ?, ?)", arguments: [key, position, metric])
    }
    for (position, system) in run.systems.enumerated() {
      try db.execute(
        sql: "INSERT INTO systems (run, position, name, path) VALUES (?, ?, ?, ?)",
        arguments: [key, position, system.name, system.path])
    }
    for (position, fact) in run.provenance.facts.enumerated() {
      try db.execute(
        sql: "INSERT INTO runFacts (run, position, fact) VALUES (?, ?, ?)",
        arguments: [key, position, try Self.key(of: fact, db)])
    }
    for (side, paths) in [("reference", run.unmatched.reference), ("synthesis", run.unmatched.synthesis)] {
      for (position, path) in paths.enumerated() {
        try db.cachedStatement(sql: "INSERT INTO unmatched (run, side, position, path) VALUES (?, ?, ?, ?)")
          .execute(arguments: [key, side, position, path])
      }
    }
    var writer = try UtteranceWriter(db, run: key)
    for system in run.systems {
      for utterance in system.utterances { try writer.insert(utterance, system: system.name) }
    }
    return key
  }

  /// Adds finished pairs to a run, all of them or none.
  /// - Parameters:
  ///   - utterances: each with the name of its system, which ``begin(_:)`` was told of.
  ///   - run: the run.
  /// - Throws: ``RunStoreError/refused(reason:)`` for a number that is not finite, a pair that is there already or an
  ///   unknown system; or another ``RunStoreError``.
  public func record(_ utterances: [(system: String, UtteranceResult)], run: UUID) throws(RunStoreError) {
    guard !utterances.isEmpty else { return }
    try write { db in
      var writer = try UtteranceWriter(db, run: Self.key(of: run, db))
      for (system, utterance) in utterances { try writer.insert(utterance, system: system) }
    }
  }

  /// Marks a run as complete.
  public func finish(run: UUID, at time: Date) throws(RunStoreError) {
    try write { db in
      try db.execute(
        sql: "UPDATE runs SET finishedAt = ? WHERE id = ?", arguments: [time.milliseconds, Self.key(of: run, db)])
    }
  }

  /// Gives a run a name by which `tag:NAME` finds it; a tag that stands at another run moves.
  /// - Throws: ``RunStoreError/refused(reason:)`` for an empty name, or another ``RunStoreError``.
  public func tag(_ run: UUID, _ name: String) throws(RunStoreError) {
    guard !name.isEmpty else { throw .refused(reason: "a tag without a name") }
    try write { db in
      try db.execute(
        sql: "INSERT INTO tags (name, run) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET run = excluded.run",
        arguments: [name, Self.key(of: run, db)])
    }
  }

  /// Deletes a run with everything that is known through it alone.
  public func delete(_ run: UUID) throws(RunStoreError) {
    try write { db in try Self.delete(Self.key(of: run, db), db) }
  }

  /// Deletes a run by its row, and rows that only it used.
  static func delete(_ key: Int64, _ db: Database) throws {
    try db.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [key])
    try db.execute(
      sql: """
        DELETE FROM files WHERE NOT EXISTS (SELECT 1 FROM utterances WHERE synthesisFile = files.id)
          AND NOT EXISTS (SELECT 1 FROM utterances WHERE referenceFile = files.id);
        DELETE FROM facts WHERE NOT EXISTS (SELECT 1 FROM runFacts WHERE fact = facts.id);
        DELETE FROM hosts WHERE NOT EXISTS (SELECT 1 FROM runs WHERE host = hosts.id)
        """)
  }

  /// The row of a run.
  static func key(of run: UUID, _ db: Database) throws -> Int64 {
    guard let key = try Int64.fetchOne(db, sql: "SELECT id FROM runs WHERE uuid = ?", arguments: [run.stored]) else {
      throw RunStoreError.noSuchRun(run.stored)
    }
    return key
  }

  /// The row of a fact, made where there is none like it.
  private static func key(of fact: Fact, _ db: Database) throws -> Int64 {
    let columns: StatementArguments = [fact.topic, fact.name, fact.value]
    try db.execute(
      sql: "INSERT INTO facts (topic, name, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", arguments: columns)
    let sql = "SELECT id FROM facts WHERE topic = ? AND name = ? AND value = ?"
    guard let key = try Int64.fetchOne(db, sql: sql, arguments: columns) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a fact that was added is not there")
    }
    return key
  }

  /// The row of a machine, made where there is none like it.
  private static func key(of host: Provenance.Host, _ db: Database) throws -> Int64 {
    let facts: StatementArguments = [
      host.id, host.cpu, host.cores, host.memoryBytes, host.gpu, host.os, host.container,
    ]
    let known = try Int64.fetchOne(
      db,
      sql: """
        SELECT id FROM hosts
        WHERE host = ? AND cpu = ? AND cores = ? AND memoryBytes = ? AND gpu IS ? AND os = ? AND container IS ?
        """, arguments: facts)
    if let known { return known }
    try db.execute(
      sql: "INSERT INTO hosts (host, cpu, cores, memoryBytes, gpu, os, container) VALUES (?, ?, ?, ?, ?, ?, ?)",
      arguments: facts)
    return db.lastInsertedRowID
  }
}

extension UUID {
  /// The form in the store.
  var stored: String { uuidString.lowercased() }
}

extension Date {
  /// Whole milliseconds since 1970.
  var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

  /// The instant of whole milliseconds since 1970.
  init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
