// SPDX-License-Identifier: GPL-3.0-or-later
import ListeningPanel
import Testing

@Suite struct PlanSummaryTests {
  private func summary(_ more: String, systems: Int = 2, utterances: Int = 8) throws -> PlanSummary {
    PlanSummary(try Studio(systems: systems, utterances: utterances).plan("training: 0\n" + more, systems: systems))
  }

  /// V = 2(.09/12 + .09/8 + .49/24) = .078333…; power .8 of a t test with 7 degrees of freedom at δ = 3.26976 (scipy's
  /// nct, root of the power function): .915143.
  @Test func theDetectableDifferenceFollowsFromTheVariance() throws {
    let error = PlanSummary.standardError(listeners: 12, utterances: 8, votes: 24, .init())
    #expect(abs(2 * error * error - 0.0783333333) < 1e-9)
    let difference = PlanSummary.detectable(error: error * 2.squareRoot(), n: 8)
    #expect(abs(difference - 0.915143415) < 1e-6, "\(difference)")
  }

  /// 24 votes: at most 6 on one side are significant (p = .0227; 7: .0639). Power .8 at .796871 (scipy's binom, root of
  /// the power function). Five votes never are (p = .0625).
  @Test func theDetectableShareIsThatOfTheExactTest() throws {
    let share = try #require(PlanSummary.detectableShare(votes: 24))
    #expect(abs(share - 0.7968714555) < 1e-6, "\(share)")
    #expect(PlanSummary.detectableShare(votes: 5) == nil && PlanSummary.detectableShare(votes: 0) == nil)
  }

  @Test func spreadsFollowTheScale() throws {
    let ccr = try summary("method: ccr\nreference: s0\nlisteners: 12\n")
    #expect(abs(ccr.spread.residual - 1.05) < 1e-12 && abs(ccr.spread.systemByListener - 0.45) < 1e-12)
    // One comparison with the reference: a difference already.
    let error = PlanSummary.standardError(listeners: 12, utterances: 8, votes: 96, ccr.spread)
    #expect(ccr.reach == .comparison(PlanSummary.detectable(error: error, n: 8)))
    let mushra = try summary("method: mushra\nreference: s0\nlisteners: 12\n")
    #expect(abs(mushra.spread.residual - 17.5) < 1e-12 && mushra.votesPerClip == 12...12)
    let own = try summary("spread: {vote: 1.5}\nlisteners: 12\n")
    #expect(own.spread == .init(residual: 1.5) && own.lines[3].contains("and 1.5 in a vote"))
    #expect(throws: PanelError.self) { try summary("spread: {vote: 0}\n") }
    #expect(throws: PanelError.self) { try summary("method: ab\nspread: {vote: 1}\n") }
  }

  @Test func oneSystemHasAPrecision() throws {
    let one = try summary("listeners: 12\n", systems: 1)
    // t(.975, 7)·√(.09/12 + .09/8 + .49/96) = 2.364624·.154448.
    guard case .precision(let half)? = one.reach else {
      Issue.record("\(String(describing: one.reach))")
      return
    }
    #expect(abs(half - 0.3652113483) < 1e-6, "\(half)")
    #expect(one.lines[3].hasPrefix("a 95 % interval of ±0.365 for the system's mean, if the spread is 0.3 between"))
    #expect(try summary("listeners: 1\n").reach == nil)
  }

