// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Keeps something of a panel to one process: a lock on a file beside the store, which goes with the process however it ends.
public struct SessionLock: ~Copyable {
  /// What is kept.
  public enum Subject: Sendable, Equatable {
    /// A listener's session, by their code.
    case listener(String)
    /// A place in the plan, from 0.
    case place(Int)
  }

  private let descriptor: Int32
  private let path: String

  private init(_ descriptor: Int32, _ path: String) { (self.descriptor, self.path) = (descriptor, path) }

  /// Takes something of a panel.
  /// - Throws: ``RunStoreError/sessionInUse`` where another process has it, or another ``RunStoreError``.
  public static func take(
    _ subject: Subject, of panel: StoredPanel, in store: RunStore
  ) throws(RunStoreError) -> SessionLock {
    let name =
      switch subject {
      case .listener(let code): "listener-\(code)"
      case .place(let place): "place-\(place + 1)"
      }
    // A store has one name here, whatever links lead to it.
    let resolved = realpath(store.path, nil)
    defer { free(resolved) }
    let path = "\(resolved.map { String(cString: $0) } ?? store.path).panel-\(panel.hash.prefix(8))-\(name)"
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: String(cString: strerror(errno))) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        let reason = errno
        close(descriptor)
        if reason == EINTR { continue }
        // A file system without locks is another thing than a lock that is taken.
        throw reason == EWOULDBLOCK ? .sessionInUse : .cannotOpen(path: path, reason: String(cString: strerror(reason)))
      }
      // Who had it before took the file away between our opening and our locking: what we hold is nobody's.
      var file = stat()
      if fstat(descriptor, &file) == 0, file.st_nlink > 0 { return SessionLock(descriptor, path) }
      close(descriptor)
    }
  }

  deinit {
    // While it is still held: nobody else's file is taken away.
    unlink(path)
    close(descriptor)
  }
}
