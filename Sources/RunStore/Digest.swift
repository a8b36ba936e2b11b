// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// SHA-256 in the store's form, 32 bytes, and in everybody else's, 64 lower-case digits.
enum Digest {
  /// The bytes of a digest.
  static func bytes(_ digits: String) throws -> Data {
    let refused = RunStoreError.refused(reason: "no SHA-256: \(digits)")
    let digits = Array(digits.utf8)
    guard digits.count == 64 else { throw refused }
    let bytes = try [UInt8](unsafeUninitializedCapacity: 32) { bytes, count in
      for i in 0..<32 {
        guard let high = nibble(digits[2 * i]), let low = nibble(digits[2 * i + 1]) else { throw refused }
        bytes[i] = high << 4 | low
        count = i + 1
      }
    }
    return Data(bytes)
  }

  /// The digits of a digest.
  static func digits(_ bytes: Data) -> String {
    String(unsafeUninitializedCapacity: 2 * bytes.count) { digits in
      var count = 0
      for byte in bytes {
        digits[count] = digit(byte >> 4)
        digits[count + 1] = digit(byte & 15)
        count += 2
      }
      return count
    }
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
