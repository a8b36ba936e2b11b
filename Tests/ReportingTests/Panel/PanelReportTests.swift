// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Reporting
import Testing

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
    let made = try sampleAnalysis(samplePanel())
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
    let text = try PanelJSON.render(try sampleAnalysis(Array(samplePanel().dropFirst())))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object["icc"] == nil && object["cronbach"] == nil)
    #expect((object["undefined"] as? [String: String])?["icc"]?.contains("exactly once") == true)
    #expect(!text.lowercased().contains("nan") && !text.lowercased().contains("inf\""))
    let lone = try PanelJSON.render(try sampleAnalysis(samplePanel(listeners: 1)))
    #expect(text.contains("\"planHash\" : null"))
    let systems = try #require(
      (try JSONSerialization.jsonObject(with: Data(lone.utf8)) as? [String: Any])?["systems"] as? [[String: Any]])
    #expect(systems.allSatisfy { $0["low"] == nil && $0["high"] == nil && $0["mos"] != nil })
  }
}

@Suite struct PanelOriginTests {
  @Test func theSeedAndThePlansHashAreWritten() throws {
    func seed(_ seed: UInt64?) throws -> String? {
      let text = try PanelJSON.render(try sampleAnalysis(samplePanel()) { $0.seed = seed }, planHash: "ab12")
      let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      #expect(object["planHash"] as? String == "ab12" && object["plan"] as? String == "p1")
      return (object["bootstrap"] as? [String: Any])?["seed"] as? String
    }
    #expect(try seed(nil) == "\(PanelOptions().usedSeed)" && seed(7) == "7")
    // The number that is written gives the same analysis.
    let written = try #require(UInt64(try seed(nil) ?? ""))
    let constant = try sampleAnalysis(samplePanel())
    #expect(try sampleAnalysis(samplePanel()) { $0.seed = written }.all == constant.all)
    #expect(try sampleAnalysis(samplePanel()) { $0.seed = 7 }.all != constant.all)
  }
}

@Suite struct PreferenceJSONTests {
  @Test func votesHaveTheirNumbers() throws {
    let made = try sampleAnalysis(sampleVotes())
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(try PanelJSON.render(made).utf8)) as? [String: Any])
    #expect(object["scale"] as? String == "ab" && (object["systems"] as? [Any])?.isEmpty == true)
    let preferences = try #require(object["preferences"] as? [String: Any])
    let pairs = try #require(preferences["pairs"] as? [[String: Any]])
    let found = try #require(made.all.preferences?.pairs)
    #expect(pairs.count == 3)
    for (pair, found) in zip(pairs, found) {
      #expect(pair["forA"] as? Int == found.forA && pair["ties"] as? Int == found.ties)
      #expect(near(pair["binomial"] as? Double, found.test?.p))
      #expect(near(pair["listenerHolm"] as? Double, found.listenerHolm))
      #expect(near((pair["wilson"] as? [String: Double])?["low"], found.test?.interval.lowerBound))
      #expect(pair["finding"] as? String == found.finding.rawValue)
      let clustered = try #require(pair["clustered"] as? [String: Double])
      #expect(near(clustered["low"], found.clustered?.low) && near(clustered["high"], found.clustered?.high))
      #expect(pair["noInterval"] == nil)
    }
    let lone = try PanelJSON.render(try sampleAnalysis(sampleVotes().filter { $0.listener == "L0" }))
    #expect(lone.contains("\"noInterval\" : \"one listener\"") && !lone.contains("\"clustered\""))
    let abilities = try #require(preferences["abilities"] as? [String: [String: Double]])
    #expect(near(abilities["b"]?["logits"], made.all.preferences?.abilities.value?.first?.value))
  }
}

@Suite struct PanelTextTests {
  @Test func notSignificantIsNeverEqual() throws {
    // Three listeners cannot show anything by ranks, and the margin is too narrow for equivalence.
    let text = PanelText.render(try sampleAnalysis(samplePanel(listeners: 3), margin: 0.001))
    #expect(text.contains("undecided: neither a difference of MOS nor equivalence within ±0.00 shown"))
    let all = text + PanelText.render(try sampleAnalysis(samplePanel()))
    for word in ["equal", "identical", "no difference", "same as", "is better than"] {
      #expect(!all.contains(word), "\(word)")
    }
    #expect(text.contains("! 3 listeners: under 10"))
  }

  @Test func findingsAreInWords() throws {
    let lines = PanelText.render(try sampleAnalysis(samplePanel())).split(separator: "\n").map(String.init)
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
    var ratings = samplePanel()
    for index in ratings.indices where ratings[index].listener == "L3" { ratings[index].score = 3 }
    let text = PanelText.render(try sampleAnalysis(ratings))
    #expect(text.contains("nobody was left out") && text.contains("low-variance"))
    #expect(text.contains("with all 12 listeners, and without those: 11"))
  }

  @Test func whatTurnsOnAFlaggedListenerIsSaid() throws {
    let ratings = samplePanel(listeners: 10).filter { $0.system != "c" }.map { rating in
      var rating = rating
      if rating.listener == "L9" { rating.score = rating.system == "a" ? 5 : 1 }
      return rating
    }
    let text = PanelText.render(try sampleAnalysis(ratings))
    #expect(text.contains("findings that turn on it\n  a, b: undecided: neither a difference of MOS"))
    #expect(text.contains(" shown → without: b is better\n"))
  }

  @Test func namesCannotSteerTheTerminal() throws {
    let text = PanelText.render(try sampleAnalysis(samplePanel(systemA: "\u{1B}[31mred\r")))
    #expect(!text.unicodeScalars.contains("\u{1B}") && !text.contains("\r") && text.contains("\\u{1b}[31mred"))
  }

