// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation
internal import GRDB

// Runs of other stores, taken over.
//
// A run is known by its UUID, wherever it is. One that is here already stays as it is, so that merging twice is merging once;
// but an incomplete one gives way to the same run with more pairs, as when a store was merged while its run went on. Two
// complete runs of one UUID and different content are a conflict, and nothing is merged.
//
// Everything happens in one transaction of the target: a process that is killed on the way leaves it as it was. Rows are
// copied with their columns as they are; only keys are given anew. What stores share (machines, facts, signatures, files) is
// looked up by content first.

extension RunStore {
  /// What a merge did.
  public struct Merged: Sendable, Equatable {
    /// Runs that are new here.
    public var added = 0
    /// Incomplete runs that gave way to a fuller state of themselves.
    public var replaced = 0
    /// Runs that were here already.
    public var known = 0
    /// Listeners' sessions that are new here, or longer than they were.
    public var sessions = 0
    /// Tags that stand at another run here, and stay there.
    public var keptTags: [String] = []

    /// Counts.
    public init(added: Int = 0, replaced: Int = 0, known: Int = 0) {
      self.added = added
      self.replaced = replaced
      self.known = known
    }
  }

  /// Takes over the runs of other stores, all or nothing.
  /// - Parameter sources: stores whose content stays as it is (opening one of an earlier version brings its schema up to date).
  /// - Throws: `refused` for two complete runs of one UUID whose ends, numbers of pairs or scores differ; or another ``RunStoreError``.
  public func merge(_ sources: [RunStore]) throws(RunStoreError) -> Merged {
    try write { db in
      var merged = Merged()
      for source in sources where source.path != path {
        do {
          try source.queue.read { other in
            try RunCopier(from: other, to: db, source: source.path).copy(&merged)
            merged.sessions += try PanelCopier(from: other, to: db, source: source.path).copy()
          }
        } catch {
          // An error of reading is about the source, one of writing about this store.
          throw error is RunStoreError ? error : RunStoreError(error, path: "\(source.path) → \(path)")
        }
      }
      return merged
    }
  }
}

/// Copies the runs of one store into another.
private struct RunCopier {
  private let from: Database
  private let to: Database
  private let source: String

  init(from: Database, to: Database, source: String) {
    self.from = from
    self.to = to
    self.source = source
  }

  func copy(_ merged: inout RunStore.Merged) throws {
    var keys = SharedKeys()
    for run in try Row.fetchAll(from, sql: "SELECT id, uuid, finishedAt FROM runs ORDER BY id") {
      let (id, uuid): (Int64, String) = (try run.value(0), try run.value(1))
      let isComplete = try run.optional(2) as Int64? != nil
      if let known = try Row.fetchOne(to, sql: "SELECT id, finishedAt FROM runs WHERE uuid = ?", arguments: [uuid]) {
        let knownID: Int64 = try known.value(0)
        let isKnownComplete = try known.optional(1) as Int64? != nil
        let (here, there) = (try pairs(of: knownID, to), try pairs(of: id, from))
        if isKnownComplete, isComplete, try here != there || content(of: knownID, to) != content(of: id, from) {
          throw RunStoreError.refused(
            reason: "run \(uuid) of \(source) (\(there) pairs) is another in the target (\(here) pairs)")
        }
        guard !isKnownComplete, isComplete || there > here else {
          merged.known += 1
          continue
        }
        let tags = try String.fetchAll(to, sql: "SELECT name FROM tags WHERE run = ?", arguments: [knownID])
        try RunStore.delete(knownID, to)
        // Some of the rows looked up so far may have gone with it.
        keys = SharedKeys()
        merged.replaced += 1
        guard let key = try copyRun(id, &keys) else { continue }
        for tag in tags { try to.execute(sql: "INSERT INTO tags (name, run) VALUES (?, ?)", arguments: [tag, key]) }
        continue
      } else {
        merged.added += 1
      }
      try copyRun(id, &keys)
    }
    try copyTags(&merged)
  }

  private func pairs(of run: Int64, _ db: Database) throws -> Int {
    let sql = "SELECT count(*) FROM systems y JOIN utterances u ON u.system = y.id WHERE y.run = ?"
    return try Int.fetchOne(db, sql: sql, arguments: [run]) ?? 0
  }

  /// What tells two states of a run apart: when it ended, and how many scores of which sum it has.
  private func content(of run: Int64, _ db: Database) throws -> [DatabaseValue] {
    let sql = """
      SELECT (SELECT finishedAt FROM runs WHERE id = ?1), count(c.utterance), total(c.value), total(c.status = 'failed')
      FROM systems y JOIN utterances u ON u.system = y.id JOIN scores c ON c.utterance = u.id WHERE y.run = ?1
      """
    return try Row.fetchOne(db, sql: sql, arguments: [run]).map { Array($0.databaseValues) } ?? []
  }

