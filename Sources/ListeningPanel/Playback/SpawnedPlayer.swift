// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Glibc
internal import Synchronization

/// Plays by a program, where PortAudio finds no device: recorded as such, as nobody counts what such a program drops.
///
/// Sound goes through the program's stdin as raw samples, so that no name stands in its arguments. Its exit status proves
/// little: a paplay that is ended exits with 0; so a sound counts as whole when the program took all of it, ended by itself with
/// 0, and took no less time than the sound has.
public struct SpawnedPlayer: ClipPlayer {
  /// What is played on.
  public let device: PlaybackDevice
  private let program: Program
  private var playing: Playing?

  /// A program that reads interleaved stereo, 32 bits, from stdin.
  struct Program: Sendable, Equatable {
    let name: String
    let arguments: @Sendable (Int) -> [String]

    static func == (a: Program, b: Program) -> Bool { a.name == b.name }

    /// In the order they are tried.
    static let known = [
      Program(name: "pw-play") { ["--rate=\($0)", "--channels=2", "--format=s32", "--raw", "-"] },
      Program(name: "paplay") { ["--raw", "--rate=\($0)", "--channels=2", "--format=s32le", "--client-name=panel"] },
      Program(name: "aplay") { ["-q", "-t", "raw", "-f", "S32_LE", "-c", "2", "-r", "\($0)", "-"] },
      Program(name: "play") { ["-q", "-t", "s32", "-c", "2", "-r", "\($0)", "-"] },
    ]
  }

  private struct Playing {
    let process: Process
    let feeder: Feeder
    let sound: PreparedSound
    let start: PanelTime
    var wasStopped = false
  }

  /// Finds a program.
  /// - Parameters:
  ///   - rate: Hz.
  ///   - environment: `PATH` says where to look; handed on to the program.
  ///   - name: of one of `pw-play`, `paplay`, `aplay`, `play`; nil for the first there is.
  /// - Throws: `PanelError.sound`.
  public init(rate: Int, environment: [String: String], name: String? = nil) throws(PanelError) {
    let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    let wanted = Program.known.filter { name == nil || $0.name == name }
    for program in wanted {
      let paths: [String] = folders.map { "\($0)/\(program.name)" }
      guard let path = paths.first(where: { access($0, X_OK) == 0 }) else { continue }
      self.program = program
      device = PlaybackDevice(method: program.name, name: path, rate: rate, version: "")
      return
    }
    let names = Program.known.map(\.name).joined(separator: ", ")
    throw .sound("no program that plays sound (\(names))")
  }

  /// Begins.
  public mutating func start(_ sound: PreparedSound, at time: PanelTime) throws(PanelError) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: device.name)
    process.arguments = program.arguments(sound.rate)
    let pipe = Pipe()
    process.standardInput = pipe
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw .sound("\(program.name) does not start")
    }
    try? pipe.fileHandleForReading.close()
    let feeder = Feeder(sound.samples, to: pipe.fileHandleForWriting)
    playing = Playing(process: process, feeder: feeder, sound: sound, start: time)
  }

  /// What became of the sound, once it has ended.
  public mutating func report(at time: PanelTime) -> PlaybackReport? {
    guard let playing, !playing.process.isRunning else { return nil }
    self.playing = nil
    let soundSeconds = Double(playing.sound.frames) / Double(playing.sound.rate)
    let took = time.monotonic - playing.start.monotonic
    let isWhole =
      playing.process.terminationReason == .exit && playing.process.terminationStatus == 0 && !playing.wasStopped
      && playing.feeder.isDone && took >= soundSeconds - 0.1
    let frames = isWhole ? playing.sound.frames : min(playing.sound.frames - 1, Int(took * Double(playing.sound.rate)))
    return PlaybackReport(
      device: device, start: playing.start, end: time, frames: max(0, frames), framesPlanned: playing.sound.frames,
      underruns: nil, wasStopped: playing.wasStopped)
  }

  /// Ends the sound soon.
  public mutating func stop() {
    playing?.wasStopped = true
    playing?.process.terminate()
  }

  /// Gives the device back.
  public mutating func close() {
    playing?.process.terminate()
    playing = nil
  }
}

/// Hands samples to a program on a thread of its own, as the program takes them as slowly as they are heard.
private final class Feeder: Sendable {
  private let hasFinished = Atomic<Bool>(false)

  var isDone: Bool { hasFinished.load(ordering: .acquiring) }

  init(_ samples: [Int32], to handle: FileHandle) {
    let descriptor = handle.fileDescriptor
    Thread.detachNewThread { [self] in
      // A program that ends early would end us too.
      var set = sigset_t()
      sigemptyset(&set)
      sigaddset(&set, SIGPIPE)
      pthread_sigmask(SIG_BLOCK, &set, nil)
      let bytes = samples.withUnsafeBytes { Array($0) }
      let isWhole = RawFile.write(bytes, to: descriptor) == bytes.count
      try? handle.close()
      hasFinished.store(isWhole, ordering: .releasing)
    }
  }
}
