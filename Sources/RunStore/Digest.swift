// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation
internal import GRDB

/// SHA-256 in the store's form, 32 bytes, and in everybody else's, 64 lower-case digits.
enum Digest {
  /// The bytes of a digest.
  static func bytes(_ digits: String) throws -> Data {
    guard let value = SHA256Value(digits: digits) else {
      throw RunStoreError.refused(reason: "no SHA-256: \(digits)")
    }
    return Data(value.bytes)
  }

  /// The digits of a digest.
  static func digits(_ bytes: Data) throws -> String {
    guard let value = SHA256Value(bytes) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a SHA-256 of \(bytes.count) bytes")
    }
    return value.digits
  }
}
