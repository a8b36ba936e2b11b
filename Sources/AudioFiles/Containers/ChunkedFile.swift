// SPDX-License-Identifier: GPL-3.0-or-later

/// Files that say in a header how many bytes of samples follow: WAV and its 64-bit kin, AIFF, CAF, Sun AU, NIST SPHERE.
///
/// Writers into a pipe cannot know the length. They leave 0 (which means "to the end of the file" when samples follow),
/// all bits set, or a number just below 2 GiB or 0x7F000000; none of these is taken as a promise.
struct ChunkedFile {
  private let source: ByteSource

  /// No writer makes as many chunks; a file of empty ones would keep us busy for minutes.
  private let chunkLimit = 10_000

  init(_ source: ByteSource) { self.source = source }

  /// Bytes per block and frames per block of the encoding: (2, 1) for mono 16-bit, (256, 505) for an ADPCM.
  private struct Blocks {
    var bytes: Int
    var frames: Int
  }

  /// RIFF, RIFX (big-endian) and RF64 (EBU Tech 3306: sizes of 64 bits in a `ds64` chunk).
  func wave() -> ContainerFinding {
    let bigEndian = source.tag(at: 0) == "RIFX"
    var blocks: Blocks?
    var longSize: UInt64?
    var outerSize = source.integer(at: 4, size: 4, bigEndian: bigEndian)
    var offset = 12
    for _ in 0..<chunkLimit {
      guard let tag = source.tag(at: offset) else { return .endsInHeader }
      guard let size = source.integer(at: offset + 4, size: 4, bigEndian: bigEndian) else { return .endsInHeader }
      let body = offset + 8
      switch tag {
      case "ds64":
        longSize = source.integer(at: body + 8, size: 8)
        if outerSize == 0xFFFF_FFFF { outerSize = source.integer(at: body, size: 8) }
      case "fmt ": blocks = waveBlocks(body, bigEndian: bigEndian, size: Int(size))
      case "data":
        // Writers that never came to complete the header leave 0, which libsndfile takes at its word.
        if size == 0, body + 8 <= source.count, !isChunk(at: body, bigEndian: bigEndian) {
          return .sizeLeftOpen(offset: offset + 4, size: source.count - body, bigEndian: bigEndian)
        }
        let declared = size == 0xFFFF_FFFF ? longSize ?? size : size
        let finding = judge(declared, from: body, blocks)
        guard finding == .nothing, !isPlaceholder(declared) else { return finding }
        return judgeRest(after: body + Int(declared), outer: outerSize.map { $0 &+ 8 }, alignment: 2, blocks) {
          isChunk(at: $0, bigEndian: bigEndian) || isKnownChunk(at: $0)
        }
      default: break
      }
      offset = body + Int(size) + Int(size & 1)
    }
    return .nothing
  }

  /// Sony Wave64: chunk names are GUIDs that begin like WAV's, sizes have 64 bits and include the 24 bytes of the head.
  func wave64() -> ContainerFinding {
    var blocks: Blocks?
    var offset = 40
    for _ in 0..<chunkLimit {
      guard let tag = source.tag(at: offset) else { return .endsInHeader }
      guard let size = source.integer(at: offset + 16, size: 8) else { return .endsInHeader }
      guard (24..<1 << 62).contains(size) else { return .nothing }
      switch tag {
      case "fmt ": blocks = waveBlocks(offset + 24, bigEndian: false, size: Int(size) - 24)
      case "data":
        let finding = judge(size - 24, from: offset + 24, blocks)
        guard finding == .nothing, !isPlaceholder(size - 24) else { return finding }
        let end = offset + Int(size)
        let rest = judgeRest(after: end, outer: source.integer(at: 16, size: 8), alignment: 8, blocks, isWave64Chunk)
        // libsndfile takes all that follows for samples, whatever the chunk's size.
        return rest == .nothing && end < source.count ? .soundEnds(at: end) : rest
      default: break
      }
      offset += Int(size + 7) & ~7
    }
    return .nothing
  }

