// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc
internal import Synchronization

/// Signals as bytes in a pipe, so that a loop that waits for keys waits for them too.
///
/// A handler can do little but write: it writes the signal's number into a pipe whose end it finds in a global variable, the
/// only way to reach it. The handlers that were there are put back in the end.
struct Signals: ~Copyable {
  static let watched = [SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH]

  /// Can be read when a signal has come.
  let descriptor: Int32
  private let writing: Int32
  private var previous: [(Int32, sigaction)] = []

  init() throws(PanelError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .terminal("no pipe for signals: \(String(cString: strerror(errno)))") }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (descriptor, writing) = (ends[0], ends[1])
    signalPipe.store(writing, ordering: .sequentiallyConsistent)
    for number in Self.watched {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(signalPipe.load(ordering: .relaxed), &byte, 1)
        errno = saved
      }
      action.sa_flags = Int32(SA_RESTART)
      var old = sigaction()
      sigaction(number, &action, &old)
      previous.append((number, old))
    }
  }

  /// The signals that have come since.
  func taken() -> [Int32] {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? bytes[..<count].map { Int32($0) } : []
  }

  /// Stops this process, as Ctrl-Z would have without us; returns when it goes on.
  func stopProcess() { raise(SIGSTOP) }

  deinit {
    for (number, old) in previous {
      var old = old
      sigaction(number, &old, nil)
    }
    signalPipe.store(-1, ordering: .sequentiallyConsistent)
    close(descriptor)
    close(writing)
  }
}

private let signalPipe = Atomic<Int32>(-1)
