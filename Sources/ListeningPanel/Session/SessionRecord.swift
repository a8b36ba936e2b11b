// SPDX-License-Identifier: GPL-3.0-or-later

/// What the events of a session add up to: all that a session knows and that survives the death of its process.
///
/// `apply` is the only way to change it, and takes any list of events that sessions record; so the same events give the
/// same record when they happen and when they are read back.
public struct SessionRecord: Sendable, Equatable {
  /// A trial as far as it has come.
  public struct Trial: Sendable, Equatable {
    /// Counts trialStarted.
    public internal(set) var attempt = 0
    /// Whether it is on the screen, or was since the sitting began.
    var isStarted = false
    /// Why it has to be started again.
    var restart: PanelEvent.StartReason?
    /// Whole playings of this attempt.
    public internal(set) var wholePlays = 0
    /// Playings of this attempt, those broken off included.
    var plays = 0
    /// Playings of all attempts, without those the device broke off.
    var played = 0
    /// Whether it was played whole since it came up last.
    var isHeardHere = false
    /// How often the sound was interrupted since the last one that was whole.
    var interruptions = 0
    /// Versions heard whole, by place; for mushra.
    var heard: Set<Int> = []
    /// The answer that stands.
    public internal(set) var rating: PanelEvent.Rating?
    /// Answers so far, those taken back included.
    public internal(set) var revisions = 0
  }

  /// Next event's.
  public private(set) var nextNumber = 0
  /// Sittings so far.
  public private(set) var sittings = 0
  /// Where the last sitting began: `ncurses`, `plain` or `script`.
  private(set) var terminal = ""
  /// Answers of the intake by question.
  public private(set) var intake: [String: String] = [:]
  /// Where sound goes in this sitting.
  private(set) var device: PlaybackDevice?
  private var lastDevice: PlaybackDevice?
  private var isByScript = false
  private var isWithoutSound = false
  /// The listener's own setting, dB.
  public private(set) var gain: Double?
  /// Sides asked and answered.
  private(set) var sides: [SideAnswer] = []
  /// What came of that; nil before, and in old sessions.
  public private(set) var sideOutcome: PanelEvent.SideOutcome?
  private(set) var hasReadInstructions = false
  private(set) var isPracticeOver = false
  /// By place in the listener's list.
  public private(set) var trials: [Trial]
  private(set) var isBreakDue = false
  private(set) var isPaused = false
  private(set) var failure: String?
  /// How it ended; nil while it has not.
  public private(set) var finish: PanelEvent.Finish?
  /// The trial whose answer can be taken back.
  private(set) var undoable: Int?
  /// Since when there was no break, on the monotonic clock.
  private(set) var listeningSince = 0.0

  private let kinds: [PlannedTrial.Kind]
  private let breakSeconds: Double

  struct SideAnswer: Sendable, Equatable {
    var asked: String
    var answered: String
  }

  /// A session of which nothing has happened.
  init(_ listener: PlannedListener, breakMinutes: Int) {
    trials = listener.trials.map { _ in Trial() }
    kinds = listener.trials.map(\.kind)
    breakSeconds = Double(breakMinutes) * 60
  }

  /// The trial whose turn it is: the first without an answer.
  public var current: Int? { trials.firstIndex { $0.rating == nil } }

  /// Why answers are not those of somebody who listened, in words: `script`, `no sound` or both; nil where they are.
  ///
  /// A sitting in which nothing was answered does not count.
  public var rehearsal: String? {
    let reasons = (isByScript ? ["script"] : []) + (isWithoutSound ? ["no sound"] : [])
    return reasons.isEmpty ? nil : reasons.joined(separator: ", ")
  }

