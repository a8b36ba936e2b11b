// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Reporting
import Testing

/// A panel of which system b is a good point better than a, and c is a with another name and a little noise.
private func panel(listeners: Int = 12, systemA: String = "a") -> [PanelRating] {
  var ratings = [PanelRating]()
  for listener in 0..<listeners {
    for utterance in 0..<6 {
      let own = Double((listener * 5 + utterance * 3) % 4) * 0.5
      let noise = Double((listener * 7 + utterance * 11) % 3 - 1) * 0.5
      for (system, score) in [(systemA, 2 + own), ("b", 3.5 + own * 0.5 + noise * 0.2), ("c", 2 + own + noise * 0.1)] {
        ratings.append(PanelRating(listener: "L\(listener)", system: system, utterance: "u\(utterance)", score: score))
      }
    }
  }
  return ratings
}

private func analysis(_ ratings: [PanelRating], margin: Double = 0.5) throws -> PanelAnalysis {
  var options = PanelOptions()
  options.resamples = 300
  options.margin = margin
  return try PanelAnalysis(ratings, plan: "p1", options: options)
}

@Suite struct PanelJSONTests {
  private struct Shape: Decodable {
    struct Alpha: Decodable { let interval, ordinal, nominal: Double }
    struct System: Decodable {
      struct Errors: Decodable { let iid, listener, utterance, twoWay: Double }
      let name: String
      let n: Int
      let mos, sd, tHalfWidth: Double
      let se: Errors
      let low, high: Double
    }
    struct Pair: Decodable {
      struct Equivalence: Decodable { let margin, p: Double }
      let a, b: String
      let difference, wilcoxon, signFlip, pairedT, holm: Double
      let tost: Equivalence
    }
    let schema: Int
    let plan: String?
    let listeners, ratings: Int
    let alpha: Alpha
    let icc: [String: Double]
    let cronbach: Double
    let systems: [System]
    let pairs: [Pair]
  }

  @Test func theShapeIsTheOneThatScriptsParse() throws {
    let made = try analysis(panel())
    let shape = try JSONDecoder().decode(Shape.self, from: Data(try PanelJSON.render(made).utf8))
    #expect(shape.schema == 1 && shape.plan == "p1" && shape.listeners == 12 && shape.ratings == 216)
    #expect(shape.systems.map(\.name) == ["a", "b", "c"])
    #expect(shape.systems[1].low == made.all.systems[1].interval?.low)
    #expect(shape.systems[1].se.twoWay == made.all.systems[1].mean.twoWayError)
    #expect(shape.pairs.map { $0.a + $0.b } == ["ab", "ac", "bc"])
    #expect(shape.pairs[0].difference == made.all.pairs[0].difference && shape.pairs[0].difference > 1)
    #expect(shape.pairs[0].holm == made.all.pairs[0].holm && shape.pairs[0].tost.margin == 0.5)
    #expect(shape.icc["2,1"] == made.all.reliability.value?.icc21 && shape.icc["2,k"] != nil)
  }

  @Test func whatIsUndefinedIsAbsentWithItsReason() throws {
    let text = try PanelJSON.render(try analysis(Array(panel().dropFirst())))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["icc"] == nil && object["cronbach"] == nil)
    #expect((object["undefined"] as? [String: String])?["icc"]?.contains("exactly once") == true)
    #expect(!text.lowercased().contains("nan") && !text.lowercased().contains("inf\""))
    let lone = try PanelJSON.render(try analysis(panel(listeners: 1)))
    let systems = try #require(
      (try JSONSerialization.jsonObject(with: Data(lone.utf8)) as? [String: Any])?["systems"] as? [[String: Any]])
    #expect(systems.allSatisfy { $0["low"] == nil && $0["high"] == nil && $0["mos"] != nil })
  }
}

@Suite struct PanelTextTests {
  @Test func notSignificantIsNeverEqual() throws {
    // Three listeners cannot show anything by ranks, and the margin is too narrow for equivalence.
    let text = PanelText.render(try analysis(panel(listeners: 3), margin: 0.001))
    #expect(text.contains("undecided: neither a difference nor equivalence shown"))
    let all = text + PanelText.render(try analysis(panel()))
    for word in ["equal", "identical", "no difference", "same as", "is better than"] {
      #expect(!all.contains(word), "\(word)")
    }
    #expect(text.contains("! 3 listeners: under 10"))
  }

  @Test func findingsAreInWords() throws {
    let lines = PanelText.render(try analysis(panel())).split(separator: "\n").map(String.init)
    #expect(lines[0] == "12 listeners, 216 ratings, 3 systems, plan p1")
    #expect(lines.contains { $0.hasPrefix("a, b") && $0.hasSuffix("b is better") })
    #expect(lines.contains { $0.hasPrefix("b, c") && $0.hasSuffix("b is worse") })
    #expect(lines.contains { $0.hasPrefix("a, c") && $0.hasSuffix("within ±0.50") })
    // Best first.
    let names = lines.drop { !$0.hasPrefix("system") }.dropFirst().prefix(3).map { $0.prefix(1) }
    #expect(names.first == "b")
    #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
  }

  @Test func flaggedListenersStandWithAndWithout() throws {
    var ratings = panel()
    for index in ratings.indices where ratings[index].listener == "L3" { ratings[index].score = 3 }
    let text = PanelText.render(try analysis(ratings))
    #expect(text.contains("nobody was left out") && text.contains("low-variance"))
    #expect(text.contains("with all 12 listeners, and without those: 11"))
  }

  @Test func namesCannotSteerTheTerminal() throws {
    let text = PanelText.render(try analysis(panel(systemA: "\u{1B}[31mred\r")))
    #expect(!text.unicodeScalars.contains("\u{1B}") && !text.contains("\r") && text.contains("\\u{1b}[31mred"))
  }
}

@Suite struct PanelExportTests {
  @Test func longFormReadsBack() throws {
    var ratings = panel(listeners: 2)
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
}
