// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// A regular file, open for reading; owns its descriptor.
///
/// Nothing that could block is ever opened: the kind is looked up before opening, the file is opened with `O_NONBLOCK`
/// in case it is exchanged for a named pipe in between, and the kind is checked again on what was opened.
package struct RegularFile: ~Copyable {
  let descriptor: Int32
  /// Bytes, when it was opened.
  package let length: Int
  let stamp: Stamp
  /// When the content, its time or its owner was last changed; nobody can set it back. Seconds and nanoseconds.
  let changed: SIMD2<Int>

  /// What changes when somebody writes to the file, or puts another in its place.
  struct Stamp: Hashable, Sendable {
    var device: UInt64
    var inode: UInt64
    var size: Int
    var seconds: Int
    var nanoseconds: Int

    init(_ status: stat) {
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
      size = Int(status.st_size)
      seconds = Int(status.st_mtim.tv_sec)
      nanoseconds = Int(status.st_mtim.tv_nsec)
    }
  }

  /// - Throws: `notFound`, `nameNotUTF8`, `notARegularFile`, `symbolicLinkLoop`, `permissionDenied`, `cannotRead`,
  ///   `emptyFile`.
  package init(_ path: String) throws(AudioFileError) {
    // The C calls would take a path with a NUL in it for the part before it.
    guard !path.utf8.contains(0) else { throw .notFound }
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.failure(errno, path) }
    try Self.requireRegular(status)
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw Self.failure(errno, path) }
    do throws(AudioFileError) {
      guard fstat(descriptor, &status) == 0 else { throw Self.failure(errno) }
      try Self.requireRegular(status)
      guard status.st_size > 0 else { throw .emptyFile }
    } catch {
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    length = Int(status.st_size)
    stamp = Stamp(status)
    changed = Self.changed(status)
  }

  static func changed(_ status: stat) -> SIMD2<Int> {
    SIMD2(Int(status.st_ctim.tv_sec), Int(status.st_ctim.tv_nsec))
  }

  deinit { close(descriptor) }

  /// The whole content.
  /// - Throws: `tooLarge`, `cannotRead`, `changedWhileReading`.
  func readAll(limit: Int) throws(AudioFileError) -> [UInt8] {
    guard length <= limit else { throw .tooLarge(bytes: length, limit: limit) }
    var content: [UInt8] = []
    content.reserveCapacity(length)
    try forEachBlock { content.append(contentsOf: $0) }
    return content
  }

  /// Hands the content over in pieces, in order.
  /// - Throws: `cannotRead`; `changedWhileReading`, after the last piece.
  package func forEachBlock(_ body: (ArraySlice<UInt8>) -> Void) throws(AudioFileError) {
    var block = [UInt8](repeating: 0, count: min(length, 1 << 20))
    var total = 0
    while true {
      // One byte more than there should be is asked for in the end: a file that grew is noticed.
      let count = read(descriptor, &block, block.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure(errno) }
      if count == 0 { break }
      total += count
      guard total <= length else { throw .changedWhileReading }
      body(block[..<count])
    }
    try requireUnchanged(total)
  }

  private func requireUnchanged(_ bytesRead: Int) throws(AudioFileError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(errno) }
    guard bytesRead == length, Stamp(status) == stamp else { throw .changedWhileReading }
  }

  private static func requireRegular(_ status: stat) throws(AudioFileError) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw .notARegularFile(kind: "folder")
    case S_IFIFO: throw .notARegularFile(kind: "named pipe")
    case S_IFSOCK: throw .notARegularFile(kind: "socket")
    default: throw .notARegularFile(kind: "device")
    }
  }

  private static func failure(_ code: Int32, _ path: String = "") -> AudioFileError {
    switch code {
    // Swift's strings put U+FFFD where a name's bytes are not UTF-8: that name exists nowhere.
    case ENOENT, ENOTDIR: path.unicodeScalars.contains("\u{FFFD}") ? .nameNotUTF8 : .notFound
    case ELOOP: .symbolicLinkLoop
    case EACCES, EPERM: .permissionDenied
    default: .cannotRead(reason: systemMessage(code))
    }
  }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String {
  // glibc's strerror returns constant text for the numbers the kernel knows, hence is safe from several threads.
  String(cString: strerror(code))
}
