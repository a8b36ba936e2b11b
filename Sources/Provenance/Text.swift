// SPDX-License-Identifier: GPL-3.0-or-later

extension StringProtocol {
  /// Without white space at both ends.
  var trimmed: String {
    let start = drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }

  /// Without one pair of quotation marks around it, as shells and os-release(5) have them.
  var unquoted: String {
    guard count >= 2, let mark = first, mark == last, mark == "\"" || mark == "'" else { return String(self) }
    return String(dropFirst().dropLast())
  }

  /// All white space and control characters as single spaces, cut after `limit` characters: fit for a table's cell.
  func oneLine(limit: Int = 300) -> String {
    let words = split { $0.isWhitespace || $0.unicodeScalars.allSatisfy { $0.value < 0x20 || $0.value == 0x7F } }
    let line = words.joined(separator: " ")
    return line.count <= limit ? line : line.prefix(limit - 1) + "…"
  }

  /// The lines, without carriage returns and empty ones.
  var lines: [String] { String(self).split(whereSeparator: \.isNewline).map(String.init) }

  /// Each line behind that many spaces.
  func indented(_ count: Int) -> String {
    lines.map { String(repeating: " ", count: count) + $0 }.joined(separator: "\n")
  }

  /// The value of the first line `key<separator>value`, trimmed.
  func value(of key: String, separator: Character) -> String? {
    for line in lines {
      let parts = line.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, parts[0].trimmed == key { return parts[1].trimmed }
    }
    return nil
  }
}
