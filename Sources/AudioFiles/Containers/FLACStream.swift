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

  /// Whether the file's last bytes are a frame, whole and undamaged.
  var endsInWholeFrame: Bool { lastFrame != nil }

  /// Frames of sound (samples per channel) from the first FLAC frame to the last, by the numbers these carry; nil where
  /// they do not tell.
  var frames: Int? {
    let start = source.bytes(at: audioStart, count: 16)
    guard let last = lastFrame, let first = FrameHeader(start[...]) else { return nil }
    guard first.countsSamples == last.countsSamples else { return nil }
    if last.countsSamples { return last.number - first.number + last.samples }
    // A number of FLAC frames: all but the last are of one length, unless the header says otherwise.
    guard let least = source.integer(at: 8, size: 2, bigEndian: true),
      let most = source.integer(at: 10, size: 2, bigEndian: true), least == most
    else { return nil }
    return (last.number - first.number) * Int(most) + last.samples
  }

  /// The header of the frame the file ends in: a place from which the checksum over all that follows, which includes the
  /// checksum stored at the end, comes out as zero.
  private var lastFrame: FrameHeader? {
    // An ID3v1 tag after the sound, which some programs add, is left out.
    var end = source.count
    if source.bytes(at: end - 128, count: 3) == Array("TAG".utf8) { end -= 128 }
    // So is padding with zeros. The frame's own end may be zeros as well; a few too many leave a checksum of zero alone.
    end = min(end, endOfContent(before: end) + 16)
    // No frame is longer: 65,535 samples of 8 channels would be, but nobody writes them.
    let start = max(0, end - 1 << 18)
    let tail = source.bytes(at: start, count: end - start)
    for i in tail.indices.dropLast(8).reversed() where tail[i] == 0xFF && tail[i + 1] & 0xFE == 0xF8 {
      if let header = FrameHeader(tail[i...]), Self.checksum(tail[i...]) == 0 { return header }
    }
    return nil
  }

  /// Where the zeros before `end` begin.
  private func endOfContent(before end: Int) -> Int {
    var end = end
    while end > 0 {
      let start = max(0, end - 1 << 16)
      let some = source.bytes(at: start, count: end - start)
      if let last = some.lastIndex(where: { $0 != 0 }) { return start + last + 1 }
      end = start
    }
    return 0
  }

  /// Where the metadata blocks end.
  private var audioStart: Int {
    var offset = 4
    while let head = source.integer(at: offset, size: 4, bigEndian: true) {
      offset += 4 + Int(head & 0xFF_FFFF)
      if head >> 31 == 1 { break }
    }
    return offset
  }

  /// RFC 9639, section 9.1.
  private struct FrameHeader {
    /// Whether `number` counts samples, not frames.
    var countsSamples: Bool
    var number: Int
    /// Samples per channel in this frame.
    var samples: Int

    /// Nil where no header is, or one with a false checksum.
    init?(_ bytes: ArraySlice<UInt8>) {
      let head = Array(bytes.prefix(16))
      guard head.count >= 6, head[0] == 0xFF, head[1] & 0xFE == 0xF8 else { return nil }
      countsSamples = head[1] & 1 == 1
      // Coded as UTF-8 is, with up to seven bytes: as many as the first has leading ones, but one byte where it has none.
      let ones = (~head[4]).leadingZeroBitCount
      guard ones != 1, ones != 8 else { return nil }
      var end = 4 + max(1, ones)
      guard end <= head.count else { return nil }
      number = head[5..<max(5, end)].reduce(Int(head[4] & (0xFF >> UInt8(ones)))) { $0 << 6 | Int($1 & 0x3F) }
      let code = head[2] >> 4
      let sizeBytes = code == 6 ? 1 : code == 7 ? 2 : 0
      let rateCode = head[2] & 15
      let rateBytes = rateCode == 12 ? 1 : rateCode == 13 || rateCode == 14 ? 2 : 0
      guard code != 0, end + sizeBytes + rateBytes < head.count else { return nil }
      switch code {
      case 1: samples = 192
      case 2...5: samples = 576 << Int(code - 2)
      case 6, 7: samples = head[end..<end + sizeBytes].reduce(0) { $0 << 8 | Int($1) } + 1
      default: samples = 256 << Int(code - 8)
      }
      end += sizeBytes + rateBytes
      // CRC-8: polynomial 0x07, no reflection, start 0; zero when the stored one is included.
      let crc = head[...end].reduce(UInt8(0)) { crc, byte in
        (0..<8).reduce(crc ^ byte) { value, _ in value << 1 ^ (value >> 7 == 1 ? 0x07 : 0) }
      }
      guard crc == 0 else { return nil }
    }
  }

  /// CRC-16 of RFC 9639: polynomial 0x8005, no reflection, start 0.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt16 {
    bytes.reduce(0) { crc, byte in crc << 8 ^ table[Int(UInt8(crc >> 8) ^ byte)] }
  }

  private static let table: [UInt16] = (0..<256).map { index in
    (0..<8).reduce(UInt16(index) << 8) { crc, _ in crc << 1 ^ (crc >> 15 == 1 ? 0x8005 : 0) }
  }
}
