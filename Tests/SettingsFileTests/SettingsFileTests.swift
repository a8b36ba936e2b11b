// SPDX-License-Identifier: GPL-3.0-or-later
import SettingsFile
import Testing

@Suite struct SettingsFileTests {
  enum Colour: String, CaseIterable { case red, green }

  private func file(_ text: String) throws -> SettingsFile { try SettingsFile(text, path: "t.yaml") }

  @Test func nodesKnowTheirLinesAndKinds() throws {
    let root = try #require(try file("a: 1\nb:\n  - x\n  - 2.5\nc: yes\nd:\n").root)
    let entries = try #require(root.mapping)
    #expect(entries.map(\.key.text) == ["a", "b", "c", "d"])
    #expect(entries.map(\.key.line) == [1, 2, 5, 6])
    #expect(entries[0].value.integer == 1 && entries[0].value.number == 1 && entries[0].value.text == "1")
    #expect(entries[1].value.list?.map(\.text) == ["x", "2.5"] && entries[1].value.list?[1].line == 4)
    #expect(entries[2].value.boolean == true && entries[3].value.isNull && !entries[0].value.isNull)
  }

  @Test func anEmptyFileHasNoEntries() throws {
    for text in ["", "# nothing\n", "~\n"] {
      let file = try file(text)
      #expect(try file.entries(file.root, of: "the file", allowed: ["a"]).isEmpty)
    }
  }

  @Test func whatIsWrongIsNamedWithItsLine() throws {
    let file = try file("colour: gren\nnumber: 11\n")
    let entries = try file.entries(file.root, of: "the file", allowed: ["colour", "number"])
    #expect(
      throws: SettingsFileError(path: "t.yaml", line: 1, reason: "colour has no “gren”; did you mean “green”?")
    ) { try file.choice(entries[0].1, of: "colour", as: Colour.self) }
    #expect(throws: SettingsFileError(path: "t.yaml", line: 2, reason: "number is a whole number, 1 to 10")) {
      try file.integer(entries[1].1, of: "number", in: 1...10)
    }
    #expect(throws: SettingsFileError(path: "t.yaml", line: 2, reason: "number is a whole number, from 20")) {
      try file.integer(entries[1].1, of: "number", in: 20...(.max))
    }
    #expect(
      throws: SettingsFileError(path: "t.yaml", line: 1, reason: "the file has no “colour”; did you mean “color”?")
    ) { try file.entries(file.root, of: "the file", allowed: ["color"]) }
  }

  @Test(arguments: [
    ("a: 1\nb: [1, 2\nc: 3\n", 3, "not YAML: did not find expected ',' or ']', while parsing a flow sequence"),
    ("a: 1\n\tb: 2\n", 2, "not YAML: found a tab character that violates indentation, while scanning a plain scalar"),
    ("x:\n  a: 1\n  a: 2\n", 2, "here begins what has “a” twice"),
    ("a: \u{1}\n", nil, "not YAML: control characters are not allowed"),
  ]) func whatIsNoYAMLIsToldInALine(_ text: String, _ line: Int?, _ reason: String) {
    #expect(throws: SettingsFileError(path: "t.yaml", line: line, reason: reason)) { try file(text) }
  }

  @Test(arguments: [("", "", 0), ("abc", "abc", 0), ("kitten", "sitting", 3), ("", "ab", 2), ("flaw", "lawn", 2)])
  func distancesCountChanges(_ a: String, _ b: String, _ distance: Int) {
    #expect(Spelling.distance(a, b) == distance && Spelling.distance(b, a) == distance)
  }
}
