// SPDX-License-Identifier: GPL-3.0-or-later

/// A screen laid out for a terminal of some size: rows of pieces with their looks.
package struct ScreenLayout: Equatable {
  /// How a piece looks. Nothing is told by looks alone: what is chosen has a mark too.
  package enum Style: Equatable { case plain, dim, strong, chosen, attention, good }

  package struct Piece: Equatable {
    package var text: String
    package var style: Style
    package var column: Int
  }

  /// The least size a session is shown at.
  static let least = (columns: 80, rows: 24)

  package private(set) var rows: [[Piece]] = []
  private let width: Int
  private static let margin = 2
  /// Lines are not longer than is good to read.
  private static let widest = 100

  /// Lays out for a window, or says that it is too small.
  package static func fitted(_ screen: Screen, columns: Int, rows: Int, tooSmall: String) -> ScreenLayout {
    let isSmall = columns < least.columns || rows < least.rows
    return ScreenLayout(
      isSmall ? Screen([.message(tooSmall)], prompt: .nothing) : screen, columns: max(columns, 10), rows: max(rows, 1))
  }

  /// Lays out. The keys stand in the last rows; where all does not fit, blank lines go first.
  package init(_ screen: Screen, columns: Int, rows height: Int) {
    width = min(columns, Self.widest) - 2 * Self.margin
    for line in screen.lines { add(line) }
    while rows.count > height, let blank = rows.lastIndex(where: \.isEmpty) { rows.remove(at: blank) }
    rows = Array(rows.prefix(height))
  }

  /// Text of a row, for tests.
  package func text(_ row: Int) -> String {
    rows[row].reduce(into: "") { text, piece in
      text += String(repeating: " ", count: max(0, piece.column - DisplayWidth.of(text))) + piece.text
    }
  }

  private mutating func add(_ line: Screen.Line) {
    switch line {
    case .blank: rows.append([])
    case .status(let left, let right):
      let column = Self.margin + max(0, width - DisplayWidth.of(right))
      rows.append([
        Piece(text: left, style: .strong, column: Self.margin), Piece(text: right, style: .dim, column: column),
      ])
    case .heading(let text): wrap(text, .strong)
    case .body(let text): wrap(text, .plain)
    case .message(let text): wrap(text, .attention)
    case .live(let text): wrap("♪ " + text, .good)
    case .items(let items):
      for line in DisplayWidth.rows(items, gap: 3, to: width) {
        rows.append([Piece(text: line, style: .plain, column: Self.margin)])
      }
    case .entry(let text):
      // The end of what is typed stays in sight.
      let lines = DisplayWidth.wrap("> " + text + "_", to: width).suffix(6)
      for line in lines { rows.append([Piece(text: line, style: .strong, column: Self.margin)]) }
    case .answers(let answers): add(answers)
    case .slider(let label, let value, let isInHand, let isHeard): slider(label, value, isInHand, isHeard)
    case .keys(let hints): add(hints)
    }
  }

  private mutating func wrap(_ text: String, _ style: Style) {
    for line in DisplayWidth.wrap(text, to: width) {
      rows.append(line.isEmpty ? [] : [Piece(text: line, style: style, column: Self.margin)])
    }
  }

  /// In one row where they fit, else one below the other.
  private mutating func add(_ answers: [Screen.Answer]) {
    let texts = answers.map { "\($0.isChosen ? ">" : " ")\($0.key) \($0.label)\($0.isChosen ? "<" : " ")" }
    let widths = texts.map { DisplayWidth.of($0) + 1 }
    let isOneRow = widths.reduce(0, +) <= width
    var column = Self.margin - 1
    var row: [Piece] = []
    for (text, answer) in zip(texts, answers) {
      let style = answer.isChosen ? Style.chosen : .plain
      if isOneRow {
        row.append(Piece(text: text, style: style, column: column))
        column += DisplayWidth.of(text) + 1
      } else {
        // What does not fit in a row goes on below the label.
        let label = DisplayWidth.wrap("\(answer.key) \(answer.label)", to: width - 2)
        for (place, line) in label.enumerated() {
          let start = place > 0 ? "   " : answer.isChosen ? ">" : " "
          let end = place < label.count - 1 ? "" : answer.isChosen ? "<" : " "
          rows.append([Piece(text: start + line + end, style: style, column: Self.margin - 1)])
        }
      }
    }
    if isOneRow { rows.append(row) }
  }

  private mutating func slider(_ label: String, _ value: Int?, _ isInHand: Bool, _ isHeard: Bool) {
    let length = 40
    let filled = (value ?? 0) * length / 100
    let bar = "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: length - filled) + "]"
    let number = value.map { String($0) } ?? (isHeard ? "-" : "?")
    rows.append([
      Piece(
        text: "\(isInHand ? ">" : " ") \(label)  \(bar) \(number)", style: isInHand ? .chosen : .plain,
        column: Self.margin - 1)
    ])
  }

  private mutating func add(_ hints: [Screen.KeyHint]) {
    var row: [Piece] = []
    var column = Self.margin
    for hint in hints {
      let key = "[\(hint.key)] "
      let size = DisplayWidth.of(key) + DisplayWidth.of(hint.label)
      if column + size > Self.margin + width, !row.isEmpty {
        rows.append(row)
        (row, column) = ([], Self.margin)
      }
      row.append(Piece(text: key, style: .strong, column: column))
      row.append(Piece(text: hint.label, style: .plain, column: column + DisplayWidth.of(key)))
      column += size + 2
    }
    if !row.isEmpty { rows.append(row) }
  }
}
