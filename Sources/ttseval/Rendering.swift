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

  /// Writes the run to a file, whole or not at all, creating its folder.
  func write(_ run: Run, to path: String) throws {
    let text = self == .table ? TextTable(run, width: 120, style: .plain).render() : try render(run)
    do {
      let url = URL(fileURLWithPath: path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .atomic)
    } catch {
      throw OutputError(path: path, reason: error.localizedDescription)
    }
  }
}
