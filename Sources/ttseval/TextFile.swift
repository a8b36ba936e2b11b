// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Files of results.
enum TextFile {
  /// Hands a text on in pieces, so that a long one is never held whole.
  typealias Pieces = (_ sink: (String) throws -> Void) throws -> Void

  /// As `write(to:_:)`, of a text in one piece.
  static func write(_ text: String, to path: String) throws { try write(to: path) { try $0(text) } }

  /// Writes a file whole or not at all, at the place that a link leads to. What is no regular file, such as a pipe, or is open already, as
  /// /dev/stdout, is written to its end. Who is killed meanwhile may leave a hidden file beside it, `.ttseval-….tmp`.
  static func write(to path: String, _ pieces: Pieces) throws {
    var status = stat()
    let isThere = stat(path, &status) == 0
    let isOpen = ["/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/"].contains(where: path.hasPrefix)
    guard isOpen || isThere && status.st_mode & S_IFMT != S_IFREG else {
      return try replace(try place(path), mode: isThere ? status.st_mode & 0o7777 : nil, pieces)
    }
    let file = try opened(path, O_WRONLY | O_APPEND, for: path)
    try pieces { try put($0, into: file, for: path) }
  }

  /// Writes a piece to an open file.
  /// - Parameter path: what an error calls it.
  static func put(_ text: String, into file: FileHandle, for path: String) throws {
    do {
      try file.write(contentsOf: Data(text.utf8))
    } catch {
      throw OutputError(path: path, reason: error.localizedDescription)
    }
  }

  /// Where a path leads to through links, also when nothing is there yet.
  private static func place(_ path: String) throws -> String {
    var place = path
    // As many as Linux follows.
    for _ in 0..<40 {
      guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: place) else { return place }
      place = next.hasPrefix("/") ? next : folder(place) + next
    }
    throw OutputError(path: path, reason: String(cString: strerror(ELOOP)))
  }

  /// The folder's part of a path, with its last stroke; empty where the path is a name.
  private static func folder(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// Writes a file beside its place, and moves it there.
  /// - Parameter mode: rights of the file that stands there.
  private static func replace(_ path: String, mode: mode_t?, _ pieces: Pieces) throws {
    // Short, so that a name of the greatest length allowed still has one.
    let part = folder(path) + ".ttseval-\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
    var file: FileHandle?
    // Not before there is something to write.
    func begun() throws -> FileHandle {
      if let file { return file }
      let begun = try opened(part, O_WRONLY | O_CREAT | O_EXCL, rights: mode.map { $0 & 0o777 } ?? 0o666, for: path)
      if let mode { fchmod(begun.fileDescriptor, mode) }
      file = begun
      return begun
    }
    do {
      try pieces { try put($0, into: try begun(), for: path) }
      try finish(try begun(), part, path)
    } catch {
      unlink(part)
      throw error
    }
  }

  /// Brings a file to the disk and to its place.
  private static func finish(_ file: FileHandle, _ part: String, _ path: String) throws {
    var code: Int32 = 0
    repeat { code = fsync(file.fileDescriptor) == 0 ? 0 : errno } while code == EINTR
    // Not every file system can.
    if code == EINVAL || code == ENOTSUP { code = 0 }
    if code == 0, rename(part, path) != 0 { code = errno }
    guard code == 0 else { throw OutputError(path: path, reason: String(cString: strerror(code))) }
  }

  private static func opened(
    _ path: String, _ flags: Int32, rights: mode_t = 0, for name: String
  ) throws -> FileHandle {
    let descriptor = open(path, flags | O_CLOEXEC, rights)
    let code = errno
    guard descriptor >= 0 else { throw OutputError(path: name, reason: String(cString: strerror(code))) }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}