  @Test func noIntervalSaysWhy() throws {
    func text(_ ratings: [PanelRating]) throws -> String { PanelText.render(try sampleAnalysis(ratings)) }
    let listener = try text(samplePanel(listeners: 1))
    #expect(listener.contains("–: one listener") && listener.contains("none: one listener"))
    #expect(!listener.contains("(greater)"))
    let utterance = try text(samplePanel().filter { $0.utterance == "u0" })
    #expect(utterance.contains("–: one utterance") && !utterance.contains("(greater)"))
    for (text, reason) in [(listener, "one listener"), (utterance, "one utterance")] {
      let lines = text.split(separator: "\n")
      #expect(lines.contains { $0.hasPrefix("a, b ") && $0.contains(" none: \(reason) ") })
    }
    #expect(utterance.contains("! 1 utterance: what is found holds for that one sentence\n"))
    #expect(utterance.contains("finding are of: for other listeners and these sentences"))
    let json = try PanelJSON.render(try sampleAnalysis(samplePanel(listeners: 1)))
    #expect(json.contains("\"noInterval\" : \"one listener\""))
    #expect(json.contains("\"undefined\" : \"one listener\"") && !json.contains("\"usedGreater\" : true"))
  }

  @Test func listenersOfOneMindAreUndecided() throws {
    let ratings = samplePanel().filter { $0.system == "a" }
    let twins = ratings.map { rating in
      var rating = rating
      rating.system = "b"
      return rating
    }
    let made = try sampleAnalysis(ratings + twins)
    let reason = "all 12 listeners differ by the same: no variance"
    #expect(PanelText.render(made).contains("undecided: t and TOST are undefined: \(reason)"))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(try PanelJSON.render(made).utf8)) as? [String: Any])
    let pair = try #require((object["pairs"] as? [[String: Any]])?.first)
    #expect(pair["undefined"] as? String == reason && pair["tost"] == nil && pair["pairedT"] == nil)
    #expect(pair["finding"] as? String == "undecided")
  }

  @Test func oneSystemHasNoPairs() throws {
    let text = PanelText.render(try sampleAnalysis(samplePanel().filter { $0.system == "b" }))
    #expect(text.hasPrefix("12 listeners, 72 ratings, 1 system, plan p1\n"))
    #expect(!text.contains("a, b") && !text.contains("\n\n\n"))
  }

  @Test func aScaleHasItsNamesAndItsMargin() throws {
    let ratings = samplePanel().map { rating in
      var rating = rating
      rating.score = 20 * (rating.score - 1)
      return rating
    }
    let text = PanelText.render(
      try sampleAnalysis(ratings) { options in
        (options.setup.scale, options.setup.reference, options.setup.anchors) = (.mushra, "b", ["c"])
      })
    #expect(text.contains("mean score") && !text.contains("MOS") && text.contains("mean of 0 … 100"))
    #expect(text.contains("b (reference)") && text.contains("c (anchor)") && text.contains("reference < 90"))
    #expect(text.contains("within ±10.00") && text.contains("that margin is a convention"))
    let chosen = PanelText.render(try sampleAnalysis(samplePanel(), margin: 0.25))
    #expect(chosen.contains("within ±0.25") && !chosen.contains("convention"))
    let asked = PanelText.render(try sampleAnalysis(samplePanel()) { $0.question = "How fast was it? 1 … 5" })
    #expect(asked.contains("MOS: How fast was it? 1 … 5") && !asked.contains("opinion"))
    let dmos = PanelText.render(try sampleAnalysis(samplePanel()) { $0.setup.scale = .dcr })
    #expect(dmos.contains("DMOS b − a") && dmos.contains("mean degradation score"))
  }

  @Test func comparisonsAreAgainstZero() throws {
    let ratings = samplePanel().map { rating in
      var rating = rating
      (rating.score, rating.against) = (rating.score - 3, "ref")
      return rating
    }
    let made = try sampleAnalysis(ratings)
    let lines = PanelText.render(made).split(separator: "\n").map(String.init)
    #expect(lines.contains("CMOS against 0: b against the a that it was heard beside"))
    #expect(lines.contains { $0.hasPrefix("ref, b ") && $0.hasSuffix("b is better") })
    #expect(lines.contains { $0.hasPrefix("system") && $0.hasSuffix("two-way p of 0") })
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(try PanelJSON.render(made).utf8)) as? [String: Any])
    let zero = try #require(object["againstReference"] as? [[String: Any]])
    #expect(zero.map { $0["b"] as? String } == ["a", "b", "c"] && object["measure"] as? String == "CMOS")
    #expect(near(zero[1]["holm"] as? Double, made.all.againstReference[1].holm))
    let systems = try #require(object["systems"] as? [[String: Any]])
    #expect(near(systems[1]["pOfZero"] as? Double, made.all.systems[1].mean.p(against: 0)))
  }

  @Test func votesAreTestedAsVotes() throws {
    let text = PanelText.render(try sampleAnalysis(sampleVotes()))
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines[0] == "12 listeners, 216 votes, 3 systems, plan p1")
    #expect(lines.contains { $0.hasPrefix("a, b") && $0.hasSuffix("b is preferred") })
    #expect(lines.contains { $0.hasPrefix("b, c") && $0.hasSuffix("a is preferred") })
    #expect(lines.contains { $0.hasPrefix("a, c") && $0.hasSuffix("undecided: a preference is not shown") })
    #expect(text.contains("Bradley–Terry, logits") && !text.contains("MOS") && text.contains("votes prefer neither"))
  }
}
