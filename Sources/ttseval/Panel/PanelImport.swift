// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles

/// What a table of ratings is known by.
enum PanelImport {
  /// Of the file's bytes and how its columns were read: another reading is another panel. nil where it cannot be read.
  static func digest(_ path: String, columns: String?) -> String? {
    (try? AudioFile.digest(path)).map { SHA256Digest.hex(of: "\($0) \(columns ?? "")") }
  }
}
