// SPDX-License-Identifier: GPL-3.0-or-later

/// How far a panel is.
public struct PanelProgress: Sendable, Equatable {
  /// A listener.
  public struct Listener: Sendable, Equatable {
    /// Their code.
    public let code: String
    /// Which of the plan's listeners, from 1.
    public let slot: Int
    /// Trials with an answer, practice included.
    public let answered: Int
    /// Of so many.
    public let trials: Int
    /// How often they sat down.
    public let sittings: Int
    /// `complete`, `declined`, or nil while neither.
    public let finish: PanelEvent.Finish?
    /// Gold and catch trials with an answer.
    public let known: Int
    /// Those of them whose answer is right.
    public let right: Int
    /// On which side they heard what was played on one; nil before that was asked.
    public let sides: PanelEvent.SideOutcome?
    /// Why this is no listener, in words: `script`, `no sound` or both; nil for a real one.
    public let rehearsal: String?

    /// A listener from its parts.
    package init(
      code: String, slot: Int, answered: Int, trials: Int, sittings: Int, finish: PanelEvent.Finish?, known: Int,
      right: Int, sides: PanelEvent.SideOutcome?, rehearsal: String?
    ) {
      (self.code, self.slot, self.answered, self.trials) = (code, slot, answered, trials)
      (self.sittings, self.finish, self.known, self.right) = (sittings, finish, known, right)
      (self.sides, self.rehearsal) = (sides, rehearsal)
    }
  }

  /// In the order of the plan.
  public let listeners: [Listener]
  /// Of the plan, from 1, whom several are: the order is no longer balanced.
  public var shared: [Int] {
    Dictionary(grouping: listeners.filter { $0.finish != .declined }, by: \.slot).filter { $0.value.count > 1 }.keys
      .sorted()
  }
  /// Of the plan, from 1, whom nobody is; who refused consent is nobody.
  public let free: [Int]
  /// Votes of the recording (ab: sentence of a pair) with the fewest and with the most, so far; rated trials only.
  public let votes: ClosedRange<Int>
  /// What gets them, in words.
  public let unit: String
  /// The same when all have finished.
  public let planned: ClosedRange<Int>

  /// Progress from its parts.
  package init(
    listeners: [Listener], free: [Int], votes: ClosedRange<Int>, unit: String, planned: ClosedRange<Int>
  ) {
    (self.listeners, self.free, self.votes, self.unit, self.planned) = (listeners, free, votes, unit, planned)
  }

  /// Of a plan and its sessions.
  public init(_ plan: PanelPlan, _ sessions: [PanelSession]) {
    listeners = sessions.map { session in
      let judged = zip(session.trials, session.record.trials).compactMap { trial, state in
        state.rating.flatMap { trial.isRight($0.value) }
      }
      return Listener(
        code: session.listener, slot: session.slot + 1, answered: session.record.trials.count { $0.rating != nil },
        trials: session.trials.count, sittings: session.record.sittings, finish: session.record.finish,
        known: judged.count, right: judged.count { $0 }, sides: session.record.sideOutcome,
        rehearsal: session.record.rehearsal)
    }
    let taken = Set(sessions.filter { $0.record.finish != .declined }.map(\.slot))
    free = plan.listeners.indices.filter { !taken.contains($0) }.map { $0 + 1 }
    let answered = sessions.flatMap { session in
      zip(session.trials, session.record.trials).filter { $1.rating != nil }.map(\.0)
    }
    votes = .spanning(plan.votes(of: answered))
    unit = plan.method.unit.one
    planned = PlanSummary(plan).votesPerClip
  }
}

extension PanelPlan {
  /// A place in the plan, from 0.
  /// - Parameter number: from 1, as people count.
  /// - Throws: `PanelError.plan` where there is no such place.
  public func place(_ number: Int) throws(PanelError) -> Int {
    guard number >= 1, number <= listeners.count else {
      let places = listeners.count == 1 ? "1 place" : "\(listeners.count) places"
      throw .plan("the plan has \(places) for listeners, and no number \(number)")
    }
    return number - 1
  }
}