  /// What would take more than the scale has is not found, in the words for too few listeners.
  @Test func noDifferenceIsLargerThanTheScale() throws {
    let few = try summary("listeners: 2\n", utterances: 2)
    #expect(few.reach == nil)
    #expect(few.lines.last == "nothing can be told: that takes two listeners, two sentences and enough votes")

    // What is found grows with the spread, so a spread can be chosen that reaches just as far as the scale.
    let studio = try Studio(systems: 2, utterances: 8)
    for (more, systems, most) in [
      ("", 2, 4.0), ("", 1, 4), ("method: ccr\nreference: s0\n", 2, 3), ("method: mushra\nreference: s0\n", 2, 100),
    ] {
      let plan = try studio.plan("training: 0\nlisteners: 12\n" + more, systems: systems)
      func reach(_ times: Double) -> Double? {
        let usual = PlanSummary.Spread.usual(plan.scale)
        let spread = PlanSummary.Spread(
          systemByListener: times * usual.systemByListener, systemBySentence: times * usual.systemBySentence,
          residual: times * usual.residual)
        switch PlanSummary(plan, spread: spread).reach {
        case .difference(let value)?, .comparison(let value)?, .precision(let value)?: return value
        case .preference?, nil: return nil
        }
      }
      let usual = try #require(reach(1))
      let near = try #require(reach(0.999 * most / usual), "\(more)")
      #expect(abs(near - 0.999 * most) < 1e-6 * most)
      #expect(reach(1.001 * most / usual) == nil, "\(more) \(systems)")
    }
  }

  @Test func preferencesAreCountedByPair() throws {
    let ab = try summary("method: ab\nlisteners: 9\n", systems: 3)
    guard case .preference(let share, let votes)? = ab.reach else {
      Issue.record("\(String(describing: ab.reach))")
      return
    }
    #expect(votes == 24 && abs(share - 0.7968714555) < 1e-6)
    #expect(ab.lines[3] == "power .8 for a preference of 80 %, by 24 votes for each pair, if they are independent")
  }

  /// A square with too few listeners leaves recordings out, which stand in no trial.
  @Test func recordingsWithoutVotesAreCounted() throws {
    let few = try summary("listeners: 2\n", systems: 3, utterances: 4)
    #expect(few.votesPerClip == 0...1 && few.clipsWithoutVotes == 4)
    #expect(
      few.lines[2] == "0 to 1 vote for each recording, 2 to 3 for each system, 4 from each listener"
        && few.lines[3] == "4 recordings without a vote: too few listeners")
    let one = try summary("listeners: 2\n", systems: 2, utterances: 4)
    #expect(one.clipsWithoutVotes == 0 && one.lines[2].hasPrefix("1 vote for each recording, 4 for each"))
  }

  /// In preferences a recording stands in several pairs; what gets votes is a sentence of a pair, here as in the planner's notes.
  @Test func votesAreCountedAlikeEverywhere() throws {
    let studio = try Studio(systems: 3, utterances: 6)
    for (more, one, per) in [
      ("method: ab\n", "sentence of a pair", "pair of systems"), ("", "recording", "system"),
      ("method: ccr\nreference: s0\norder: random\n", "recording", "system"),
    ] {
      let plan = try studio.plan("training: 0\nlisteners: 3\nvotes: 9\n" + more, systems: 3)
      let summary = PlanSummary(plan)
      let votes = summary.votesPerClip
      #expect(votes.lowerBound == votes.upperBound)
      let note = try #require(plan.notes.first { $0.hasPrefix("votes for each") })
      #expect(note.hasPrefix("votes for each \(one): \(votes.lowerBound), not the 9 wanted"), "\(note)")
      #expect(summary.lines[2].contains(" for each \(one), ") && summary.lines[2].contains(" for each \(per), "))
      // Nothing is lost between them.
      let systems = more.contains("ccr") ? 2 : 3
      #expect(summary.votesPerSystem == votes.lowerBound * 6...votes.lowerBound * 6)
      #expect(summary.votesPerListener.lowerBound * 3 == votes.lowerBound * 6 * systems, "\(more)")
    }
    let sessions = [PanelSession]()
    let ab = try studio.plan("training: 0\nmethod: ab\nlisteners: 3\n", systems: 3)
    #expect(PanelProgress(ab, sessions).planned == 1...1 && PlanSummary(ab).lines[2].hasPrefix("1 vote for each"))
  }
}
