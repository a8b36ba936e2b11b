// SPDX-License-Identifier: GPL-3.0-or-later
import ListeningPanel
import Testing

@Suite struct PanelSessionTests {
  func bench(_ more: String = "training: 0\n", utterances: Int = 4, systems: Int = 2) throws -> Bench {
    let studio = try Studio(systems: systems, utterances: utterances)
    var bench = try Bench(studio.plan(more, systems: systems))
    bench.enterTrials()
    return bench
  }

  @Test func aWholeSessionIsHeld() throws {
    var bench = try bench("training: 3\n", utterances: 8)
    #expect(bench.text.contains("Practice 1 of 3"))
    for _ in 0..<3 { bench.answer("4") }
    #expect(bench.text.contains("From now on your answers count"))
    bench.press("⏎")
    for n in 1...6 {
      #expect(bench.text.contains("Trial \(n) of 6"))
      bench.answer("5")
    }
    #expect(!bench.isFinished && bench.text.contains("That was the last one"))
    bench.press("⏎")
    #expect(bench.isFinished && bench.ratings.count == 9 && bench.text.contains("You have done everything"))
    #expect(bench.ratings.map(\.value) == [4, 4, 4, 5, 5, 5, 5, 5, 5] && bench.ratings.map(\.trial) == Array(0..<9))
    #expect(bench.events.map(\.number) == Array(bench.events.indices))
    bench.press("x")
    #expect(bench.outcome == .complete)
  }

  @Test func whoDeclinesIsAskedNothing() throws {
    let studio = try Studio()
    var bench = try Bench(studio.plan())
    bench.press("2⏎")
    #expect(bench.events.last?.body == .finished(.declined) && bench.events.count == 3)
    bench.press("x")
    #expect(bench.outcome == .declined)
  }

  @Test func answersAreLockedUntilAllWasHeard() throws {
    var bench = try bench()
    bench.press("5⏎")
    #expect(bench.ratings.isEmpty && bench.text.contains("To listen, press space."))
    bench.press(" 5⏎")
    #expect(bench.ratings.isEmpty && bench.text.contains("once you have heard all of it"))
    bench.end()
    bench.press("⏎")
    #expect(bench.ratings.isEmpty && bench.text.contains("Choose an answer first"))
    bench.press("2")
    #expect(bench.text.contains(">2 Poor") && bench.text.contains("Your answer: 2 Poor"))
    bench.press("3⏎")
    #expect(bench.ratings.map(\.value) == [3] && bench.ratings[0].plays == 1)
    // The first key chose 2; it is what reaction time is measured from.
    #expect(bench.ratings[0].firstKey.monotonic > bench.ratings[0].playbackEnd)
  }

  @Test func keysTypedAheadRateNothing() throws {
    var bench = try bench()
    #expect(bench.flushes == 1)
    bench.answer("5")
    #expect(bench.flushes == 2)
    // What a terminal failed to flush is still locked.
    bench.press("5⏎5⏎5⏎")
    #expect(bench.ratings.count == 1)
  }

  @Test func confirmingWaitsForTheEnd() throws {
    var bench = try bench()
    bench.press(" ")
    bench.end()
    bench.press("4 ⏎")
    #expect(bench.ratings.isEmpty && bench.text.contains("Playing"))
    bench.end()
    bench.press("⏎")
    #expect(bench.ratings.map(\.plays) == [2])
  }

  @Test func replaysAreCapped() throws {
    var bench = try bench("training: 0\nreplays: 1\n")
    bench.press(" ")
    bench.end()
    #expect(bench.text.contains("listen again: 1"))
    bench.press(" ")
    bench.end()
    #expect(bench.text.contains("cannot be played again"))
    bench.press(" ")
    #expect(bench.request == nil)
  }

