// SPDX-License-Identifier: GPL-3.0-or-later

/// What a file is, when libsndfile does not know it: a better answer than "unknown format".
enum ContentGuess {
  /// The error for content libsndfile does not recognise.
  static func error(_ source: ByteSource) -> AudioFileError {
    let head = source.bytes(at: 0, count: 4096)
    if head.starts(with: Array("version https://git-lfs".utf8)) { return .notAudio(reason: "a Git LFS pointer") }
    for (magic, offset, name, isSound) in known where head.dropFirst(offset).starts(with: Array(magic.utf8)) {
      return isSound ? .unsupported(name) : .notAudio(reason: name)
    }
    for (magic, name, isSound) in binary where head.starts(with: magic) {
      return isSound ? .unsupported(name) : .notAudio(reason: name)
    }
    if head.allSatisfy({ $0 == 0 }) { return .notAudio(reason: "zero bytes only") }
    return .notAudio(reason: isText(head) ? "text" : "unknown content")
  }

  private static let known: [(magic: String, offset: Int, name: String, isSound: Bool)] = [
    ("ftyp", 4, "MPEG-4 (m4a, mp4)", true), ("MAC ", 0, "Monkey's Audio", true), ("wvpk", 0, "WavPack", true),
    ("TTA1", 0, "True Audio", true), ("#!AMR", 0, "AMR", true), ("ajkg", 0, "Shorten", true),
    ("%PDF", 0, "a PDF", false), ("GIF8", 0, "a GIF image", false), ("PK\u{3}\u{4}", 0, "a ZIP archive", false),
    ("\u{7F}ELF", 0, "a program", false), ("SQLite format 3", 0, "an SQLite database", false),
  ]

  private static let binary: [(magic: [UInt8], name: String, isSound: Bool)] = [
    ([0x30, 0x26, 0xB2, 0x75], "Windows Media (wma)", true), ([0x1A, 0x45, 0xDF, 0xA3], "Matroska or WebM", true),
    ([0x89, 0x50, 0x4E, 0x47], "a PNG image", false), ([0xFF, 0xD8, 0xFF], "a JPEG image", false),
    ([0x1F, 0x8B], "a gzip archive", false), ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "a NumPy array", false),
  ]

  /// UTF-8 without control characters. A character cut at the end of `head` is forgiven.
  static func isText(_ head: [UInt8]) -> Bool {
    let controls = head.contains { $0 < 0x20 && !(0x09...0x0D).contains($0) && $0 != 0x1B }
    guard !controls, !head.isEmpty else { return false }
    return (0...min(3, head.count - 1)).contains { String(validating: head.dropLast($0), as: UTF8.self) != nil }
  }
}
