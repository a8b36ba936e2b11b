// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import SpeechMetrics
import SpeechSignal

/// Writes pairs as they were scored: `FOLDER/SYSTEM/ID.wav`, and beside it the reference's part as `ID.reference.wav`.
struct AlignedAudio: Sendable {
  let folder: String
  /// Files that are read, by their real paths: none of them is written over.
  private let inputs: Set<String>

  /// Makes the folder.
  /// - Throws: ``OutputError`` where it cannot be made or written to.
  init(folder: String, inputs: [String]) throws {
    self.folder = folder
    self.inputs = Set(inputs.map(Self.realPath))
    try FormatOption.makeFolder(of: folder + "/x")
  }

  private static func realPath(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

  /// Writes one pair.
  /// - Throws: ``OutputError`` for a file that cannot be written, or a name that leads out of the folder.
  func write(_ pair: SynchronousPair, system: String, utterance: String) throws {
    let path = "\(folder)/\(system)/\(utterance)"
    guard !"\(system)/\(utterance)".split(separator: "/").contains("..") else {
      throw OutputError(path: path, reason: "its name leads out of \(folder)")
    }
    for file in ["\(path).wav", "\(path).reference.wav"] where inputs.contains(Self.realPath(file)) {
      throw OutputError(path: file, reason: "it is one of the recordings that are scored")
    }
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      for (samples, file) in [(pair.synthesis, "\(path).wav"), (pair.reference, "\(path).reference.wav")] {
        try AudioFile.write(Waveform(samples: samples, sampleRate: pair.sampleRate), to: file, as: .float32)
      }
    } catch {
      throw OutputError(path: path, reason: (error as? AudioFileError).map { "\($0)" } ?? error.localizedDescription)
    }
  }
}
