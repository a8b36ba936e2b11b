// SPDX-License-Identifier: GPL-3.0-or-later

// A session of a listening panel
// ==============================
//
// A session is a value. It knows no terminal, no clock, no store and no sound: keys, reports of what was played and the time
// are handed in, and what it wants done comes out as effects. So a whole session runs in a test within a millisecond, and
// every door to the world (ncurses, PortAudio, SQLite) can be exchanged, one day for a page in a browser.
//
//   keys, reports, time ──► PanelSession ──► effects: record this event, play that recording, flush the keys, leave
//                               ▲                              │
//                               └── apply(event) ◄── stored ◄──┘
//
// What a session knows has two halves.
//
// * The record is the fold of the session's events. Nothing else goes into it, and nothing is in it before it is stored:
//   the driver first makes an event durable and then applies it, so that the screen never shows as done what a power cut
//   could take back. To resume is to fold the stored events. Where the session stands (its phase) is computed from the
//   record: intake, then level, sides, instructions; then the first trial without an answer, behind a break if one
//   is due. So there is no pointer that could disagree with the answers, and an undone answer is simply missing: its trial is
//   the first without one again.
// * The view is what may be lost: the answer that is chosen and not confirmed, the text that is being typed, the sound that
//   plays. It begins anew with each phase and each sitting.
//
// Rules of a trial (ITU-T P.800 asks for the listening, the rest guards the data):
// * keys typed before it came up are thrown away, and rate nothing;
// * answers are locked until its recordings were played whole once in this attempt, and are confirmed while nothing plays;
// * it may be played again a number of times, over all its attempts; a playing that was interrupted by the device does not
//   count, and begins the attempt anew; so does another sitting, which flags it;
// * an answer is taken back by an event that supersedes it, as long as it is the last one: also the very last, as the
//   session ends only when the listener says so;
// * what is on the screen is a number in a row: no name of a file, system or sentence.

/// A session of one listener with one plan.
public struct PanelSession: Sendable {
  /// What is carried out.
  public let plan: PanelPlan
  /// Which of its listeners this is.
  public let slot: Int
  /// Their code.
  public let listener: String
  /// What happened so far.
  public private(set) var record: SessionRecord
  /// What may be lost.
  var view = SessionView()
  /// What its screens say, in its language.
  public let wording: Wording
  let keys: KeyBindings

  /// A session of which nothing has happened, or in which events have.
  /// - Parameters:
  ///   - events: all that was stored of it, in order.
  /// - Throws: `PanelError.plan`, where the plan has no such listener or the events belong to another plan or listener;
  ///   `PanelError.design` for keys that have other work.
  public init(
    plan: PanelPlan, slot: Int, listener: String, events: [PanelEvent] = [], keys: KeyBindings = KeyBindings()
  ) throws(PanelError) {
    _ = try plan.place(slot + 1)
    let own = plan.texts.map { Wording(language: plan.language, texts: $0) }
    guard let wording = own ?? Wording(language: plan.language) else {
      throw .plan("no language “\(plan.language)”")
    }
    (self.plan, self.slot, self.listener, self.wording, self.keys) = (plan, slot, listener, wording, keys)
    if plan.method == .mushra, let action = keys.action(in: Self.letters) {
      throw .design("\(action) needs another key: letters are the versions of mushra, but c, q, r, u and others")
    }
    record = SessionRecord(plan.listeners[slot], breakMinutes: plan.breakMinutes)
    let hash = plan.hash
    for event in events {
      guard event.number == record.nextNumber else { throw .plan("event \(record.nextNumber) is missing") }
      if case .opened(let opening) = event.body {
        guard opening.plan == hash, opening.slot == slot, opening.listener == listener else {
          throw .plan("what is stored belongs to another plan or listener")
        }
      }
      record.apply(event)
    }
  }

  /// The listener's trials.
  public var trials: [PlannedTrial] { plan.listeners[slot].trials }

  /// Where a session stands.
  enum Phase: Sendable, Equatable {
    case intake(IntakeQuestion)
    case device
    case level
    case side(PlayRequest.Side)
    /// Between the last answer about the sides and the event that says what came of it.
    case sidesOver
    case instructions
    case practiceDone
    case takeBreak
    case trial(Int)
    case paused
    case soundFailed
    /// All is answered; the last answer can still be taken back.
    case closing
    case finished(PanelEvent.Finish)
    /// Between a refusal and the event that says so.
    case over
  }

