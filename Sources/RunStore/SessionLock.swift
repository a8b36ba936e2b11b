// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation

/// Keeps a listener's session to one process: a lock on a file beside the store, which goes with the process however it ends.
public struct SessionLock: ~Copyable {
  private let descriptor: Int32
  private let path: String

  private init(_ descriptor: Int32, _ path: String) { (self.descriptor, self.path) = (descriptor, path) }

  /// Takes a session.
  /// - Throws: ``RunStoreError/sessionInUse`` where another process has it, or another ``RunStoreError``.
  public static func take(_ session: UUID, in store: RunStore) throws(RunStoreError) -> SessionLock {
    let path = "\(store.path).session-\(session.uuidString.lowercased().prefix(8))"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(errno))) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .sessionInUse
    }
    return SessionLock(descriptor, path)
  }

  deinit {
    // While it is still held: nobody else's file is taken away.
    unlink(path)
    close(descriptor)
  }
}
