// SPDX-License-Identifier: GPL-3.0-or-later

/// An Ogg file (RFC 3533), page by page.
///
/// A stream is whole when its pages carry consecutive numbers and correct checksums, and the last one is marked as such.
/// libogg drops a damaged page in silence, and with it a good part of a second.
struct OggStream {
  private let source: ByteSource

  init(_ source: ByteSource) { self.source = source }

  private struct LogicalStream {
    var nextPage: UInt64
    var hasEnded = false
    /// Position after the last page that ends a packet, in the codec's own unit.
    var granule = 0
    var clock: Clock
  }

  func finding() -> ContainerFinding {
    var streams: [UInt64: LogicalStream] = [:]
    var offset = 0
    while offset < source.count {
      let head = source.bytes(at: offset, count: 27)
      guard head.starts(with: Array("OggS".utf8)) || head.count < 4 else {
        // What follows the last page of all (a tag, padding) is nobody's sound.
        let allEnded = streams.values.allSatisfy(\.hasEnded)
        return allEnded ? .nothing : .damaged("damaged Ogg page at byte \(offset)")
      }
      let sizes = head.count == 27 ? source.bytes(at: offset + 27, count: Int(head[26])) : []
      let length = 27 + sizes.count + sizes.reduce(0) { $0 + Int($1) }
      guard head.count == 27, sizes.count == Int(head[26]), offset + length <= source.count else { break }
      let page = source.bytes(at: offset, count: length)
      guard Self.checksum(page) == source.integer(at: offset + 22, size: 4) else {
        return .damaged("damaged Ogg page at byte \(offset)")
      }
      let flags = head[5]
      let granule = source.integer(at: offset + 6, size: 8) ?? 0
      let serial = source.integer(at: offset + 14, size: 4) ?? 0
      let number = source.integer(at: offset + 18, size: 4) ?? 0
      if flags & 2 != 0 {
        streams[serial] = LogicalStream(nextPage: number, clock: Clock(Array(page[(27 + sizes.count)...])))
      }
      guard streams[serial]?.nextPage == number else { return .damaged("an Ogg page is missing at byte \(offset)") }
      streams[serial]?.nextPage = (number + 1) & 0xFFFF_FFFF
      // All bits set: no packet ends on this page.
      if granule < 1 << 62 { streams[serial]?.granule = Int(granule) }
      if flags & 4 != 0 { streams[serial]?.hasEnded = true }
      offset += length
    }
    guard let open = streams.values.first(where: { !$0.hasEnded }) else {
      return streams.isEmpty ? .endsInHeader : .nothing
    }
    return .truncated(declared: nil, found: open.clock.frames(open.granule))
  }

  /// How positions count in frames of the decoded sound.
  private struct Clock {
    private var preSkip = 0
    private var divisor = 1

    /// Opus counts at 48 kHz and begins before the sound; libsndfile decodes at the lowest Opus rate that holds the
    /// original one. Vorbis, FLAC and Speex count frames.
    init(_ firstPacket: [UInt8]) {
      guard firstPacket.starts(with: Array("OpusHead".utf8)), firstPacket.count >= 16 else { return }
      preSkip = Int(firstPacket[10]) | Int(firstPacket[11]) << 8
      let rate = (0..<4).reduce(0) { $0 | Int(firstPacket[12 + $1]) << (8 * $1) }
      divisor = rate > 24000 ? 1 : rate > 16000 ? 2 : rate > 12000 ? 3 : rate > 8000 ? 4 : 6
    }

    func frames(_ granule: Int) -> Int { max(0, granule - preSkip) / divisor }
  }

  /// CRC-32 of RFC 3533: polynomial 0x04C11DB7, no reflection, start 0, over the page with its checksum field zero.
  private static func checksum(_ page: [UInt8]) -> UInt64 {
    var crc: UInt32 = 0
    for (i, byte) in page.enumerated() {
      let value = (22..<26).contains(i) ? 0 : byte
      crc = crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 24) ^ value)]
    }
    return UInt64(crc)
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index) << 24) { crc, _ in crc << 1 ^ (crc >> 31 == 1 ? 0x04C1_1DB7 : 0) }
  }
}
