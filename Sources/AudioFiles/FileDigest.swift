// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// SHA-256 of a file's bytes, and what changes when somebody writes to the file: a digest that need not be made twice. Half the size of its digits,
/// as a run over a hundred thousand files keeps one of each.
public struct FileDigest: Sendable, Equatable {
  private let bytes: SIMD32<UInt8>
  private let stamp: RegularFile.Stamp
  private let changed: SIMD2<Int>

  /// Hashes a file.
  /// - Throws: as `AudioFile.digest`.
  public init(of path: String) throws(AudioFileError) {
    let file = try RegularFile(path)
    var digest = SHA256Digest()
    try file.forEachBlock { digest.update($0.span.bytes) }
    bytes = digest.finalizedBytes()
    stamp = file.stamp
    changed = file.changed
  }

  /// 64 lowercase hexadecimal digits.
  public var digits: String { SHA256Digest.digits(bytes) }

  /// Whether the file at a path is the one that was hashed, and nobody has written to it since.
  public func isCurrent(at path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && RegularFile.Stamp(status) == stamp && RegularFile.changed(status) == changed
  }
}
