// SPDX-License-Identifier: GPL-3.0-or-later
import ListeningPanel
import Testing

/// Help and answers to keys that do nothing, on every screen.
@Suite struct HelpTests {
  /// A session at each of its screens.
  private func everyScreen(
    _ method: String = "acr", language: String = "en", terminal: String = "ncurses",
    _ check: (String, Bench) throws -> Void
  ) throws {
    let studio = try Studio(utterances: 6)
    let reference = ["acr", "ab"].contains(method) ? "" : "reference: s0\n"
    let plan = try studio.plan(
      "method: \(method)\nlanguage: \(language)\ntraining: 3\nbreak-minutes: 1\n\(reference)")
    var bench = try Bench(plan, terminal: terminal)
    for (name, keys) in [
      ("consent", ""), ("age", "1⏎"), ("native", "1⏎"), ("hearing", "x⏎"), ("headphones", "1⏎"), ("level", "1⏎"),
      ("side", " ⏎"),
    ] {
      bench.press(keys)
      try check(name, bench)
    }
    bench.trySides { $0 == .left ? "1" : "2" }
    try check("instructions", bench)
    bench.press("⏎")
    try check("training", bench)
    var asked = bench
    asked.press("q")
    try check("pause", asked)
    asked.press("⏎c")
    try check("comment", asked)
    for _ in 0..<3 {
      bench.press(" ")
      bench.end(share: 0.5)
    }
    try check("sound", bench)
    bench.press("⏎")
    func rate() {
      let isMUSHRA = method == "mushra"
      for key in isMUSHRA ? ["a", "b"] : [" "] {
        bench.press(key)
        bench.end()
      }
      bench.press(isMUSHRA ? "5→5⏎" : "1⏎")
    }
    for _ in 0..<3 { rate() }
    try check("practice done", bench)
    bench.press("⏎")
    bench.pass(100)
    rate()
    try check("break", bench)
    bench.press("⏎")
    while bench.session.record.current != nil { rate() }
    try check("closing", bench)
    bench.press("⏎")
    try check("finished", bench)
    #expect(bench.isFinished)
  }

  private func key(_ name: String, _ bench: Bench) -> Bool {
    bench.screen.lines.contains { if case .keys(let hints) = $0 { hints.contains { $0.key == name } } else { false } }
  }

  @Test(arguments: ["acr", "mushra"], ["ncurses", "plain"])
  func helpIsEverywhereButWhereTextIsTyped(_ method: String, _ terminal: String) throws {
    var seen: Set<String> = []
    try everyScreen(method, terminal: terminal) { name, bench in
      var asked = bench
      asked.press("?")
      let text = ScreenText.of(asked.screen)
      if ["native", "comment"].contains(name) {
        // A question mark is a character there, and the screen says which keys do something.
        #expect(asked.screen.lines.contains(.entry("?")), "\(name)")
        #expect(ScreenText.of(bench.screen).lowercased().contains("press enter"), "\(name)")
        #expect(!text.contains("Ctrl-C"))
      } else {
        #expect(key("?", bench), "\(name) does not name the key")
        #expect(text.hasPrefix("Help\n") && text.contains("Ctrl-C: ends it at once"), "\(name)")
        asked.press("5")
        #expect(asked.screen == bench.screen, "\(name) is not as before")
        #expect(asked.events == bench.events)
      }
      seen.insert(name)
    }
    #expect(seen.count == 16)
  }

  @Test(arguments: Wording.languages, ["acr", "mushra"]) func helpFits(_ language: String, _ method: String) throws {
    try everyScreen(method, language: language) { name, bench in
      var asked = bench
      asked.press("?")
      for bench in [bench, asked] {
        let layout = ScreenLayout(bench.screen, columns: 80, rows: 24)
        let all = ScreenLayout(bench.screen, columns: 80, rows: 100)
        #expect(all.rows.filter { !$0.isEmpty } == layout.rows.filter { !$0.isEmpty }, "\(name)")
      }
    }
  }

  @Test func helpIsOfTheScreen() throws {
    var texts: [String: String] = [:]
    try everyScreen { name, bench in
      var asked = bench
      asked.press("?")
      texts[name] = asked.text
    }
    #expect(
      texts["age"]?.contains("1-5: choose an answer") == true && texts["level"]?.contains("↑ ↓: make it louder") == true
    )
    #expect(texts["side"]?.contains("space: plays speech on one side") == true)
    #expect(
      texts["training"]?.contains("u: takes back") == true && texts["pause"]?.contains("q: ends it for now") == true)
  }

  /// A key that does nothing is answered, and does nothing.
  @Test(arguments: ["ncurses", "plain"]) func noKeyIsLeftUnanswered(_ terminal: String) throws {
    let told = terminal == "plain" ? "nothing that can be typed here" : "key does nothing here"
    try everyScreen(terminal: terminal) { name, bench in
      guard !["native", "comment", "finished"].contains(name) else { return }
      var asked = bench
      asked.press("x")
      #expect(asked.text.contains(told) && asked.screen.isRefusal, "\(name)")
      #expect(asked.events == bench.events && asked.outcome == nil)
      asked.press("?5")
      #expect(!asked.screen.isRefusal)
    }
  }

  @Test func whoIsInterruptedIsToldWhereItGoesOn() throws {
    var bench = try Bench(Studio(utterances: 6).plan("training: 3\n"))
    #expect(bench.session.farewell == "All confirmed answers are kept. The same command goes on at: Practice 1 of 3.")
    bench.enterTrials()
    for _ in 0..<3 { bench.answer("3") }
    bench.press("⏎")
    bench.answer("4")
    #expect(bench.session.farewell == "All confirmed answers are kept. The same command goes on at: Trial 2 of 4.")
    for _ in 0..<3 { bench.answer("4") }
    #expect(bench.session.farewell?.hasPrefix("All trials are answered, and all answers are kept.") == true)
    bench.press("⏎")
    #expect(bench.session.farewell == nil)
    var declined = try Bench(Studio().plan())
    declined.press("2⏎")
    #expect(declined.session.farewell == nil)
  }
}
