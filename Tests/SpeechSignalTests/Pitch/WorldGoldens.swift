// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal

/// The files Goldens/reference-*.json that Tests/Oracles/world_oracle.py writes.
enum WorldGoldens {
  struct Pitch: Decodable {
    struct Signal: Decodable {
      let rate: Int
      let voice: String
      let base: Int
      let fnv: String
      let harvest: [Double]
      let dio: [Double]
      let stonemask: [Double]
    }
    let tolerance: Double
    let signals: [Signal]
  }

  struct NaturalPitch: Decodable {
    struct Clip: Decodable {
      let file: String
      let rate: Int
      let fnv: String
      let harvest: [Double]
    }
    let tolerance: Double
    let clips: [Clip]
  }

  struct Envelopes: Decodable {
    struct Signal: Decodable {
      let rate: Int
      let voice: String
      let base: Int
      let fnv: String
      let bins: Int
      let frames: [Int]
      let binStep: Int
      let logPower: [[Double]]
      let melCepstrum: [[Double]]
    }
    let tolerance: Double
    let signals: [Signal]
  }

  struct MelCepstra: Decodable {
    struct Spectrum: Decodable {
      let order: Int
      let alpha: Double
      let bins: Int
      let seed: Int
      let sp2mc: [Double]
      let amplitude: [Double]
      let power: [Double]
      let floored: [Double]
    }
    struct Frame: Decodable {
      let rate: Int
      let base: Int
      let start: Int
      let order: Int
      let alpha: Double
      let mcep: [Double]
    }
    struct Alpha: Decodable {
      let rate: Int
      let alpha: Double
    }
    let tolerance: Double
    let spectra: [Spectrum]
    let frames: [Frame]
    let alphas: [Alpha]
  }

  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  static func load<Golden: Decodable>(_ name: String, as type: Golden.Type = Golden.self) throws -> Golden {
    let file = tests.appendingPathComponent("Goldens/reference-\(name).json")
    return try JSONDecoder().decode(type, from: Data(contentsOf: file))
  }

  /// A clip of reference_audio/reference.
  static func clip(_ name: String) throws -> (pcm: [Int16], rate: Int) {
    let folder = tests.deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appendingPathComponent("reference_audio/reference/\(name)")
    guard let bytes = try? [UInt8](Data(contentsOf: file)) else { throw MissingClip(name: name) }
    return try wave(bytes, name: name)
  }

  struct MissingClip: Error, CustomStringConvertible {
    let name: String
    var description: String { "reference_audio/reference/\(name) is missing: run reference_audio/prepare" }
  }

  struct BadClip: Error {
    let name: String
  }

  /// 16-bit PCM, one channel; whatever chunks stand between.
  private static func wave(_ bytes: [UInt8], name: String) throws -> (pcm: [Int16], rate: Int) {
    func number(_ at: Int, _ size: Int) -> Int { (0..<size).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
    var (at, rate) = (12, 0)
    while at + 8 <= bytes.count {
      let size = number(at + 4, 4)
      switch String(decoding: bytes[at..<at + 4], as: UTF8.self) {
      case "fmt ":
        guard number(at + 8, 2) == 1, number(at + 10, 2) == 1, number(at + 22, 2) == 16 else {
          throw BadClip(name: name)
        }
        rate = number(at + 12, 4)
      case "data":
        let count = min(size, bytes.count - at - 8) / 2
        return ((0..<count).map { Int16(truncatingIfNeeded: number(at + 8 + 2 * $0, 2)) }, rate)
      default: break
      }
      at += 8 + size + size % 2
    }
    throw BadClip(name: name)
  }

  /// FNV-1a, 64 bit, of the samples as little-endian bytes.
  static func fnv(_ pcm: [Int16]) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for sample in pcm {
      for byte in [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)] {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
    }
    return String(hash, radix: 16)
  }

  /// Of two tracks: frames whose voicing differs or whose F0 differs by more than a share.
  static func disagreements(_ ours: [Double], _ theirs: [Double], tolerance: Double) -> Int {
    zip(ours, theirs).count { ($0 > 0) != ($1 > 0) || abs($0 - $1) > tolerance * $1 }
  }
}
