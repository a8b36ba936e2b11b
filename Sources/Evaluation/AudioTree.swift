// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation

/// The sound files below a folder.
///
/// Symbolic links are followed, and a loop of folders is entered once. Names that begin with a dot are left out. What
/// bears a sound file's name is listed, whatever it turns out to be: reading it gives the reason.
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
    let root = folder.hasSuffix("/") && folder.count > 1 ? String(folder.dropLast()) : folder
    guard let rootPath = strdup(root) else { throw .cannotList(folder, reason: "out of memory") }
    defer { free(rootPath) }
    var arguments: [UnsafeMutablePointer<CChar>?] = [rootPath, nil]
    // FTS_LOGICAL follows links and reports a cycle in place of entering it; FTS_NOCHDIR keeps threads out of it.
    guard let walk = fts_open(&arguments, FTS_LOGICAL | FTS_NOCHDIR, nil) else {
      throw .cannotList(folder, reason: String(cString: strerror(errno)))
    }
    defer { fts_close(walk) }

    var entries: [Entry] = []
    while let found = fts_read(walk) {
      let path = String(cString: found.pointee.fts_path)
      // By bytes: a name may begin with a combining mark, which would melt into the slash before it.
      let relative = String(decoding: path.utf8.dropFirst(root.utf8.count + 1), as: UTF8.self)
      let name = relative.split(separator: "/").last ?? ""
      switch Int32(found.pointee.fts_info) {
      case FTS_D where name.hasPrefix("."):
        fts_set(walk, found, FTS_SKIP)
      case FTS_DNR, FTS_ERR:
        throw .cannotList(path, reason: String(cString: strerror(found.pointee.fts_errno)))
      case FTS_F, FTS_DEFAULT, FTS_SLNONE, FTS_NS:
        guard !name.hasPrefix("."), let stem = Self.stem(relative) else { continue }
        entries.append(Entry(stem: stem, path: path))
      default: continue
      }
    }
    self.entries = entries.sorted { ($0.stem, $0.path) < ($1.stem, $1.path) }
  }

  /// A sound file's relative path without its extension; nil for other files.
  static func stem(_ path: String) -> String? {
    guard let dot = path.lastIndex(of: "."), path[dot...].firstIndex(of: "/") == nil else { return nil }
    let suffix = path[path.index(after: dot)...].lowercased()
    let stem = String(path[..<dot])
    guard AudioFile.extensions.contains(suffix), !stem.isEmpty, !stem.hasSuffix("/") else { return nil }
    return stem
  }
}
