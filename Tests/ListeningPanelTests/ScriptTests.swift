// SPDX-License-Identifier: GPL-3.0-or-later
import ListeningPanel
import SettingsFile
import Testing

@Suite struct ScriptTests {
  /// What a script is refused for: its line and the reason. Nothing is stored, and no device is opened.
  private func refusal(_ yaml: String, _ plan: PanelPlan, _ folder: String) throws -> (Int?, String)? {
    var stored = 0
    do {
      var terminal = try ScriptTerminal(yaml: yaml, path: "s.yaml") { _ in }
      var driver = PanelDriver(
        session: try PanelSession(plan: plan, slot: 0, listener: "K1"), folder: folder,
        openPlayer: { () throws(PanelError) in throw .sound("opened") }, record: { _ in stored += 1 })
      _ = try driver.run(&terminal)
      return nil
    } catch PanelError.settings(let error) {
      #expect(stored == 0)
      return (error.line, error.reason)
    } catch PanelError.sound {
      return nil
    }
  }

  @Test(
    arguments: [
      (
        "level: 0\nintake: {age: 9}\n", 2,
        "intake: age is the number of an answer: 1 18-29, 2 30-44, 3 45-59, 4 60+, 5 unsaid"
      ),
      ("intake:\n  age: 1\n  consent: maybe\n", 3, "intake: consent is the number of an answer: 1 yes, 2 no"),
      (
        "intake:\n  headphones: 0\n", 2,
        "intake: headphones is the number of an answer: 1 over-ear, 2 in-ear, 3 loudspeakers"
      ),
      ("intake: {native: \"  \"}\n", 1, "intake: native is a text"),
      ("intake: {aeg: 1}\n", 1, "intake has no “aeg”; did you mean “age”?"),
      ("side: foo\n", 1, "side has no “foo”; there are right, wrong"),
      ("side: wong\n", 1, "side has no “wong”; did you mean “wrong”?"),
      ("ratings: [4]\nundo: [2, 5]\n", 2, "undo is a whole number, 1 to 4"),
      ("undo: [0]\n", 1, "undo is a whole number, 1 to 100000"),
      ("undo: 99\n", 1, "undo is a whole number, 1 to 4"),
      ("comments: {5: late}\n", 1, "comments is a whole number, 1 to 4"),
      ("comments: [late]\n", 1, "comments takes trials with texts: {3: clicks}"),
      ("ratings:\n  - 4\n  - 9\n", 3, "ratings: 9 is no answer; the keys are 1-5"),
      ("ratings: []\n", 1, "ratings names none"),
      ("ratngs: [1]\n", 1, "the script has no “ratngs”; did you mean “ratings”?"),
      ("replays: 3\n", 1, "replays is a whole number, 0 to 2"),
      (
        "- 4\n- 5\n", 1,
        "the script takes keys with values: intake, level, side, ratings, replays, comments, undo"
      ),
      (
        "comments:\n  1: fine\n  2: \(String(repeating: "x", count: 501))\n", 3,
        "comments: a text has at most 500 characters, and this one 501"
      ),
    ]) func whatIsWrongIsNamed(_ yaml: String, _ line: Int, _ reason: String) throws
  {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\n")
    let found = try refusal(yaml, plan, studio.folder)
    #expect(found?.0 == line && found?.1 == reason, "\(String(describing: found))")
  }

