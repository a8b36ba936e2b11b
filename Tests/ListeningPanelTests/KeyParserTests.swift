// SPDX-License-Identifier: GPL-3.0-or-later
import ListeningPanel
import Testing

@Suite struct KeyParserTests {
  private static let stream = Array("5\u{1B}[A\u{1B}OB ü中\u{1B}[15~\u{1B}[1;5C\u{1B}[6~\u{7F}\rq".utf8)
  private static let keys: [PanelKey] = [
    .character("5"), .up, .down, .character(" "), .character("ü"), .character("中"), .right, .pageDown, .backspace,
    .enter, .character("q"),
  ]

  @Test func keysComeInOneRead() {
    var parser = KeyParser()
    #expect(parser.take(Self.stream) == Self.keys && !parser.isWaiting)
  }

  @Test(arguments: 1...5) func keysComeInPieces(_ size: Int) {
    var parser = KeyParser()
    var keys: [PanelKey] = []
    for start in stride(from: 0, to: Self.stream.count, by: size) {
      keys += parser.take(Self.stream[start..<min(start + size, Self.stream.count)])
    }
    #expect(keys == Self.keys)
  }

  @Test func aLoneEscapeIsAKeyAfterAWhile() {
    var parser = KeyParser()
    #expect(parser.take([0x1B]).isEmpty && parser.isWaiting)
    #expect(parser.timeout() == [.escape] && !parser.isWaiting)
    #expect(parser.take([0x1B, 0x1B]) == [.escape] && parser.timeout() == [.escape])
    #expect(parser.take([0x1B, UInt8(ascii: "[")]).isEmpty && parser.timeout().isEmpty)
  }

  @Test func whatIsNoKeyIsSwallowed() {
    var parser = KeyParser()
    // Alt-5, a control character, a broken character, an unfinished one that is flushed.
    #expect(parser.take([0x1B, UInt8(ascii: "5"), 0x01, 0xC3, 0x28]) == [.character("(")])
    #expect(parser.take([0xE4, 0xB8]).isEmpty)
    parser.flush()
    #expect(parser.take([UInt8(ascii: "1")]) == [.character("1")])
  }

  private func line(_ text: String, _ prompt: Screen.Prompt) -> [PanelKey] {
    PlainLine.keys(Array(text.utf8), prompt)
  }

  /// A digit chooses and confirms where there is something to choose, and nowhere else.
  @Test func aLineIsWhatThePromptTakes() {
    func trial(_ versions: Int) -> Screen.Prompt {
      .trial(
        index: 0, isUnlocked: true, isPlaying: false, chosen: nil, revision: 0, versions: versions, next: nil)
    }
    let level = Screen.Prompt.level(gain: 0, hasPlayed: true, isPlaying: true)
    #expect(line("2", .choice(question: "age", count: 5)) == [.character("2"), .enter])
    #expect(line("4", trial(0)) == [.character("4"), .enter] && line("u", trial(0)) == [.character("u")])
    #expect(line("40", trial(3)) == [.backspace, .character("4"), .character("0")])
    #expect(line("++-", level) == [.up, .up, .down] && line("3", level) == [.character("3")])
    #expect(line("3", .next) == [.character("3")] && line("", .next) == [.enter] && line("", trial(3)) == [.enter])
    #expect(line("-5", .text(question: "native")) == [.character("-"), .character("5"), .enter])
  }
}
