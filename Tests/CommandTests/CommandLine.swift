// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import SpeechSignal

/// The built `ttseval`, run as a user runs it, in a fresh folder of its own.
final class CommandLine {
  let folder: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("ttseval-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    folder = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// What a command gave.
  struct Output {
    let status: Int32
    let stdout: String
    let stderr: String
  }

  /// Runs `ttseval` with the folder as its current one.
  func callAsFunction(_ arguments: String...) throws -> Output { try self(arguments) }

  /// Runs `ttseval` with the folder as its current one.
  func callAsFunction(_ arguments: [String]) throws -> Output {
    let process = Process()
    // Tests are built into the folder that the product is built into.
    let products = Bundle(for: CommandLine.self).bundleURL.deletingLastPathComponent()
    let candidates = [products, Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent()]
    let found = candidates.compactMap { $0?.appendingPathComponent("ttseval") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    guard let binary = found else { throw NoBinary(looked: candidates.compactMap { $0?.path }) }
    process.executableURL = binary
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ["PATH": "/usr/bin:/bin", "COLUMNS": "120"]
    process.standardInput = FileHandle.nullDevice
    // Files and not pipes: a pipe that nobody empties would stop a talkative command.
    let names = ["out", "err"].map { "\(folder)/.\(UUID().uuidString).\($0)" }
    for name in names { _ = FileManager.default.createFile(atPath: name, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: names[0])
    process.standardError = FileHandle(forWritingAtPath: names[1])
    try process.run()
    process.waitUntilExit()
    let texts = try names.map { String(decoding: try Data(contentsOf: URL(fileURLWithPath: $0)), as: UTF8.self) }
    return Output(status: process.terminationStatus, stdout: texts[0], stderr: texts[1])
  }

  struct NoBinary: Error { let looked: [String] }

  /// Writes a file, making its folder.
  func write(_ data: Data, _ path: String) throws {
    let url = URL(fileURLWithPath: folder + "/" + path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  /// Writes sound in syllables, different for each seed, with each sample changed as asked.
  func speech(
    _ path: String, seed: Int, sampleRate: Int = 16_000, seconds: Double = 1.5, tempo: Double = 1,
    change: (Int, Double) -> Double = { $1 }
  ) throws {
    let samples = (0..<Int(seconds * Double(sampleRate))).map { n in
      let t = Double(n) / Double(sampleRate)
      let syllable = Int(4 * t * tempo)
      let pitch = 110 + Double((syllable * 37 + seed * 11) % 60)
      let envelope = pow(sin(.pi * (4 * t * tempo - Double(syllable))), 2)
      var buzz = 0.0
      for harmonic in 1...15 {
        buzz += sin(2 * .pi * pitch * Double(harmonic) * t) / Double(1 + (harmonic * (syllable + seed)) % 9)
      }
      return change(n, 0.1 * envelope * buzz)
    }
    try write(Data(), path)
    try AudioFile.write(Waveform(samples: samples, sampleRate: sampleRate), to: folder + "/" + path, as: .pcm16)
  }

  /// Three references and a system that adds a hum.
  func pairs() throws {
    for seed in 1...3 {
      try speech("ref/u\(seed).wav", seed: seed)
      try speech("syn/u\(seed).wav", seed: seed) { $1 + 0.01 * sin(Double($0) / 7) }
    }
  }
}
