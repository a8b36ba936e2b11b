// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Evaluation
import Foundation

/// Files of ratings.
enum PanelImport {
  static func isJSON(_ path: String) -> Bool { path.lowercased().hasSuffix(".json") }

  /// A file's ratings.
  static func ratings(_ path: String, columns: String?) throws -> [PanelRating] {
    guard isJSON(path) else {
      return try PanelCSV.ratings(path: path, columns: try columns.map { try PanelColumns($0) } ?? .usual)
    }
    guard let data = FileManager.default.contents(atPath: path) else { throw UnreadableFile(path: path) }
    return try PanelRatingsJSON.ratings(data)
  }

  /// What a file is known by: its bytes, and how its columns were read, as another reading is another panel. nil where it cannot be read.
  static func digest(_ path: String, columns: String?) -> String? {
    (try? AudioFile.digest(path)).map { SHA256Digest.hex(of: "\($0) \(columns ?? "")") }
  }
}
