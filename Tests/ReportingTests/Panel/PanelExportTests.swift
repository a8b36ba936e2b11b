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
    ratings[1].score = 1.25
    ratings[1].listener = "the \"one\""
    let text = PanelExport.long(ratings)
    #expect(
      text.contains("\r\n") && text.hasPrefix("listener,system,stimulus,score,session,order,kind,reaction,clip\r\n"))
    #expect(try PanelCSV.panel(text: text).ratings == ratings)
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
    let text = PanelExport.long([rating], setup: PanelSetup(scale: .ab))
    // The parser takes a quotation mark with an accent for one letter. Names that steer a terminal are no names. Both are refused, not
    // misread.
    let isControl = name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    guard !name.hasPrefix("\"\u{301}"), !isControl else {
      #expect(throws: PanelCSVError.self) { try PanelCSV.panel(text: text) }
      return
    }
    #expect(try PanelCSV.panel(text: text).ratings == [rating])
  }

  @Test(arguments: [0.00001, 1.5e-7, 5e-324, 0.1 + 0.2, -3, 1e5, 1e16, 1.2345678901234567e300, -1e17])
  func numbersHaveNoPowersOfTen(value: Double) throws {
    let text = PlainText.decimal(value)
    #expect(Double(text) == value && !text.contains("e"))
    guard abs(value) < 1e6 else { return }
    let rating = PanelRating(
      listener: "a", system: "s", utterance: "u", score: 3, reactionSeconds: abs(value), clipSeconds: 0.00001)
    #expect(try PanelCSV.panel(text: PanelExport.long([rating])).ratings == [rating])
  }

  /// What an analysis is made of is all in the export.
  @Test func theAnalysisOfAnExportIsThatOfThePanel() throws {
    func check(_ ratings: [PanelRating], _ setup: PanelSetup) throws {
      func analysis(_ ratings: [PanelRating], _ setup: PanelSetup) throws -> PanelAnalysis {
        var options = PanelOptions(setup)
        options.resamples = 100
        return try PanelAnalysis(ratings, plan: "p", options: options)
      }
      let original = try analysis(ratings, setup)
      #expect(original.screening.listeners.contains { $0.gold.missed > 0 } && original.screened != nil)
      let rows = ratings.map { PanelExportRow($0) }
      let table = try PanelCSV.panel(text: PanelExport.long(rows, setup: setup))
      #expect(try analysis(table.ratings, table.setup) == original)
      let document = try PanelRatingsJSON.panel(Data(try PanelExport.json(rows, plan: "p", setup: setup).utf8))
      #expect(try analysis(document.ratings, document.setup) == original)
    }
    let gold = (0..<4).map { place in
      PanelRating(
        listener: "L3", system: "", utterance: "g\(place)", score: 1, order: 100 + place,
        kind: place < 2 ? .gold : .catch, reactionSeconds: 1, clipSeconds: 0.5, isRight: place == 0)
    }
    try check(samplePanel() + gold, PanelSetup(scale: .acr))
    let shown = samplePanel().map { rating in
      var rating = rating
      rating.score = rating.system == "b" ? 100 : 20 * (rating.score - 1)
      return rating
    }
    try check(shown + gold, PanelSetup(scale: .mushra, reference: "b", anchors: ["c"]))
    // Comparisons of 0 and 1 alone, which look like votes.
    let compared = samplePanel().map { rating in
      var rating = rating
      (rating.score, rating.against) = (rating.score > 3 ? 1 : 0, "t")
      return rating
    }
    try check(compared + gold, PanelSetup(scale: .ccr))
    try check(sampleVotes() + gold, PanelSetup(scale: .ab))
  }

  @Test func whatIsStoredBesideARatingIsWrittenOut() throws {
    let ratings = samplePanel(listeners: 1)
    var rows = ratings.map { PanelExportRow($0, device: "pulse", underruns: 0, intake: ["age": "30 to 44"]) }
    rows[0].comment = "=hum, \"then\" a click"
    (rows[1].rating.against, rows[1].rating.kind) = ("t", .catch)
    let text = PanelExport.long(rows)
    #expect(
      text.hasPrefix(
        "listener,system,stimulus,score,session,order,kind,reaction,clip,against,comment,device,underruns,age\r\n"))
    #expect(text.contains(",,\"'=hum, \"\"then\"\" a click\",pulse,0,30 to 44\r\n"))
    #expect(try PanelCSV.panel(text: text).ratings == rows.map(\.rating))
    let json = try PanelExport.json(rows, plan: "p")
    #expect(try PanelRatingsJSON.panel(Data(json.utf8)).ratings == rows.map(\.rating))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let first = try #require((object["ratings"] as? [[String: Any]])?.first)
    #expect(first["comment"] as? String == rows[0].comment && first["underruns"] as? Int == 0)
    #expect(first["intake"] as? [String: String] == ["age": "30 to 44"] && object["plan"] as? String == "p")
    #expect(PanelExport.webMUSHRA(rows, plan: "p").contains(",\"'=hum, \"\"then\"\" a click\"\r\n"))
  }
}
