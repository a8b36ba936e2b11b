// SPDX-License-Identifier: GPL-3.0-or-later
internal import GRDB

// The history of runs: one SQLite file.
//
// What is in it. A run is written as it goes: `begin` puts down the machine, the settings and the systems' names,
// `record` adds finished pairs, each call in one transaction, `finish` sets the time of the end. A run without that time
// was killed, or still goes on: it is incomplete, and what it has is kept and used. The tables are in `Schema.swift`.
//
// What lasts. The journal is a write-ahead log, with `synchronous` at NORMAL. A process may be killed at any instant:
// every transaction that returned is there. When the power fails the last transactions may be missing, but the file
// is whole: SQLite syncs the log before it moves pages into the file. Nothing here repairs, truncates or
// replaces a file that it cannot read; such a file gets an error and stays as it is, to the byte.
//
// Who else writes. Several processes may use one store. Every writing transaction takes the write lock at its start
// (BEGIN IMMEDIATE), so that it never has to give up half-way, and waits a minute for it. Within a process
// all calls may come from any thread; they take turns on one connection.
//
// Reuse. Scores are found again by the SHA-256 of both files' bytes and the run's conditions, never by name or
// time. Every score carries its signature, so a metric whose revision went up finds nothing.
//
// Numbers. A score is stored with its bits, the sign of a zero included. SQLite takes a NaN for NULL: NaN and infinities
// are refused on the way in, and again by the schema.
//
// Listeners. What happened in a listening panel is only ever added: triggers refuse to change or delete it, and who writes it asks
// for `Durability.full`, so that not even a power cut takes back what a listener has confirmed.

/// A SQLite file that keeps runs. All calls are synchronous and may come from any thread.
public final class RunStore: Sendable {
  /// The file, as an absolute path.
  public let path: String

  let queue: DatabaseQueue

  /// Opens a store to write to, creating it and its folder where there is none.
  /// - Parameter path: absolute, or relative to the current folder.
  /// - Throws: ``RunStoreError`` when it cannot be opened *and written*: better now than after hours of scoring.
  /// - Parameter durability: what a transaction that returned outlives.
  public init(path: String, durability: Durability = .process) throws(RunStoreError) {
    let file = try StoreFile(path, durability: durability)
    self.path = file.path
    queue = try file.openForWriting()
  }

  /// What a transaction that returned outlives.
  public enum Durability: Sendable {
    /// The death of the process. What is lost to a power cut can be computed again.
    case process
    /// A power cut, too.
    case full
  }

  /// Opens a store that is there already; never creates one. One that cannot be written is opened for reading.
  /// - Parameter path: absolute, or relative to the current folder.
  /// - Throws: ``RunStoreError/missing(path:)`` when there is no such file, or another ``RunStoreError``.
  public init(existing path: String) throws(RunStoreError) {
    let file = try StoreFile(path)
    self.path = file.path
    queue = try file.openExisting()
  }

  /// The SQLite that is linked, e.g. `3.40.1`.
  public static var sqliteVersion: String? {
    try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }
  }

  /// Reads in one snapshot of the store.
  func read<Value>(_ work: (Database) throws -> Value) throws(RunStoreError) -> Value {
    do {
      return try queue.read(work)
    } catch {
      throw RunStoreError(error, path: path)
    }
  }

  /// Reads with a single statement, which needs no transaction to see one state: the four statements that would wrap it
  /// cost many times its own time.
  func readOnce<Value>(_ work: (Database) throws -> Value) throws(RunStoreError) -> Value {
    do {
      return try queue.unsafeRead(work)
    } catch {
      throw RunStoreError(error, path: path)
    }
  }

  /// Writes in one transaction: all of it, or nothing.
  func write<Value>(_ work: (Database) throws -> Value) throws(RunStoreError) -> Value {
    do {
      return try queue.write(work)
    } catch {
      throw RunStoreError(error, path: path)
    }
  }
}
