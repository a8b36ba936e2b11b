// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation

/// Text that came from outside (file names, labels), made fit for where it is shown; and numbers as text.
package enum PlainText {
  /// For a terminal: control characters, also those that steer colour or direction, become visible escapes.
  package static func terminal(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": shown += "\\n"
      case "\r": shown += "\\r"
      case "\t": shown += "\\t"
      case _ where isInvisible(scalar): shown += "\\u{\(String(scalar.value, radix: 16))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  // Markup is looked for among scalars. A mark that follows `"` makes one character with it, and so does a letter that
  // leads `<` (U+0D4E): who looks for characters lets both through, and a browser sees the quote and the tag.

  /// For a cell of a Markdown table, which may hold HTML: nothing in it is markup.
  static func markdown(_ text: String) -> String {
    replacing(terminal(text)) { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\\", "`", "*", "_", "|", "[", "]", "~", "#", "!": "\\\(scalar)"
      case "@": "&#64;"
      default: nil
      }
    }
  }

  /// For the text of an XML or HTML document, and for its attributes in either kind of quotes.
  static func xml(_ text: String) -> String {
    replacing(terminal(text)) { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "'": "&#39;"
      // Scalars, but no characters of XML.
      case "\u{FFFE}", "\u{FFFF}": "\\u{\(String(scalar.value, radix: 16))}"
      default: nil
      }
    }
  }

  /// For a field of a CSV (RFC 4180), which a spreadsheet may open: a text that would be taken for a formula is led by
  /// an apostrophe. So is one that already looks guarded, that ``PanelCSV`` gives every text back as it was.
  static func csv(_ text: String) -> String {
    let starts = PanelCSV.formulaStarts.unicodeScalars
    let isFormula = text.unicodeScalars.first.map(starts.contains) ?? false
    let guarded = isFormula || PanelCSV.unguarded(text) != text ? "'" + text : text
    guard guarded.unicodeScalars.contains(where: { "\",\n\r".unicodeScalars.contains($0) }) else { return guarded }
    return "\"" + replacing(guarded) { $0 == "\"" ? "\"\"" : nil } + "\""
  }

  private static func replacing(_ text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if let other = replacement(scalar) {
        shown.append(contentsOf: other.unicodeScalars)
      } else {
        shown.append(scalar)
      }
    }
    return String(shown)
  }

  /// Columns a text takes on a terminal: East Asian wide characters and emoji take two, combining marks none.
  static func width(_ text: String) -> Int {
    text.reduce(0) { width, character in
      guard let scalar = character.unicodeScalars.first else { return width }
      return width + (isWide(scalar) ? 2 : 1)
    }
  }

  /// The text, filled with spaces or cut with an ellipsis to exactly `width` columns.
  static func fitted(_ text: String, _ width: Int) -> String {
    let taken = self.width(text)
    if taken <= width { return text + String(repeating: " ", count: width - taken) }
    var cut = ""
    for character in text {
      guard self.width(cut + String(character)) < width else { break }
      cut.append(character)
    }
    return fitted(cut + "…", width)
  }

  /// A number with fixed decimals, independent of the locale.
  static func number(_ value: Double, decimals: Int) -> String {
    String(format: "%.\(decimals)f", locale: nil, value)
  }

  /// A number to the last digit, without a power of ten: what ``PanelCSV`` reads.
  package static func decimal(_ value: Double) -> String {
    let parts = "\(value)".split(separator: "e")
    guard parts.count == 2, let power = Int(parts[1]) else { return "\(value)" }
    let digits = parts[0].filter(\.isNumber)
    let sign = value < 0 ? "-" : ""
    return power < 0
      ? sign + "0." + String(repeating: "0", count: -power - 1) + digits
      : sign + digits + String(repeating: "0", count: power + 1 - digits.count)
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: scalar != "\u{200D}"
    default: false
    }
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}
