// SPDX-License-Identifier: GPL-3.0-or-later

/// One score that one listener gave to one clip. Training never arrives here.
public struct PanelRating: Sendable, Equatable {
  /// What a trial was for.
  public enum Kind: String, Sendable, CaseIterable {
    /// To be analysed.
    case rated
    /// A clip whose score is known beforehand.
    case gold
    /// A clip that asks for a certain key.
    case `catch`
    /// A clip that the listener has rated before: for his reliability alone.
    case repeat_ = "repeat"
  }

  /// The listener's pseudonymous code.
  public var listener: String
  /// The system that made the clip.
  public var system: String
  /// What is said in it: the sentence, which pairs systems.
  public var utterance: String
  /// The score, finite, in the scale's unit.
  public var score: Double
  /// The occasion on which it was given, such as a plan; nil when all were given on one.
  public var session: String?
  /// The place of the trial among the listener's trials, from 1.
  public var order: Int?
  /// What the trial was for.
  public var kind: Kind
  /// From the clip's first sound to the first key, in seconds.
  public var reactionSeconds: Double?
  /// The clip's length, in seconds.
  public var clipSeconds: Double?
  /// The scores that a gold or catch trial accepts.
  public var expected: ClosedRange<Double>?

  /// A rating from its parts.
  public init(
    listener: String, system: String, utterance: String, score: Double, session: String? = nil, order: Int? = nil,
    kind: Kind = .rated, reactionSeconds: Double? = nil, clipSeconds: Double? = nil,
    expected: ClosedRange<Double>? = nil
  ) {
    self.listener = listener
    self.system = system
    self.utterance = utterance
    self.score = score
    self.session = session
    self.order = order
    self.kind = kind
    self.reactionSeconds = reactionSeconds
    self.clipSeconds = clipSeconds
    self.expected = expected
  }
}
