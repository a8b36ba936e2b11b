// SPDX-License-Identifier: GPL-3.0-or-later
import Glibc
import ListeningPanel
import Testing

/// A session in lines, as it is typed and read. One at a time, as signals are the process's.
@Suite(.serialized) struct PlainTerminalTests {
  /// What is printed after each line that is typed; sound ends at once.
  private func replies(_ bench: inout Bench, _ lines: [String], columns: Int = 80) throws -> [String] {
    var ends: [Int32] = [-1, -1]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    var printed = ""
    var terminal = try PlainTerminal(input: ends[0], columns: { columns }, write: { printed += $0 + "\n" })
    terminal.show(bench.screen)
    return lines.map { line in
      printed = ""
      _ = (line + "\n").withCString { write(ends[1], $0, strlen($0)) }
      while case .key(let key)? = terminal.next(within: 0.01) {
        bench.pass(0.1)
        bench.perform(bench.session.handle(key, at: bench.now))
        terminal.show(bench.screen)
      }
      if bench.request != nil {
        bench.end()
        terminal.show(bench.screen)
      }
      return printed
    }
  }

  private func bench(_ more: String = "training: 0\n", isInTrials: Bool = true) throws -> Bench {
    var bench = try Bench(Studio().plan(more), terminal: "plain")
    if isInTrials { bench.enterTrials() }
    return bench
  }

  @Test func aLineThatIsNothingIsToldWhatIs() throws {
    var bench = try bench(isInTrials: false)
    let start = try replies(&bench, ["yes", "yes", "9", "0", "1"])
    for reply in start[..<4] {
      #expect(reply.hasPrefix("That is nothing that can be typed here.\nType one of these, then Enter:\n[1-2] choose"))
    }
    #expect(start[4].contains("How old are you?"))
    bench = try self.bench()
    let trial = try replies(&bench, ["hello", "x", "9"])
    #expect(trial[0] == trial[1] && trial[0] == trial[2])
    #expect(
      trial[0] == """
        That is nothing that can be typed here.
        Type one of these, then Enter:
        [space] play  [1-5] rate  [u] undo last  [c] comment  [?] help  [q] pause

        """)
  }

  /// `45` on a scale of five is no 5, and a key without a character is no Enter.
  @Test func aLineIsOneThing() throws {
    var bench = try bench()
    let events = bench.events.count
    _ = try replies(&bench, [" "])
    #expect(bench.events.count == events + 1)
    let wrong = try replies(&bench, ["45", "no5", "5 4", "\u{1B}[15~", "u5"])
    for reply in wrong { #expect(reply.contains("nothing that can be typed")) }
    #expect(bench.events.count == events + 1 && bench.ratings.isEmpty)
    #expect(try replies(&bench, [" 4\r"])[0].contains("Trial 2 of 4"))
    #expect(bench.ratings.map(\.value) == [4])
  }

  /// Also where the answer is what was said before.
  @Test func everyLineIsAnswered() throws {
    var bench = try bench()
    let early = try replies(&bench, ["5", "5", "", ""])
    for reply in early { #expect(reply.contains("To listen, press space, then Enter.")) }
    for reply in try replies(&bench, ["u", "u"]) { #expect(reply.contains("There is nothing to take back.")) }
    let played = try replies(&bench, [" ", " ", " ", " "])
    #expect(played[0].contains("Your answer?\nYou may listen again: 2 ×.") && played[1].contains("again: 1 ×"))
    #expect(played[3].contains("It cannot be played again."))
    let text = try replies(&bench, ["?", "", "c", "clicks"])
    #expect(text[0].contains("Ctrl-C: ends it at once") && text[1].contains("Trial 1 of 4"))
    #expect(text[2].contains("Type what you noticed") && text[3].contains("Trial 1 of 4"))
    var level = try self.bench(isInTrials: false)
    let steps = try replies(&level, ["1", "1", "", "x", "1", "1", " ", "--", "+-+", "louder", "-x"])
    #expect(steps[2].contains("nothing that can be typed") && steps[2].contains("Type its name"))
    #expect(steps[7].contains("Loudness: -2 dB") && steps[8].contains("Loudness: -1 dB"))
    for reply in steps[9...] { #expect(reply.contains("nothing that can be typed") && reply.contains("[+ -]")) }
  }

  /// The minutes to the break are said once, with the trial; they are no news when they change.
  @Test func whatChangesByItselfIsSaidOnce() throws {
    var bench = try bench()
    _ = try replies(&bench, [" "])
    let next = try replies(&bench, ["4"])
    #expect(next[0].contains("Trial 2 of 4   break in 15 min"))
    bench.pass(300)
    #expect(try !replies(&bench, [" "])[0].contains("break in"))
  }

  @Test func wordsStayWhole() throws {
    var bench = try bench(isInTrials: false)
    let reply = try replies(&bench, ["1"], columns: 24)[0] + (try replies(&bench, ["?"], columns: 24)[0])
    for line in reply.split(separator: "\n") { #expect(DisplayWidth.of(String(line)) <= 24, "\(line)") }
    #expect(reply.replacing("\n", with: " ").contains("I would rather not say"))
    for version in ["250", "101"] {
      var mushra = try self.bench("method: mushra\nreference: s0\ntraining: 0\n")
      #expect(try replies(&mushra, ["a", version])[1].contains("nothing that can be typed"))
    }
  }
}
