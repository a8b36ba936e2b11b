// SPDX-License-Identifier: GPL-3.0-or-later

/// An MPEG audio stream (MP1, MP2, MP3), frame by frame.
///
/// Encoders put a `Xing` or `Info` frame first that tells the number of frames. Without it nothing says how long the
/// sound should be: then only a file that ends within a frame is noticed, one cut between two frames is not.
struct MPEGStream {
  private let source: ByteSource
  /// Where the first frame starts, after ID3v2 tags.
  private let start: Int

  /// Nil when no frame stands where the first one should.
  init?(_ source: ByteSource) {
    var start = 0
    while source.bytes(at: start, count: 3) == Array("ID3".utf8), source.count >= start + 10 {
      // The tag's size: four times seven bits, without its ten bytes of head, and ten of foot when flagged.
      let head = source.bytes(at: start, count: 10)
      let size = head[6..<10].reduce(0) { $0 << 7 | Int($1 & 0x7F) }
      start += 10 + size + (head[5] & 0x10 != 0 ? 10 : 0)
    }
    guard Frame(source, at: start) != nil else { return nil }
    self.source = source
    self.start = start
  }

  private struct Frame {
    /// Bytes, header included.
    var length: Int
    /// Samples per channel.
    var samples: Int
    /// Bytes between the header's start and a Xing tag.
    var tagOffset: Int

    /// Nil where no frame header is, or one of "free format", whose length it does not tell.
    init?(_ source: ByteSource, at offset: Int) {
      guard let head = source.integer(at: offset, size: 4, bigEndian: true), head >> 21 == 0x7FF else { return nil }
      let version = Int(head >> 19 & 3)  // 0: MPEG 2.5, 2: MPEG 2, 3: MPEG 1
      let layer = 4 - Int(head >> 17 & 3)
      let rateIndex = Int(head >> 10 & 3)
      guard version != 1, layer != 4, rateIndex != 3 else { return nil }
      let row = version == 3 ? layer - 1 : layer == 1 ? 3 : 4
      let bitRate = Self.kilobits[row][Int(head >> 12 & 15)] * 1000
      guard bitRate > 0 else { return nil }
      let sampleRate = [44100, 48000, 32000][rateIndex] >> (version == 3 ? 0 : version == 2 ? 1 : 2)
      let padding = Int(head >> 9 & 1)
      samples = layer == 1 ? 384 : layer == 3 && version != 3 ? 576 : 1152
      length =
        layer == 1 ? (12 * bitRate / sampleRate + padding) * 4 : samples / 8 * bitRate / sampleRate + padding
      let isMono = head >> 6 & 3 == 3
      tagOffset = 4 + (version == 3 ? (isMono ? 17 : 32) : (isMono ? 9 : 17))
    }

    /// Bit rates in kbit/s: MPEG 1 layers I, II, III; MPEG 2 layer I; MPEG 2 layers II and III.
    private static let kilobits = [
      [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 0],
      [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0],
      [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
      [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256, 0],
      [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
    ]
  }

  /// What a `Xing` or `Info` frame declares: frames after itself, bytes with itself.
  private var declared: (frames: Int?, bytes: Int?)? {
    guard let first = Frame(source, at: start) else { return nil }
    let tag = start + first.tagOffset
    guard let name = source.tag(at: tag), name == "Xing" || name == "Info",
      let flags = source.integer(at: tag + 4, size: 4, bigEndian: true)
    else { return nil }
    let frames = flags & 1 != 0 ? source.integer(at: tag + 8, size: 4, bigEndian: true) : nil
    let bytes = flags & 2 != 0 ? source.integer(at: tag + 8 + (flags & 1 != 0 ? 4 : 0), size: 4, bigEndian: true) : nil
    return (frames.map { Int($0) }, bytes.map { Int($0) })
  }

  /// Whether the header promises a number of frames. Without it libsndfile estimates one from the first frame's length,
  /// and reads no further: of a file of variable bit rate it may leave out the better part.
  var declaresLength: Bool { declared?.frames != nil }

  /// The same sound, long enough for libsndfile to read all of it; nil where it does so anyway.
  ///
  /// What it reads no further than is the file's length over the first frame's. So the file is made longer, by a tag that
  /// holds nothing, until there is room for all frames. (A Xing frame with the true number, put in front, would do as
  /// well, were it not that mpg123 then also takes 529 samples off the start.)
  func withRoomForAllFrames() -> ByteSource? {
    guard !declaresLength, let first = Frame(source, at: start) else { return nil }
    let (frames, _, end, _) = walk()
    let missing = (frames + 4) * (first.length + 1) - (end - start)
    guard missing > 0, missing < 1 << 28 else { return nil }
    let size = (0..<4).map { UInt8(missing >> (21 - 7 * $0) & 0x7F) }
    let tag = Array("ID3".utf8) + [4, 0, 0] + size + [UInt8](repeating: 0, count: missing)
    return ByteSource(source.bytes(at: start, count: end - start) + tag)
  }

  /// Counts whole frames up to the first place where none is.
  private func walk() -> (frames: Int, samples: Int, end: Int, endsWithinFrame: Bool) {
    var offset = start
    var frames = 0
    var samples = 0
    while let frame = Frame(source, at: offset) {
      samples = frame.samples
      if offset + frame.length > source.count { return (frames, samples, offset, true) }
      offset += frame.length
      frames += 1
    }
    return (frames, samples, offset, false)
  }

  /// - Parameter throughout: count the frames even when the number of bytes is as declared.
  func finding(throughout: Bool) -> ContainerFinding {
    let declared = declared
    if !throughout {
      // A look at the sizes has to do; when they disagree, the frames are counted after all.
      guard let bytes = declared?.bytes, bytes > source.count - start else { return .nothing }
    }
    let (frames, samples, end, endsWithinFrame) = walk()
    if let expected = declared?.frames {
      // The Xing frame itself holds no sound.
      let found = max(0, frames - 1)
      // mpg123 stops where the Xing frame says. Reading on would be no help: two files joined into one look the same,
      // and the second one's delay and padding would be taken for sound. One frame more or less is a matter of counting.
      guard found <= expected + 1 else {
        return .damaged("inconsistent header: its Xing header says \(expected) frames, the file has \(found)")
      }
      // Frames may also stop at a damaged place: mpg123 goes on after it, and how much is missing shows in decoding.
      guard found < expected, endsWithinFrame || end >= source.count else { return .nothing }
      return .truncated(declared: expected * samples, found: found * samples)
    }
    if endsWithinFrame { return .truncated(declared: nil, found: frames * samples) }
    // After the sound there may be tags, padding, or too little to matter.
    let rest = source.bytes(at: end, count: 8)
    let isTag = ["TAG", "APETAGEX", "LYRICSBE", "ID3"].contains { rest.starts(with: Array($0.utf8)) }
    let isOver = isTag || rest.allSatisfy { $0 == 0 } || source.count - end < 128
    return isOver ? .nothing : .damaged("no MPEG frame at byte \(end)")
  }
}
