// SPDX-License-Identifier: GPL-3.0-or-later
import ListeningPanel
import Testing

@Suite struct PanelVoteTests {
  private func votes(_ more: String, key: Character, systems: Int = 2) throws -> (PanelPlan, [PanelVote]) {
    let studio = try Studio(systems: systems, utterances: 4)
    let plan = try studio.plan(more, systems: systems)
    var bench = try Bench(plan)
    bench.enterTrials()
    while !bench.isFinished { bench.answer(key) }
    return (plan, PanelVote.all(of: bench.events, plan: plan, slot: 0))
  }

  @Test func votesSayWhatTheyAreAbout() throws {
    let (plan, votes) = try votes("training: 0\n", key: "4")
    #expect(votes.count == 4 && votes.allSatisfy { $0.score == 4 && $0.kind == .rated && $0.plays == 1 })
    for vote in votes {
      let stimulus = plan.stimuli[plan.listeners[0].trials[vote.trial].clips[0]]
      #expect(vote.systems == [stimulus.system] && vote.utterance == stimulus.utterance && vote.clipSeconds == 0.5)
      #expect(abs(vote.reactionSeconds - 0.1) < 1e-6)
    }
  }

  /// “The second is better” counts for the test recording when it was second, against it when it was first.
  @Test func comparisonsAreTurnedBack() throws {
    let (plan, votes) = try votes("training: 0\nmethod: ccr\nreference: s0\norder: random\n", key: "1", systems: 3)
    #expect(votes.count == 8 && Set(votes.map(\.score)) == [3, -3])
    for vote in votes {
      let trial = plan.listeners[0].trials[vote.trial]
      #expect(vote.value == 3 && vote.systems.count == 1 && vote.systems != ["s0"])
      #expect((vote.score == 3) == (plan.stimuli[trial.clips[1]].system == vote.systems[0]))
    }
  }

  @Test func preferencesNameThePairInItsOrder() throws {
    let (plan, votes) = try votes("training: 0\nmethod: ab\n", key: "1")
    for vote in votes {
      let first = plan.stimuli[plan.listeners[0].trials[vote.trial].clips[0]].system
      #expect(vote.systems == ["s0", "s1"] && vote.systems[vote.score - 1] == first)
    }
  }

  @Test func whatWasTakenBackDoesNotStand() throws {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\n")
    var bench = try Bench(plan)
    bench.enterTrials()
    bench.answer("5")
    bench.press("u")
    #expect(PanelVote.all(of: bench.events, plan: plan, slot: 0).isEmpty)
    bench.press("2⏎")
    #expect(PanelVote.all(of: bench.events, plan: plan, slot: 0).map { [$0.value, $0.revision] } == [[2, 2]])
  }

  /// Versions are heard one by one, then each gets a value; nothing is confirmed before.
  @Test func everyVersionGetsItsVote() throws {
    let studio = try Studio(systems: 3, utterances: 2)
    let plan = try studio.plan("training: 0\nmethod: mushra\nreference: s0\n", systems: 3)
    var bench = try Bench(plan)
    bench.enterTrials()
    bench.press("↑⏎")
    #expect(bench.ratings.isEmpty && bench.text.contains("Listen to version A first"))
    for key in "abd" {
      bench.press(String(key))
      bench.end()
    }
    bench.press("↑⏎")
    #expect(bench.ratings.isEmpty)
    for (key, steps) in [("a", 2), ("b", 5)] {
      bench.press(key)
      bench.end()
      bench.press(String(repeating: "↑", count: steps))
    }
    bench.press("⏎")
    let votes = PanelVote.all(of: bench.events, plan: plan, slot: 0)
    #expect(votes.map(\.value) == [52, 55, 51] && Set(votes.flatMap(\.systems)) == ["s0", "s1", "s2"])
  }
}

@Suite struct SoundOutputTests {
  @Test func overSSHTheWaysOutAreNamed() {
    #expect(SoundOutput.advice(["SSH_CONNECTION": "1 2 3 4"]).contains("merge the stores"))
    #expect(!SoundOutput.advice([:]).contains("ssh"))
  }
}
