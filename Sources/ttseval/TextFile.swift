// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Files of results.
enum TextFile {
  /// Hands a text on in pieces, so that a long one is never held whole.
  typealias Pieces = (_ sink: (String) throws -> Void) throws -> Void

  /// As `write(to:_:)`, of a text in one piece.
  static func write(_ text: String, to path: String) throws { try write(to: path) { try $0(text) } }

  /// Writes a file whole or not at all, at the place that a link leads to. What is no regular file, such as a pipe, or is open already, as
  /// /dev/stdout, is written to its end.
  static func write(to path: String, _ pieces: Pieces) throws {
    var (status, link) = (stat(), stat())
    let isThere = stat(path, &status) == 0
    let leadsNowhere = !isThere && lstat(path, &link) == 0
    let isOpen = ["/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/"].contains(where: path.hasPrefix)
    guard isOpen || leadsNowhere || isThere && status.st_mode & S_IFMT != S_IFREG else {
      return try replace(
        URL(fileURLWithPath: path).resolvingSymlinksInPath(), mode: isThere ? status.st_mode : nil, pieces)
    }
    let file = try opened(path, O_WRONLY | O_APPEND | (leadsNowhere ? O_CREAT : 0), for: path)
    try send(pieces, to: file, for: path)
  }

  /// Writes what comes to an open file.
  /// - Parameter path: what an error calls it.
  static func send(_ pieces: Pieces, to file: FileHandle, for path: String) throws {
    try pieces { text in
      do {
        try file.write(contentsOf: Data(text.utf8))
      } catch {
        throw OutputError(path: path, reason: error.localizedDescription)
      }
    }
  }

  /// Writes a file beside its place, and moves it there.
  /// - Parameter mode: of the file that stands there.
  private static func replace(_ target: URL, mode: mode_t?, _ pieces: Pieces) throws {
    let random = String(UInt64.random(in: 0 ... .max), radix: 36)
    // Short, so that a name of the greatest length allowed still has one.
    let part = target.deletingLastPathComponent().appendingPathComponent(".ttseval-\(random).tmp").path
    let file = try opened(part, O_WRONLY | O_CREAT | O_EXCL, for: target.path)
    do {
      if let mode { fchmod(file.fileDescriptor, mode & 0o7777) }
      try send(pieces, to: file, for: target.path)
      // What a file system notices only now.
      guard fsync(file.fileDescriptor) == 0, rename(part, target.path) == 0 else {
        throw OutputError(path: target.path, reason: String(cString: strerror(errno)))
      }
    } catch {
      unlink(part)
      throw error
    }
  }

  private static func opened(_ path: String, _ flags: Int32, for name: String) throws -> FileHandle {
    let descriptor = open(path, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw OutputError(path: name, reason: String(cString: strerror(errno))) }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}