  /// - Returns: the run's key in the target.
  @discardableResult
  private func copyRun(_ id: Int64, _ keys: inout SharedKeys) throws -> Int64? {
    let run = try copyRows("runs", where: "id = \(id)") { row in
      row["host"] = try keys.find(row["host"], in: "hosts", from, to)
    }
    guard let newRun = run[id] else { return nil }
    for table in ["runMetrics", "unmatched"] {
      try copyRows(table, where: "run = \(id)", hasKey: false) { $0["run"] = newRun.databaseValue }
    }
    try copyRows("runFacts", where: "run = \(id)", hasKey: false) { row in
      row["run"] = newRun.databaseValue
      row["fact"] = try keys.find(row["fact"], in: "facts", from, to)
    }
    let systems = try copyRows("systems", where: "run = \(id)") { $0["run"] = newRun.databaseValue }
    for (system, newSystem) in systems.sorted(by: { $0.key < $1.key }) {
      let utterances = try copyRows("utterances", where: "system = \(system)") { row in
        row["system"] = newSystem.databaseValue
        row["referenceFile"] = try keys.find(row["referenceFile"], in: "files", from, to)
        row["synthesisFile"] = try keys.find(row["synthesisFile"], in: "files", from, to)
      }
      let ofSystem = "utterance IN (SELECT id FROM utterances WHERE system = \(system))"
      func renamed(_ row: inout [String: DatabaseValue]) {
        let old = row["utterance"].flatMap(Int64.fromDatabaseValue)
        row["utterance"] = old.flatMap { utterances[$0] }?.databaseValue
      }
      try copyRows("speeds", where: ofSystem, hasKey: false) { renamed(&$0) }
      for table in ["scores", "traces"] {
        // The key of a trace is nobody's but its own.
        try copyRows(table, where: ofSystem, hasKey: table == "traces") { row in
          renamed(&row)
          row["signature"] = try keys.find(row["signature"], in: "signatures", from, to)
        }
      }
    }
    return newRun
  }

  /// Copies rows, changed on the way.
  /// - Parameter hasKey: whether the column `id` is given anew.
  /// - Returns: old keys and new ones.
  @discardableResult
  private func copyRows(
    _ table: String, where condition: String, hasKey: Bool = true,
    _ change: (inout [String: DatabaseValue]) throws -> Void
  ) throws -> [Int64: Int64] {
    let order = hasKey ? " ORDER BY id" : ""
    let rows = try Row.fetchCursor(from, sql: "SELECT * FROM \(table) WHERE \(condition)\(order)")
    var insert: Statement?
    var columns: [String] = []
    var keys: [Int64: Int64] = [:]
    var place = 0
    while let row = try rows.next() {
      if insert == nil {
        columns = row.columnNames.filter { !hasKey || $0 != "id" }
        place = Array(row.columnNames).firstIndex(of: "id") ?? 0
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        insert = try to.cachedStatement(
          sql: "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))")
      }
      var values = Dictionary(zip(row.columnNames, row.databaseValues), uniquingKeysWith: { first, _ in first })
      try change(&values)
      try insert?.execute(arguments: StatementArguments(columns.map { values[$0] ?? .null }))
      if hasKey { keys[try row.value(place)] = to.lastInsertedRowID }
    }
    return keys
  }

  private func copyTags(_ merged: inout RunStore.Merged) throws {
    for tag in try Row.fetchAll(from, sql: "SELECT name, uuid FROM tags JOIN runs ON runs.id = tags.run ORDER BY name")
    {
      let (name, uuid): (String, String) = (try tag.value(0), try tag.value(1))
      let here = try String.fetchOne(
        to, sql: "SELECT uuid FROM tags JOIN runs ON runs.id = tags.run WHERE name = ?", arguments: [name])
      if let here {
        if here != uuid, !merged.keptTags.contains(name) { merged.keptTags.append(name) }
        continue
      }
      try to.execute(
        sql: "INSERT INTO tags (name, run) SELECT ?, id FROM runs WHERE uuid = ?", arguments: [name, uuid])
    }
  }
}

/// Keys of rows that runs share, from one store's to the other's.
private struct SharedKeys {
  private var known: [String: [DatabaseValue: DatabaseValue]] = [:]

  /// The key of the row with the same content in every column, which is made where there is none.
  mutating func find(
    _ key: DatabaseValue?, in table: String, _ from: Database, _ to: Database
  ) throws -> DatabaseValue {
    let key = key ?? .null
    if let found = known[table]?[key] { return found }
    guard let row = try Row.fetchOne(from, sql: "SELECT * FROM \(table) WHERE id = ?", arguments: [key]) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a row of \(table) is missing")
    }
    let columns = row.columnNames.filter { $0 != "id" }
    let values = StatementArguments(columns.map { row[$0] as DatabaseValue })
    let same = columns.map { "\($0) IS ?" }.joined(separator: " AND ")
    let select = try to.cachedStatement(sql: "SELECT id FROM \(table) WHERE \(same)")
    var found = try Int64.fetchOne(select, arguments: values)
    if found == nil {
      let marks = columns.map { _ in "?" }.joined(separator: ", ")
      try to.cachedStatement(sql: "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))")
        .execute(arguments: values)
      found = to.lastInsertedRowID
    }
    guard let value = found?.databaseValue else { throw DatabaseError(message: "no key for a row of \(table)") }
    known[table, default: [:]][key] = value
    return value
  }
}
