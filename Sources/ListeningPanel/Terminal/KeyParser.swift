// SPDX-License-Identifier: GPL-3.0-or-later

/// Makes keys of the bytes a terminal sends.
///
/// Bytes come as they like: several keys in one read, or one key in several. An arrow is ESC [ A, or ESC O A; a lone ESC is the
/// key only when nothing follows in time, which the caller tells by `timeout`. Sequences that mean nothing here are
/// swallowed whole, so that F5 rates nothing.
package struct KeyParser {
  private var bytes: [UInt8] = []

  package init() {}

  /// Whether more bytes may still make a key of what is there.
  package var isWaiting: Bool { !bytes.isEmpty }

  /// Takes bytes, gives keys.
  package mutating func take(_ more: some Sequence<UInt8>) -> [PanelKey] {
    bytes += more
    var keys: [PanelKey] = []
    while !bytes.isEmpty, let (key, count) = first() {
      bytes.removeFirst(count)
      if let key { keys.append(key) }
    }
    return keys
  }

  /// Nothing came for a while: a lone ESC was the key, half a character is lost.
  package mutating func timeout() -> [PanelKey] {
    defer { bytes = [] }
    return bytes == [0x1B] ? [.escape] : []
  }

  /// Forgets what is not yet a key.
  package mutating func flush() { bytes = [] }

  /// The first key and how many bytes it takes; a nil key for what means nothing; nil while it is not whole.
  private func first() -> (PanelKey?, Int)? {
    switch bytes[0] {
    case 0x1B: return sequence()
    case 0x0A, 0x0D: return (.enter, 1)
    case 0x08, 0x7F: return (.backspace, 1)
    case 0x00...0x1F: return (nil, 1)
    case 0x20...0x7E: return (.character(Character(Unicode.Scalar(bytes[0]))), 1)
    default: return character()
    }
  }

  private func sequence() -> (PanelKey?, Int)? {
    guard bytes.count > 1 else { return nil }
    switch bytes[1] {
    case UInt8(ascii: "["):
      // CSI: parameters 0x30…0x3F, intermediates 0x20…0x2F, one final byte (ECMA-48).
      guard let end = bytes.indices.dropFirst(2).first(where: { !(0x20...0x3F).contains(bytes[$0]) }) else {
        return nil
      }
      let parameters = String(decoding: bytes[2..<end], as: UTF8.self)
      return (Self.key(bytes[end], parameters), end + 1)
    case UInt8(ascii: "O"):
      guard bytes.count > 2 else { return nil }
      return (Self.key(bytes[2], ""), 3)
    case 0x1B: return (.escape, 1)
    // Alt and a key.
    default: return (nil, 2)
    }
  }

  private static func key(_ final: UInt8, _ parameters: String) -> PanelKey? {
    switch final {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "M"): .enter
    case UInt8(ascii: "~"): parameters == "5" ? .pageUp : parameters == "6" ? .pageDown : nil
    default: nil
    }
  }

  /// A character of UTF-8 beyond ASCII.
  private func character() -> (PanelKey?, Int)? {
    let length =
      switch bytes[0] {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    if length == 1 { return (nil, 1) }
    for i in 1..<length {
      guard i < bytes.count else { return nil }
      if bytes[i] & 0xC0 != 0x80 { return (nil, i) }
    }
    guard let text = String(validating: bytes[..<length], as: UTF8.self), let character = text.first else {
      return (nil, length)
    }
    return (.character(character), length)
  }
}
