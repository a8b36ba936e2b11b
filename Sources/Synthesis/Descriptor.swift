// SPDX-License-Identifier: GPL-3.0-or-later
internal import CSpawn
internal import Glibc

/// A file descriptor; closed with its owner. This and `ChildProcess` hold the module's C calls.
final class Descriptor: Sendable {
  let number: Int32

  init(_ number: Int32) { self.number = number }
  deinit { close(number) }

  /// What one attempt at reading gave.
  enum Reading { case bytes(Int), nothingYet, ended }

  /// Both ends of a pipe, closed in children, with numbers above those of stdin, stdout and stderr: a caller may have
  /// closed its own, and a pipe that took their place would be written over while a child is prepared.
  static func pipe() throws(SystemError) -> (reading: Descriptor, writing: Descriptor) {
    var ends: [Int32] = [-1, -1]
    guard pipe2(&ends, O_CLOEXEC) == 0 else { throw SystemError(errno) }
    return (try raised(ends[0]), try raised(ends[1]))
  }

  private static func raised(_ number: Int32) throws(SystemError) -> Descriptor {
    let first = Descriptor(number)
    guard number <= 2 else { return first }
    let second = fcntl(number, F_DUPFD_CLOEXEC, 3)
    guard second >= 0 else { throw SystemError(errno) }
    return Descriptor(second)
  }

  /// Makes reading or writing return at once when there is nothing to do.
  func setNonBlocking() { _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK) }

  /// Reads what is there, at most a buffer full.
  func read(into buffer: inout [UInt8]) -> Reading {
    while true {
      let count = Glibc.read(number, &buffer, buffer.count)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .ended }
      if errno == EINTR { continue }
      return errno == EAGAIN ? .nothingYet : .ended
    }
  }

  /// Writes what fits.
  /// - Returns: how many bytes went, or nil when nobody reads any more. The thread must have called
  ///   `ignoreBrokenPipes`.
  func write(_ bytes: ArraySlice<UInt8>) -> Int? {
    while true {
      let count = bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
      if count >= 0 { return count }
      if errno == EINTR { continue }
      return errno == EAGAIN ? 0 : nil
    }
  }

  /// Keeps SIGPIPE from this thread, which would end the program when a worker dies: the error number of the write
  /// tells it.
  static func ignoreBrokenPipes() {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits until one of the descriptors can be read or written, or is closed on the other side, or the time is over.
  static func wait(reading: [Descriptor], writing: Descriptor?, milliseconds: Int32) {
    var list = reading.map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) }
    if let writing { list.append(pollfd(fd: writing.number, events: Int16(POLLOUT), revents: 0)) }
    poll(&list, nfds_t(list.count), milliseconds)
  }

  /// The content of a small file, such as those of `/proc`; nil where it cannot be read.
  static func content(_ path: String, limit: Int = 1 << 16) -> [UInt8]? {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    let file = Descriptor(number)
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while content.count < limit, case .bytes(let count) = file.read(into: &buffer) { content += buffer[..<count] }
    return content
  }

  /// Writes into an existing file, such as those of `/proc`, if it can be written.
  static func put(_ text: String, into path: String) {
    let number = open(path, O_WRONLY | O_CLOEXEC)
    guard number >= 0 else { return }
    _ = Descriptor(number).write(Array(text.utf8)[...])
  }

  /// Processor time of the calling thread.
  static func threadTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  /// The size of a regular file; nil where there is none.
  static func size(_ path: String) -> Int? {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// Whether the path is a symbolic link.
  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Gives a file another name, in place of a file that may have it.
  static func rename(_ path: String, to other: String) throws(SystemError) {
    guard Glibc.rename(path, other) == 0 else { throw SystemError(errno) }
  }

  /// Opens a file for appending, made if need be, for one owner at a time.
  /// - Throws: `EWOULDBLOCK` when another process has it.
  static func appending(_ path: String) throws(SystemError) -> Descriptor {
    let number = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard number >= 0 else { throw SystemError(errno) }
    let file = Descriptor(number)
    guard flock(number, LOCK_EX | LOCK_NB) == 0 else { throw SystemError(errno) }
    return file
  }

  /// Lets another process have the file. Closing alone does not while a child that is just being started holds a copy.
  func unlock() { flock(number, LOCK_UN) }
}

/// An error number of the system.
struct SystemError: Error, Equatable, CustomStringConvertible {
  let code: Int32

  init(_ code: Int32) { self.code = code }

  /// Whether somebody else holds the lock.
  var isLocked: Bool { code == EWOULDBLOCK }
  // glibc's strerror returns constant text for the numbers the kernel knows, hence is safe from several threads.
  var description: String { String(cString: strerror(code)) }
}
