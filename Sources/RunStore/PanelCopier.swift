// SPDX-License-Identifier: GPL-3.0-or-later
internal import GRDB

/// Takes over what listeners said in another store. A panel is known by its hash, a session by its UUID; of a session that is here
/// already what happened since is added, so that merging twice is merging once.
struct PanelCopier {
  let from: Database
  let to: Database
  let source: String

  /// - Returns: how many sessions are new or longer than they were.
  /// - Throws: `RunStoreError.refused` where a session went on in two places, or a listener has two.
  func copy() throws -> Int {
    var changed = 0
    for panel in try Row.fetchAll(from, sql: "SELECT id, hash, name, addedAt, document, setup FROM panels ORDER BY id")
    {
      let (id, hash): (Int64, String) = (try panel.value(0), try panel.value(1))
      let known = try Int64.fetchOne(to, sql: "SELECT id FROM panels WHERE hash = ?", arguments: [hash])
      let key = try known ?? copy(panel)
      if known == nil { try copyRows("importedRatings", of: ("panel", id), to: key) }
      let sessions = try Row.fetchAll(
        from, sql: "SELECT id, uuid, listener, slot FROM panelSessions WHERE panel = ? ORDER BY id", arguments: [id])
      for session in sessions { changed += try copy(session, panel: key) ? 1 : 0 }
    }
    return changed
  }

  private func copy(_ panel: Row) throws -> Int64 {
    try to.execute(
      sql: "INSERT INTO panels (hash, name, addedAt, document, setup) VALUES (?, ?, ?, ?, ?)",
      arguments: StatementArguments((1...5).map { panel[$0] as DatabaseValue }))
    return to.lastInsertedRowID
  }

  private func copy(_ session: Row, panel: Int64) throws -> Bool {
    let (id, uuid, listener): (Int64, String, String) = (
      try session.value(0), try session.value(1), try session.value(2)
    )
    let there = try events(of: id, from)
    if let known = try Int64.fetchOne(to, sql: "SELECT id FROM panelSessions WHERE uuid = ?", arguments: [uuid]) {
      let here = try events(of: known, to)
      guard zip(here, there).allSatisfy({ $0 == $1 }) else {
        throw RunStoreError.refused(reason: "the session of \(listener) went on in \(source) and in the target, apart")
      }
      guard there.count > here.count else { return false }
      try add(there[here.count...], to: known)
      return true
    }
    let other = try String.fetchOne(
      to, sql: "SELECT uuid FROM panelSessions WHERE panel = ? AND listener = ?", arguments: [panel, listener])
    if let other {
      throw RunStoreError.refused(
        reason: "listener \(listener) has a session (\(other.prefix(8))) in the target and another in \(source)")
    }
    try to.execute(
      sql: "INSERT INTO panelSessions (uuid, panel, listener, slot) VALUES (?, ?, ?, ?)",
      arguments: [uuid, panel, listener, session[3] as DatabaseValue])
    try add(there[...], to: to.lastInsertedRowID)
    return true
  }

  private static let columns = "number, utc, monotonic, kind, body"

  private func events(of session: Int64, _ db: Database) throws -> [[DatabaseValue]] {
    let sql = "SELECT \(Self.columns) FROM panelEvents WHERE session = ? ORDER BY number"
    return try Row.fetchAll(db, sql: sql, arguments: [session]).map { Array($0.databaseValues) }
  }

  private func add(_ events: ArraySlice<[DatabaseValue]>, to session: Int64) throws {
    let insert = try to.cachedStatement(
      sql: "INSERT INTO panelEvents (session, \(Self.columns)) VALUES (?, ?, ?, ?, ?, ?)")
    for event in events { try insert.execute(arguments: StatementArguments([session.databaseValue] + event)) }
  }

  /// Copies rows that hang off a panel, with another key for it.
  private func copyRows(_ table: String, of owner: (column: String, key: Int64), to key: Int64) throws {
    let rows = try Row.fetchCursor(
      from, sql: "SELECT * FROM \(table) WHERE \(owner.column) = ?", arguments: [owner.key])
    while let row = try rows.next() {
      let columns = Array(row.columnNames)
      let values = columns.map { $0 == owner.column ? key.databaseValue : row[$0] as DatabaseValue }
      let marks = columns.map { _ in "?" }.joined(separator: ", ")
      try to.cachedStatement(sql: "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))")
        .execute(arguments: StatementArguments(values))
    }
  }
}
