// SPDX-License-Identifier: GPL-3.0-or-later
internal import GRDB

extension RunStore {
  /// What is wrong with the file, in SQLite's words: pages, keys and references, all read. Empty when it is sound.
  public func problems() throws(RunStoreError) -> [String] {
    try read { db in
      let integrity = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
      let references = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check")
      return try integrity + references.map { "a row of \(try $0.value(0) as String) refers to nothing" }
    }
  }

  /// The rows of a statement of the caller's own, as text: for tests of the schema and of its limits.
  @discardableResult
  package func sql(_ statement: String) throws(RunStoreError) -> [[String?]] {
    do {
      return try queue.inDatabase { db in
        try Row.fetchAll(db, sql: statement).map { row in
          row.databaseValues.map { $0.isNull ? nil : String.fromDatabaseValue($0) ?? $0.description }
        }
      }
    } catch {
      throw RunStoreError(error, path: path)
    }
  }
}
