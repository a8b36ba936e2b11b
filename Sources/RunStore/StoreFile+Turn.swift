// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import GRDB

/// One connection at a time goes from opening a store to having its schema.
///
/// SQLite waits for a lock, except where waiting could end in two connections waiting for each other: turning on the
/// write-ahead log makes a writer of a reader, and is refused at once while another connection writes. And the migrations
/// are a transaction each, so that two connections that bring an older store up to date would find each other's tables half way.
extension StoreFile {
  /// Seconds.
  private static let turnPatience = 10.0

  /// Waits for this connection's turn and opens.
  ///
  /// The lock is the folder's and not the file's: closing a second descriptor of an SQLite file would drop the locks that
  /// SQLite holds on it in this process. A folder that may not be read, or whose file system has no such locks, does
  /// without; and so does one that somebody else keeps locked for longer than opening takes, for reasons of their own.
  func inTurn(
    _ open: () throws(RunStoreError) -> DatabaseQueue
  ) throws(RunStoreError) -> DatabaseQueue {
    let folder = Foundation.open(realParent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return try open() }
    defer { close(folder) }
    let start = DispatchTime.now()
    while flock(folder, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR {
      let waited = Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9
      if waited > Self.turnPatience { break }
      Thread.sleep(forTimeInterval: 0.005)
    }
    return try open()
  }

  /// The folder that the file itself stands in, whatever links lead there.
  private var realParent: String {
    guard let resolved = realpath(path, nil) else { return parent }
    defer { free(resolved) }
    return Self.parent(of: String(cString: resolved))
  }
}
