// SPDX-License-Identifier: GPL-3.0-or-later

/// What a look at a file's structure finds, without decoding anything.
///
/// libsndfile takes a file as it is: it clamps a WAV whose data chunk claims more than the file holds, drops a damaged
/// Ogg page, stops where an MP3 stops, and reports none of it. A score on half a sentence would look like any other.
enum ContainerFinding: Equatable {
  /// Nothing to object to, or a structure not known here.
  case nothing
  /// Fewer frames than declared; see `AudioFileError.truncated`.
  case truncated(declared: Int?, found: Int)
  /// The file ends before the first sample could come.
  case endsInHeader
  /// A WAV whose data size was left at 0; it should be `size`, in the four bytes at `offset`.
  case sizeLeftOpen(offset: Int, size: Int, bigEndian: Bool)
  /// The samples end at this byte, and libsndfile would take what follows for more of them.
  case soundEnds(at: Int)
  /// Not all of the sound is there, or more of it than the header says, for the reason given.
  case damaged(String)

  /// Looks at the structure.
  /// - Parameter throughout: also read every page or frame header of a stream (Ogg, MP3), which costs a pass over the
  ///   file; the chunks of WAV and its kin cost next to nothing and are always looked at.
  init(_ source: ByteSource, throughout: Bool) {
    let head = source.bytes(at: 0, count: 12)
    let kind = head.count < 12 ? "" : String(decoding: head[8..<12], as: UTF8.self)
    switch head.count < 4 ? "" : String(decoding: head[..<4], as: UTF8.self) {
    case "RIFF", "RIFX", "RF64": self = kind == "WAVE" ? ChunkedFile(source).wave() : .nothing
    case "FORM": self = kind.hasPrefix("AIF") ? ChunkedFile(source).aiff() : .nothing
    case "riff": self = ChunkedFile(source).wave64()
    case "caff": self = ChunkedFile(source).coreAudio()
    case ".snd": self = ChunkedFile(source).sunAudio()
    case "NIST": self = ChunkedFile(source).sphere()
    case "OggS": self = throughout ? OggStream(source).finding() : .nothing
    case "fLaC": self = .nothing
    default: self = MPEGStream(source)?.finding(throughout: throughout) ?? .nothing
    }
  }
}

extension ByteSource {
  /// An unsigned integer of `size` ≤ 8 bytes; nil past the end.
  func integer(at offset: Int, size: Int, bigEndian: Bool = false) -> UInt64? {
    let bytes = self.bytes(at: offset, count: size)
    guard bytes.count == size else { return nil }
    return (bigEndian ? bytes : bytes.reversed()).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Four characters; nil past the end.
  func tag(at offset: Int) -> String? {
    let bytes = self.bytes(at: offset, count: 4)
    return bytes.count == 4 ? String(decoding: bytes, as: UTF8.self) : nil
  }
}
