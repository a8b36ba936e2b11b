// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// Reads keys and signals, from the process's standard input unless told otherwise.
struct KeyReader: ~Copyable {
  private var parser = KeyParser()
  private var queue: [PanelKey] = []
  private let signals: Signals
  private let input: Int32
  private var isClosed = false

  /// A lone ESC is a key after this many milliseconds.
  static let escapeMilliseconds: Int32 = 50

  init(input: Int32 = STDIN_FILENO) throws(PanelError) {
    self.input = input
    signals = try Signals()
  }

  /// What comes next, by itself: what signals mean is for the caller.
  enum Event { case bytes([UInt8]), signal(Int32), closed }

  /// The next key, signal or end within so many seconds. Bytes become keys here; in line mode they are handed over.
  mutating func next(within seconds: Double) -> PanelInput? {
    if !queue.isEmpty { return .key(queue.removeFirst()) }
    if isClosed { return .closed }
    let milliseconds = parser.isWaiting ? Self.escapeMilliseconds : Int32(seconds * 1000)
    switch wait(milliseconds) {
    case .signal(let number)?: return .signal(number)
    case .bytes(let bytes)?: queue += parser.take(bytes)
    case .closed?:
      isClosed = true
      queue += parser.timeout()
    case nil: if parser.isWaiting { queue += parser.timeout() }
    }
    return queue.isEmpty ? isClosed ? .closed : nil : .key(queue.removeFirst())
  }

  /// One look at signals and bytes.
  mutating func wait(_ milliseconds: Int32) -> Event? {
    var list = [
      pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: input, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&list, nfds_t(list.count), milliseconds) > 0 || errno == EINTR else { return nil }
    let numbers = signals.taken()
    // Of several at once, one that asks to end must not be lost.
    if let number = numbers.first(where: { [SIGINT, SIGTERM, SIGHUP].contains($0) }) ?? numbers.first {
      return .signal(number)
    }
    guard list[1].revents != 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(input, &bytes, bytes.count)
    if count > 0 { return .bytes(Array(bytes[..<count])) }
    return count < 0 && (errno == EINTR || errno == EAGAIN) ? nil : .closed
  }

  /// Throws away keys that were typed, here and in the kernel.
  mutating func flush() {
    tcflush(input, TCIFLUSH)
    parser.flush()
    queue = []
  }

  func stopProcess() { signals.stopProcess() }
}
