// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// A JSON document that comes about piece by piece, laid out as `JSONReport.text` lays out whole ones.
///
/// Keys stand in the order in which they are added: whoever adds them keeps them sorted.
struct JSONPieces {
  private var text: [UInt8] = []
  private var depth = 0
  /// Whether nothing stands yet in the object or array that was opened last.
  private var isEmpty = true
  private let encoder = JSONReport.encoder()

  /// What came about since this was called last.
  mutating func take() -> String {
    defer { text.removeAll(keepingCapacity: true) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Begins an object or an array.
  mutating func open(_ bracket: String, _ key: String? = nil) {
    begin(key)
    put(bracket + "\n")
    depth += 1
    isEmpty = true
  }

  /// Ends the object or array that was opened last.
  mutating func close(_ bracket: String) {
    depth -= 1
    put("\n" + indent + bracket)
    isEmpty = false
  }

  /// Adds a value to an array, or under a key to an object.
  mutating func add(_ value: some Encodable, _ key: String? = nil) throws {
    let value = try encoder.encode(value)
    begin(key)
    let (lineFeed, indent) = (UInt8(ascii: "\n"), Array(indent.utf8))
    var isBehindLine = false
    for byte in value {
      // What is empty has an empty line within; line feeds within strings are escaped.
      if isBehindLine && byte != lineFeed { text += indent }
      text.append(byte)
      isBehindLine = byte == lineFeed
    }
  }

  private mutating func begin(_ key: String?) {
    if depth > 0 { put((isEmpty ? "" : ",\n") + indent) }
    if let key { put("\"\(key)\" : ") }
    isEmpty = false
  }

  private mutating func put(_ string: String) { text += string.utf8 }

  private var indent: String { String(repeating: "  ", count: depth) }
}
