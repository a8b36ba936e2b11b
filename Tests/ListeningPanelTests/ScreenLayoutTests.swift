// SPDX-License-Identifier: GPL-3.0-or-later
import ListeningPanel
import Testing

@Suite struct ScreenLayoutTests {
  @Test func wideCharactersTakeTwoColumns() {
    #expect(DisplayWidth.of("abc") == 3 && DisplayWidth.of("听音") == 4 && DisplayWidth.of("é") == 1)
    #expect(DisplayWidth.of("e\u{301}") == 1 && DisplayWidth.clip("听音测试", to: 5) == "听音")
  }

  @Test func textIsWrapped() {
    #expect(DisplayWidth.wrap("one two three", to: 7) == ["one two", "three"])
    #expect(DisplayWidth.wrap("abcdefgh", to: 3) == ["abc", "def", "gh"])
    #expect(DisplayWidth.wrap("", to: 5) == [""])
    // A full stop never begins a line.
    #expect(DisplayWidth.wrap("听音测试。好", to: 8) == ["听音测", "试。好"])
    for line in DisplayWidth.wrap("您将听到一些语音，并说出您的看法。", to: 9) { #expect(DisplayWidth.of(line) <= 9) }
  }

  @Test func answersStandInARowWhereTheyFit() {
    func answers(_ labels: [String]) -> Screen {
      Screen(
        [.answers(labels.enumerated().map { .init(key: "\($0)", label: $1, isChosen: $0 == 1) })], prompt: .nothing)
    }
    let short = ScreenLayout(answers(["no", "yes"]), columns: 80, rows: 24)
    #expect(short.rows.count == 1 && short.text(0) == "  0 no  >1 yes<")
    let long = ScreenLayout(answers((0..<5).map { "\($0) is a rather long answer" }), columns: 80, rows: 24)
    #expect(long.rows.count == 5 && long.text(1).contains(">1 1 is"))
  }

  /// Every screen of every language, at the least size: nothing is cut.
  @Test(arguments: ["en", "de", "zh"], ["acr", "dcr", "ccr", "ab", "mushra"])
  func everyScreenFits(_ language: String, _ method: String) throws {
    let studio = try Studio(systems: 2, utterances: 4)
    let reference = ["acr", "ab"].contains(method) ? "" : "reference: s0\n"
    var bench = try Bench(
      studio.plan("method: \(method)\nlanguage: \(language)\ntraining: 3\nbreak-minutes: 1\n\(reference)"))
    var seen = 0
    func check(_ bench: Bench) {
      let layout = ScreenLayout(bench.screen, columns: 80, rows: 24)
      let all = ScreenLayout(bench.screen, columns: 80, rows: 100)
      #expect(all.rows.filter { !$0.isEmpty } == layout.rows.filter { !$0.isEmpty } && layout.rows.count <= 24)
      for row in layout.rows.indices { #expect(DisplayWidth.of(layout.text(row)) <= 80) }
      seen += 1
    }
    check(bench)
    for key in ["1⏎", "2⏎", "Deutsch", "⏎", "1⏎", "1⏎", " ", "↑", "⏎"] {
      bench.press(key)
      check(bench)
    }
    for _ in 0..<6 {
      bench.press(" ")
      check(bench)
      bench.end()
      bench.press("3⏎")
      check(bench)
    }
    bench.press("⏎")
    for key in [" ", "1", "?", "x", "c", "⎋", "1⏎"] {
      bench.press(key)
      check(bench)
    }
    bench.end()
    for key in ["1", "u", "q"] {
      bench.press(key)
      check(bench)
    }
    #expect(seen > 30)
  }
}
