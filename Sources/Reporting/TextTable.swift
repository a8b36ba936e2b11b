// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation

/// A run as a table for people: systems as columns, metrics as rows, failures in words.
public struct TextTable: Sendable {
  /// How text may stress what matters.
  public enum Style: Sendable {
    /// Bold for the best, dim for what is not compared.
    case ansi
    /// Characters alone.
    case plain
  }

  private let run: Run
  private let width: Int
  private let style: Style

  /// - Parameters:
  ///   - run: what to show.
  ///   - width: columns of the terminal; systems that do not fit side by side follow below.
  ///   - style: whether escape sequences may be used.
  public init(_ run: Run, width: Int, style: Style) {
    self.run = run
    self.width = max(40, width)
    self.style = style
  }

  /// The table, the failures, and a line that says how to read it.
  public func render() -> String {
    let rows = run.settings.metrics.map { TableRow(run, metric: $0) }
    let speeds = SpeedRow.all(run)
    let headingWidth = ((rows.map(\.heading) + speeds.map(\.heading)).map(PlainText.width).max() ?? 0) + 2
    let names = run.systems.map { PlainText.terminal($0.name) }
    // A column is as wide as its own widest line; long names are cut to keep four systems side by side, but not so
    // far that two systems would have one name.
    let cut = Set(names.map { PlainText.fitted($0, 20) }).count == names.count ? 20 : Int.max
    let widths = run.systems.indices.map { system in
      let cells = rows.map(\.cells[system])
      let lines =
        cells.flatMap { [shown($0), $0.interval, $0.remark] }
        + speeds.flatMap { [$0.cells[system].mean, $0.cells[system].interval] }
      return max(lines.map(PlainText.width).max() ?? 0, min(PlainText.width(names[system]), cut)) + 2
    }
    var output = ""
    var next = 0
    while next < run.systems.count {
      var taken = headingWidth
      var block: [Int] = []
      while next < run.systems.count, block.isEmpty || taken + widths[next] <= width {
        taken += widths[next]
        block.append(next)
        next += 1
      }
      output += self.block(block, rows, speeds, names, widths, headingWidth) + "\n"
    }
    return output + notes(rows)
  }

  private func block(
    _ systems: [Int], _ rows: [TableRow], _ speeds: [SpeedRow], _ names: [String], _ widths: [Int],
    _ headingWidth: Int
  ) -> String {
    func line(_ heading: String, _ text: (Int) -> String, _ stress: (Int, String) -> String) -> String {
      let cells = systems.map { stress($0, PlainText.fitted(text($0), widths[$0] - 2)) + "  " }
      return trimmed(PlainText.fitted(heading, headingWidth) + cells.joined())
    }
    var output = line("", { names[$0] }, { bold($1) })
    output += trimmed(
      PlainText.fitted("pairs", headingWidth)
        + systems.map {
          dim(PlainText.fitted("\(run.systems[$0].utterances.count)", widths[$0] - 2)) + "  "
        }.joined())
    for row in rows {
      output += line(row.heading, { shown(row.cells[$0]) }) {
        row.isWarped ? dim($1) : row.cells[$0].isBest ? bold($1) : $1
      }
      if systems.contains(where: { !row.cells[$0].interval.isEmpty }) {
        output += line("", { row.cells[$0].interval }) { dim($1) }
      }
      if systems.contains(where: { !row.cells[$0].remark.isEmpty }) {
        output += line("", { row.cells[$0].remark }) { dim($1) }
      }
    }
    for row in speeds {
      output += line(row.heading, { row.cells[$0].mean }) { $1 }
      output += line("", { row.cells[$0].interval }) { dim($1) }
    }
    return output
  }

  /// The mean; the best has a star where bold cannot show it.
  private func shown(_ cell: TableRow.Cell) -> String { cell.mean + (cell.isBest && style == .plain ? " *" : "") }

  private func notes(_ rows: [TableRow]) -> String {
    let notes = TableNotes(run, rows, best: style == .plain ? "*" : "bold")
    let failures = notes.failures.prefix(10).map { "failed: \(PlainText.terminal($0))\n" }.joined()
    let more = notes.failures.count - 10
    return notes.legend.map { dim(PlainText.terminal($0)) + "\n" }.joined() + failures
      + (more > 0 ? "… and \(more) more failures; --format json lists all\n" : "")
  }

  private func bold(_ text: String) -> String { style == .ansi ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  private func dim(_ text: String) -> String { style == .ansi ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  private func trimmed(_ line: String) -> String { TableLayout.trimmed(line) + "\n" }
}
