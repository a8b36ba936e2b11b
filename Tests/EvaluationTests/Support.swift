// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import SpeechSignal

/// A fresh folder that is removed with its owner.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("ttseval-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The absolute path of something inside; its folder is made.
  func path(_ relative: String) throws -> String {
    let whole = path + "/" + relative
    let folder = (whole as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return whole
  }

  /// An empty file, for tests that look at names only.
  func touch(_ relative: String) throws { try Data().write(to: URL(fileURLWithPath: try path(relative))) }

  /// A wav of 32-bit floats, so that a small gain costs no bits.
  func write(_ waveform: Waveform, _ relative: String) throws {
    try AudioFile.write(waveform, to: try path(relative), as: .float32)
  }
}

/// Sound in syllables: three seconds of a buzz that comes and goes, different for each seed.
func syllables(seed: Int, sampleRate: Int = 16_000, seconds: Double = 3) -> Waveform {
  let samples = (0..<Int(seconds * Double(sampleRate))).map { n in
    let t = Double(n) / Double(sampleRate)
    let syllable = Int(4 * t)
    let pitch = 110 + Double((syllable * 37 + seed * 11) % 60)
    let envelope = pow(sin(.pi * (4 * t - Double(syllable))), 2) * (0.3 + 0.1 * Double((syllable * 5 + seed) % 7))
    var buzz = 0.0
    for harmonic in 1...15 {
      buzz += sin(2 * .pi * pitch * Double(harmonic) * t) / Double(1 + (harmonic * (syllable + seed)) % 9)
    }
    return 0.1 * envelope * buzz
  }
  return Waveform(samples: samples, sampleRate: sampleRate)
}
