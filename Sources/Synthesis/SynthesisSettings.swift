// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
public import Foundation

/// How a list of texts is to be spoken.
public struct SynthesisSettings: Sendable {
  /// The TTS.
  public var command: CommandTemplate
  /// Where sounds and the journal go; made if need be.
  public var outputFolder: String
  /// Of each utterance. One goes into the folder itself; several into `take1`, `take2`, … below it, each of which is a
  /// system for `compare`.
  public var takes = 1
  /// Of the first take; each further one has the next.
  public var seed = 0
  /// How many run at a time. More than one and they share the machine: figures of speed are then those of a loaded one.
  public var jobs = 1
  /// For each attempt, seconds.
  public var timeout = 300.0
  /// How long a worker may take to say that it is ready before it is sent its first line anyway, seconds.
  public var startTimeout = 120.0
  /// Between TERM and KILL, seconds.
  public var grace = 2.0
  /// Further attempts after a failure.
  public var retries = 0
  /// Of the files, without the dot: one of `AudioFile.extensions`.
  public var fileExtension = "wav"
  /// Whether what an earlier run made is kept.
  public var resumes = true
  /// Whether `nvidia-smi` is run, where it is on the PATH.
  public var watchesGPUs = true
  /// How long it may take until its first line, seconds.
  public var gpuPatience = 3.0
  /// What the TTS gets; its `PATH` is where programs are looked for.
  public var environment = ProcessInfo.processInfo.environment
  /// For the journal.
  public var clock: @Sendable () -> Date = { Date() }

  /// The least that is needed.
  public init(command: CommandTemplate, outputFolder: String) {
    self.command = command
    self.outputFolder = outputFolder
  }

  /// Names what makes the sounds: 16 hexadecimal digits of a hash of the command and how it is run.
  public var recipe: String {
    let kind = (command.isWorker ? "worker" : "command") + (command.usesShell ? " shell" : "")
    return String(SHA256Digest.hex(of: "ttseval synthesis\n\(kind)\n\(fileExtension)\n\(command.source)").prefix(16))
  }

  func check() throws(SynthesisError) {
    guard takes >= 1 else { throw .setting("at least one take") }
    guard jobs >= 1 else { throw .setting("at least one job") }
    guard retries >= 0 else { throw .setting("retries are 0 or more") }
    // No wait of a year, and none that overflows the clock.
    for seconds in [timeout, startTimeout, grace] where !(seconds > 0 && seconds <= 31_536_000) {
      throw .setting("a time limit of \(seconds) s: it is above 0, and at most a year")
    }
    guard seed.addingReportingOverflow(takes).overflow == false else { throw .setting("the seed is too large") }
    guard AudioFile.extensions.contains(fileExtension) else {
      throw .setting("files cannot end in .\(fileExtension): that is no sound")
    }
  }
}

/// What a run gave.
public struct SynthesisResult: Sendable, Equatable {
  /// Takes in order, each in the order of the list; fewer than all when it was cancelled.
  public let rows: [SynthesisRow]
  /// How many of them are of an earlier run.
  public let kept: Int
  /// Of this run.
  public let workers: [WorkerReport]
  /// Whether there is a row for each take of each utterance.
  public let isComplete: Bool
  /// Folders of the takes, relative to the output folder; `""` where there is one take.
  public let folders: [String]
}