  @Test func undoSupersedesTheLastAnswerOnly() throws {
    var bench = try bench()
    bench.press("u")
    #expect(bench.text.contains("nothing to take back"))
    bench.answer("5")
    bench.answer("4")
    bench.press("u")
    #expect(bench.text.contains("Trial 2 of 4") && bench.text.contains("taken back"))
    let undone = bench.events.filter { $0.body == .ratingSuperseded(trial: 1, revision: 1) }
    #expect(undone.count == 1)
    bench.press("u")
    #expect(bench.text.contains("nothing to take back") && bench.text.contains("Trial 2 of 4"))
    // It was heard; it is rated again without listening.
    bench.press("1⏎")
    #expect(bench.ratings.map(\.value) == [5, 4, 1] && bench.ratings.map(\.revision) == [1, 1, 2])
    #expect(bench.starts == [.turn, .turn, .turn, .undo, .turn] && bench.text.contains("Trial 3 of 4"))
  }

  @Test func anInterruptedSoundBeginsTheTrialAnew() throws {
    var bench = try bench()
    bench.press(" ")
    bench.end()
    bench.press("4 ")
    bench.end(underruns: 1)
    #expect(bench.text.contains("interrupted") && bench.starts == [.turn, .interrupted])
    bench.press("4⏎")
    #expect(bench.ratings.isEmpty)
    bench.answer("4")
    #expect(bench.ratings.map(\.attempt) == [2])
  }

  @Test func aDeviceThatAlwaysInterruptsEndsIt() throws {
    var bench = try bench()
    for _ in 0..<3 {
      bench.press(" ")
      bench.end(share: 0.7)
    }
    #expect(bench.text.contains("There is no sound"))
    bench.press("⏎")
    #expect(bench.text.contains("Trial 1 of 4"))
    bench.answer("2")
    #expect(bench.ratings.count == 1)
  }

  @Test func aHalfPlayedTrialStartsAnewInAnotherSitting() throws {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\n")
    var first = try Bench(plan)
    first.enterTrials()
    first.answer("5")
    first.press(" ")
    first.end()
    first.press("4")
    // Killed here: the answer that was not confirmed is gone, the confirmed one is not.
    var second = try Bench(plan, events: first.events)
    #expect(
      second.starts.last == .resumed && second.text.contains("Trial 2 of 4") && second.text.contains("starts again"))
    second.press("4⏎")
    #expect(second.ratings.count == 1)
    second.press("u")
    #expect(second.ratings.count == 1)
    for _ in 0..<3 { second.answer("3") }
    second.press("⏎")
    #expect(second.isFinished && second.ratings.map(\.attempt) == [1, 2, 1, 1])
  }

  /// A session broken off after any event goes on and ends with every trial answered once.
  @Test func everyEventIsAPlaceToGoOnFrom() throws {
    let studio = try Studio()
    let plan = try studio.plan("training: 3\nrepeats: 1\n")
    var whole = try Bench(plan)
    whole.enterTrials()
    for _ in 0..<3 { whole.answer("4") }
    whole.press("⏎")
    while !whole.text.contains("the last one") { whole.answer("3") }
    whole.press("⏎")
    for count in 1...whole.events.count {
      var rest = try Bench(plan, events: Array(whole.events.prefix(count)))
      var steps = 0
      while !rest.isFinished && steps < 60 {
        steps += 1
        if rest.text.contains("agree to take") || rest.text.contains("old are you") || rest.text.contains("hear?")
          || rest.text.contains("listen with")
        {
          rest.press("1⏎")
        } else if rest.text.contains("grow up") {
          rest.press("de⏎")
        } else if rest.text.contains("Loudness") {
          rest.press(" ⏎")
        } else if rest.text.contains("which side") {
          rest.press(" ")
          let side = rest.request?.side
          rest.end()
          rest.press(side == .left ? "1⏎" : "2⏎")
        } else if rest.text.contains("press enter") {
          rest.press("⏎")
        } else {
          rest.answer("3")
        }
      }
      #expect(rest.isFinished, "after \(count)")
      let kept = whole.events.prefix(count).filter { if case .ratingConfirmed = $0.body { true } else { false } }
      #expect(
        rest.ratings.count == plan.listeners[0].trials.count && kept.count <= rest.ratings.count, "after \(count)")
      #expect(rest.ratings.map(\.trial) == Array(plan.listeners[0].trials.indices), "after \(count)")
    }
  }
}
