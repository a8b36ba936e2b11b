// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a sound file could not be read or written.
///
/// Each case carries its numbers. `description` is one line without the path: the caller, who knows how the user named
/// the file, puts that in front.
public enum AudioFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No such file, or a link that leads nowhere.
  case notFound
  /// No such file, and the path holds U+FFFD: it most likely stands for bytes of the real name that are not UTF-8, which
  /// a `String` cannot carry.
  case nameNotUTF8
  /// Something else than a file has that name: `"folder"`, `"named pipe"`, `"socket"`, `"device"`.
  case notARegularFile(kind: String)
  /// Symbolic links lead in a circle.
  case symbolicLinkLoop
  /// The file, or a folder on the way to it, may not be read.
  case permissionDenied
  /// The system reported another error, in its own words.
  case cannotRead(reason: String)
  /// Zero bytes.
  case emptyFile
  /// More bytes than are read into memory at once.
  case tooLarge(bytes: Int, limit: Int)
  /// More samples, over all channels, than are decoded into memory at once.
  case tooLong(limit: Int)
  /// The content changed between the first and the last byte read.
  case changedWhileReading
  /// The content is no sound; `reason` says what it looks like, e.g. `"text"`.
  case notAudio(reason: String)
  /// Sound, but of a format, rate or channel count that is not read or written here.
  case unsupported(String)
  /// A header, and nothing after it.
  case noSamples
  /// Fewer frames than the header promises. `declared` is nil where the format does not say (an Ogg stream whose last
  /// page is missing, an MP3 without a Xing header that ends within a frame).
  case truncated(declared: Int?, found: Int)
  /// The decoder gave up, or the header contradicts the rest of the file; for the reason given.
  case decodingFailed(String)
  /// `count` samples are NaN or infinite; the first of them in frame `firstIndex`, counted from 0.
  case notFinite(count: Int, firstIndex: Int)
  /// The channels differ and none was chosen.
  case differentChannels(count: Int)
  /// Channel `asked`, counted from 1, of a file that has `of`.
  case noSuchChannel(asked: Int, of: Int)
  /// The disk or the quota is full. What had been written is removed again.
  case outOfSpace
  /// Writing failed for the reason the system gives. What had been written is removed again.
  case cannotWrite(reason: String)

  /// One line, without the path and without a full stop.
  public var description: String {
    switch self {
    case .notFound: "no such file"
    case .nameNotUTF8: "name is not valid UTF-8"
    case .notARegularFile(let kind): "not a regular file but a \(kind)"
    case .symbolicLinkLoop: "symbolic links lead in a circle"
    case .permissionDenied: "permission denied"
    case .cannotRead(let reason): "cannot be read: \(reason)"
    case .emptyFile: "empty file (0 bytes)"
    case .tooLarge(let bytes, let limit): "too large: \(bytes) bytes, at most \(limit) are read"
    case .tooLong(let limit): "too long: more than \(limit) samples"
    case .changedWhileReading: "changed while it was read"
    case .notAudio(let reason): "not audio: \(reason)"
    case .unsupported(let what): "not supported: \(what)"
    case .noSamples: "no samples: a header only"
    case .truncated(let declared?, let found): "truncated: \(found) of \(declared) frames"
    case .truncated(nil, let found): "truncated: the stream breaks off after \(found) frames"
    case .decodingFailed(let reason): "cannot be decoded: \(reason)"
    case .notFinite(let count, let first):
      "\(count) \(count == 1 ? "sample is" : "samples are") NaN or infinite, the first in frame \(first)"
    case .differentChannels(let count): "\(count) channels that differ; choose one with --channel N, or --channel mix"
    case .noSuchChannel(let asked, let count):
      "channel \(asked) asked for, the file has \(count == 1 ? "one" : "\(count)")"
    case .outOfSpace: "no space left on the disk"
    case .cannotWrite(let reason): "cannot be written: \(reason)"
    }
  }
}
