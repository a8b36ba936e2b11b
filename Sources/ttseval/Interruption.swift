// SPDX-License-Identifier: GPL-3.0-or-later
import Dispatch
import Foundation

/// Runs work that Ctrl-C (or TERM, or a lost terminal) ends in good order: the first asks it to stop, the second kills.
enum Interruption {
  /// - Parameter note: what the first is answered.
  static func cancelling<Value: Sendable>(
    _ note: String = "stopping after the pairs in hand", _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task { try await work() }
    let signals = [SIGINT, SIGTERM, SIGHUP]
    let sources = signals.map { number in
      // Without this the default action would end the process before the source hears of it.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if task.isCancelled { _exit(128 + number) }
        StandardError.write("\n\(note); once more to stop now\n")
        task.cancel()
      }
      source.resume()
      return source
    }
    defer {
      for source in sources { source.cancel() }
      for number in signals { signal(number, SIG_DFL) }
    }
    return try await task.value
  }
}
