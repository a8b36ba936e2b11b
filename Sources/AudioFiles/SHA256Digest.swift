// SPDX-License-Identifier: GPL-3.0-or-later
internal import CCrypto

/// SHA-256 (FIPS 180-4), fed piece by piece, computed by OpenSSL's libcrypto.
///
/// Owns its C context; not to be used after `finalize()`.
public struct SHA256Digest: ~Copyable {
  private let context: OpaquePointer

  /// A digest of nothing yet.
  public init() {
    // Fails only without memory, or when the machine's OpenSSL is configured to know no SHA-256: no one can go on then.
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto offers no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Feeds raw bytes.
  public mutating func update(_ bytes: RawSpan) {
    let status = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    precondition(status == 1, "libcrypto could not go on with a SHA-256")
  }

  /// Feeds bytes.
  public mutating func update(_ bytes: [UInt8]) { update(bytes.span.bytes) }

  /// Feeds the UTF-8 bytes of a text.
  public mutating func update(_ text: String) { update(Array(text.utf8)) }

  /// The digest of all that was fed, as 64 lowercase hexadecimal digits.
  public consuming func finalize() -> String { finalizedValue().digits }

  /// The digest of all that was fed.
  consuming func finalizedValue() -> SHA256Value {
    var digest = SIMD32<UInt8>()
    let status = withUnsafeMutableBytes(of: &digest) { EVP_DigestFinal_ex(context, $0.baseAddress, nil) }
    precondition(status == 1, "libcrypto could not finish a SHA-256")
    return SHA256Value(digest)
  }

  /// The digest of a piece of memory, as 64 lowercase hexadecimal digits.
  public static func hex(of bytes: [UInt8]) -> String {
    var digest = SHA256Digest()
    digest.update(bytes)
    return digest.finalize()
  }

  /// The digest of a text's UTF-8 bytes, as 64 lowercase hexadecimal digits.
  public static func hex(of text: String) -> String { hex(of: Array(text.utf8)) }
}
