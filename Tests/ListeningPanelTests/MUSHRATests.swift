// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import ListeningPanel
import Testing

@Suite struct MUSHRATests {
  private func plan(_ more: String = "", systems: Int = 3) throws -> PanelPlan {
    try Studio(systems: systems).plan("method: mushra\nreference: s0\ntraining: 0\n" + more, systems: systems)
  }

  private func bench(_ more: String = "", terminal: String = "script") throws -> Bench {
    var bench = try Bench(plan(more), terminal: terminal)
    bench.enterTrials()
    return bench
  }

  private func hear(_ keys: String, _ bench: inout Bench) {
    for key in keys {
      bench.press(String(key))
      bench.end()
    }
  }

  @Test func theReferenceIsOpenAtAnyTime() throws {
    var bench = try Bench(plan(), keys: KeyBindings("reference=o"))
    bench.press("1⏎1⏎x⏎1⏎1⏎ ⏎")
    bench.trySides { $0 == .left ? "1" : "2" }
    #expect(bench.text.contains("To hear the original at any time, press o."))
    bench = try self.bench()
    #expect(bench.text.contains("[r] hear the reference") && bench.text.contains("[← →] choose a version"))
    bench.press("R")
    let request = try #require(bench.request)
    #expect(request.purpose == .reference && bench.session.plan.stimuli[request.clips[0]].system == "s0")
    #expect(bench.text.contains("Playing: reference"))
    bench.end()
    // It is heard as the reference, and as no version: the hidden one must be heard by itself.
    hear("rr", &bench)
    for key in "abd" {
      #expect(bench.text.contains("Listen to version \(key.uppercased()) first"))
      hear(String(key), &bench)
    }
    #expect(bench.text.contains("Your answer?"))
    hear("r", &bench)
    bench.press("↑→↑→↑⏎")
    #expect(bench.ratings.count == 1)
  }