  /// AIFF and AIFF-C.
  func aiff() -> ContainerFinding {
    var blocks: Blocks?
    var offset = 12
    for _ in 0..<chunkLimit {
      guard let tag = source.tag(at: offset) else { return .endsInHeader }
      guard let size = source.integer(at: offset + 4, size: 4, bigEndian: true) else { return .endsInHeader }
      let body = offset + 8
      if tag == "COMM", let channels = source.integer(at: body, size: 2, bigEndian: true),
        let bits = source.integer(at: body + 6, size: 2, bigEndian: true)
      {
        let encoding = size >= 22 ? source.tag(at: body + 18) ?? "" : "NONE"
        let widths = ["alaw": 8, "ALAW": 8, "ulaw": 8, "ULAW": 8, "fl32": 32, "FL32": 32, "fl64": 64, "FL64": 64]
        if ["NONE", "twos", "sowt", "in24", "in32"].contains(encoding) || widths[encoding] != nil {
          blocks = Blocks(bytes: Int(channels) * (((widths[encoding] ?? Int(bits)) + 7) / 8), frames: 1)
        }
      } else if tag == "SSND" {
        // Eight bytes of offset and block size stand between the chunk's head and the samples.
        guard size >= 8 else { return .nothing }
        let finding = judge(size - 8, from: body + 8, blocks)
        guard finding == .nothing, !isPlaceholder(size - 8) else { return finding }
        let outer = source.integer(at: 4, size: 4, bigEndian: true).map { $0 &+ 8 }
        return judgeRest(after: body + Int(size), outer: outer, alignment: 2, blocks) {
          isChunk(at: $0, bigEndian: true) || isKnownChunk(at: $0)
        }
      }
      offset = body + Int(size) + Int(size & 1)
    }
    return .nothing
  }

  /// Apple CAF.
  func coreAudio() -> ContainerFinding {
    var blocks: Blocks?
    var offset = 8
    for _ in 0..<chunkLimit {
      guard let tag = source.tag(at: offset) else { return .endsInHeader }
      guard let size = source.integer(at: offset + 4, size: 8, bigEndian: true) else { return .endsInHeader }
      let body = offset + 12
      if tag == "desc", let bytes = source.integer(at: body + 16, size: 4, bigEndian: true),
        let frames = source.integer(at: body + 20, size: 4, bigEndian: true)
      {
        blocks = Blocks(bytes: Int(bytes), frames: Int(frames))
      } else if tag == "data" {
        // Four bytes of edit count come first.
        return size < 4 ? .nothing : judge(size - 4, from: body + 4, blocks)
      }
      guard size < 1 << 62 else { return .nothing }
      offset = body + Int(size)
    }
    return .nothing
  }

  /// Sun/NeXT AU, big-endian.
  func sunAudio() -> ContainerFinding {
    let fields = (1...5).map { source.integer(at: 4 * $0, size: 4, bigEndian: true) }
    guard let offset = fields[0], let size = fields[1], let encoding = fields[2], let channels = fields[4] else {
      return .endsInHeader
    }
    let widths: [UInt64: Int] = [1: 1, 2: 1, 3: 2, 4: 3, 5: 4, 6: 4, 7: 8, 27: 1]
    return judge(size, from: Int(offset), widths[encoding].map { Blocks(bytes: $0 * Int(channels), frames: 1) })
  }

  /// NIST SPHERE, the format of TIMIT and other corpora: a text header of `name -i value` lines.
  func sphere() -> ContainerFinding {
    let lines = String(decoding: source.bytes(at: 0, count: 4096), as: UTF8.self).split(separator: "\n")
    guard lines.count > 2, let headerSize = Int(lines[1].filter { $0 != " " }) else { return .endsInHeader }
    var fields: [Substring: Int] = [:]
    for line in lines.prefix(while: { $0 != "end_head" }) {
      let words = line.split(separator: " ")
      if words.count >= 3, words[1] == "-i", let value = Int(words[2]) { fields[words[0]] = value }
      // Compressed samples ("shorten"): the count says nothing about bytes.
      if words.first == "sample_coding", line.contains("embedded") { return .nothing }
    }
    guard let count = fields["sample_count"], let width = fields["sample_n_bytes"] else { return .nothing }
    let bytes = width.multipliedReportingOverflow(by: fields["channel_count"] ?? 1)
    let total = bytes.partialValue.multipliedReportingOverflow(by: count)
    guard !bytes.overflow, !total.overflow, total.partialValue >= 0, headerSize >= 0 else { return .nothing }
    return judge(UInt64(total.partialValue), from: headerSize, Blocks(bytes: bytes.partialValue, frames: 1))
  }

  /// Whether a chunk starts there that fits into the file: four printable characters and a size.
  private func isChunk(at offset: Int, bigEndian: Bool) -> Bool {
    guard source.bytes(at: offset, count: 4).allSatisfy({ (0x20...0x7E).contains($0) }),
      let size = source.integer(at: offset + 4, size: 4, bigEndian: bigEndian)
    else { return false }
    return offset + 8 + Int(size) <= source.count
  }

