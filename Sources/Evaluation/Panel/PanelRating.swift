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
  /// The system that made the clip; empty for a gold or catch trial from outside the systems.
  public var system: String
  /// What is said in it: the sentence, which pairs systems.
  public var utterance: String
  /// The score, finite, in the scale's unit; for two clips in one trial that of ``system`` against ``against``: of a comparison
  /// −3…+3, of a preference 1 for the system, 0 for the other, ½ for neither.
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
  /// The other system of a trial that compares two; nil where one clip was rated.
  public var against: String?
  /// Whether a gold or catch trial was answered as it should be; nil where that is not known.
  public var isRight: Bool?

  /// No scale's scores lie further from 0, nor do seconds; squares of such numbers still add up.
  public static let greatestScore = 1e6

  /// A rating from its parts.
  public init(
    listener: String, system: String, utterance: String, score: Double, against: String? = nil,
    session: String? = nil, order: Int? = nil, kind: Kind = .rated, reactionSeconds: Double? = nil,
    clipSeconds: Double? = nil, isRight: Bool? = nil
  ) {
    self.listener = listener
    self.system = system
    self.utterance = utterance
    self.score = score
    self.against = against
    self.session = session
    self.order = order
    self.kind = kind
    self.reactionSeconds = reactionSeconds
    self.clipSeconds = clipSeconds
    self.isRight = isRight
  }
}