  /// Follows from the record alone.
  var phase: Phase {
    if let finish = record.finish { return .finished(finish) }
    if record.isPaused { return .paused }
    if record.failure != nil { return .soundFailed }
    if record.intake[IntakeQuestion.consent.rawValue] == "no" { return .over }
    if let question = IntakeQuestion.allCases.first(where: { record.intake[$0.rawValue] == nil }) {
      return .intake(question)
    }
    guard let trial = record.current else { return .closing }
    if record.device == nil { return .device }
    if record.gain == nil { return .level }
    if let side = sideToAsk { return .side(side) }
    if record.sideOutcome == nil { return .sidesOver }
    if !record.hasReadInstructions { return .instructions }
    if record.isAtEndOfPractice { return .practiceDone }
    return record.isBreakDue ? .takeBreak : .trial(trial)
  }

  /// Both sides are asked, which first by lot; again while one was wrong, three times at most.
  private var sideToAsk: PlayRequest.Side? {
    let (rounds, outcome) = sideRounds
    if record.sideOutcome != nil || rounds >= 3 || outcome == .right { return nil }
    if record.sides.count % 2 == 1 { return record.sides.last?.asked == "left" ? .right : .left }
    return plan.listeners[slot].seed >> rounds & 1 == 1 ? .right : .left
  }

  /// How often both sides were asked, and what the last time says.
  private var sideRounds: (count: Int, outcome: PanelEvent.SideOutcome) {
    let count = record.sides.count / 2
    let last = record.sides[..<(2 * count)].suffix(2)
    if last.allSatisfy({ $0.asked == $0.answered }) { return (count, last.isEmpty ? .unclear : .right) }
    return (count, last.allSatisfy { $0.asked != $0.answered && $0.answered != "both" } ? .swapped : .unclear)
  }

  /// What has to be done before the next key; nothing when it is the listener's turn.
  public func pending() -> [PanelEffect] {
    switch phase {
    case .device: return view.playing == nil ? [.chooseDevice] : []
    case .sidesOver: return [.record(.sidesChecked(outcome: sideRounds.outcome, rounds: sideRounds.count))]
    case .over: return [.record(.finished(.declined))]
    case .trial(let trial) where !record.trials[trial].isStarted && view.playing == nil:
      let state = record.trials[trial]
      if state.interruptions >= Self.mostInterruptions {
        let reason = "the sound was interrupted \(state.interruptions) times."
        return [.record(.playbackFailed(trial: trial, reason: reason, detail: "underruns or short playings"))]
      }
      let start = PanelEvent.Body.trialStarted(
        trial: trial, attempt: state.attempt + 1, reason: state.restart ?? .turn)
      return [.record(start), .flushKeys]
    default: return []
    }
  }

  /// A device that cannot play a trial whole in so many attempts is not going to.
  static let mostInterruptions = 3

  /// Takes note of an event that is stored.
  public mutating func apply(_ event: PanelEvent) {
    let before = phase
    record.apply(event)
    let after = phase
    if before != after { view.enter(after, at: event.time) }
    switch event.body {
    case .opened: view.enter(after, at: event.time)
    case .trialStarted(_, _, let reason):
      view.enter(after, at: event.time)
      switch reason {
      case .turn: break
      case .undo: view.message = .undone
      case .resumed: view.message = .restarted
      case .interrupted: view.message = .interrupted
      }
    case .sideAnswered:
      // The next may be of the same side again.
      view.enter(after, at: event.time)
      let (rounds, outcome) = sideRounds
      guard case .side = after, record.sides.count == 2 * rounds else { break }
      view.message = rounds == 1 ? .sideAgain : outcome == .swapped ? .sideSwapped : .sideWrong
    case .sidesChecked(let outcome, _): if outcome != .right { view.message = .sideAccepted }
    default: break
    }
  }
}

/// Questions asked once.
enum IntakeQuestion: String, Sendable, CaseIterable {
  case consent, age, native, hearing, headphones

  /// The question and its answers, none for free text. What is stored is the answer's name.
  var answers: [(name: String, phrase: Phrase)] {
    switch self {
    case .consent: [("yes", .consentYes), ("no", .consentNo)]
    case .age:
      [("18-29", .age1), ("30-44", .age2), ("45-59", .age3), ("60+", .age4), ("unsaid", .age5)]
    case .native: []
    case .hearing: [("normal", .hearing1), ("some-loss", .hearing2), ("aid", .hearing3), ("unsaid", .hearing4)]
    case .headphones: [("over-ear", .headphones1), ("in-ear", .headphones2), ("loudspeakers", .headphones3)]
    }
  }

  var phrase: Phrase {
    switch self {
    case .consent: .consent
    case .age: .age
    case .native: .native
    case .hearing: .hearing
    case .headphones: .headphones
    }
  }
}
