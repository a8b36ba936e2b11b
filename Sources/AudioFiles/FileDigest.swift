// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// SHA-256 of a file's bytes, and what changes when somebody writes to the file: a digest that need not be made twice.
public struct FileDigest: Sendable, Equatable {
  private let value: SHA256Value
  /// Of what the system says of the file, one number: a run over a hundred thousand files keeps one of each. That another state of a file
  /// has the same is as likely as one in 2⁶⁴.
  private let state: Int

  /// Hashes a file.
  /// - Throws: as `AudioFile.digest`.
  public init(of path: String) throws(AudioFileError) {
    let file = try RegularFile(path)
    var digest = SHA256Digest()
    try file.forEachBlock { digest.update($0.span.bytes) }
    value = digest.finalizedValue()
    state = Self.state(file.stamp, file.changed)
  }

  /// 64 lowercase hexadecimal digits.
  public var digits: String { value.digits }

  /// Whether the file at a path is the one that was hashed, and nobody has written to it since.
  public func isCurrent(at path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && Self.state(RegularFile.Stamp(status), RegularFile.changed(status)) == state
  }

  private static func state(_ stamp: RegularFile.Stamp, _ changed: SIMD2<Int>) -> Int {
    var hasher = Hasher()
    hasher.combine(stamp)
    hasher.combine(changed)
    return hasher.finalize()
  }
}
