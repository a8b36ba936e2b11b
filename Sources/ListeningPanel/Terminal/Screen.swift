// SPDX-License-Identifier: GPL-3.0-or-later

/// What is shown, as a value: lines with their meaning. How they look is for the terminal to say.
public struct Screen: Sendable, Equatable {
  /// A line, or what becomes several.
  public enum Line: Sendable, Equatable {
    /// Where one is, on the left, and what comes, on the right.
    case status(left: String, right: String)
    case heading(String)
    /// Running text.
    case body(String)
    /// What stands out: what to do now, or what went wrong.
    case message(String)
    /// Changes with time while nothing is done; not read out.
    case live(String)
    /// Answers with their keys.
    case answers([Answer])
    /// What stands in a row, and is broken only between one and the next.
    case items([String])
    /// Text being typed.
    case entry(String)
    /// A value on a scale of 0…100.
    case slider(label: String, value: Int?, isInHand: Bool, isHeard: Bool)
    /// Keys and what they do.
    case keys([KeyHint])
    case blank
  }

  /// An answer that can be chosen.
  public struct Answer: Sendable, Equatable {
    /// The key that chooses it.
    public let key: String
    /// What is read.
    public let label: String
    /// Whether it is chosen.
    public let isChosen: Bool

    /// An answer from its parts.
    public init(key: String, label: String, isChosen: Bool) {
      (self.key, self.label, self.isChosen) = (key, label, isChosen)
    }
  }

  /// A key and what it does.
  public struct KeyHint: Sendable, Equatable {
    /// The key's name.
    public let key: String
    /// What it does.
    public let label: String
  }

  /// What is asked for, for whoever answers without reading.
  public enum Prompt: Sendable, Equatable {
    case choice(question: String, count: Int)
    case text(question: String)
    case level(gain: Double, hasPlayed: Bool, isPlaying: Bool)
    case side(asked: String, hasPlayed: Bool, isPlaying: Bool, chosen: Int?)
    /// `versions` is 0 but for mushra, where `chosen` is the version in hand and `next` the one to be heard next.
    case trial(
      index: Int, isUnlocked: Bool, isPlaying: Bool, chosen: Int?, revision: Int, versions: Int, next: Int?)
    /// Enter goes on.
    case next
    case comment
    case paused
    case soundFailed
    /// All of so many trials are answered.
    case closing(trials: Int)
    case finished
    case nothing
  }

  /// From top to bottom.
  public var lines: [Line]
  /// What is asked for.
  public var prompt: Prompt
  /// Whether it says that the last key does nothing.
  public var isRefusal = false

  /// A screen from its parts.
  public init(_ lines: [Line], prompt: Prompt) {
    self.lines = lines
    self.prompt = prompt
  }
}
