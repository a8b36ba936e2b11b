// SPDX-License-Identifier: GPL-3.0-or-later
internal import SettingsFile

/// A key, as a terminal sends it.
public enum PanelKey: Sendable, Hashable {
  case character(Character)
  case enter, escape, backspace, up, down, left, right, pageUp, pageDown
  /// A line that is no key and no answer.
  case unknown

  /// The space bar.
  static let space = PanelKey.character(" ")

  /// Capitals do what small letters do, so that Caps Lock is no riddle.
  var lowercased: PanelKey {
    guard case .character(let character) = self, let small = character.lowercased().first else { return self }
    return .character(small)
  }
}

/// What the session wants done. The driver does it in order.
public enum PanelEffect: Sendable, Equatable {
  /// Store this, then let the session know.
  case record(PanelEvent.Body)
  /// Find a device, then record `deviceChosen`.
  case chooseDevice
  /// Play this.
  case play(PlayRequest)
  /// End what is played; its report still comes.
  case stopPlayback
  /// Throw away what was typed and not yet handed over.
  case flushKeys
  /// End the sitting.
  case leave(PanelOutcome)
}

/// How a sitting ended.
public enum PanelOutcome: Sendable, Equatable {
  /// All trials are answered.
  case complete
  /// No consent.
  case declined
  /// The listener left; the session can go on.
  case left
  /// A signal, by its number; the session can go on.
  case interrupted(Int32)
}

/// Something to be played.
public struct PlayRequest: Sendable, Equatable {
  /// Which loudspeaker.
  public enum Side: String, Sendable, Equatable { case both, left, right }
  /// What for.
  public var purpose: PanelEvent.Playback.Purpose
  /// The trial.
  public var trial: Int?
  /// Indices into the plan's stimuli, played one after the other with half a second between.
  public var clips: [Int]
  /// The listener's own setting, dB; the plan's gain of each recording comes to it.
  public var gain: Double
  /// Which loudspeaker.
  public var side: Side
  /// From 1 within the attempt.
  public var play: Int

  /// A request from its parts.
  public init(
    purpose: PanelEvent.Playback.Purpose, trial: Int?, clips: [Int], gain: Double, side: Side = .both, play: Int
  ) {
    (self.purpose, self.trial, self.clips) = (purpose, trial, clips)
    (self.gain, self.side, self.play) = (gain, side, play)
  }
}

/// Keys that can be changed. Digits choose answers and always do.
public struct KeyBindings: Sendable, Equatable {
  /// What keys do.
  public enum Action: String, Sendable, CaseIterable { case play, confirm, undo, comment, help, pause, reference }

  private var keys: [Action: PanelKey] = [
    .play: .space, .confirm: .enter, .undo: .character("u"), .comment: .character("c"), .help: .character("?"),
    .pause: .character("q"), .reference: .character("r"),
  ]

  /// Space plays, Enter confirms, u takes back, c comments, ? helps, q pauses, r plays the reference of mushra.
  public init() {}

  /// Changes some: `play=p,confirm=y`. A key is a character or `space`; Enter confirms whatever else does.
  /// - Throws: `PanelError.design` with what is not understood.
  public init(_ changes: String) throws(PanelError) {
    for change in changes.split(separator: ",") {
      let parts = change.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " } }
      guard parts.count == 2, let action = Action(rawValue: parts[0]) else {
        let hint = Spelling.hint(parts.first ?? "", among: Action.allCases.map(\.rawValue))
        throw .design("no key for “\(change)”" + hint)
      }
      switch parts[1] {
      case "space": keys[action] = .space
      case "enter":
        guard action == .confirm else { throw .design("enter confirms; \(action) takes another key") }
        keys[action] = .enter
      default:
        guard parts[1].count == 1, let character = parts[1].first, !character.isNumber else {
          throw .design("\(action) takes a character that is no digit, or space; not “\(parts[1])”")
        }
        keys[action] = PanelKey.character(character).lowercased
      }
    }
    let sharing = Action.allCases.filter { action in keys.contains { $0.key != action && $0.value == keys[action] } }
    guard sharing.isEmpty else {
      throw .design("\(sharing.map(\.rawValue).joined(separator: " and ")) have the same key")
    }
  }

  func action(_ key: PanelKey) -> Action? {
    key == .enter ? .confirm : keys.first { $0.value == key.lowercased }?.key
  }

  /// An action with one of these characters.
  func action(in characters: [Character]) -> Action? {
    Action.allCases.first { action in characters.contains { keys[action] == .character($0) } }
  }

  /// The key as a screen names it.
  func name(_ action: Action, _ wording: Wording) -> String {
    switch keys[action] {
    case .enter?: wording(.keyEnter)
    case .character(" ")?: wording(.keySpace)
    case .character(let character)?: String(character)
    default: ""
    }
  }

  /// The key itself.
  func key(_ action: Action) -> PanelKey { keys[action] ?? .escape }
}
