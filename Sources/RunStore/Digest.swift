// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// SHA-256 in the store's form, 32 bytes, and in everybody else's, 64 lower-case digits.
enum Digest {
  /// The bytes of a digest.
  static func bytes(_ digits: String) throws -> Data {
    let digits = Array(digits.utf8)
    guard digits.count == 64, let bytes = decode(digits) else {
      throw RunStoreError.refused(reason: "no SHA-256: \(String(decoding: digits, as: UTF8.self))")
    }
    return bytes
  }

  /// The digits of a digest.
  static func digits(_ bytes: Data) -> String {
    let alphabet = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func decode(_ digits: [UInt8]) -> Data? {
    var bytes = Data(capacity: digits.count / 2)
    for i in stride(from: 0, to: digits.count, by: 2) {
      guard let high = nibble(digits[i]), let low = nibble(digits[i + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func nibble(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