  @Test func aCommentMayBeAsLongAsAListenersOwn() throws {
    let studio = try Studio()
    #expect(
      try refusal("comments: {1: \(String(repeating: "x", count: 500))}\n", studio.plan("training: 0\n"), studio.folder)
        == nil)
  }

  /// With mushra a script does less; what it would leave out it refuses. The last answer is taken back in the end.
  @Test(
    arguments: [
      ("level: 0\ncomments: {1: clicks}\n", 2, "comments: with mushra a script makes none"),
      ("replays: 1\n", 1, "replays: with mushra a script plays each version once"),
      ("undo: [4,\n 1]\n", 2, "undo: with mushra a script takes back the last trial alone, 4"),
      ("replays: 0\nundo: [4]\n", 0, ""),
    ]) func mushraTakesLess(_ yaml: String, _ line: Int, _ reason: String) throws
  {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\nmethod: mushra\nreference: s0\n")
    let found = try refusal(yaml, plan, studio.folder)
    #expect(
      found.map(\.0) ?? nil == (line == 0 ? nil : line) && found?.1 ?? "" == reason, "\(String(describing: found))")
  }

  /// After the last trial of practice another screen comes, and nothing is taken back any more.
  @Test func practiceIsTakenBackWhileItLasts() throws {
    let studio = try Studio(utterances: 6)
    let plan = try studio.plan("training: 3\n")
    #expect(try refusal("undo: [1, 2, 4, 7]\n", plan, studio.folder) == nil)
    #expect(
      try refusal("undo: [1, 3]\n", plan, studio.folder)?.1
        == "undo: trial 3 ends practice, after which it stands")
  }

  @Test func loudnessEndsAtTheHeadroom() throws {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\n")
    #expect(try refusal("level: \(plan.headroom)\n", plan, studio.folder) == nil)
    #expect(
      try refusal("level: \(plan.headroom + 1)\n", plan, studio.folder)?.1
        == "level is a whole number, -60 to \(plan.headroom)")
  }

  /// A scale with gaps has its own digits as keys, and says so.
  @Test func keysAreThoseOfTheScale() throws {
    let studio = try Studio()
    let plan = try studio.plan(
      "training: 0\nscale: {question: How rough?, steps: [{7: Not}, {6: Hardly}, {1: Very}]}\n")
    #expect(try refusal("ratings: [7, 6, 1]\n", plan, studio.folder) == nil)
    #expect(try refusal("ratings: [5]\n", plan, studio.folder)?.1 == "ratings: 5 is no answer; the keys are 1 6 7")
    let bench = try Bench(plan)
    var shown = bench
    shown.enterTrials()
    #expect(shown.text.contains("[1 6 7] rate"))
    let mushra = try studio.plan("training: 0\nmethod: mushra\nreference: s0\n")
    #expect(try refusal("ratings: [77, 0, 100]\n", mushra, studio.folder) == nil)
  }

  /// A script presses the keys that are, and not those that would usually be.
  @Test func keysThatWereChangedArePressed() throws {
    let studio = try Studio()
    let plan = try studio.plan("training: 0\n")
    var events: [PanelEvent] = []
    var driver = PanelDriver(
      session: try PanelSession(
        plan: plan, slot: 0, listener: "K1", keys: KeyBindings("play=p,confirm=y,undo=z,comment=k,pause=w")),
      folder: studio.folder, openPlayer: { () throws(PanelError) in FilePlayer(rate: plan.rate) },
      record: { events.append($0) })
    var terminal = try ScriptTerminal(
      yaml: "replays: 1\nundo: [2, 4]\ncomments: {1: k p z}\nlevel: -3\n", path: "s.yaml"
    ) { _ in }
    #expect(try driver.run(&terminal) == .complete && terminal.failure == nil)
    #expect(events.contains { $0.body == .commented(trial: 0, text: "k p z") })
    #expect(events.filter { if case .ratingSuperseded = $0.body { true } else { false } }.count == 2)
  }

  /// Whatever else may go wrong: no script answers the same for ever.
  @Test func aScriptThatGoesRoundEnds() throws {
    var terminal = try ScriptTerminal(yaml: "", path: "s.yaml") { _ in }
    terminal.show(Screen([], prompt: .choice(question: "age", count: 5)))
    var count = 0
    while terminal.next(within: 0) != .closed, count < 10_000 { count += 1 }
    #expect(count < 1000)
    guard case .terminal(let reason)? = terminal.failure else {
      Issue.record("no failure")
      return
    }
    #expect(reason.contains("age"))
  }
}
