// SPDX-License-Identifier: GPL-3.0-or-later

/// Cells laid out as columns of a terminal.
public enum TableLayout {
  /// A line for each row, columns as wide as they need to be and two apart, nothing at the ends of lines.
  /// - Parameter rows: of as many cells as the first, the heading; from outside, too, as they are made fit for a terminal before they
  ///   are measured.
  public static func lines(_ rows: [[String]]) -> [String] {
    let rows = rows.map { $0.map(PlainText.terminal) }
    let widths = (rows.first ?? []).indices.map { column in rows.map { PlainText.width($0[column]) }.max() ?? 0 }
    return rows.map { row in
      trimmed(zip(row, widths).map { PlainText.fitted($0, $1) }.joined(separator: "  "))
    }
  }

  /// The same as text.
  public static func text(_ rows: [[String]]) -> String { lines(rows).map { $0 + "\n" }.joined() }

  /// A line without spaces at its end.
  static func trimmed(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}
