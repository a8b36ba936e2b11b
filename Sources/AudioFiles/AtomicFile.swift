// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// Puts a file in place whole or not at all.
enum AtomicFile {
  /// Writes under a temporary name beside `path`, brings it to the disk, and renames it.
  /// - Throws: `notFound` (the folder), `permissionDenied`, `outOfSpace`, `cannotWrite`.
  static func write(_ bytes: [UInt8], to path: String) throws(AudioFileError) {
    guard !path.utf8.contains(0) else { throw .cannotWrite(reason: "a NUL in the name") }
    let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let folder = path[..<cut]
    // Short, so that a name of the greatest length allowed still has a temporary one; hidden, so that no one pairs it.
    let temporary = "\(folder).ttseval-\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw failure(errno) }
    var code = writeAll(bytes, descriptor)
    if code == 0 && fsync(descriptor) != 0 { code = errno }
    if close(descriptor) != 0 && code == 0 { code = errno }
    if code == 0 && rename(temporary, path) != 0 { code = errno }
    guard code == 0 else {
      unlink(temporary)
      throw failure(code)
    }
    syncFolder(folder.isEmpty ? "." : String(folder))
  }

  /// Returns 0 or an error number.
  private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { return errno }
        done += count
      }
      return 0
    }
  }

  /// The new name survives a power cut only when the folder is on the disk too. Some file systems cannot: no matter.
  private static func syncFolder(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func failure(_ code: Int32) -> AudioFileError {
    switch code {
    case ENOENT, ENOTDIR: .notFound
    case ENOSPC, EDQUOT: .outOfSpace
    case EACCES, EPERM: .permissionDenied
    default: .cannotWrite(reason: systemMessage(code))
    }
  }
}
