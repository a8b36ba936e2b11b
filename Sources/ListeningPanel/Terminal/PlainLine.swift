// SPDX-License-Identifier: GPL-3.0-or-later

/// What a typed line means.
///
/// A line is one thing: an answer, which it chooses and confirms; a key's character, or a blank, which does what the key does;
/// several + and − for the loudness; a number for a version of mushra; nothing at all, which is Enter. `45` is no answer on a
/// scale of five, and must not count as its last digit.
package enum PlainLine {
  package static func keys(_ line: [UInt8], _ prompt: Screen.Prompt) -> [PanelKey] {
    var parser = KeyParser()
    let typed = parser.take(line.last == 0x0D ? line.dropLast() : line[...]) + parser.timeout()
    switch prompt {
    case .text, .comment: return typed + [.enter]
    default: break
    }
    guard !line.isEmpty, line != [0x0D] else { return [.enter] }
    // A blank plays; blanks around something else mean nothing.
    let inner = Array(typed.trimmingBlanks)
    let keys = inner.isEmpty && !typed.isEmpty ? [.space] : inner.map(mapped)
    switch prompt {
    case .level where keys.allSatisfy { $0 == .up || $0 == .down } && !keys.isEmpty: return keys
    case .trial(_, _, _, _, _, let versions, _) where versions > 0 && !keys.isEmpty && keys.allSatisfy(isDigit):
      // A number of its own, that adds no digits to the last.
      return number(keys) <= 100 ? [.backspace] + keys : [.unknown]
    case .choice, .side, .trial: return keys.count == 1 ? keys + (isDigit(keys[0]) ? [.enter] : []) : [.unknown]
    default: return keys.count == 1 ? keys : [.unknown]
    }
  }

  /// Up and down can be typed as + and −, where arrows are taken by the line.
  private static func mapped(_ key: PanelKey) -> PanelKey {
    key == .character("+") ? .up : key == .character("-") ? .down : key
  }

  private static func isDigit(_ key: PanelKey) -> Bool { PanelSession.digit(key) != nil }

  /// 101 for all that are higher.
  private static func number(_ keys: [PanelKey]) -> Int {
    keys.reduce(0) { min(101, 10 * $0 + (PanelSession.digit($1) ?? 0)) }
  }
}

extension [PanelKey] {
  fileprivate var trimmingBlanks: ArraySlice<PanelKey> {
    guard let first = firstIndex(where: { $0 != .space }), let last = lastIndex(where: { $0 != .space }) else {
      return []
    }
    return self[first...last]
  }
}
