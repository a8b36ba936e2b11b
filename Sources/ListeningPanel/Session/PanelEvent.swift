// SPDX-License-Identifier: GPL-3.0-or-later

/// A moment by two clocks.
public struct PanelTime: Sendable, Equatable, Codable {
  /// Seconds since 1970, UTC: to say when. May be set back or forth.
  public var utc: Double
  /// Seconds of a clock that never jumps: to say how long. Of no meaning in another sitting.
  public var monotonic: Double

  /// A moment from its parts.
  public init(utc: Double, monotonic: Double) {
    self.utc = utc
    self.monotonic = monotonic
  }
}

/// Something that happened in a session, and when. What is stored of a session is the list of these; a session is what
/// they add up to.
public struct PanelEvent: Sendable, Equatable, Codable {
  /// From 0, within the session of one listener with one plan, over all sittings.
  public let number: Int
  /// When it happened.
  public let time: PanelTime
  /// What happened.
  public let body: Body

  /// An event from its parts.
  public init(number: Int, time: PanelTime, body: Body) {
    self.number = number
    self.time = time
    self.body = body
  }

  /// What happened. Trials are indices into the listener's list in the plan.
  public enum Body: Sendable, Equatable, Codable {
    /// A sitting began. The first of a session, or one that goes on.
    case opened(Opening)
    /// A question of the intake was answered: `consent`, `age`, `native`, `hearing`, `headphones`.
    case intakeAnswered(question: String, answer: String)
    /// Sound will come from here.
    case deviceChosen(PlaybackDevice)
    /// The listener fixed the loudness, dB over what the plan says.
    case levelSet(gain: Double)
    /// The sides were tried: `left`, `right`, `both`.
    case sideAnswered(asked: String, answered: String)
    /// What came of trying them, in so many rounds of both sides. Sessions from before this was stored have none.
    case sidesChecked(outcome: SideOutcome, rounds: Int)
    /// What to do was read.
    case instructionsRead
    /// A trial is on the screen; keys typed before are gone. `attempt` counts from 1 for each trial.
    case trialStarted(trial: Int, attempt: Int, reason: StartReason)
    /// Sound was played.
    case playbackEnded(Playback)
    /// An answer was confirmed.
    case ratingConfirmed(Rating)
    /// The last answer was taken back; its row stays.
    case ratingSuperseded(trial: Int, revision: Int)
    /// The listener wrote something, about a trial or (nil) the whole.
    case commented(trial: Int?, text: String)
    /// A break was offered and is over, seconds long.
    case breakTaken(seconds: Double)
    /// Practice is over.
    case practiceEnded
    /// The listener paused.
    case paused
    /// The listener went on.
    case resumed
    /// Sound could not be played. `reason` is what the listener reads; `detail`, for the person in charge, may name files.
    case playbackFailed(trial: Int?, reason: String, detail: String)
    /// All is done; or consent was refused.
    case finished(Finish)
  }

  /// What listeners heard of the sides, in the last round.
  public enum SideOutcome: String, Sendable, Equatable, Codable {
    /// Each where it was played.
    case right
    /// Each on the other side.
    case swapped
    /// Something else.
    case unclear
  }

  /// Why a trial was started.
  public enum StartReason: String, Sendable, Equatable, Codable {
    /// It is its turn.
    case turn
    /// The answer to it was taken back.
    case undo
    /// An earlier sitting left it half-played.
    case resumed
    /// The sound was interrupted.
    case interrupted
  }

  /// How a session ended.
  public enum Finish: String, Sendable, Equatable, Codable { case complete, declined }

  /// The beginning of a sitting.
  public struct Opening: Sendable, Equatable, Codable {
    /// Of the plan.
    public var plan: String
    /// Which of the plan's listeners this is.
    public var slot: Int
    /// Their code.
    public var listener: String
    /// From 1.
    public var sitting: Int
    /// `ncurses`, `plain` or `script`.
    public var terminal: String

    /// An opening from its parts.
    public init(plan: String, slot: Int, listener: String, sitting: Int, terminal: String) {
      (self.plan, self.slot, self.listener) = (plan, slot, listener)
      (self.sitting, self.terminal) = (sitting, terminal)
    }
  }

  /// One playing of a trial's recordings, or of a loop.
  public struct Playback: Sendable, Equatable, Codable {
    /// What it was played for.
    public enum Purpose: String, Sendable, Equatable, Codable { case level, side, trial, reference }
    /// What it was played for.
    public var purpose: Purpose
    /// The trial; nil for the loops.
    public var trial: Int?
    /// Recordings in the order they were heard: indices into the plan's stimuli.
    public var clips: [Int]
    /// Of their files' bytes, as they were at that moment.
    public var sha256: [String]
    /// From 1 within the attempt; 1 for the loops and for the open reference of mushra.
    public var play: Int
    /// What the player said.
    public var report: PlaybackReport
    /// Gain over the file, dB: what the plan says and what the listener set.
    public var gain: Double
  }

  /// A confirmed answer.
  public struct Rating: Sendable, Equatable, Codable {
    /// The trial.
    public var trial: Int
    /// As it was chosen; `PlannedTrial.score` undoes the lot.
    public var value: Int
    /// Values of all versions, by their place in the trial; for mushra, else nil.
    public var values: [Int]?
    /// From 1; more after an undo.
    public var revision: Int
    /// When the first key was pressed that chose an answer.
    public var firstKey: PanelTime
    /// When the last playing ended before that, on the monotonic clock.
    public var playbackEnd: Double
    /// Whole playings of the attempt.
    public var plays: Int
    /// The attempt.
    public var attempt: Int
  }
}
