// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import AudioFiles
import Foundation
import Provenance
import Reporting
import RunStore
import SpeechSignal

/// `ttseval doctor`: is this machine fit to score?
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Tells whether this machine is fit to score: files, resampler, arithmetic, store, and a Python's torch.",
    discussion: """
      ✓ is fit, ✗ is not, – was not decided or is not needed. Exits with 1 when anything is not fit.

        ttseval doctor
        ttseval doctor --python ~/tts/bin/python     torch and torchaudio, tried on known sound
        ttseval doctor --panel                       a terminal and a sound device are needed
        ttseval doctor --resampler-probe probe.wav   write a sweep; put it through another tool, then
        ttseval doctor --resampled probe.wav out.wav
      """)

  /// `--format`.
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Option(help: "A Python: are its torch and torchaudio of one build, and do they work?") var python: String?
  @Option(parsing: .upToNextOption, help: "IN OUT: measure the resampler that made OUT of IN, and nothing else.")
  var resampled: [String] = []
  @Option(help: "Write the sweep that --resampled measures best to this WAV file, and do nothing else.")
  var resamplerProbe: String?
  @Option(help: "Rate of that sweep, Hz.") var probeRate = 48_000
  @Flag(help: "Listeners are to hear and rate here: a terminal and a sound device are needed.") var panel = false
  @OptionGroup var store: StoreOptions
  @Option(help: "What goes to stdout.") var format: Format = .table

  func validate() throws {
    guard resampled.isEmpty || resampled.count == 2 else {
      throw ValidationError("--resampled takes two files, IN OUT")
    }
    guard resampled.isEmpty || resamplerProbe == nil else {
      throw ValidationError("--resampler-probe comes before --resampled, not with it")
    }
    guard resamplerProbe?.lowercased().hasSuffix(".wav") ?? true else {
      throw ValidationError("--resampler-probe: the name must end in .wav")
    }
    guard resampled.isEmpty && resamplerProbe == nil || python == nil && !panel else {
      throw ValidationError("--resampled and --resampler-probe do nothing else: leave --python and --panel out")
    }
    guard (8000...96_000).contains(probeRate) else { throw ValidationError("--probe-rate is from 8000 to 96000 Hz") }
  }

  func run() async throws {
    do {
      if let resamplerProbe {
        guard !FileManager.default.fileExists(atPath: resamplerProbe) else {
          throw OutputError(path: resamplerProbe, reason: "there is such a file already, and this writes a new one")
        }
        try FormatOption.makeFolder(of: resamplerProbe)
        return try writeProbe(resamplerProbe)
      }
      // Interrupted, it leaves neither a folder nor a Python behind.
      let checks = try await Interruption.cancelling("stopping") {
        let checks = resampled.isEmpty ? machine() + stack() : [try measure(resampled[0], resampled[1])]
        try Task.checkCancellation()
        return checks
      }
      switch format {
      case .table: try Console.print(HealthReport.render(checks, style: Console.usesColour ? .ansi : .plain))
      case .json: try Console.print(try HealthReport.json(checks))
      }
      // Two files that say nothing of a resampler are no pass.
      guard let isFit = HealthReport.isFit(checks) else { throw ExitCode.nothingDone }
      if !isFit { throw ExitCode.gateFailed }
    } catch let code as ExitCode {
      throw code
    } catch is CancellationError {
      throw ExitCode.interrupted
    } catch {
      throw Console(quiet: false).stop(error)
    }
  }

  private func writeProbe(_ path: String) throws {
    do {
      // Floats: what rounding would add is not the resampler's.
      try AudioFile.write(ResamplerMeter.probe(sampleRate: probeRate), to: path, as: .float32)
    } catch {
      throw FileTrouble(path: path, error: error)
    }
  }

  private func measure(_ input: String, _ output: String) throws -> HealthCheck {
    let sounds = try [input, output].map { path in
      do {
        return try AudioFile.read(path).waveform()
      } catch {
        throw FileTrouble(path: path, error: error)
      }
    }
    return ResamplerMeter.check(input: sounds[0], output: sounds[1])
  }

  private func machine() -> [HealthCheck] {
    let files = Self.inTemporaryFolder { DecodingCheck.run(in: $0) + RoundTripCheck.run(in: $0) }
    return files + ResamplerMeter.ownChecks() + NumbersCheck.run() + StoreFolderCheck.run(store: store.path) + stored()
      + TerminalCheck.run(isNeeded: panel) + SoundCheck.run(isNeeded: panel)
  }

  /// Whether the store, where there is one, is whole: every page is read.
  private func stored() -> [HealthCheck] {
    let name = "store"
    guard FileManager.default.fileExists(atPath: store.path) else {
      return [HealthCheck(name, .skipped, found: "\(store.path) is not there yet")]
    }
    do throws(RunStoreError) {
      let opened = try RunStore(existing: store.path)
      if let problem = try opened.problems().first {
        return [HealthCheck(name, .failed, found: "\(store.path): \(problem)", advice: "take the last good copy of it")]
      }
      return [HealthCheck(name, .passed, found: "\(store.path) is whole, with \(try opened.runs().count) runs")]
    } catch {
      return [
        HealthCheck(
          name, .failed, found: "\(error)", advice: "name another by --db PATH, or restore this one from a copy")
      ]
    }
  }

  /// What `--python` names: its packages, then what they do.
  private func stack() -> [HealthCheck] {
    guard let python else { return [] }
    let surroundings = Surroundings.here()
    do throws(PythonFailure) {
      let stack = try PythonStack.read(python, from: surroundings, importing: true)
      let probed = Self.inTemporaryFolder { folder throws(AudioFileError) in
        try PythonProbe.run(python, in: folder, from: surroundings).checks
      }
      return stack.checks(machine: surroundings.machine) + probed
    } catch {
      return [HealthCheck("python", .failed, found: "\(python): \(error)", advice: "name another by --python PATH")]
    }
  }

  /// Hands a folder to the body, and removes it after. Where there can be none, that is what was found.
  private static func inTemporaryFolder(_ body: (String) throws(AudioFileError) -> [HealthCheck]) -> [HealthCheck] {
    let place = FileManager.default.temporaryDirectory.path
    let folder = "\(place)/ttseval-doctor-\(UUID().uuidString)"
    let reason: String
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      return try body(folder)
    } catch let error as AudioFileError {
      reason = error.description
    } catch {
      reason = error.localizedDescription
    }
    let advice = "name another by TMPDIR, or make room there"
    return [HealthCheck("temporary-folder", .failed, found: "\(place): \(reason)", advice: advice)]
  }
}

/// A file that could not be read or written.
private struct FileTrouble: Error, CustomStringConvertible {
  let path: String
  let error: any Error
  var description: String { "\(path): \(error)" }
}
