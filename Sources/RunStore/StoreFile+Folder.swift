// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

extension StoreFile {
  /// Whether the file has no bytes.
  func isEmpty() throws(RunStoreError) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .cannotOpen(path: path, reason: Self.words(errno)) }
    return status.st_size == 0
  }

  /// Whether there is a file; throws when there is something else.
  func exists() throws(RunStoreError) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      guard code != ENOENT else { return false }
      throw .cannotOpen(path: path, reason: Self.words(code))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return true
    case S_IFDIR: throw .cannotOpen(path: path, reason: "it is a folder")
    default: throw .cannotOpen(path: path, reason: "it is no regular file")
    }
  }

  /// Whether this process may write the file, its folder aside; throws when it may not even read it.
  func isWritable() throws(RunStoreError) -> Bool {
    guard faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0 else {
      throw .cannotOpen(path: path, reason: Self.words(errno))
    }
    return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0
  }

  /// Creates the folder the file is to stand in, and those above it.
  func createFolder() throws(RunStoreError) {
    var folders: [String] = []
    var folder = parent
    while access(folder, F_OK) != 0, errno == ENOENT, folder != "/" {
      folders.append(folder)
      folder = Self.parent(of: folder)
    }
    for folder in folders.reversed() where mkdir(folder, 0o777) != 0 && errno != EEXIST {
      throw failure(errno, what: "folder \(folder)")
    }
  }

  /// SQLite says no more than "unable to open database file": tries again by hand to learn why.
  func explain(_ reason: String) -> RunStoreError {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0, errno != ENOENT { return .cannotOpen(path: path, reason: Self.words(errno)) }
    if descriptor >= 0 { close(descriptor) }
    // The log and its index must be created beside it.
    let probe = "\(parent)/.ttseval-\(UUID().uuidString)"
    let created = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard created >= 0 else { return failure(errno, what: "its folder") }
    close(created)
    unlink(probe)
    return .cannotOpen(path: path, reason: reason)
  }

  private func failure(_ code: Int32, what: String) -> RunStoreError {
    switch code {
    case EACCES, EROFS, EPERM: .readOnly(path: path)
    case ENOSPC, EDQUOT: .diskFull(path: path)
    default: .cannotOpen(path: path, reason: "\(what): \(Self.words(code))")
    }
  }

  var parent: String { Self.parent(of: path) }

  static func parent(of path: String) -> String {
    let parent = (path as NSString).deletingLastPathComponent
    return parent.isEmpty ? "/" : parent
  }

  private static func words(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
}