  @Test func theVersionThatIsMissingIsNamed() throws {
    var bench = try bench()
    hear("A", &bench)
    bench.press("→↑")
    #expect(bench.text.contains("Listen to version B first") && bench.text.contains("Version B -"))
    bench.press("←75")
    #expect(bench.text.contains("Version A 75"))
    hear("BD", &bench)
    bench.press("⏎")
    #expect(bench.text.contains("Give version B a value first"))
    bench.press("100")
    #expect(bench.text.contains("Version D 100"))
    bench.press("⏎")
    #expect(bench.text.contains("Give version B a value first") && bench.ratings.isEmpty)
    bench.press("←7⌫4↓⏎")
    #expect(bench.ratings.map(\.values) == [[75, 3, 100]])
    for rating in bench.ratings { #expect(rating.firstKey.monotonic > rating.playbackEnd) }
  }

  @Test func linesTakeLettersAndNumbers() throws {
    var bench = try bench(terminal: "plain")
    #expect(bench.text.contains("Type the letter of a version") && !bench.text.contains("↑"))
    #expect(bench.text.contains("[a b d] hear a version") && bench.text.contains("[0-100] its value"))
    func type(_ line: String) {
      for key in PlainLine.keys(Array(line.utf8), bench.screen.prompt) {
        bench.pass(0.1)
        bench.perform(bench.session.handle(key, at: bench.now))
      }
      bench.end()
    }
    for line in ["a", "80", "85", "b", "100", "D", "7", ""] { type(line) }
    #expect(bench.ratings.map(\.values) == [[85, 100, 7]])
  }

  @Test func helpIsOfTheMethod() throws {
    var bench = try bench()
    bench.press("?")
    #expect(bench.text.contains("r: hear the reference") && bench.text.contains("plays the version in hand"))
    #expect(!bench.text.contains("choose an answer"))
  }

  /// Else the reference would be A in every trial.
  @Test func versionsStandInAnOrderOfLot() throws {
    let plan = try Studio(systems: 3, utterances: 12).plan(
      "method: mushra\nreference: s0\ntraining: 3\nlisteners: 4\n", systems: 3)
    let trials = plan.listeners.flatMap(\.trials)
    // The loop that the loudness is set by is the reference all the same.
    #expect(plan.stimuli[plan.levelClip].system == "s0")
    let places = trials.map { trial in trial.clips.firstIndex { plan.stimuli[$0].system == "s0" } }
    #expect(Set(places) == [0, 1, 2])
    for trial in trials {
      #expect(Set(trial.clips.map { plan.stimuli[$0].system }) == ["s0", "s1", "s2"])
      #expect(Set(trial.clips.map { plan.stimuli[$0].utterance }).count == 1)
    }
  }

  /// Tones below and above 3.5 kHz, together: only the lower one is left, at its level.
  @Test func anchorsAreTheReferenceWithoutItsHeights() throws {
    let studio = try Studio(systems: 2, utterances: 3, rate: 48_000)
    for u in 0..<3 { try studio.write("s0/u\(u).wav", tones: [1000 + 10 * u, 3490, 4010, 9000], rate: 48_000) }
    let plan = try studio.plan("method: mushra\nreference: s0\nanchors: [3500, 7000]\ntraining: 0\nlevel: as-is\n")
    #expect(plan.systems == ["s0", "s1", "anchor-3500", "anchor-7000"] && PlanSummary(plan).systems == 4)
    #expect(plan.listeners[0].trials.allSatisfy { $0.clips.count == 4 })
    let loader = ClipLoader(plan, folder: studio.folder)
    func levels(_ system: String) throws -> [Double] {
      let clip = try #require(plan.stimuli.firstIndex { $0.system == system && $0.utterance == "u0" })
      let request = PlayRequest(purpose: .trial, trial: 0, clips: [clip], gain: 0, play: 1)
      let sound = try loader.sound(request, rate: 48_000).samples
      // 100 ms from the middle: whole periods of all four.
      let part = stride(from: 2 * 9600, to: 2 * 14_400, by: 2).map { Double(sound[$0]) / 2_147_483_648 }
      return [1000, 3490, 4010, 9000].map { pitch in
        let (c, s) = part.enumerated().reduce((0.0, 0.0)) { sum, next in
          let angle = 2 * .pi * Double(pitch) * Double(next.offset) / 48_000
          return (sum.0 + next.element * cos(angle), sum.1 + next.element * sin(angle))
        }
        return 20 * log10(2 * (c * c + s * s).squareRoot() / Double(part.count))
      }
    }
    let (open, low, middle) = (try levels("s0"), try levels("anchor-3500"), try levels("anchor-7000"))
    for i in 0..<4 {
      let isKept = [(i < 2, low), (i < 3, middle)]
      for (kept, anchor) in isKept { #expect(kept ? abs(anchor[i] - open[i]) < 0.01 : anchor[i] < open[i] - 60) }
    }
    let stimulus = try #require(plan.stimuli.first { $0.system == "anchor-3500" })
    #expect(stimulus.path.hasPrefix("s0/") && stimulus.lowpass == 3500)
    let reference = try #require(plan.stimuli.first { $0.path == stimulus.path && $0.lowpass == nil })
    #expect(stimulus.sha256 == reference.sha256 && stimulus.activeLevel < reference.activeLevel - 2)
    #expect(try PanelPlan(frozen: plan.frozen()) == plan)
  }

  @Test func anchorsAreCheckedWithTheRest() throws {
    let studio = try Studio()
    let more = "method: mushra\nreference: s0\ntraining: 0\n"
    #expect(throws: PanelError.self) { try studio.plan("anchors: [3500]\n") }
    #expect(throws: PanelError.self) { try studio.plan(more + "anchors: [3500, 3500]\n") }
    do {
      _ = try studio.plan(more + "anchors: [9000]\n")
      Issue.record("planned")
    } catch PanelError.stimuli(let lines) {
      #expect(lines.count == 4 && lines[0].hasSuffix("an anchor of 9000 Hz takes a rate above 18000 Hz, not 16000"))
    }
    var bench = try Bench(studio.plan(more + "anchors: [3500]\n"))
    bench.enterTrials()
    hear("abd", &bench)
    bench.press("20→20→20⏎")
    let votes = PanelVote.all(of: bench.events, plan: bench.session.plan, slot: 0)
    #expect(Set(votes.flatMap(\.systems)) == ["s0", "s1", "anchor-3500"])
  }

  @Test func keysThatNameVersionsAreNotGivenAway() throws {
    let plan = try plan()
    #expect(throws: PanelError.self) {
      try PanelSession(plan: plan, slot: 0, listener: "K1", keys: KeyBindings("pause=A"))
    }
    #expect(throws: Never.self) {
      try PanelSession(plan: plan, slot: 0, listener: "K1", keys: KeyBindings("reference=o"))
    }
  }

  @Test func twelveVersionsAreTheMost() throws {
    let head = "method: mushra\nreference: s0\nlisteners: 1\n"
    func systems(_ count: Int) -> String {
      "systems: {\((0..<count).map { "s\($0): s\($0)" }.joined(separator: ", "))}\n"
    }
    #expect(try PanelDesign(yaml: systems(12) + head, path: "d.yaml").systems.count == 12)
    #expect(
      throws: PanelError.settings(.init(path: "d.yaml", line: 1, reason: "mushra takes at most 12 versions"))
    ) { try PanelDesign(yaml: systems(13) + head, path: "d.yaml") }
    // Twelve fit on the least screen, with all that is said of them.
    var bench = try Bench(plan(systems: 12))
    bench.enterTrials()
    let layout = ScreenLayout(bench.screen, columns: 80, rows: 24)
    let all = ScreenLayout(bench.screen, columns: 80, rows: 100)
    #expect(all.rows.filter { !$0.isEmpty } == layout.rows.filter { !$0.isEmpty })
  }
}
