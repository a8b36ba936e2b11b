// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Reporting

extension FormatOption {
  /// The run in this format, for stdout.
  func render(_ run: Run) throws -> String {
    switch self {
    case .table: TextTable(run, width: Console.width, style: Console.usesColour ? .ansi : .plain).render()
    case .json: try JSONReport.render(run)
    case .csv: CSVReport.render(run)
    case .markdown: MarkdownReport.render(run)
    }
  }

  /// Makes the folder of a file that is to be written, and looks whether it may be.
  static func makeFolder(of path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw OutputError(path: path, reason: error.localizedDescription)
    }
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw OutputError(path: path, reason: "its folder cannot be written to")
    }
  }

  /// Writes the run to a file, whole or not at all, in a folder that is there.
  func write(_ run: Run, to path: String) throws {
    try Self.write(self == .table ? TextTable(run, width: 120, style: .plain).render() : try render(run), to: path)
  }

  /// Writes a file whole or not at all.
  static func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw OutputError(path: path, reason: error.localizedDescription)
    }
  }
}
