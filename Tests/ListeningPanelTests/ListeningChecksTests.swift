// SPDX-License-Identifier: GPL-3.0-or-later
import ListeningPanel
import Testing

/// What comes before and after the trials, and what keys are called.
@Suite struct ListeningChecksTests {
  private func atSides(_ more: String = "") throws -> Bench {
    let studio = try Studio()
    var bench = try Bench(studio.plan("training: 0\n" + more))
    bench.press("1⏎1⏎x⏎1⏎1⏎ ⏎")
    return bench
  }

  private func outcome(_ bench: Bench) -> PanelEvent.Body? {
    bench.events.map(\.body).last { if case .sidesChecked = $0 { true } else { false } }
  }

  @Test func sidesThatAreHeardRightAreAskedOnce() throws {
    var bench = try atSides()
    bench.trySides { $0 == .left ? "1" : "2" }
    #expect(outcome(bench) == .sidesChecked(outcome: .right, rounds: 1) && bench.text.contains("What you do"))
    #expect(!bench.text.contains("notes it"))
  }

  @Test func sidesAreAskedAgainWhenWrong() throws {
    var bench = try atSides()
    bench.trySides { _ in "3" }
    #expect(bench.text.contains("not where it played") && outcome(bench) == nil)
    bench.trySides { _ in "1" }
    #expect(bench.text.contains("call the person in charge"))
    bench.trySides { _ in "3" }
    #expect(outcome(bench) == .sidesChecked(outcome: .unclear, rounds: 3))
    #expect(bench.text.contains("What you do") && bench.text.contains("goes on and notes it"))
  }

  @Test func swappedHeadphonesAreTurnedRound() throws {
    var bench = try atSides()
    bench.trySides { $0 == .left ? "2" : "1" }
    bench.trySides { $0 == .left ? "2" : "1" }
    #expect(bench.text.contains("turn the headphones round"))
    var turned = bench
    turned.trySides { $0 == .left ? "1" : "2" }
    #expect(outcome(turned) == .sidesChecked(outcome: .right, rounds: 3))
    bench.trySides { $0 == .left ? "2" : "1" }
    #expect(outcome(bench) == .sidesChecked(outcome: .swapped, rounds: 3))
    #expect(bench.session.record.sideOutcome == .swapped)
  }

  /// One answer alone says nothing: neither that it was wrong, nor, with the last one right, that all is well.
  @Test func bothSidesDecideTogether() throws {
    var bench = try atSides()
    bench.press(" ")
    bench.end()
    bench.press("3⏎")
    #expect(!bench.text.contains("not where it played"))
    bench.press("1⏎2⏎")
    #expect(bench.events.filter { if case .sideAnswered = $0.body { true } else { false } }.count == 1)
    bench.press(" ")
    let side = bench.request?.side
    bench.end()
    bench.press(side == .left ? "1⏎" : "2⏎")
    #expect(bench.text.contains("not where it played"))
  }

