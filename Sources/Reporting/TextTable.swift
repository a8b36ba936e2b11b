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
    let headingWidth = (rows.map { PlainText.width($0.heading) }.max() ?? 0) + 2
    let names = run.systems.map { PlainText.terminal($0.name) }
    // A column is as wide as its own widest line; long names are cut to keep four systems side by side.
    let widths = run.systems.indices.map { system in
      let cells = rows.map(\.cells[system])
      let lines = cells.flatMap { [shown($0), $0.interval, $0.remark] }
      return max(lines.map(PlainText.width).max() ?? 0, min(PlainText.width(names[system]), 20)) + 2
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
      output += self.block(block, rows, names, widths, headingWidth) + "\n"
    }
    return output + legend(rows) + failures()
  }

  private func block(
    _ systems: [Int], _ rows: [TableRow], _ names: [String], _ widths: [Int], _ headingWidth: Int
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
      output += line(row.heading, { shown(row.cells[$0]) }) { row.cells[$0].isBest ? bold($1) : $1 }
      if systems.contains(where: { !row.cells[$0].interval.isEmpty }) {
        output += line("", { row.cells[$0].interval }) { dim($1) }
      }
      if systems.contains(where: { !row.cells[$0].remark.isEmpty }) {
        output += line("", { row.cells[$0].remark }) { dim($1) }
      }
    }
    return output
  }

  /// The mean; the best has a star where bold cannot show it.
  private func shown(_ cell: TableRow.Cell) -> String { cell.mean + (cell.isBest && style == .plain ? " *" : "") }

  private func legend(_ rows: [TableRow]) -> String {
    var notes = ["mean over the pairs, and its 95 % interval (BCa bootstrap for 30–1000 pairs, else Student's t)"]
    if rows.contains(where: { $0.cells.contains(where: \.isBest) }) {
      notes.append("\(style == .plain ? "*" : "bold"): best of the compared systems")
    }
    let sizes = Set(rows.filter { $0.cells.contains { !$0.interval.isEmpty } }.map(\.comparison.commonUtterances))
    if let least = sizes.min(), let most = sizes.max(), run.systems.count > 1 {
      let count = least == most ? "\(most)" : "\(least) to \(most)"
      notes.append("compared on the \(count) utterances that all compared systems have a value for")
    }
    let reasons = Set(
      rows.flatMap { row in row.comparison.cells.filter { $0.undefined > 0 && $0.failed == 0 }.compactMap(\.reason) })
    notes += reasons.sorted().map { "undefined: \(PlainText.terminal($0))" }
    return notes.map { dim($0) + "\n" }.joined()
  }

  /// Failures, each once with how many pairs it took; the first ten.
  private func failures() -> String {
    var lines: [String] = []
    for system in run.systems {
      for utterance in system.utterances {
        let reasons = utterance.scores.compactMap { score -> String? in
          if case .failed(let reason) = score.outcome { reason } else { nil }
        }
        for reason in Set(reasons).sorted() {
          let metrics = reasons.count == utterance.scores.count ? "" : " (\(reasons.count) metrics)"
          lines.append("failed: \(system.name) \(utterance.id)\(metrics): \(reason)")
        }
      }
    }
    let shown = lines.prefix(10).map { PlainText.terminal($0) + "\n" }.joined()
    return shown + (lines.count > 10 ? "… and \(lines.count - 10) more failures; --format json lists all\n" : "")
  }

  private func bold(_ text: String) -> String { style == .ansi ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  private func dim(_ text: String) -> String { style == .ansi ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  private func trimmed(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }
}
