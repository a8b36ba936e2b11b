// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Synthesis
import Testing

/// Texts that would do harm if anything read them as more than text.
@Suite struct HostileTextTests {
  static let texts = [
    "'; touch \"$here/harm\"; '", "\"; touch $here/harm; \"", "$(touch $here/harm)", "`touch $here/harm`",
    "-w {out} {text} {{text}}", "--help", "a && touch $here/harm", "* ? [a-z] ~ $HOME ${HOME} %s %n \\n \\0", "\\",
    "\\'",
    "tab\there", "emoji 👩‍👩‍👧 and ünïcödé", "x' || touch $here/harm #", "’ “quotes” «»", "!!", "two  blanks",
  ]

  let shop: Workshop
  init() throws { shop = try Workshop() }

  /// Speaks each text with a TTS that writes down what it was given, and compares.
  func check(_ settings: SynthesisSettings, ending: String = "") async throws {
    var settings = settings
    // Where the texts' commands would leave their mark.
    settings.environment["here"] = shop.path
    let list = try TextList(
      bytes: Array(
        Self.texts.enumerated().map { "t\($0)|\($1.replacingOccurrences(of: "|", with: "¦"))" }
          .joined(separator: "\n").utf8))
    let rows = try await SynthesisJob(texts: list, settings: settings).rows()
    #expect(rows.count == Self.texts.count)
    for row in rows {
      #expect(row.failure == nil, "\(row)")
      #expect(shop.text("got-\(row.id)") == row.text + ending)
    }
    #expect(!shop.exists("harm"))
  }

  @Test func asAnArgument() async throws {
    try await check(
      try shop.settings(#"[ $# = 4 ] || exit 1; printf %s "$1" >"$here/got-$4"; cp "$here/good.wav" "$2""#))
  }

  @Test func asAFile() async throws {
    try await check(
      try shop.settings(
        #"[ $# = 3 ] || exit 1; cat "$1" >"$here/got-$3"; cp "$here/good.wav" "$2""#,
        arguments: "{textfile} {out} {id}"), ending: "\n")
  }

  @Test(arguments: ["{text}", "\"{text}\"", "'{text}'", "\"\"{text}''", "\"$(printf %s {text})\""])
  func inAShell(_ placeholder: String) async throws {
    let line = "printf %s \(placeholder) >\(shop.path)/got-{id} && cp \(shop.good) {out}"
    try await check(shop.settings(try CommandTemplate(line, shell: true)))
  }

  @Test func asAWorkersLine() async throws {
    // The whole line is kept; JSON is read back here.
    let settings = try shop.worker(Worker.loop(#"printf '%s\n' "$line" >>"$here/lines"; good"#))
    let list = try TextList(
      bytes: Array(
        Self.texts.enumerated().map { "t\($0)\t\($1.replacingOccurrences(of: "\t", with: " "))" }
          .joined(separator: "\n").utf8))
    let rows = try await SynthesisJob(texts: list, settings: settings).rows()
    #expect(rows.allSatisfy { $0.failure == nil })
    let got = try #require(shop.text("lines")).split(separator: "\n").map { line in
      (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["text"] as? String
    }
    #expect(got == list.utterances.map(\.text))
  }
}
