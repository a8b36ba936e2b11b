// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Reporting

extension FormatOption {
  /// The run in this format, for stdout, with what became of it since its baseline.
  func render(_ run: Run, diff: RunDiff? = nil) throws -> String {
    try render(
      run, diff, table: TextTable(run, width: Console.width, style: Console.usesColour ? .ansi : .plain))
  }

  private func render(_ run: Run, _ diff: RunDiff?, table: TextTable) throws -> String {
    switch self {
    case .table: table.render() + (diff.map { "\n" + DiffTable.render($0) } ?? "")
    case .json: try JSONReport.render(run, diff: diff)
    case .csv: CSVReport.render(run)
    case .markdown: (diff.map { DiffMarkdown.render($0) + "\n" } ?? "") + MarkdownReport.render(run)
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
  func write(_ run: Run, diff: RunDiff?, to path: String) throws {
    try Self.write(try render(run, diff, table: TextTable(run, width: 120, style: .plain)), to: path)
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
