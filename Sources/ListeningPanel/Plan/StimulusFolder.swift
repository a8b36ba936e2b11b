// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation
internal import Glibc

/// Finds recordings in folders, as other commands do: by name without extension.
///
/// Links to folders are followed, the folder itself among them; a folder that lies inside itself by way of a link is not entered
/// again. Names that begin with a dot are left out.
enum StimulusFolder {
  /// A folder that cannot be listed.
  struct Closed: Error, Equatable {
    let path: String
    let reason: String
  }

  /// Sound files in a folder and its folders, by name without extension. Of one name there should be one.
  static func names(_ folder: String) throws(Closed) -> [String: [String]] {
    var found: [String: [String]] = [:]
    try list(folder, below: "", ancestors: [], into: &found)
    // The order of a folder is not the same everywhere.
    return found.mapValues { $0.sorted() }
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private static func list(
    _ folder: String, below prefix: String, ancestors: Set<Identity>, into found: inout [String: [String]]
  ) throws(Closed) {
    guard let identity = Identity(folder), !ancestors.contains(identity) else { return }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw Closed(path: folder, reason: String(cString: strerror(errno)))
    }
    for name in names where !name.hasPrefix(".") {
      let path = "\(folder)/\(name)"
      if isFolder(path) {
        try list(path, below: "\(prefix)\(name)/", ancestors: ancestors.union([identity]), into: &found)
      } else if let dot = name.lastIndex(of: "."),
        AudioFile.extensions.contains(name[name.index(after: dot)...].lowercased())
      {
        found["\(prefix)\(name[..<dot])", default: []].append(path)
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
      (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
    }
  }
}
