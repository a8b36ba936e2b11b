// SPDX-License-Identifier: GPL-3.0-or-later

/// A SHA-256: 32 bytes, where its digits as a text take 96 of the heap. A run over a hundred thousand pairs holds four of each.
public struct SHA256Value: Sendable, Hashable {
  // Vectors of 32 bytes would be aligned to as many, and stand with gaps between.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  init(_ bytes: SIMD32<UInt8>) {
    words = unsafeBitCast(bytes, to: (UInt64, UInt64, UInt64, UInt64).self)
  }

  /// A digest by its bytes; nil unless there are 32.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    var vector = SIMD32<UInt8>()
    for (place, byte) in bytes.enumerated() { vector[place] = byte }
    self.init(vector)
  }

  /// A digest by its digits; nil unless they are 64, hexadecimal and lowercase.
  public init?(digits: String) {
    let digits = digits.utf8
    guard digits.count == 64 else { return nil }
    var bytes = SIMD32<UInt8>()
    for (place, digit) in digits.enumerated() {
      guard let nibble = Self.nibble(digit) else { return nil }
      bytes[place / 2] = bytes[place / 2] << 4 | nibble
    }
    self.init(bytes)
  }

  /// The 32 bytes, in order.
  public var bytes: [UInt8] { withUnsafeBytes(of: words, Array.init) }

  /// 64 lowercase hexadecimal digits.
  public var digits: String {
    String(unsafeUninitializedCapacity: 64) { digits in
      for (place, byte) in bytes.enumerated() {
        digits[2 * place] = Self.digit(byte >> 4)
        digits[2 * place + 1] = Self.digit(byte & 15)
      }
      return 64
    }
  }

  /// Whether all bytes are the same.
  public static func == (a: Self, b: Self) -> Bool { a.words == b.words }

  /// Feeds the bytes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }

  private static func digit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
  }

  private static func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
