// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import SpeechSignal
import Synthesis

/// A folder with a TTS made of shell script in it, and the sound it gives; removed with its owner.
final class Workshop {
  let path: String
  /// Half a second of a tone.
  var good: String { path + "/good.wav" }
  var out: String { path + "/out" }

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("ttseval-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
    let tone = (0..<8000).map { 0.3 * sin(Double($0) * 0.1) }
    try AudioFile.write(Waveform(samples: tone, sampleRate: 16_000), to: good, as: .pcm16)
    let silence = Waveform(samples: [Double](repeating: 0, count: 800), sampleRate: 16_000)
    try AudioFile.write(silence, to: path + "/silent.wav", as: .pcm16)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// A shell script for `sh`; `$here` in it is this folder.
  func script(_ name: String, _ body: String) throws -> String {
    let file = "\(path)/\(name)"
    try "#!/bin/sh\nhere='\(path)'\n\(body)\n".write(toFile: file, atomically: false, encoding: .utf8)
    return file
  }

  /// A program of that name, first on the PATH of the settings.
  func program(_ name: String, _ body: String, for settings: inout SynthesisSettings) throws {
    let source = try script("\(name).sh", body)
    try FileManager.default.createDirectory(atPath: path + "/bin", withIntermediateDirectories: true)
    // Written by another process: of a file that was open for writing here, a program just being started by another test
    // may hold a copy, and the kernel runs no file that somebody may write to.
    let install = Process()
    install.executableURL = URL(fileURLWithPath: "/usr/bin/install")
    install.arguments = ["-m", "755", source, "\(path)/bin/\(name)"]
    try install.run()
    install.waitUntilExit()
    settings.environment["PATH"] = "\(path)/bin:\(settings.environment["PATH"] ?? "")"
  }

  func text(_ name: String) -> String? { try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  /// Everything in the output folder, hidden files too.
  var outputs: [String] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: out)) ?? []
    return names.filter { $0 != "synthesis.jsonl" }.sorted()
  }

  /// Settings for a script that gets the text, the output and the seed.
  func settings(_ body: String, arguments: String = "{text} {out} {seed} {id}") throws -> SynthesisSettings {
    let file = try script("tts", body)
    return settings(try CommandTemplate("sh '\(file)' \(arguments)"))
  }

  /// Settings for a worker.
  func worker(_ body: String) throws -> SynthesisSettings {
    settings(try CommandTemplate("sh '\(try script("worker", body))'", worker: true))
  }

  func settings(_ command: CommandTemplate) -> SynthesisSettings {
    var settings = SynthesisSettings(command: command, outputFolder: out)
    settings.timeout = 60
    settings.grace = 1
    settings.watchesGPUs = false
    return settings
  }

  /// Whether the process whose number a script left in a file still runs.
  func runs(_ name: String) -> Bool? {
    guard let number = text(name).flatMap({ Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }) else {
      return nil
    }
    guard let status = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8) else { return false }
    return !status.contains(") Z ")
  }
}

/// A list of texts from lines.
func texts(_ lines: String...) throws -> TextList { try TextList(bytes: Array(lines.joined(separator: "\n").utf8)) }

extension SynthesisJob {
  /// The rows of a run.
  func rows() async throws -> [SynthesisRow] { try await run().rows }
}
