// SPDX-License-Identifier: GPL-3.0-or-later

/// How many columns text takes on a terminal, and where to break it.
///
/// Widths are those of the East Asian Width property (UAX #11): wide and full-width characters take two columns. Only the
/// blocks that matter for the scripts of the screens are known; ambiguous characters (… ↑ “) take one, as in terminals
/// outside of East Asian legacy locales.
package enum DisplayWidth {
  /// Columns of a character.
  package static func of(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default:
      return scalar.properties.generalCategory == .nonspacingMark || scalar.properties.generalCategory == .format
        ? 0 : 1
    }
  }

  /// Columns of a text.
  package static func of(_ text: String) -> Int { text.reduce(0) { $0 + of($1) } }

  /// What fits, cut at the end.
  package static func clip(_ text: String, to width: Int) -> String {
    var (result, used) = ("", 0)
    for character in text {
      used += of(character)
      if used > width { break }
      result.append(character)
    }
    return result
  }

  /// Lines of at most so many columns: broken at blanks, and beside wide characters, but not before closing punctuation.
  package static func wrap(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for piece in pieces(text) {
      if of(line) + of(piece) <= width {
        line += line.isEmpty && piece == " " ? "" : piece
      } else {
        if !line.isEmpty { lines.append(line.trimmingBlankEnd) }
        line = piece == " " ? "" : piece
        while of(line) > width {
          let part = clip(line, to: width)
          guard !part.isEmpty else { break }
          lines.append(part)
          line = String(line.dropFirst(part.count))
        }
      }
    }
    return line.isEmpty ? lines.isEmpty ? [""] : lines : lines + [line.trimmingBlankEnd]
  }

  /// Lines of whole items with so many blanks between them; only an item that is wider than a line is broken.
  package static func rows(_ items: [String], gap: Int, to width: Int) -> [String] {
    var lines: [String] = []
    for item in items {
      let parts = wrap(item, to: width)
      if let last = lines.last, parts.count == 1, of(last) + gap + of(item) <= width {
        lines[lines.count - 1] = last + String(repeating: " ", count: gap) + item
      } else {
        lines += parts
      }
    }
    return lines
  }

  /// Words, blanks, and single wide characters with the punctuation that must not begin a line.
  private static func pieces(_ text: String) -> [String] {
    let closing: Set<Character> = ["，", "。", "、", "；", "：", "？", "！", "）", "”", "…"]
    var pieces: [String] = []
    var word = ""
    for character in text {
      if closing.contains(character) {
        if word.isEmpty, let last = pieces.popLast() { word = last }
        word.append(character)
        pieces.append(word)
        word = ""
      } else if character == " " || of(character) == 2 {
        if !word.isEmpty { pieces.append(word) }
        word = ""
        pieces.append(String(character))
      } else {
        word.append(character)
      }
    }
    return word.isEmpty ? pieces : pieces + [word]
  }
}

extension String {
  fileprivate var trimmingBlankEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
