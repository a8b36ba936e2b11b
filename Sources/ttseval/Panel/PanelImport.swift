// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Evaluation
import Foundation

/// Files of ratings.
enum PanelImport {
  static func isJSON(_ path: String) -> Bool { path.lowercased().hasSuffix(".json") }

  /// A file's ratings.
  static func panel(_ path: String, columns: String?, setup: PanelSetup) throws -> ImportedPanel {
    guard isJSON(path) else {
      return try PanelCSV.panel(
        path: path, columns: try columns.map { try PanelColumns($0) } ?? .usual, setup: setup)
    }
    guard let data = FileManager.default.contents(atPath: path) else { throw UnreadableFile(path: path) }
    return try PanelRatingsJSON.panel(data, setup: setup)
  }

  /// What a file is known by: its bytes, and how it was read, as another reading is another panel. nil where it cannot be read.
  static func digest(_ path: String, columns: String?, setup: PanelSetup) -> String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let stated = setup == PanelSetup() ? nil : try? encoder.encode(setup)
    return (try? AudioFile.digest(path)).map { digest in
      SHA256Digest.hex(
        of: "\(digest) \(columns ?? "")" + (stated.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""))
    }
  }
}
