// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import GRDB

/// The way from a path to an open, checked and migrated database.
///
/// The order matters. That the file is ours is asked first, and asked without writing: turning on the write-ahead log
/// would already change a stranger's file. A new file is marked as ours in one locked transaction before any table is
/// made, so that a second process that looks in between knows it.
struct StoreFile {
  /// Absolute. SQLite gives `:memory:`, `file:…` and the empty string meanings of their own, but only at the start.
  let path: String
  private let durability: RunStore.Durability

  init(_ path: String, durability: RunStore.Durability = .process) throws(RunStoreError) {
    self.durability = durability
    guard !path.isEmpty else { throw .cannotOpen(path: path, reason: "the name is empty") }
    self.path = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  /// Opens or creates the file, makes sure that it can be written, and brings its schema up to date.
  func openForWriting() throws(RunStoreError) -> DatabaseQueue {
    if try exists() {
      guard try isWritable() else { throw .readOnly(path: path) }
    } else {
      try createFolder()
    }
    let queue = try inTurn { () throws(RunStoreError) in
      let queue = try connect(.writing)
      try migrate(queue)
      return queue
    }
    do {
      // Takes the write lock and changes nothing. (BEGIN IMMEDIATE alone is content with reading a read-only file.)
      try queue.write { try $0.execute(sql: "UPDATE runs SET label = label WHERE 0") }
    } catch {
      throw RunStoreError(error, path: path)
    }
    return queue
  }

  /// Opens a file that is there, for writing if possible.
  func openExisting() throws(RunStoreError) -> DatabaseQueue {
    guard try exists() else { throw .missing(path: path) }
    return try inTurn { () throws(RunStoreError) in
      // SQLite takes an empty file for a new database; who only looks must not fill it.
      guard try !isEmpty() else { throw .foreign(path: path, reason: "the file is empty") }
      let queue: DatabaseQueue
      if try isWritable() {
        do throws(RunStoreError) {
          queue = try connect(.writing)
        } catch .readOnly, .cannotOpen {
          queue = try connectForReading()
        }
      } else {
        queue = try connectForReading()
      }
      try migrate(queue)
      return queue
    }
  }

  // MARK: Connecting

  private enum Mode {
    case writing, reading
    /// As a file that nobody changes. SQLite then neither looks for a log nor makes one; beside a read-only file it
    /// would make a read-only log, which stays behind and stands in the way once the file may be written again.
    case immutable
  }

  private func connectForReading() throws(RunStoreError) -> DatabaseQueue {
    var log = stat()
    let hasLog = stat(path + "-wal", &log) == 0 && log.st_size > 0
    return try connect(hasLog ? .reading : .immutable)
  }

  private func connect(_ mode: Mode) throws(RunStoreError) -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = mode != .writing
    configuration.busyMode = .timeout(RunStore.patience)
    configuration.prepareDatabase { [path, durability] db in
      try Self.checkIdentity(db, path: path)
      if mode == .writing {
        guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
          throw RunStoreError.cannotOpen(path: path, reason: "its file system has no shared memory for SQLite's log")
        }
      }
      // 64 MiB of pages; a killed process loses nothing at NORMAL.
      let level = durability == .full ? "FULL" : "NORMAL"
      try db.execute(sql: "PRAGMA synchronous = \(level); PRAGMA cache_size = -65536")
    }
    do {
      return try DatabaseQueue(path: mode == .immutable ? immutableURI : path, configuration: configuration)
    } catch {
      let error = RunStoreError(error, path: path)
      guard case .cannotOpen(_, let reason) = error else { throw error }
      throw explain(reason)
    }
  }

  private var immutableURI: String {
    let allowed = CharacterSet(charactersIn: "/").union(.alphanumerics)
    return "file:\(path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path)?immutable=1"
  }

  /// Makes sure that the file is a store, or an empty file, which becomes one.
  private static func checkIdentity(_ db: Database, path: String) throws {
    func isOurs() throws -> Bool {
      let id = try Int32.fetchOne(db, sql: "PRAGMA application_id")
      if id == Schema.applicationID { return true }
      let objects = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master")
      guard id == 0, objects == 0 else {
        throw RunStoreError.foreign(path: path, reason: "an SQLite file of another application")
      }
      return false
    }
    // Both questions in one transaction: another process may be making a store of this very file.
    var found = false
    try db.inTransaction(.deferred) {
      found = try isOurs()
      return .commit
    }
    if found { return }
    guard !db.configuration.readonly else { throw RunStoreError.foreign(path: path, reason: "an empty file") }
    try db.inTransaction(.immediate) {
      if try !isOurs() { try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)") }
      return .commit
    }
  }

  // MARK: Schema

  private func migrate(_ queue: DatabaseQueue) throws(RunStoreError) {
    do {
      let isNewer = try look(queue) { try Schema.migrator.hasBeenSuperseded($0) }
      guard !isNewer else { throw RunStoreError.newerSchema(path: path) }
      if try look(queue, { try Schema.migrator.hasCompletedMigrations($0) }) { return }
      guard !queue.configuration.readonly else { throw RunStoreError.readOnly(path: path) }
      try queue.write { db in
        if try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 { try Schema.create(db) }
      }
      try Schema.migrator.migrate(queue)
    } catch {
      throw RunStoreError(error, path: path)
    }
  }

  /// Asks the migrator, which looks twice, about one state of the file: a transaction's begins with its first reading.
  private func look(_ queue: DatabaseQueue, _ ask: (Database) throws -> Bool) throws -> Bool {
    try queue.read { db in
      _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master")
      return try ask(db)
    }
  }
}
