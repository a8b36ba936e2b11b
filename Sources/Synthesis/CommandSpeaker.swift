// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// A process per utterance.
final class CommandSpeaker: Speaker {
  private let settings: SpeakerSettings
  /// For `{textfile}`; this speaker's own.
  private let textFolder: String

  init(settings: SpeakerSettings, textFolder: String) {
    self.settings = settings
    self.textFolder = textFolder
  }

  func speak(_ request: SpeechRequest) -> SpeechAttempt? {
    let textFile = "\(textFolder)/\(request.utterance.id).txt"
    defer { try? FileManager.default.removeItem(atPath: textFile) }
    if settings.command.needsTextFile {
      do {
        try FileManager.default.createDirectory(atPath: textFolder, withIntermediateDirectories: true)
        // With a newline: what reads by line (`read`, `getline`) knows no other end.
        try Data("\(request.utterance.text)\n".utf8).write(to: URL(fileURLWithPath: textFile))
      } catch {
        return SpeechAttempt(result: .failure(.notStarted("no file for the text: \(error.localizedDescription)")))
      }
    }
    request.file.discard()
    let values: CommandTemplate.Values = [
      .text: request.utterance.text, .textfile: textFile, .out: request.file.temporaryPath, .id: request.utterance.id,
      .seed: String(request.seed),
    ]
    do throws(SystemError) {
      let process = try SupervisedProcess(
        program: settings.program, arguments: settings.command.arguments(values),
        environment: settings.environment.merging(settings.command.variables(values)) { $1 }, lines: false,
        measured: request.file.temporaryPath, cancellation: settings.cancellation)
      return watch(process, request.file)
    } catch {
      return SpeechAttempt(result: .failure(.notStarted(error.description)))
    }
  }

  func finish() {}

  private func watch(_ process: SupervisedProcess, _ file: OutputFile) -> SpeechAttempt? {
    let event = process.next(before: process.started + .seconds(settings.timeout))
    let end = process.child.ended ?? .now
    // What it has used has to be looked at while it runs; of one that ended by itself, what remains is its leftovers.
    let meter = process.endMeasuring()
    let leftoverCPU = process.tree.cpuSecondsOfOthers
    let leftBehind = process.endTree(grace: .seconds(settings.grace))
    let ending = process.reap()
    guard event != .cancelled else {
      file.discard()
      return nil
    }
    let size = Descriptor.size(file.temporaryPath)
    let result: Result<SynthesisedAudio, SynthesisFailure>
    if event == .deadline {
      result = .failure(.timedOut(seconds: settings.timeout))
    } else if let failure = ending.flatMap(SpeakerSettings.failure) {
      result = .failure(failure)
    } else {
      result = Result { () throws(SynthesisFailure) in try file.keep() }
    }
    if case .failure = result { file.discard() }

    // The kernel's figure has all that was waited for. Of processes that were not, the looks tell: each figure is a
    // lower bound.
    let cpu = max((ending?.cpuSeconds ?? 0) + (event == .exited ? leftoverCPU : 0), meter?.cpuSeconds ?? 0)
    let speed = settings.speed(
      from: process.started, to: end, cpu: cpu, meter: meter, peak: max(meter?.peakBytes ?? 0, ending?.peakBytes ?? 0),
      memoryAfter: nil, result: result, finalSize: size)
    return SpeechAttempt(
      result: result, speed: speed, said: SpeakerSettings.said(process), leftBehind: event == .exited ? leftBehind : 0)
  }
}
