// SPDX-License-Identifier: GPL-3.0-or-later

/// The end of what a program said, however much it says.
struct OutputTail: Sendable, Equatable {
  /// Bytes that are kept.
  static let limit = 4096
  private var bytes: [UInt8] = []
  private var wasCut = false

  mutating func append(_ more: some Collection<UInt8>) {
    bytes += more.suffix(Self.limit)
    if more.count > Self.limit || bytes.count > Self.limit { wasCut = true }
    if bytes.count > Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
  }

  /// As text; bytes that are no UTF-8 are replaced, as are those of a character that the cut went through.
  var text: String {
    // A cut within a character leaves up to three of its later bytes.
    let whole = wasCut ? bytes.drop { $0 & 0xC0 == 0x80 } : bytes[...]
    return String(decoding: whole, as: UTF8.self).trimmingBlanks
  }
}

extension String {
  /// Without blanks and line breaks at both ends.
  var trimmingBlanks: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