  /// Whether a chunk's name stands there that programs put after the samples: the chunk itself may have been cut short.
  private func isKnownChunk(at offset: Int) -> Bool {
    let wave: Set = ["LIST", "id3 ", "ID3 ", "bext", "iXML", "axml", "cue ", "smpl", "fact", "PEAK", "JUNK", "afsp"]
    let aiff: Set = ["NAME", "AUTH", "ANNO", "(c) ", "MARK", "INST", "COMT", "COMM", "APPL", "CHAN", "FVER", "AESD"]
    return source.tag(at: offset).map { wave.contains($0) || aiff.contains($0) } ?? false
  }

  /// Whether a Wave64 chunk starts there: a size that fits into the file, or the end all GUIDs of WAV's names have.
  private func isWave64Chunk(at offset: Int) -> Bool {
    let guidEnd: [UInt8] = [0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0x00, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A]
    if source.bytes(at: offset + 4, count: 12) == guidEnd { return true }
    guard let size = source.integer(at: offset + 16, size: 8) else { return false }
    return size >= 24 && size <= source.count - offset
  }

  /// Looks for sound beyond the end the samples are said to have: bytes the outermost size counts and no chunk owns.
  ///
  /// What lies beyond the outermost size (tags, junk) and zeros (padding, at worst silence) are left alone.
  /// - Parameters:
  ///   - end: of the samples.
  ///   - outer: where the outermost chunk says the file ends.
  ///   - alignment: of chunks; some writers do not keep to it.
  private func judgeRest(
    after end: Int, outer: UInt64?, alignment: Int, _ blocks: Blocks?, _ isChunk: (Int) -> Bool
  ) -> ContainerFinding {
    // The outer size counts the head of the file too: an open one lies up to eight bytes higher than as it is stored.
    guard let outer, outer > 8, !isPlaceholder(outer - 8), !isPlaceholder(outer) else { return .nothing }
    let outerEnd = min(Int(outer), source.count)
    let aligned = end + (alignment - end % alignment) % alignment
    guard outerEnd - aligned >= max(1, blocks?.bytes ?? 8), !isChunk(end), !isChunk(aligned) else { return .nothing }
    var offset = aligned
    while offset < outerEnd {
      let some = source.bytes(at: offset, count: min(1 << 16, outerEnd - offset))
      if some.isEmpty || some.contains(where: { $0 != 0 }) { break }
      offset += some.count
    }
    guard offset < outerEnd else { return .nothing }
    return .damaged("inconsistent header: \(outerEnd - aligned) bytes after the samples belong to no chunk")
  }

  /// Whether a size was left open by a writer that could not go back.
  private func isPlaceholder(_ size: UInt64) -> Bool {
    // sox, writing AIFF into a pipe, leaves as many whole frames as fit into 0x7F000000 bytes.
    size == 0 || (0x7EFF_FF00...0x7F00_0100).contains(size) || (0x7FFF_0000...0xFFFF_FFFF).contains(size)
      || size >= 1 << 62
  }

  private func waveBlocks(_ body: Int, bigEndian: Bool, size: Int) -> Blocks? {
    guard let encoding = source.integer(at: body, size: 2, bigEndian: bigEndian),
      let bytes = source.integer(at: body + 12, size: 2, bigEndian: bigEndian)
    else { return nil }
    // PCM, float, A-law, µ-law, and the extensible form of these; others give the frames of a block after cbSize.
    if [1, 3, 6, 7, 0xFFFE].contains(encoding) { return Blocks(bytes: Int(bytes), frames: 1) }
    let frames = size >= 20 ? source.integer(at: body + 18, size: 2, bigEndian: bigEndian) : nil
    return Blocks(bytes: Int(bytes), frames: Int(frames ?? 0))
  }

  /// Holds the declared size against what the file has from `offset` on.
  private func judge(_ declared: UInt64, from offset: Int, _ blocks: Blocks?) -> ContainerFinding {
    let present = max(0, source.count - offset)
    guard !isPlaceholder(declared), Int(declared) > present else { return .nothing }
    guard let blocks, blocks.bytes > 0, blocks.frames > 0 else { return .truncated(declared: nil, found: 0) }
    // A block begun and not ended (an odd byte count of 16-bit samples) was never a frame.
    let declaredBlocks = Int(declared) / blocks.bytes
    let foundBlocks = present / blocks.bytes
    guard declaredBlocks > foundBlocks else { return .nothing }
    let frames = declaredBlocks.multipliedReportingOverflow(by: blocks.frames)
    return .truncated(declared: frames.overflow ? nil : frames.partialValue, found: foundBlocks * blocks.frames)
  }
}
