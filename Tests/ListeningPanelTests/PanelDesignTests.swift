// SPDX-License-Identifier: GPL-3.0-or-later
import ListeningPanel
import SettingsFile
import Testing

@Suite struct PanelDesignTests {
  private func reason(_ yaml: String) -> (Int?, String)? {
    do throws(PanelError) {
      _ = try PanelDesign(yaml: yaml, path: "d.yaml")
      return nil
    } catch {
      guard case .settings(let error) = error else { return nil }
      return (error.line, error.reason)
    }
  }

  @Test(
    arguments: [
      ("systems: {a: x}\nlisteners: 1\nmetod: acr\n", 3, "the design has no “metod”; did you mean “method”?"),
      ("method: arc\nsystems: {a: x}\nlisteners: 1\n", 1, "method has no “arc”; did you mean “acr”?"),
      ("systems: {a: x}\nlisteners: 0\n", 2, "listeners is a whole number, 1 to 10000"),
      (
        "systems: {a: x}\nlisteners: 1\nscale: naturalnes\n", 3,
        "acr has no scale “naturalnes”; did you mean “naturalness”?"
      ),
      ("systems: {a: x}\nlisteners: 1\nlanguage: fr\n", 3, "no language “fr”; did you mean “en”?"),
      ("systems: {a: x}\nlisteners: 1\ntraining: 2\n", 3, "training is 3 to 6 items, or 0"),
      ("method: ab\nsystems: {a: x}\nlisteners: 1\n", 2, "ab takes two systems"),
      (
        "method: dcr\nsystems: {a: x, b: y}\nlisteners: 1\nreference: c\n", 4,
        "no system is called “c”; did you mean “a”?"
      ),
      (
        "systems: {a: x}\nlisteners: 1\norder: latin\n", 3,
        "order has no “latin”; there are latin-square, williams, random"
      ),
      ("systems: {a: x}\nlisteners: 1\nutterances: [u, u]\n", 3, "utterances names a sentence twice"),
      (
        "systems: {a: x}\nlisteners: 1\ngold: [{system: a, utterance: u}]\n", 3,
        "gold says which answers are right: expect, at-least or at-most, of the scale"
      ),
      (
        "systems: {a: x,\n \"b\\e[31m\": y}\nlisteners: 1\n", 2,
        "systems: the name “b\\u{1B}[31m” has a control character"
      ),
      (
        "systems: {a: x}\nlisteners: 1\nutterances: [u,\n \"v\\nw\"]\n", 4,
        "utterances: the name “v\\nw” has a control character"
      ),
      (
        "systems: {a: x}\nlisteners: 1\ntraining: {items: 3, utterances: [\"\\a\"]}\n", 3,
        "utterances: the name “\\u{07}” has a control character"
      ),
      (
        "systems: {a: x}\nlisteners: 1\ngold: [{system: a, utterance: \"\\x9Bm\", expect: 5}]\n", 3,
        "gold: the name “\\u{009B}m” has a control character"
      ),
      (
        "systems: {a: x}\nlisteners: 1\ncatch: [{file: \"a\\tb\", expect: 5}]\n", 3,
        "catch: the name “a\\tb” has a control character"
      ),
      (
        "method: ab\nsystems: {a: x, b: y}\nlisteners: 1\npairs:\n  - [a, b]\n  - [b, b]\n", 6,
        "a pair is of two systems, not “b” twice"
      ),
    ]) func whatIsWrongIsNamed(_ yaml: String, _ line: Int, _ text: String)
  {
    let found = reason(yaml)
    #expect(found?.0 == line && found?.1 == text, "\(String(describing: found))")
  }

  @Test func whatIsMissingIsNamed() {
    #expect(reason("listeners: 1\n")?.1 == "the design has no “systems”")
    #expect(reason("systems: {a: x}\n")?.1 == "the design has no “listeners”")
    #expect(
      reason("method: dcr\nsystems: {a: x, b: y}\nlisteners: 1\n")?.1
        == "dcr needs a reference: the name of one of the systems")
  }

  @Test func theExampleIsUnderstood() throws {
    let design = try PanelDesign(yaml: PanelDesign.example(), path: "d.yaml")
    #expect(design.systems.count == 4 && design.utterances.count == 8 && design.listeners == 12)
    #expect(design.gold.count == 1 && design.training == 4 && design.trainingUtterances.count == 2)
  }

  @Test func aScaleCanBeOnesOwn() throws {
    let yaml = """
      systems: {a: x}
      listeners: 1
      scale: {question: How rough?, steps: [{7: Not}, {6: Hardly}, {1: Very}]}
      """
    let scale = try PanelDesign(yaml: yaml, path: "d.yaml").scale
    #expect(!scale.isStandard && scale.steps.map(\.value) == [7, 6, 1] && scale.question == "How rough?")
    #expect(
      try PanelDesign(yaml: "systems: {a: x}\nlisteners: 1\nquestion: Rough?\n", path: "d").scale.question == "Rough?")
  }
}
