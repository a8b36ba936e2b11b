// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import ListeningPanel
import RunStore

/// `ttseval panel run PLAN --listener CODE`.
struct PanelRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Holds a listener's session; the same command goes on with one that was left or killed.",
    discussion: """
      CODE is a pseudonym: no names. Each answer is on the disk before the next trial comes up. Over ssh there is no sound: \
      run it on the listener's own machine, with a --slot for each, and bring the stores together with ttseval merge.
      """)

  @Argument(help: ArgumentHelp("The plan's file.", valueName: "plan")) var plan: String
  @Option(help: ArgumentHelp("The listener's code.", valueName: "code")) var listener: String
  @Option(
    help:
      "Which of the plan's listeners this is, from 1 (default: the first that nobody is). On separate machines give each their own."
  ) var slot: Int?
  @Flag(help: "Lines instead of a screen, for screen readers.") var plain = false
  @Option(help: ArgumentHelp("Answers from a file, without a terminal.", valueName: "file")) var script: String?
  @Option(
    help: "Where sound goes: portaudio, pw-play, paplay, aplay, play, none, or file:FOLDER (default: what there is).")
  var player: PlayerOption?
  @Option(help: "Part of a PortAudio device's name.") var device: String?
  @Option(help: ArgumentHelp("Other keys, e.g. play=p,confirm=y.", valueName: "changes")) var keys: String?
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard listener.wholeMatch(of: /[A-Za-z0-9._-]{1,40}/) != nil else {
      throw ValidationError("--listener: a code of up to 40 letters, digits, dots, dashes and underscores")
    }
    guard slot ?? 1 >= 1 else { throw ValidationError("--slot is at least 1") }
    guard script == nil || !plain else { throw ValidationError("--script needs no terminal: leave --plain out") }
  }

  func run() throws {
    let console = Console(quiet: true)
    let outcome: PanelOutcome
    let failure: PanelError?
    do {
      guard let data = FileManager.default.contents(atPath: plan) else { throw UnreadableFile(path: plan) }
      let text = String(decoding: data, as: UTF8.self)
      let frozen = try PanelPlan(frozen: text)
      let opened = try RunStore(path: store.path, durability: .full)
      let panel = StoredPanel(
        hash: frozen.hash, name: PanelPlanCommand.name(of: plan), addedAt: Date(), document: text)
      let seat = try PanelSeat.take(listener, slot: slot, of: panel, frozen, in: opened)
      let held = Result { try hold(seat.session, isBegun: seat.isBegun, of: frozen, panel, in: opened) }
      let stored = try? opened.sessions(of: panel).first { $0.id == seat.session.id }
      _ = consume seat
      // Whoever leaves, or is made to, learns that nothing is lost.
      if let farewell = stored.flatMap({ try? PanelSession($0, of: frozen).farewell }) {
        Console(quiet: false).note(farewell)
      }
      outcome = try held.get()
      failure = try stored?.soundFailure().map { PanelError.sound($0) }
    } catch {
      throw console.stop(error)
    }
    switch outcome {
    case .complete, .declined: break
    case .left: if let failure { throw console.stop(failure) }
    case .interrupted(let signal): throw ExitCode(128 + signal)
    }
  }

  private func hold(
    _ stored: StoredSession, isBegun: Bool, of frozen: PanelPlan, _ panel: StoredPanel, in opened: RunStore
  ) throws -> PanelOutcome {
    var isBegun = isBegun
    let bindings = try keys.map { try KeyBindings($0) } ?? KeyBindings()
    let session = try PanelSession(stored, of: frozen, keys: bindings)
    var driver = PanelDriver(
      session: session, folder: URL(fileURLWithPath: plan).deletingLastPathComponent().path,
      openPlayer: { () throws(PanelError) in
        if let player { return try player.open(rate: frozen.rate, device: device) }
        return try SoundOutput.open(
          rate: frozen.rate, environment: ProcessInfo.processInfo.environment, device: device)
      },
      record: { event in
        if !isBegun { try opened.begin(stored, of: panel) }
        isBegun = true
        try opened.append(
          StoredEvent(
            number: event.number, utc: event.time.utc, monotonic: event.time.monotonic, kind: event.kind,
            body: event.details), to: stored.id)
      })
    if let script {
      guard let data = FileManager.default.contents(atPath: script) else { throw UnreadableFile(path: script) }
      var terminal = try ScriptTerminal(yaml: String(decoding: data, as: UTF8.self), path: script) {
        Thread.sleep(forTimeInterval: $0)
      }
      let outcome = try driver.run(&terminal)
      if let failure = terminal.failure { throw failure }
      return outcome
    }
    if plain {
      var terminal = try PlainTerminal()
      return try driver.run(&terminal)
    }
    var terminal = try CursesTerminal(environment: ProcessInfo.processInfo.environment, wording: session.wording)
    return try driver.run(&terminal)
  }
}

/// `--player`.
enum PlayerOption: ExpressibleByArgument {
  case portAudio
  case program(String)
  case nowhere
  case file(String)

  init?(argument: String) {
    switch argument {
    case "portaudio": self = .portAudio
    case "pw-play", "paplay", "aplay", "play": self = .program(argument)
    case "none": self = .nowhere
    case _ where argument.hasPrefix("file:") && argument.count > 5: self = .file(String(argument.dropFirst(5)))
    default: return nil
    }
  }

  func open(rate: Int, device: String?) throws(PanelError) -> any ClipPlayer {
    switch self {
    case .portAudio: try PortAudioPlayer(rate: rate, name: device)
    case .program(let name):
      try SoundOutput.open(rate: rate, environment: ProcessInfo.processInfo.environment, program: name)
    case .nowhere: FilePlayer(rate: rate)
    case .file(let folder): try FilePlayer(rate: rate, folder: folder)
    }
  }
}

extension StoredSession {
  /// Why its sitting ended without sound, for the person in charge: it may name files, which listeners are not to see. nil where it did not.
  fileprivate func soundFailure() throws(PanelError) -> String? {
    for event in try panelEvents().reversed() {
      switch event.body {
      case .playbackFailed(_, _, let detail): return detail
      case .paused: continue
      default: return nil
      }
    }
    return nil
  }
}
