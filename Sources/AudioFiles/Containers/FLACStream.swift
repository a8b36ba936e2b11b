// SPDX-License-Identifier: GPL-3.0-or-later

/// The end of a native FLAC file (RFC 9639).
///
/// libsndfile stops at the first frame it cannot decode, sometimes with an error and sometimes without. Whether that
/// was the file's last or one in its middle tells a cut from a damage.
struct FLACStream {
  private let source: ByteSource

  /// Nil when it is no native FLAC file.
  init?(_ source: ByteSource) {
    guard source.tag(at: 0) == "fLaC" else { return nil }
    self.source = source
  }

  /// Whether the file's last bytes are a frame, whole and undamaged: a place that looks like a frame's start, from which
  /// the checksum over all that follows, which includes the checksum stored at the end, comes out as zero.
  var endsInWholeFrame: Bool {
    // An ID3v1 tag after the sound, which some programs add, is left out.
    var end = source.count
    if source.bytes(at: end - 128, count: 3) == Array("TAG".utf8) { end -= 128 }
    // No frame is longer: 65,535 samples of 8 channels would be, but nobody writes them.
    let start = max(0, end - 1 << 18)
    let tail = source.bytes(at: start, count: end - start)
    for i in tail.indices.dropLast(8).reversed() where tail[i] == 0xFF && tail[i + 1] & 0xFE == 0xF8 {
      if Self.checksum(tail[i...]) == 0 { return true }
    }
    return false
  }

  /// CRC-16 of RFC 9639: polynomial 0x8005, no reflection, start 0.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt16 {
    bytes.reduce(0) { crc, byte in crc << 8 ^ table[Int(UInt8(crc >> 8) ^ byte)] }
  }

  private static let table: [UInt16] = (0..<256).map { index in
    (0..<8).reduce(UInt16(index) << 8) { crc, _ in crc << 1 ^ (crc >> 15 == 1 ? 0x8005 : 0) }
  }
}
