// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import SpeechMetrics
import SpeechSignal

/// Writes pairs as they were scored: `FOLDER/SYSTEM/ID.wav`, and beside it the reference's part as `ID.reference.wav`.
struct AlignedAudio: Sendable {
  let folder: String

  /// Writes one pair.
  /// - Throws: ``OutputError`` for a file that cannot be written, or a name that leads out of the folder.
  func write(_ pair: SynchronousPair, system: String, utterance: String) throws {
    let path = "\(folder)/\(system)/\(utterance)"
    guard !"\(system)/\(utterance)".split(separator: "/").contains("..") else {
      throw OutputError(path: path, reason: "its name leads out of \(folder)")
    }
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      for (samples, file) in [(pair.synthesis, "\(path).wav"), (pair.reference, "\(path).reference.wav")] {
        try AudioFile.write(Waveform(samples: samples, sampleRate: pair.sampleRate), to: file, as: .float32)
      }
    } catch {
      throw OutputError(path: path, reason: error.localizedDescription)
    }
  }
}
