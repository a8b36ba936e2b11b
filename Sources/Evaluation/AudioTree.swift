// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation

/// The sound files below a folder.
///
/// Symbolic links to folders are followed; a folder that lies inside itself by way of a link is not entered again. Names
/// that begin with a dot are left out. What bears a sound file's name is listed, whatever it turns out to be: reading it
/// gives the reason.
struct AudioTree {
  /// One file.
  struct Entry: Equatable {
    /// Relative path without extension.
    let stem: String
    /// The path to open.
    let path: String
  }

  /// Sorted by stem, then path.
  let entries: [Entry]

  /// Lists a folder.
  /// - Throws: `PairingError` when the folder, or one below it, cannot be listed.
  init(folder: String) throws(PairingError) {
    var entries: [Entry] = []
    try Self.list(folder, below: "", ancestors: [], into: &entries)
    self.entries = entries.sorted { ($0.stem, $0.path) < ($1.stem, $1.path) }
  }

  private static func list(
    _ folder: String, below prefix: String, ancestors: Set<Identity>, into entries: inout [Entry]
  ) throws(PairingError) {
    guard let identity = Identity(folder), !ancestors.contains(identity) else { return }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw .cannotList(folder, reason: String(cString: strerror(errno)))
    }
    for name in names where !name.hasPrefix(".") {
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
        try list(path, below: "\(prefix)\(name)/", ancestors: ancestors.union([identity]), into: &entries)
      } else if let stem = stem(prefix + name) {
        entries.append(Entry(stem: stem, path: path))
      }
    }
  }

  /// What makes two paths the same folder.
  private struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
    }
  }

  /// A sound file's relative path without its extension; nil for other files.
  static func stem(_ path: String) -> String? {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return nil }
    let suffix = path[path.index(after: dot)...].lowercased()
    let stem = String(path[..<dot])
    guard AudioFile.extensions.contains(suffix), !stem.isEmpty, !stem.hasSuffix("/") else { return nil }
    return stem
  }
}
