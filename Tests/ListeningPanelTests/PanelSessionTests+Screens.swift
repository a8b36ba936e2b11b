// SPDX-License-Identifier: GPL-3.0-or-later
import ListeningPanel
import Testing

/// What lies beside the trials: breaks, comments, loudness, keys.
extension PanelSessionTests {
  @Test func breaksAreOffered() throws {
    var bench = try bench("training: 0\nbreak-minutes: 15\n")
    bench.answer("3")
    #expect(bench.text.contains("break in 15 min"))
    bench.pass(14 * 60 + 57)
    bench.answer("3")
    #expect(bench.text.contains("A break") && bench.text.contains("15 minutes"))
    bench.pass(100)
    bench.press("5⏎")
    let seconds = bench.events.compactMap { if case .breakTaken(let seconds) = $0.body { seconds } else { nil } }
    #expect(seconds.count == 1 && abs(seconds[0] - 100.2) < 1e-6 && bench.ratings.count == 2)
    #expect(bench.text.contains("Trial 3 of 4") && bench.text.contains("break in 15 min"))
  }

  @Test func aPauseLosesNothing() throws {
    var bench = try bench()
    bench.press(" q")
    #expect(bench.text.contains("Pause") && bench.request == nil)
    bench.press("5x⏎")
    #expect(bench.text.contains("Trial 1 of 4"))
    bench.press("5⏎")
    #expect(bench.ratings.isEmpty)
    bench.answer("5")
    bench.press("qq")
    #expect(bench.outcome == .left && bench.ratings.count == 1)
  }

  @Test func commentsAndHelpLieOverTheTrial() throws {
    var bench = try bench()
    bench.press("?")
    #expect(bench.text.contains("takes back the last answer"))
    bench.press("5")
    #expect(bench.text.contains("Trial 1 of 4"))
    bench.press("cclick⌫ks q 5⏎")
    #expect(bench.events.last?.body == .commented(trial: 0, text: "clicks q 5"))
    let count = bench.events.count
    bench.press("cno⎋")
    #expect(bench.text.contains("Trial 1 of 4") && bench.events.count == count)
  }

  @Test func loudnessIsSetWithinHeadroom() throws {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\n")
    var bench = try Bench(plan)
    bench.press("1⏎1⏎x⏎1⏎1⏎⏎")
    #expect(bench.text.contains("Loudness: 0 dB"))
    bench.press(" ↓↓↓↑")
    #expect(bench.text.contains("Loudness: -2 dB") && bench.request?.gain == -2)
    bench.press(String(repeating: "↑", count: 100))
    #expect(bench.text.contains("Loudness: +\(plan.headroom) dB") && bench.text.contains("cannot be made louder"))
    bench.press("⏎")
    #expect(bench.events.contains { $0.body == .levelSet(gain: Double(plan.headroom)) })
  }

  @Test func anotherDeviceIsSetAnew() throws {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\n")
    var first = try Bench(plan)
    first.enterTrials()
    var events = first.events
    let other = PlaybackDevice(method: "portaudio", name: "other", rate: 48_000, version: "")
    events.append(PanelEvent(number: events.count, time: first.now, body: .deviceChosen(other)))
    let second = try Bench(plan, events: events)
    #expect(second.text.contains("Loudness"))
  }

  @Test func nothingOnAScreenNamesAFileOrSystem() throws {
    let studio = try Studio(systems: 2, utterances: 3)
    var bench = try Bench(studio.plan("method: ab\ntraining: 0\n"))
    var texts = [bench.text]
    bench.enterTrials()
    while !bench.text.contains("the last one") {
      texts.append(bench.text)
      bench.press(" ")
      texts.append(bench.text)
      bench.end()
      bench.press("1")
      texts.append(bench.text)
      bench.press("⏎")
    }
    for text in texts { #expect(!text.contains(/\b[su]\d\b|wav|panel-/)) }
  }

  @Test func eventsOfAnotherPlanOrListenerAreRefused() throws {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\n")
    var bench = try Bench(plan)
    bench.enterTrials()
    let other = try studio.plan("training: 0\nseed: 9\n")
    #expect(throws: PanelError.plan("what is stored belongs to another plan or listener")) {
      try PanelSession(plan: other, slot: 0, listener: "K1", events: bench.events)
    }
    #expect(throws: PanelError.self) { try PanelSession(plan: plan, slot: 0, listener: "K2", events: bench.events) }
    #expect(throws: PanelError.plan("event 0 is missing")) {
      try PanelSession(plan: plan, slot: 0, listener: "K1", events: Array(bench.events.dropFirst()))
    }
    #expect(throws: PanelError.plan("the plan has 2 places for listeners, and no number 3")) {
      try PanelSession(plan: plan, slot: 2, listener: "K1")
    }
  }

  @Test func keysCanBeChanged() throws {
    let studio = try Studio()
    var bench = try Bench(studio.plan("training: 0\n"), keys: KeyBindings("play=p,pause=x"))
    bench.press("1⏎1⏎x⏎1⏎1⏎p⏎")
    #expect(bench.text.contains("[p] play"))
    #expect(throws: PanelError.design("play and undo have the same key")) { try KeyBindings("play=u") }
    #expect(throws: PanelError.design("enter confirms; play takes another key")) {
      try KeyBindings("play=enter,confirm=y")
    }
    #expect(throws: PanelError.self) { try KeyBindings("play=5") }
    #expect(throws: PanelError.design("no key for “ply=p”; did you mean “play”?")) { try KeyBindings("ply=p") }
  }

  @Test func placesAreThoseOfThePlan() throws {
    let plan = try Studio().plan("training: 0\nlisteners: 3\n")
    #expect(try plan.place(1) == 0 && plan.place(3) == 2)
    for wanted in [0, 99, Int.min] {
      #expect(throws: PanelError.plan("the plan has 3 places for listeners, and no number \(wanted)")) {
        try plan.place(wanted)
      }
    }
  }
}
