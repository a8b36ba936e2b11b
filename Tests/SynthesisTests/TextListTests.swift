// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Synthesis
import Testing

@Suite struct TextListTests {
  func list(_ text: String, _ layout: TextList.Layout? = nil) throws -> TextList {
    try TextList(bytes: Array(text.utf8), layout: layout)
  }

  @Test func pipedLinesHaveIds() throws {
    let list = try list("LJ-1|Hello, world.\r\n\r\n  \nLJ-2.wav| Two. \n")
    #expect(list.layout == .piped)
    #expect(
      list.utterances == [Utterance(id: "LJ-1", text: "Hello, world."), Utterance(id: "LJ-2", text: "Two.")])
  }

  @Test func ofThreeColumnsTheNormalisedTextIsSaid() throws {
    let list = try list("a|In 1455|In fourteen fifty-five\nb|plain|\nc|two columns")
    #expect(list.utterances.map(\.text) == ["In fourteen fifty-five", "plain", "two columns"])
  }

  @Test func tabbedLinesMayHoldPipes() throws {
    let list = try list("\u{FEFF}a\tone | two\nb\tthree")
    #expect(list.layout == .tabbed)
    #expect(list.utterances == [Utterance(id: "a", text: "one | two"), Utterance(id: "b", text: "three")])
  }

  @Test func plainLinesAreNumberedAsInTheFile() throws {
    let list = try list((1...12).map { $0 == 3 ? "" : "text | \($0)" }.joined(separator: "\n"), .plain)
    #expect(list.utterances.count == 11)
    #expect(list.utterances[0] == Utterance(id: "01", text: "text | 1"))
    #expect(list.utterances[2].id == "04" && list.utterances[10].id == "12")
    #expect(try self.list("no mark\nthen | one").layout == .plain)
  }

  @Test func aLoneCarriageReturnIsNoText() throws {
    #expect(try list("\r\none\r\n\r\n").utterances == [Utterance(id: "2", text: "one")])
  }

  @Test(arguments: [
    ("a|x\nb|y\n\na|z", 4, "line 1"), ("a|x\nno mark", 2, "no “|”"), ("a\tx\nno mark", 2, "no tab"),
    ("a|b|c|d", 1, "4 columns"), ("a\tb\tc", 1, "3 columns"), ("a|x\nb|", 2, "no text"), ("|x", 1, "no id"),
    ("a/b|x", 1, "slash"), ("../b|x", 1, "slash"), ("..|x", 1, ".."), (".a|x", 1, "begins with “.”"),
    ("-a|x", 1, "begins with “-”"), ("a\u{7}|x", 1, "U+0007"), ("a|x\u{0}y", 1, "U+0000"), ("a|\u{1B}[2J", 1, "U+001B"),
  ])
  func whatIsUnsafeIsRefusedWithItsLine(_ content: String, _ line: Int, _ reason: String) throws {
    let error = try #require(throws: TextListError.self) { try list(content) }
    #expect(error.line == line && error.reason.contains(reason), "\(error)")
    #expect(error.description.hasPrefix("line \(line): "))
  }

  @Test func longIdsAndTextsAreRefused() throws {
    #expect(throws: TextListError.self) { try list(String(repeating: "é", count: 101) + "|x") }
    #expect(try list(String(repeating: "é", count: 100) + "|x").utterances.count == 1)
    #expect(throws: TextListError.self) { try list("a|" + String(repeating: "x", count: 120_001)) }
  }

  @Test func bytesThatAreNoUTF8AreRefused() throws {
    let error = try #require(throws: TextListError.self) {
      try TextList(bytes: Array("a|x\nb|".utf8) + [0xE9, 10])
    }
    #expect(error == TextListError(line: 2, reason: "not UTF-8"))
  }

  @Test func nothingToSayIsAnError() throws {
    for content in ["", "\n\n", "\u{FEFF}", " \t \r\n"] {
      #expect(throws: TextListError(line: nil, reason: "no text in it")) { try list(content) }
    }
    #expect(throws: TextListError.self) { try TextList(path: "/nowhere/texts") }
  }
}