  /// Adds an event. Events that make no sense here (a trial that is not in the plan) are let be.
  public mutating func apply(_ event: PanelEvent) {
    nextNumber = event.number + 1
    let now = event.time.monotonic
    switch event.body {
    case .opened(let opening): open(opening, now)
    case .intakeAnswered(let question, let answer):
      intake[question] = answer
      if terminal == "script" { isByScript = true }
    case .deviceChosen(let device):
      // Elsewhere the same setting is another loudness.
      if let lastDevice, lastDevice.name != device.name || lastDevice.method != device.method {
        (gain, sides, sideOutcome) = (nil, [], nil)
      }
      (self.device, lastDevice) = (device, device)
    case .levelSet(let gain): self.gain = gain
    case .sideAnswered(let asked, let answered): sides.append(SideAnswer(asked: asked, answered: answered))
    case .sidesChecked(let outcome, _): sideOutcome = outcome
    case .instructionsRead: hasReadInstructions = true
    case .trialStarted(let trial, let attempt, let reason): start(trial, attempt, reason)
    case .playbackEnded(let playback): add(playback)
    case .ratingConfirmed(let rating):
      guard trials.indices.contains(rating.trial) else { return }
      trials[rating.trial].rating = rating
      trials[rating.trial].revisions = rating.revision
      undoable = rating.trial
      if terminal == "script" { isByScript = true }
      if let device, !device.isHeard { isWithoutSound = true }
      if now - listeningSince >= breakSeconds, current != nil { isBreakDue = true }
    case .ratingSuperseded(let trial, _):
      guard trials.indices.contains(trial) else { return }
      // The one that was on the screen comes up anew afterwards.
      if let current { trials[current].isStarted = false }
      trials[trial].rating = nil
      trials[trial].restart = .undo
      trials[trial].isStarted = false
      undoable = nil
    case .commented: break
    case .breakTaken: (isBreakDue, listeningSince, undoable) = (false, now, nil)
    case .practiceEnded: (isPracticeOver, undoable) = (true, nil)
    case .paused: isPaused = true
    case .resumed:
      (isPaused, failure, listeningSince) = (false, nil, now)
      for i in trials.indices { trials[i].interruptions = 0 }
    case .playbackFailed(_, let reason, _): failure = reason
    case .finished(let finish): self.finish = finish
    }
  }

  private mutating func open(_ opening: PanelEvent.Opening, _ now: Double) {
    (sittings, terminal) = (opening.sitting, opening.terminal)
    (device, isPaused, isBreakDue, failure, undoable) = (nil, false, false, nil, nil)
    listeningSince = now
    for i in trials.indices where trials[i].rating == nil && trials[i].attempt > 0 {
      // What was heard of it in another sitting does not count: it is heard anew, and flagged.
      trials[i].isStarted = false
      trials[i].restart = .resumed
      (trials[i].plays, trials[i].wholePlays, trials[i].heard, trials[i].interruptions) = (0, 0, [], 0)
    }
  }

  private mutating func start(_ trial: Int, _ attempt: Int, _ reason: PanelEvent.StartReason) {
    guard trials.indices.contains(trial) else { return }
    trials[trial].attempt = attempt
    trials[trial].isStarted = true
    trials[trial].restart = nil
    trials[trial].isHeardHere = false
    // An answer that was taken back was given after listening; that need not be done again.
    if reason != .undo { (trials[trial].plays, trials[trial].wholePlays, trials[trial].heard) = (0, 0, []) }
  }

  private mutating func add(_ playback: PanelEvent.Playback) {
    guard playback.purpose == .trial, let trial = playback.trial, trials.indices.contains(trial) else { return }
    trials[trial].plays += 1
    if playback.report.isWhole || playback.report.wasStopped { trials[trial].played += 1 }
    if playback.report.isWhole {
      trials[trial].wholePlays += 1
      trials[trial].isHeardHere = true
      trials[trial].interruptions = 0
      if playback.clips.count == 1 { trials[trial].heard.insert(playback.clips[0]) }
    } else if !playback.report.wasStopped {
      trials[trial].interruptions += 1
      trials[trial].isStarted = false
      trials[trial].restart = .interrupted
    }
  }

  /// Whether practice is next over: the trial whose turn it is counts, and there was practice before it.
  var isAtEndOfPractice: Bool {
    guard !isPracticeOver, let current else { return false }
    return kinds[current] != .training && kinds.contains(.training)
  }
}