  /// Rounds begin by lot, so the same side may come twice running; it is heard anew.
  @Test func everySideIsHeardBeforeItIsAnswered() throws {
    var again = 0
    for seed in 1...6 {
      var bench = try atSides("seed: \(seed)\n")
      var asked: [PlayRequest.Side] = []
      for count in 0..<6 {
        bench.press("1⏎")
        #expect(bench.events.count { if case .sideAnswered = $0.body { true } else { false } } == count)
        bench.press(" ")
        asked.append(try #require(bench.request?.side))
        bench.end()
        bench.press("3⏎")
      }
      #expect((0..<3).allSatisfy { Set(asked[(2 * $0)...(2 * $0 + 1)]) == [.left, .right] })
      again += zip(asked, asked.dropFirst()).count { $0 == $1 }
    }
    #expect(again > 0)
  }

  @Test func aSessionFromBeforeOutcomesWereStoredGoesOn() throws {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\n")
    var old = try Bench(plan)
    old.enterTrials()
    old.answer("5")
    let events = old.events.map(\.body)
      .filter { if case .sidesChecked = $0 { false } else { true } }
      .enumerated().map { PanelEvent(number: $0, time: old.now, body: $1) }
    let bench = try Bench(plan, events: events)
    #expect(bench.text.contains("Trial 2 of 4") && outcome(bench) == .sidesChecked(outcome: .right, rounds: 1))
  }

  @Test func theLastAnswerCanBeTakenBack() throws {
    let studio = try Studio(utterances: 2)
    let plan = try studio.plan("training: 0\n")
    var bench = try Bench(plan)
    bench.enterTrials()
    bench.answer("5")
    bench.answer("4")
    #expect(bench.text.contains("[u] undo last") && bench.text.contains("[enter] finish"))
    bench.press("clate⏎u")
    #expect(
      bench.text.contains("Trial 2 of 2") && bench.events.contains { $0.body == .commented(trial: nil, text: "late") })
    bench.press("1⏎")
    #expect(bench.ratings.map(\.value) == [5, 4, 1] && !bench.isFinished)
    // Broken off here nothing is missing; what an earlier sitting answered is not taken back, and no device is needed.
    var later = try Bench(plan, events: bench.events)
    #expect(later.text.contains("the last one") && !later.text.contains("undo last"))
    later.press("u")
    #expect(later.text.contains("nothing to take back"))
    later.press("⏎")
    #expect(
      later.isFinished && later.events.filter { if case .deviceChosen = $0.body { true } else { false } }.count == 1)
  }

  @Test func replaysAreCountedOverAllShowings() throws {
    let studio = try Studio()
    var bench = try Bench(studio.plan("training: 0\nreplays: 1\n"))
    bench.enterTrials()
    bench.answer("5")
    for _ in 0..<2 {
      bench.press(" ")
      bench.end()
    }
    // The second was played as often as it may be. Seen anew it has to be heard, once.
    bench.press("u5⏎5⏎")
    #expect(bench.ratings.count == 2 && bench.text.contains("To listen, press"))
    bench.press(" ")
    bench.end()
    #expect(bench.text.contains("cannot be played again"))
    bench.press(" ")
    #expect(bench.request == nil)
  }

  /// What is taken back is judged anew, and may be heard for that, once even where its replays are used up.
  @Test func whatIsTakenBackCanBeHeardAgain() throws {
    let studio = try Studio()
    var bench = try Bench(studio.plan("training: 0\nreplays: 1\n"))
    bench.enterTrials()
    for _ in 0..<2 {
      bench.press(" ")
      bench.end()
    }
    #expect(bench.text.contains("cannot be played again"))
    bench.press("4⏎u")
    #expect(bench.text.contains("Trial 1 of 4") && !bench.text.contains("cannot be played again"))
    #expect(bench.text.contains("You may listen again: 1 ×."))
    var unheard = bench
    bench.press(" ")
    #expect(bench.request != nil)
    bench.end()
    #expect(bench.text.contains("cannot be played again"))
    bench.press(" ")
    #expect(bench.request == nil)
    bench.press("2⏎")
    #expect(bench.ratings.map(\.value) == [4, 2] && bench.ratings.map(\.plays) == [2, 3])
    // It was heard: who wants to answers at once.
    unheard.press("1⏎")
    #expect(unheard.ratings.map(\.plays) == [2, 2])
  }

  @Test func reactionsFollowTheSoundWhateverTheOrder() throws {
    let studio = try Studio()
    var bench = try Bench(studio.plan("training: 0\n"))
    bench.enterTrials()
    bench.press(" ")
    bench.end()
    bench.press("4 2")
    bench.end()
    bench.press("⏎")
    bench.answer("3")
    bench.press("u1⏎")
    #expect(bench.ratings.count == 3)
    for rating in bench.ratings {
      #expect(rating.firstKey.monotonic > rating.playbackEnd && rating.playbackEnd > 0)
    }
    #expect(bench.ratings[0].value == 2 && bench.ratings[0].firstKey.monotonic - bench.ratings[0].playbackEnd < 0.2)
  }

  @Test(arguments: ["en", "de", "zh"]) func screensNameTheKeysThatAre(_ language: String) throws {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\nlanguage: \(language)\n")
    var bench = try Bench(plan, keys: KeyBindings("play=P,confirm=y,undo=x"))
    let usual = try #require(Wording(language: language))
    bench.press("1y1yde⏎1y1yp")
    bench.press("y")
    var texts = [bench.text]
    for _ in 0..<2 {
      bench.press("P")
      let side = bench.request?.side
      bench.end()
      bench.press(side == .left ? "1⏎" : "2Y")
      texts.append(bench.text)
    }
    bench.press("y")
    texts.append(bench.text)
    for text in texts {
      #expect(!text.contains("{"))
      for key in ["key-space", "key-enter"] { #expect(!text.contains(usual.texts[key] ?? "?"), "\(text)") }
    }
    // Enter confirms all the same.
    bench.press("p")
    bench.end()
    bench.press("4⏎")
    #expect(bench.ratings.map(\.value) == [4])
  }

  @Test func linesAreToldWhatToType() throws {
    let studio = try Studio()
    var bench = try Bench(studio.plan("training: 0\n"), terminal: "plain")
    #expect(bench.text.contains("Type one of these, then Enter") && !bench.text.contains("confirm"))
    bench.press("1⏎1⏎x⏎1⏎1⏎")
    #expect(bench.text.contains("type + and then Enter") && bench.text.contains("[+ -] louder, softer"))
    #expect(bench.text.contains("[Enter alone] confirm"))
    #expect(!bench.text.contains("↑"))
    bench.press(" ⏎")
    #expect(bench.text.contains("press space, then Enter"))
    bench.trySides { $0 == .left ? "1" : "2" }
    #expect(bench.text.contains("To begin, press enter."))
    bench.press("⏎")
    #expect(bench.text.contains("To listen, press space, then Enter."))
  }
}
