// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

extension Subprocess {
  /// A pipe whose ends close with it.
  struct Pipe: ~Copyable {
    private let readEnd: Int32
    let writeEnd: Int32

    init() throws(SystemFailure) {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw SystemFailure(errno) }
      // A program started elsewhere between these lines keeps the pipe open. No matter: nobody here waits for its end.
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      (readEnd, writeEnd) = (ends[0], ends[1])
    }

    /// Keeps the end that is read from.
    consuming func closingWriteEnd() -> ReadEnd {
      let end = ReadEnd(descriptor: readEnd)
      close(writeEnd)
      discard self
      return end
    }

    deinit {
      close(readEnd)
      close(writeEnd)
    }
  }

  /// The end of a pipe that is read from, without waiting, and what came out of it so far.
  struct ReadEnd: ~Copyable {
    private let descriptor: Int32
    private var bytes: [UInt8] = []
    private var isOpen = true

    init(descriptor: Int32) {
      self.descriptor = descriptor
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close(descriptor) }

    /// Repaired where it is not UTF-8.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Takes what is there, up to the pipe's own size at once, so that an endless writer cannot keep us here.
    mutating func take() {
      var block = [UInt8](repeating: 0, count: 1 << 14)
      for _ in 0..<8 where isOpen {
        let count = read(descriptor, &block, block.count)
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
        if count <= 0 { isOpen = false }
        if count > 0 && bytes.count < Subprocess.outputLimit { bytes.append(contentsOf: block[..<count]) }
      }
    }

    /// Waits until one of two has something to read, or for that long.
    static func wait(_ first: borrowing ReadEnd, _ second: borrowing ReadEnd, milliseconds: Int32) {
      // A negative descriptor is passed over: an end that was closed would be ready for ever.
      var polled = [
        pollfd(fd: first.isOpen ? first.descriptor : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: second.isOpen ? second.descriptor : -1, events: Int16(POLLIN), revents: 0),
      ]
      poll(&polled, 2, milliseconds)
    }
  }
}
