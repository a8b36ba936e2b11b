// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// The sound files below a folder.
///
/// Symbolic links to folders are followed; a folder that lies inside itself by way of a link is not entered again. Names
/// that begin with a dot are left out. What bears a sound file's name is listed, whatever it turns out to be: reading it
/// gives the reason.
package struct AudioTree {
  /// One file.
  package struct Entry: Equatable {
    /// Relative path without extension.
    package let stem: String
    /// The path to open.
    package let path: String
  }

  /// A folder that cannot be listed.
  package struct Unlistable: Error, Equatable {
    package let path: String
    /// In the system's words.
    package let reason: String
  }

  /// Sorted by stem, then path.
  package let entries: [Entry]

  /// Lists a folder.
  /// - Throws: `Unlistable` when the folder, or one below it, cannot be listed.
  package init(folder: String) throws(Unlistable) {
    var entries: [Entry] = []
    try Self.list(folder, below: "", ancestors: [], into: &entries)
    self.entries = entries.sorted { ($0.stem, $0.path) < ($1.stem, $1.path) }
  }

  /// Whether there is a folder at a path, or a link to one.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// A sound file's relative path without its extension; nil for other files.
  package static func stem(_ path: String) -> String? {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    let suffix = path[path.index(after: dot)...].lowercased()
    let stem = String(path[..<dot])
    guard AudioFile.extensions.contains(suffix), !stem.isEmpty, !stem.hasSuffix("/") else { return nil }
    return stem
  }

  private static func list(
    _ folder: String, below prefix: String, ancestors: Set<Identity>, into entries: inout [Entry]
  ) throws(Unlistable) {
    guard let identity = Identity(folder), !ancestors.contains(identity) else { return }
    for (name, isFile) in try content(folder) where !name.hasPrefix(".") {
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      if !isFile, isFolder(path) {
        try list(path, below: "\(prefix)\(name)/", ancestors: ancestors.union([identity]), into: &entries)
      } else if let stem = stem(prefix + name) {
        entries.append(Entry(stem: stem, path: path))
      }
    }
  }

  /// The names in a folder, each with whether it is a regular file's for certain.
  private static func content(_ folder: String) throws(Unlistable) -> [(name: String, isFile: Bool)] {
    guard let stream = opendir(folder) else { throw Unlistable(path: folder, reason: systemMessage(errno)) }
    defer { closedir(stream) }
    var content: [(name: String, isFile: Bool)] = []
    errno = 0
    while let entry = readdir(stream) {
      // The name is an array of C's, and may be read as far as its zero.
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      content.append((name, Int(entry.pointee.d_type) == DT_REG))
      errno = 0
    }
    guard errno == 0 else { throw Unlistable(path: folder, reason: systemMessage(errno)) }
    return content
  }

  /// What makes two paths the same folder.
  private struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
    }
  }
}
