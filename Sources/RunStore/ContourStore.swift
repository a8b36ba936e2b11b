// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation
internal import GRDB

/// F0 contours beside a store, in a file that may be deleted at any time: `STORE.contours`.
///
/// It never grows over a limit: what was not used for longest goes. Whatever goes wrong with it costs time and
/// no result: numbers are handed out only with the digest they were put down with. All calls may come from any thread, and several processes may
/// use one file.
public final class ContourStore: Sendable {
  /// Where it is.
  public let path: String
  private let version: String
  private let limit: Int
  private let queue: DatabaseQueue

  /// Bytes that the file takes at most.
  public static let limit = 256 << 20
  /// Tells the file from a stranger's: "ttsF".
  private static let applicationID: Int32 = 0x7474_7346
  /// Uses are noted to the day: to look something up is seldom to write.
  private static let secondsPerDay = 86_400.0

  /// Opens or makes the file beside a store.
  /// - Parameters:
  ///   - version: of ttseval; another's numbers are not found.
  ///   - limit: bytes.
  /// - Throws: ``RunStoreError`` where it can't be used; the store can.
  public init(beside store: RunStore, version: String, limit: Int = ContourStore.limit) throws(RunStoreError) {
    (path, self.version, self.limit) = (store.path + ".contours", version, limit)
    // In turn: two that make the file at once would find each other's half way.
    queue = try StoreFile(path).inTurn { [path] () throws(RunStoreError) in
      do { return try Self.connect(path) } catch { throw RunStoreError(error, path: path) }
    }
  }

  private static func connect(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(1)
    configuration.prepareDatabase { db in
      let (id, objects) = (
        try Int32.fetchOne(db, sql: "PRAGMA application_id"),
        try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master")
      )
      guard id == applicationID || id == 0 && objects == 0 else {
        throw RunStoreError.foreign(path: path, reason: "an SQLite file of another application")
      }
      try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.write { db in
      try db.execute(
        sql: """
          PRAGMA application_id = \(applicationID);
          CREATE TABLE IF NOT EXISTS contours (
            id INTEGER PRIMARY KEY,
            file BLOB NOT NULL,  -- SHA-256 of its samples
            recipe TEXT NOT NULL,
            digest TEXT NOT NULL,  -- SHA-256 of the numbers
            numbers BLOB NOT NULL,  -- of 64 bits, little-endian
            used INTEGER NOT NULL,  -- days since 1970
            UNIQUE (file, recipe)
          ) STRICT;
          CREATE INDEX IF NOT EXISTS contoursByUse ON contours (used, id);
          """)
    }
    return queue
  }

  /// Numbers under the SHA-256 of a file's samples and a recipe; nil where there are none, or none that can be trusted.
  public func find(_ file: String, _ recipe: String) -> [Double]? {
    let today = Self.today
    guard
      let row = try? queue.unsafeRead({ db in
        try Row.fetchOne(
          db.cachedStatement(sql: "SELECT id, digest, numbers, used FROM contours WHERE file = ? AND recipe = ?"),
          arguments: [try Digest.bytes(file), key(recipe)])
      }), let id: Int64 = row[0], let digest: String = row[1], let bytes: Data = row[2], let used: Int = row[3],
      bytes.count.isMultiple(of: 8), SHA256Digest.hex(of: [UInt8](bytes)) == digest
    else { return nil }
    if used < today {
      try? queue.write { try $0.execute(sql: "UPDATE contours SET used = ? WHERE id = ?", arguments: [today, id]) }
    }
    return bytes.withUnsafeBytes { raw in
      (0..<bytes.count / 8).map {
        Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
      }
    }
  }

  /// Puts numbers down, or not.
  public func keep(_ file: String, _ recipe: String, _ numbers: [Double]) {
    var bytes = Data(capacity: 8 * numbers.count)
    for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
    try? queue.write { db in
      try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO contours (file, recipe, digest, numbers, used) VALUES (?, ?, ?, ?, ?)"
      ).execute(arguments: [
        try Digest.bytes(file), key(recipe), SHA256Digest.hex(of: [UInt8](bytes)), bytes, Self.today,
      ])
      let size =
        try Int.fetchOne(
          db,
          sql:
            "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
        )
        ?? 0
      guard size > limit else { return }
      // A tenth at a time. The pages are used again.
      try db.execute(
        sql: """
          DELETE FROM contours WHERE id IN (
            SELECT id FROM contours ORDER BY used, id LIMIT (SELECT count(*) / 10 + 1 FROM contours)
          )
          """)
    }
  }

  private func key(_ recipe: String) -> String { "\(recipe)|\(version)" }

  private static var today: Int { Int(Date().timeIntervalSince1970 / secondsPerDay) }
}
