// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation

/// A fresh folder, removed with everything in it at the end of a test.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "audio-files-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder, without making one.
  func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes a file and returns its path.
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(filePath: path(name)))
    return path(name)
  }
}

/// An integer chirp of 16 bits, full scale ±1: broadband, and the same numbers in every language.
func chirp(_ count: Int) -> [Double] {
  (0..<count).map { i -> Double in
    let integer: Int = (i * i * 3 / 16) % 65536
    return full(integer - 32768)
  }
}

/// A soft glide: what lossy encoders reproduce closely.
func glide(_ count: Int) -> [Double] {
  (0..<count).map { i -> Double in
    let t = Double(i)
    return 0.4 * sin(t * (0.05 + t * 3e-6))
  }
}

/// A 16-bit integer as an amplitude.
func full(_ integer: Int) -> Double { Double(integer) / 32768 }

/// Little-endian bytes of an integer.
func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

/// A WAV written by hand: 16-bit unless told otherwise, sizes as they should be unless told otherwise.
func wav(
  _ payload: [UInt8], encoding: UInt16 = 1, channels: UInt16 = 1, rate: UInt32 = 16000, bits: UInt16 = 16,
  riffSize: UInt32? = nil, dataSize: UInt32? = nil, extra: [UInt8] = []
) -> [UInt8] {
  let align = UInt16(truncatingIfNeeded: UInt32(channels) * UInt32(bits) / 8)
  let format =
    little(encoding) + little(channels) + little(rate) + little(rate &* UInt32(align)) + little(align) + little(bits)
  let dataHead = Array("data".utf8) + little(dataSize ?? UInt32(payload.count))
  let body = Array("WAVEfmt ".utf8) + little(UInt32(16)) + format + extra + dataHead + payload
  return Array("RIFF".utf8) + little(riffSize ?? UInt32(body.count)) + body
}

/// 16-bit little-endian samples.
func pcm16(_ samples: [Int16]) -> [UInt8] { samples.flatMap(little) }

/// A golden file beside the tests.
func golden<T: Decodable>(_ name: String, as: T.Type = T.self) throws -> T {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")
  return try JSONDecoder().decode(T.self, from: Data(contentsOf: folder.appending(path: name)))
}
