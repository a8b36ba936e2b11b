// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import ListeningPanel
import SpeechSignal
import Testing

/// A folder of made-up recordings, removed with its owner.
final class Studio {
  let folder: String

  /// Systems s0, s1, … with sentences u0, u1, …: half a second each, all different.
  init(systems: Int = 2, utterances: Int = 4, rate: Int = 16_000) throws {
    folder = FileManager.default.temporaryDirectory.path + "/panel-\(UUID().uuidString)"
    for system in 0..<systems {
      try FileManager.default.createDirectory(atPath: "\(folder)/s\(system)", withIntermediateDirectories: true)
      for utterance in 0..<utterances {
        try write("s\(system)/u\(utterance).wav", pitch: 100 + 40 * system + 3 * utterance, rate: rate)
      }
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A buzz with pauses, as loud as speech.
  func write(_ name: String, pitch: Int, rate: Int = 16_000, seconds: Double = 0.5, amplitude: Double = 0.25) throws {
    let samples = (0..<Int(seconds * Double(rate))).map { i -> Double in
      let t = Double(i) / Double(rate)
      return amplitude * sin(2 * .pi * Double(pitch) * t) * (0.6 + 0.4 * sin(2 * .pi * 4 * t))
    }
    try AudioFile.write(Waveform(samples: samples, sampleRate: rate), to: "\(folder)/\(name)", as: .pcm16)
  }

  /// Steady tones together, each of amplitude 0.2.
  func write(_ name: String, tones: [Int], rate: Int) throws {
    let samples = (0..<(rate / 2)).map { i in
      tones.reduce(0) { $0 + 0.2 * sin(2 * .pi * Double($1) * Double(i) / Double(rate)) }
    }
    try AudioFile.write(Waveform(samples: samples, sampleRate: rate), to: "\(folder)/\(name)", as: .float32)
  }

  /// A plan of a design whose systems are those of the folder.
  func plan(_ more: String = "", systems: Int = 2) throws -> PanelPlan {
    try Planner.plan(design(more, systems: systems))
  }

  func design(_ more: String = "", systems: Int = 2) throws -> PanelDesign {
    let names = (0..<systems).map { "s\($0): s\($0)" }.joined(separator: ", ")
    let text = "systems: {\(names)}\n" + (more.contains("listeners:") ? "" : "listeners: 2\n") + more
    return try PanelDesign(yaml: text, path: "\(folder)/design.yaml")
  }
}

/// A session and what would drive it, without time, sound or store.
struct Bench {
  var session: PanelSession
  var events: [PanelEvent] = []
  var now = PanelTime(utc: 1_700_000_000, monotonic: 1000)
  var request: PlayRequest?
  var flushes = 0
  var outcome: PanelOutcome?
  private let plan: PanelPlan
  private let device: PlaybackDevice

  init(
    _ plan: PanelPlan, slot: Int = 0, events: [PanelEvent] = [], keys: KeyBindings = KeyBindings(),
    terminal: String = "script", device: PlaybackDevice = Bench.device
  ) throws {
    (self.plan, self.device) = (plan, device)
    session = try PanelSession(plan: plan, slot: slot, listener: "K1", events: events, keys: keys)
    self.events = events
    let opening = PanelEvent.Opening(
      plan: plan.hash, slot: slot, listener: "K1", sitting: session.record.sittings + 1, terminal: terminal)
    perform([.record(.opened(opening))])
  }

  static let device = PlaybackDevice(method: "none", name: "", rate: 48_000, version: "")

  mutating func perform(_ effects: [PanelEffect]) {
    for effect in effects {
      switch effect {
      case .record(let body): store(body)
      case .chooseDevice: store(.deviceChosen(device))
      case .play(let request):
        self.request = request
        session.playbackStarted(request, at: now)
      case .stopPlayback: end(share: 0.5, stopped: true)
      case .flushKeys: flushes += 1
      case .leave(let outcome): self.outcome = outcome
      }
    }
    let pending = session.pending()
    if !pending.isEmpty { perform(pending) }
  }

  private mutating func store(_ body: PanelEvent.Body) {
    let event = PanelEvent(number: session.record.nextNumber, time: now, body: body)
    events.append(event)
    session.apply(event)
  }

  mutating func pass(_ seconds: Double) {
    now.utc += seconds
    now.monotonic += seconds
  }

  /// Presses keys one after the other; `⏎` is Enter, `⎋` Esc, `⌫` backspace; `↑` `↓` `←` `→` the arrows.
  mutating func press(_ keys: String) {
    for key in keys {
      pass(0.1)
      let pressed: PanelKey =
        switch key {
        case "⏎": .enter
        case "⎋": .escape
        case "⌫": .backspace
        case "↑": .up
        case "↓": .down
        case "←": .left
        case "→": .right
        default: .character(key)
        }
      perform(session.handle(pressed, at: now))
    }
  }

  /// The sound that plays ends.
  mutating func end(share: Double = 1, stopped: Bool = false, underruns: Int = 0) {
    guard let request else { return }
    self.request = nil
    let start = now
    pass(1)
    let report = PlaybackReport(
      device: device, start: start, end: now, frames: Int(100 * share), framesPlanned: 100, underruns: underruns,
      wasStopped: stopped)
    perform(session.playbackEnded(request, report, sha256: request.clips.map { _ in "" }, gain: 0))
  }

  /// Everything before the first trial.
  mutating func enterTrials() {
    press("1⏎2⏎Deutsch⏎1⏎1⏎ ⏎")
    trySides { $0 == .left ? "1" : "2" }
    press("⏎")
  }

  /// Both sides are tried; `hears` says where what was played on one is heard.
  mutating func trySides(_ hears: (PlayRequest.Side) -> Character) {
    for _ in 0..<2 {
      press(" ")
      let side = request?.side ?? .both
      end()
      press("\(hears(side))⏎")
    }
  }

  /// Answers the trial on the screen.
  mutating func answer(_ key: Character) {
    press(" ")
    end()
    press("\(key)⏎")
  }

  var screen: Screen { session.screen(at: now) }
  /// All that is to be read.
  var text: String { ScreenText.of(screen) }

  var ratings: [PanelEvent.Rating] {
    events.compactMap { if case .ratingConfirmed(let rating) = $0.body { rating } else { nil } }
  }
  var starts: [PanelEvent.StartReason] {
    events.compactMap { if case .trialStarted(_, _, let reason) = $0.body { reason } else { nil } }
  }
  var isFinished: Bool { events.contains { $0.body == .finished(.complete) } }
}

enum ScreenText {
  static func of(_ screen: Screen) -> String {
    screen.lines.map { line in
      switch line {
      case .status(let left, let right): "\(left) | \(right)"
      case .heading(let text), .body(let text), .message(let text), .live(let text), .entry(let text): text
      case .answers(let answers):
        answers.map { "\($0.isChosen ? ">" : "")\($0.key) \($0.label)" }.joined(separator: " / ")
      case .items(let items): items.joined(separator: " / ")
      case .slider(let label, let value, _, _): "\(label) \(value.map { String($0) } ?? "-")"
      case .keys(let hints): hints.map { "[\($0.key)] \($0.label)" }.joined(separator: " ")
      case .blank: ""
      }
    }.joined(separator: "\n")
  }
}
