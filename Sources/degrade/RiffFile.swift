// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// What is wrong with a file that cannot be read or written as 16-bit mono wav.
struct RiffError: Error, CustomStringConvertible {
  let path: String
  let reason: String

  var description: String { "\(path): \(reason)" }
}

/// Runs `body`; an error of the system's, which seldom says which file it is about, comes back with `path`.
func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch {
    throw RiffError(path: path, reason: error.localizedDescription)
  }
}

/// A clip in a wav file: PCM, 16 bits, one channel.
///
/// Written files have the plain 44-byte header and nothing after the samples, so that equal samples give equal
/// files; a general sound library may add chunks of its own.
struct RiffFile {
  /// In hertz.
  let sampleRate: Int
  let samples: [Int16]

  init(sampleRate: Int, samples: [Int16]) {
    self.sampleRate = sampleRate
    self.samples = samples
  }

  /// Reads a wav file, passing over chunks other than `fmt ` and `data`.
  ///
  /// Throws `RiffError` for a file that cannot be read, is not RIFF, is cut short, or holds anything but 16-bit
  /// mono PCM.
  init(path: String) throws {
    let bytes = [UInt8](try naming(path) { try Data(contentsOf: URL(fileURLWithPath: path)) })
    func number(_ offset: Int, _ width: Int) -> Int {
      (0..<width).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    func tag(_ offset: Int) -> String {
      String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }
    guard bytes.count >= 12, tag(0) == "RIFF", tag(8) == "WAVE" else {
      throw RiffError(path: path, reason: "not a RIFF wav file")
    }
    var rate: Int?
    var offset = 12
    while offset + 8 <= bytes.count {
      let name = tag(offset)
      let size = number(offset + 4, 4)
      let body = offset + 8
      guard body + size <= bytes.count else {
        throw RiffError(path: path, reason: "cut short: '\(name)' says \(size) bytes, \(bytes.count - body) follow")
      }
      if name == "fmt " {
        guard size >= 16, number(body, 2) == 1, number(body + 2, 2) == 1, number(body + 14, 2) == 16 else {
          throw RiffError(path: path, reason: "not 16-bit mono PCM")
        }
        rate = number(body + 4, 4)
      } else if name == "data" {
        guard let rate, rate >= 50 else {
          throw RiffError(path: path, reason: "no usable sample rate before the samples")
        }
        let samples = (0..<size / 2).map { Int16(bitPattern: UInt16(number(body + 2 * $0, 2))) }
        self.init(sampleRate: rate, samples: samples)
        return
      }
      offset = body + size + size % 2
    }
    throw RiffError(path: path, reason: "no samples in it")
  }

  /// Writes the clip: to a hidden neighbour first, which then takes the name, so that no half-written file ever
  /// bears it. Throws `RiffError` when that fails; the neighbour is removed.
  func write(path: String) throws {
    var bytes = [UInt8]("RIFF".utf8)
    func append(_ value: Int, _ width: Int) {
      bytes += (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    bytes.reserveCapacity(44 + 2 * samples.count)
    append(36 + 2 * samples.count, 4)
    bytes += "WAVEfmt ".utf8
    for (value, width) in [(16, 4), (1, 2), (1, 2), (sampleRate, 4), (2 * sampleRate, 4), (2, 2), (16, 2)] {
      append(value, width)
    }
    bytes += "data".utf8
    append(2 * samples.count, 4)
    for sample in samples { append(Int(sample), 2) }

    let target = URL(fileURLWithPath: path)
    let part = target.deletingLastPathComponent().appendingPathComponent(".\(target.lastPathComponent).part")
    do {
      try naming(path) { try Data(bytes).write(to: part) }
      guard rename(part.path, target.path) == 0 else {
        throw RiffError(path: path, reason: "cannot take its name: \(String(cString: strerror(errno)))")
      }
    } catch {
      try? FileManager.default.removeItem(at: part)
      throw error
    }
  }
}
