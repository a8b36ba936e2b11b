// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import GRDB

/// Copies the runs of one store into another.
struct RunCopier {
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
    for run in try Row.fetchAll(
      from, sql: "SELECT id, uuid, finishedAt FROM runs WHERE id NOT IN (\(ShardPart.runs)) ORDER BY id")
    {
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

  /// What tells two states of a run apart: when it ended, and how many scores of which sum it has (of whole numbers, as stores add up in
  /// different orders).
  private func content(of run: Int64, _ db: Database) throws -> [DatabaseValue] {
    let sql = """
      SELECT (SELECT finishedAt FROM runs WHERE id = ?1), count(c.utterance), total(round(c.value * 1000)), total(c.status = 'failed')
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
    try copyUtterances(systems, &keys)
    return newRun
  }

  /// Copies what systems scored.
  /// - Parameter systems: their keys here and in the target.
  func copyUtterances(_ systems: [Int64: Int64], _ keys: inout SharedKeys) throws {
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
struct SharedKeys {
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
