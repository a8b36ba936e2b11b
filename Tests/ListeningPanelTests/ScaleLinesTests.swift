// SPDX-License-Identifier: GPL-3.0-or-later
import ListeningPanel
import Testing

/// Lines of all scales, in all languages, where windows are narrowest.
@Suite struct ScaleLinesTests {
  /// A trial's screen with each scale of the language.
  private func trials(_ language: String, _ check: (Bench, RatingScale) -> Void) throws {
    let studio = try Studio()
    for scale in try #require(Wording(language: language)).scales.values {
      let reference = scale.method.hasReference ? "reference: s0\n" : ""
      let plan = try studio.plan(
        "method: \(scale.method.rawValue)\nscale: \(scale.name)\nlanguage: \(language)\ntraining: 0\n\(reference)")
      for terminal in ["ncurses", "plain"] {
        var bench = try Bench(plan, terminal: terminal)
        bench.enterTrials()
        check(bench, scale)
      }
    }
  }

  /// What must stand in one line: answers with their keys, marks, keys with what they do.
  private func items(_ bench: Bench, _ scale: RatingScale) -> [String] {
    let answers = scale.steps.map { step in
      scale.method == .mushra
        ? "\(step.value - 20)-\(step.value) \(step.label)"
        : "\(scale.key(of: step.value).map { String($0) } ?? "") \(step.label)"
    }
    let keys = bench.screen.lines.flatMap { line -> [String] in
      if case .keys(let hints) = line { hints.map { "[\($0.key)] \($0.label)" } } else { [] }
    }
    return answers + keys
  }

  @Test(arguments: Wording.languages) func noItemIsCut(_ language: String) throws {
    var count = 0
    try trials(language) { bench, scale in
      let layout = ScreenLayout(bench.screen, columns: 80, rows: 24)
      let onScreen = layout.rows.indices.map(layout.text)
      let inLines = PlainTerminal.lines(bench.screen, width: 80)
      for lines in [onScreen, inLines] {
        for line in lines { #expect(DisplayWidth.of(line) <= 80, "\(line)") }
        for item in items(bench, scale) {
          #expect(lines.contains { $0.contains(item) }, "\(language) \(scale.name): \(item)")
          count += 1
        }
        #expect(lines.contains { $0.contains(scale.question) })
      }
    }
    #expect(count > 300)
  }

  /// Every page of a session, in lines: no word is broken, and what is wide counts twice.
  @Test(arguments: Wording.languages) func linesAreBrokenBetweenWords(_ language: String) throws {
    var bench = try Bench(Studio().plan("language: \(language)\ntraining: 0\n"), terminal: "plain")
    for key in ["?", "1⏎", "1⏎", "Deutsch⏎", "1⏎", "1⏎", "?", " ", "⏎", "?", "x"] {
      bench.press(key)
      let lines = PlainTerminal.lines(bench.screen, width: 80, isWhole: true)
      let whole = PlainTerminal.lines(bench.screen, width: 10_000, isWhole: true).joined(separator: " ")
      for line in lines { #expect(DisplayWidth.of(line) <= 80) }
      if language == "zh" {
        #expect(lines.joined().filter { $0 != " " } == whole.filter { $0 != " " })
      } else {
        #expect(lines.joined(separator: " ").split(separator: " ") == whole.split(separator: " "))
      }
    }
  }

  /// A scale of one's own, with more to say than a line holds.
  @Test func longAnswersGoOnBelow() throws {
    let label = Array(repeating: "rather long and winding", count: 5).joined(separator: " ")
    let screen = Screen(
      [.answers([.init(key: "1", label: label, isChosen: true), .init(key: "2", label: "short", isChosen: false)])],
      prompt: .nothing)
    let layout = ScreenLayout(screen, columns: 80, rows: 24)
    let lines = layout.rows.indices.map(layout.text)
    #expect(
      lines.count == 3 && lines[0].hasPrefix(" >1 rather") && lines[1].hasPrefix("    ")
        && lines[2].hasPrefix("  2 short"))
    #expect(lines.joined(separator: " ").split(separator: " ") == " >1 \(label)< 2 short".split(separator: " "))
    for line in lines { #expect(DisplayWidth.of(line) <= 78) }
  }

  @Test func rowsBreakBetweenItems() {
    #expect(DisplayWidth.rows(["one two", "three", "four"], gap: 3, to: 15) == ["one two   three", "four"])
    #expect(DisplayWidth.rows(["听音", "测试"], gap: 2, to: 9) == ["听音", "测试"])
    #expect(DisplayWidth.rows(["one two three", "four"], gap: 1, to: 8) == ["one two", "three", "four"])
  }
}
