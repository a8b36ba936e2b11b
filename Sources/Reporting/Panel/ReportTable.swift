// SPDX-License-Identifier: GPL-3.0-or-later

/// A table before it is laid out for a terminal or a page.
struct ReportTable {
  struct Cell {
    let text: String
    /// The number behind the text, to the last digit, by which a page sorts.
    let number: Double?
    /// Whether it is a sentence, which may take lines of its own.
    var isSentence = false

    init(_ text: String, _ number: Double? = nil) {
      self.text = text
      self.number = number
    }

    /// A number, or a dash where there is none.
    init(_ number: Double?, decimals: Int = 2) {
      self.init(number.map { PlainText.number($0, decimals: decimals) } ?? "–", number)
    }

    init(sentence: String) {
      self.init(sentence)
      isSentence = true
    }

    init(_ count: Int) { self.init("\(count)", Double(count)) }
  }

  /// What it is a table of.
  let label: String
  let heads: [String]
  /// Of as many cells as there are heads; the first is the row's name.
  let rows: [[Cell]]

  /// For a terminal.
  var lines: [String] { TableLayout.lines([heads] + rows.map { $0.map(\.text) }) }

  /// For ``PanelPageTemplate``.
  var page: [String: Any] {
    [
      "label": label,
      "heads": heads.enumerated().map { place, head in
        ["text": head, "class": rows.first?[place].isSentence == true ? "text" : ""]
      },
      "rows": rows.map { row in
        ["name": row.first?.text ?? "", "cells": row.dropFirst().map(Self.content)] as [String: Any]
      },
    ]
  }

  private static func content(_ cell: Cell) -> [String: Any] {
    var content: [String: Any] = ["text": cell.text, "class": cell.isSentence ? "wrap" : ""]
    if let number = cell.number { content["exact"] = number.exact }
    return content
  }
}
