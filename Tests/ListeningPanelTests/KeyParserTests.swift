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
}
