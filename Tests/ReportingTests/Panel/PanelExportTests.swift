// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Reporting
import Testing

@Suite struct PanelExportTests {
  @Test func longFormReadsBack() throws {
    var ratings = samplePanel(listeners: 2)
    ratings[0].session = "may, 2nd"
    ratings[0].order = 7
    ratings[0].kind = .gold
    ratings[0].reactionSeconds = 2.125
    ratings[0].clipSeconds = 0.1
    ratings[1].score = -3
    ratings[1].listener = "the \"one\""
    let text = PanelExport.long(ratings)
    #expect(
      text.contains("\r\n") && text.hasPrefix("listener,system,stimulus,score,session,order,kind,reaction,clip\r\n"))
    #expect(try PanelCSV.ratings(text: text) == ratings)
  }

  @Test func formulasAreGuardedAndNumbersAreNot() {
    let text = PanelExport.long([PanelRating(listener: "=1+1", system: "s", utterance: "u", score: -1)])
    #expect(text.contains("'=1+1,s,u,-1.0,"))
  }

  @Test func wideFormHasAListenerAColumn() {
    let ratings = [("x", "1", 4.0), ("y", "1", 2), ("x", "2", 3), ("x", "2", 5)].map {
      PanelRating(listener: $0.0, system: "s", utterance: $0.1, score: $0.2)
    }
    let gold = PanelRating(listener: "z", system: "s", utterance: "9", score: 1, kind: .gold)
    #expect(PanelExport.wide(ratings + [gold]) == "system,utterance,x,y\r\ns,1,4.0,2.0\r\ns,2,4.0,\r\n")
  }

  @Test func webMUSHRAsHeadings() {
    let rating = PanelRating(listener: "x", system: "s", utterance: "1", score: 80, reactionSeconds: 1.5)
    #expect(
      PanelExport.webMUSHRA([rating], plan: "p")
        == "session_test_id,participant,trial_id,rating_stimulus,rating_score,rating_time,rating_comment\r\n"
        + "p,x,1,s,80.0,1500,\r\n")
  }

  @Test(arguments: hostileNames + ["'=x", "''", "'", "'a", "@x", "+1", "-", "=", "'-'", "''=", "12", "1e400", "nan"])
  func everyNameReadsBackAsItWas(name: String) throws {
    let rating = PanelRating(
      listener: name, system: "s" + name, utterance: name + ".", score: 1, against: name, session: name)
    let text = PanelExport.long([rating])
    // The parser takes a quotation mark with an accent for one letter. It is refused, not misread.
    guard !name.hasPrefix("\"\u{301}") else {
      #expect(throws: PanelCSVError.self) { try PanelCSV.ratings(text: text) }
      return
    }
    #expect(try PanelCSV.ratings(text: text) == [rating])
  }

  @Test func whatIsStoredBesideARatingIsWrittenOut() throws {
    let ratings = samplePanel(listeners: 1)
    var rows = ratings.map { PanelExportRow($0, device: "pulse", underruns: 0, intake: ["age": "30 to 44"]) }
    rows[0].comment = "=hum, \"then\" a click"
    rows[1].rating.against = "t"
    let text = PanelExport.long(rows)
    #expect(
      text.hasPrefix(
        "listener,system,stimulus,score,session,order,kind,reaction,clip,against,comment,device,underruns,age\r\n"))
    #expect(text.contains(",,\"'=hum, \"\"then\"\" a click\",pulse,0,30 to 44\r\n"))
    #expect(try PanelCSV.ratings(text: text) == rows.map(\.rating))
    let json = try PanelExport.json(rows, plan: "p")
    #expect(try PanelRatingsJSON.ratings(Data(json.utf8)) == rows.map(\.rating))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let first = try #require((object["ratings"] as? [[String: Any]])?.first)
    #expect(first["comment"] as? String == rows[0].comment && first["underruns"] as? Int == 0)
    #expect(first["intake"] as? [String: String] == ["age": "30 to 44"] && object["plan"] as? String == "p")
    #expect(PanelExport.webMUSHRA(rows, plan: "p").contains(",\"'=hum, \"\"then\"\" a click\"\r\n"))
  }
}
