// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Testing

@Suite struct PanelRatingsJSONTests {
  private func read(_ text: String) throws(PanelJSONError) -> [PanelRating] {
    try PanelRatingsJSON.panel(Data(text.utf8)).ratings
  }

  private func refusal(_ text: String) -> PanelJSONError? {
    do throws(PanelJSONError) {
      _ = try read(text)
      return nil
    } catch { return error }
  }

  @Test func listsAndObjectsAreRead() throws {
    let rows = """
      [{"listener": "a", "system": 3, "stimulus": "u", "score": 4}, {"listener": 7, "system": "s", "utterance": "v",
        "stimulus": "w", "score": 2.5, "kind": "repeat", "order": 4, "session": "may", "reaction": 1.5, "clip": 2}]
      """
    let expected = [
      PanelRating(listener: "a", system: "3", utterance: "u", score: 4),
      PanelRating(
        listener: "7", system: "s", utterance: "v", score: 2.5, session: "may", order: 4, kind: .repeat_,
        reactionSeconds: 1.5,
        clipSeconds: 2),
    ]
    #expect(try read(rows) == expected)
    #expect(try read("{\"ratings\": \(rows), \"more\": 1}") == expected)
  }

  @Test func hostileDocumentsAreRefusedByNumber() {
    let good = "{\"listener\": \"a\", \"system\": \"s\", \"stimulus\": \"u\", \"score\": 4}"
    #expect(refusal("[]") == .empty)
    #expect(
      refusal("") != nil && refusal("[") != nil && refusal("4") != nil && refusal("{}") == .notRatings("no “ratings”"))
    func second(_ row: String) -> PanelJSONError? { refusal("[\(good), \(row)]") }
    #expect(
      second("{\"listener\": \"a\", \"system\": \"s\", \"stimulus\": \"u\"}") == .badRating(2, reason: "no “score”"))
    #expect(
      second(good.replacingOccurrences(of: "4}", with: "\"4\"}"))
        == .badRating(2, reason: "“score” is of the wrong type"))
    #expect(second(good.replacingOccurrences(of: "4}", with: "null}")) != nil)
    #expect(second(good.replacingOccurrences(of: "4}", with: "1e999}")) != nil)
    #expect(second(good.replacingOccurrences(of: "4}", with: "NaN}")) != nil)
    #expect(
      second(good.replacingOccurrences(of: "\"a\"", with: "\" \"")) == .badRating(2, reason: "“listener”: it is empty"))
    #expect(
      second("{\"listener\": \"a\", \"system\": \"s\", \"score\": 1}")
        == .badRating(2, reason: "no “utterance” or “stimulus”"))
    #expect(
      second(good.replacingOccurrences(of: "4}", with: "4, \"kind\": \"odd\"}"))?.description.contains("none of rated")
        == true)
  }

  @Test func scoresBeyondTheScaleAreRefused() throws {
    func text(_ score: String, more: String = "") -> String {
      "[{\"listener\":1,\"system\":\"s\",\"utterance\":\"u\",\"score\":\(score)\(more)}]"
    }
    #expect(refusal(text("1e308")) == .badRating(1, reason: "“score”: 1e+308 lies outside -1000000 … 1000000"))
    #expect(throws: PanelJSONError.badRating(1, reason: "“score”: 4.0 lies outside -3 … 3 of ccr")) {
      try PanelRatingsJSON.panel(Data(text("4", more: ",\"against\":\"t\"").utf8), setup: PanelSetup(scale: .ccr))
    }
    #expect(
      refusal(text("4", more: ",\"reaction\":-1")) == .badRating(1, reason: "“reaction”: -1.0 lies outside 0 … 1000000")
    )
    #expect(
      refusal(text("4", more: ",\"session\":\"\\u001b[2J\""))
        == .badRating(1, reason: "“session”: it holds the control character U+1B"))
    #expect(refusal(text("1", more: ",\"against\":\"t\""))?.description.contains("--scale") == true)
  }

  @Test func theDocumentSaysHowThePanelWasHeld() throws {
    func document(_ head: String, _ stated: PanelSetup = PanelSetup()) throws(PanelJSONError) -> ImportedPanel {
      let row =
        "{\"listener\": 1, \"system\": \"x\", \"stimulus\": \"u\", \"score\": 4, \"right\": false, \"kind\": \"gold\"}"
      return try PanelRatingsJSON.panel(Data("{\(head), \"ratings\": [\(row)]}".utf8), setup: stated)
    }
    let whole = "\"scale\": \"mushra\", \"reference\": \"x\", \"anchors\": []"
    let panel = try document(whole)
    #expect(panel.setup == PanelSetup(scale: .mushra, reference: "x") && panel.ratings[0].isRight == false)
    #expect(try document(whole, PanelSetup(scale: .mushra)).setup == panel.setup)
    #expect(throws: PanelJSONError.self) { try document(whole, PanelSetup(scale: .acr)) }
    #expect(throws: PanelJSONError.badPanel("“scale” is none of acr, dcr, ccr, ab, mushra")) {
      try document("\"scale\": \"odd\"")
    }
  }
}
