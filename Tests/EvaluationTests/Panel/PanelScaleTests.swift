// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Statistics
import Testing

private func light(_ scale: PanelScale? = nil) -> PanelOptions {
  var options = PanelOptions()
  options.resamples = 300
  options.scale = scale
  return options
}

@Suite struct PanelScaleTests {
  /// Comparisons of systems with one reference: s1 a step better, s2 by nothing.
  private static func comparisons(reference: (Int) -> String = { _ in "ref" }) -> [PanelRating] {
    var ratings: [PanelRating] = []
    for listener in 0..<12 {
      for utterance in 0..<6 {
        let noise = Double((listener * 5 + utterance * 3) % 3 - 1)
        for (system, shift) in [("s1", 1.0), ("s2", 0.0)] {
          ratings.append(
            PanelRating(
              listener: "\(listener)", system: system, utterance: "u\(utterance)", score: shift + noise,
              against: reference(utterance)))
        }
      }
    }
    return ratings
  }

  @Test func comparisonsAreTestedAgainstZero() throws {
    let analysis = try PanelAnalysis(Self.comparisons(), options: light())
    #expect(analysis.scale == .ccr && analysis.scale.meanName == "CMOS" && analysis.margin == 0.5)
    #expect(analysis.all.systems.map(\.name) == ["s1", "s2"])
    let zero = analysis.all.againstReference
    #expect(zero.map(\.a) == ["ref", "ref"] && zero.map(\.b) == ["s1", "s2"])
    #expect(zero[0].finding == .different && zero[1].finding == .equivalent)
    #expect(zero[0].mosDifference == analysis.all.systems[0].mean.mean && zero[0].listeners == 12)
    #expect(zero[0].interval == analysis.all.systems[0].bootstrap && zero[0].interval != nil)
    // A family of their own.
    #expect(zero.map(\.holm) == Holm.adjusted(zero.compactMap { $0.wilcoxon?.p }))
    #expect((analysis.all.systems[0].mean.p(against: 0) ?? 1) < 0.01)
    #expect(analysis.all.pairs.map { $0.a + $0.b } == ["s1s2"])
  }

  @Test func ofSeveralReferencesPairsAreRated() throws {
    let ratings = Self.comparisons { $0 % 2 == 0 ? "r1" : "r2" }
    let analysis = try PanelAnalysis(ratings, options: light())
    #expect(
      analysis.all.systems.map(\.name) == ["s1 against r1", "s1 against r2", "s2 against r1", "s2 against r2"])
    // The same, written the other way round.
    let turned = ratings.map { rating in
      var turned = rating
      (turned.system, turned.against, turned.score) = (rating.against ?? "", rating.system, -rating.score)
      return turned
    }
    #expect(try PanelAnalysis(turned, options: light(.ccr)).all == analysis.all)
  }

  @Test func marginsGoByTheScale() throws {
    var ratings: [PanelRating] = []
    for listener in 0..<12 {
      for utterance in 0..<4 {
        let noise = Double((listener * 7 + utterance * 3) % 10)
        for (system, score) in [
          ("ref", listener == 3 ? 80 : 100), ("x", 63 + noise), ("y", 60 + noise - Double(listener % 2)),
        ] {
          ratings.append(
            PanelRating(listener: "\(listener)", system: system, utterance: "\(utterance)", score: score))
        }
      }
    }
    var options = light(.mushra)
    let unnamed = try PanelAnalysis(ratings, options: options)
    #expect(unnamed.margin == 10 && unnamed.warnings.contains { $0.hasPrefix("no hidden reference") })
    options.reference = "ref"
    let analysis = try PanelAnalysis(ratings, options: options)
    let pair = try #require(analysis.all.pairs.first { $0.a == "x" && $0.b == "y" })
    #expect(pair.finding == .differentWithinMargin && pair.equivalence?.margin == 10)
    #expect(!analysis.warnings.contains { $0.hasPrefix("no hidden reference") })
    // Post-screening of BS.1534: flagged, and given with and without.
    let deaf = try #require(analysis.screening.listeners.first { $0.listener == "3" })
    #expect(deaf.reference.count == 4 && deaf.reference.missed == 4 && deaf.signs.contains(.reference))
    #expect(analysis.all.listeners == 12 && analysis.screened?.listeners == 12 - analysis.screening.flagged.count)
    options.margin = 1
    #expect(try PanelAnalysis(ratings, options: options).margin == 1)
  }

  @Test func lessThanAFifthOfMissesIsTolerated() throws {
    func signs(missed: Int) throws -> [ListenerScreening.Sign] {
      let ratings = (0..<20).map {
        PanelRating(
          listener: "x", system: "ref", utterance: "\($0)", score: $0 < missed ? 89.5 : 90 + Double($0 - missed) / 2)
      }
      var options = light(.mushra)
      options.reference = "ref"
      return try PanelAnalysis(ratings, options: options).screening.listeners[0].signs
    }
    #expect(try !signs(missed: 3).contains(.reference) && signs(missed: 4).contains(.reference))
  }

  @Test func equalScoresAreWarnedOf() throws {
    let ratings = (0..<12).flatMap { l in
      (0..<4).map { PanelRating(listener: "\(l)", system: "s", utterance: "\($0)", score: 5) }
    }
    let analysis = try PanelAnalysis(ratings, options: light())
    #expect(analysis.warnings.contains { $0.hasPrefix("an interval of no width") && $0.hasSuffix(": s") })
    #expect(analysis.all.pairs.isEmpty)
  }

  @Test func noScoreIsBeyondAllScales() {
    #expect(throws: PanelAnalysis.Failure.tooGreat(listener: "a", system: "b")) {
      try PanelAnalysis([PanelRating(listener: "a", system: "b", utterance: "c", score: -1e308)])
    }
  }
}

@Suite struct PanelMOSTests {
  @Test func meansAreTheAnalysis() throws {
    let ratings = try goldenPanel()
    let all = try PanelAnalysis(ratings, options: light()).all
    let shown = PanelMOS.all(ratings, of: ["2", "none", "0"])
    #expect(shown.map(\.system) == ["2", "0"] && shown.allSatisfy { $0.warning == nil && $0.scale == .acr })
    #expect(shown[1].mean == all.systems[0].mean.mean && shown[1].interval == all.systems[0].interval)
    #expect(shown[1].listeners == 12 && shown[1].utterances == 8)
    let few = PanelMOS.all(ratings.filter { $0.listener < "L14" }, of: ["0"])
    #expect(few[0].warning == "4 listeners: under 10")
    let lone = PanelMOS.all(ratings.filter { $0.utterance == "u0" }, of: ["0"])
    #expect(lone[0].warning == "one utterance" && lone[0].interval == nil)
  }

  @Test func aDifferenceIsOfCrossedCells() throws {
    var ratings = try goldenPanel()
    let all = try PanelAnalysis(ratings, options: light()).all
    let found = try #require(PanelMOSDifference(ratings, from: "0", to: "1"))
    // Everybody rated everything, so it is the difference of MOS; the interval is of differences, so narrower than either's.
    #expect(abs(found.mean - all.pairs[0].mosDifference) < 1e-12 && found.listeners == 12 && found.utterances == 8)
    let interval = try #require(found.interval)
    #expect(interval.low > 0 && (found.p ?? 1) < 0.05 && found.warning == nil)
    // By hand: the cells' differences as ratings.
    let cells = ratings.filter { $0.system == "0" }.map { before in
      let after = ratings.first {
        $0.system == "1" && $0.listener == before.listener && $0.utterance == before.utterance
      }
      return PanelRating(
        listener: before.listener, system: "d", utterance: before.utterance, score: (after?.score ?? 0) - before.score)
    }
    let plain = try #require(PanelMOS.all(cells, of: ["d"]).first?.interval)
    #expect(abs(plain.low - interval.low) < 1e-12 && abs(plain.high - interval.high) < 1e-12)
    // A cell with one of the two says nothing of the difference.
    ratings.removeAll { $0.system == "1" && $0.utterance == "u3" }
    let fewer = try #require(PanelMOSDifference(ratings, from: "0", to: "1"))
    #expect(fewer.utterances == 7)
    let alone = ratings.filter { $0.utterance != "u3" }
    #expect(fewer == PanelMOSDifference(alone, from: "0", to: "1"))
    #expect(
      PanelMOSDifference(ratings, from: "0", to: "x") == nil && PanelMOSDifference(ratings, from: "0", to: "0") == nil)
  }

  @Test func sessionsWithoutAnchorsHaveNoDifference() throws {
    var ratings = try goldenPanel()
    for index in ratings.indices { ratings[index].session = ratings[index].system == "0" ? "may" : "june" }
    #expect(PanelMOSDifference(ratings, from: "0", to: "1") == nil)
    #expect(PanelMOSDifference(ratings, from: "1", to: "2") != nil)
    #expect(PanelMOS.all(ratings, of: ["0", "1"]).allSatisfy { $0.warning?.hasSuffix("not comparable") == true })
    #expect(PanelMOS.all(ratings, of: ["1", "2"]).allSatisfy { $0.warning == nil })
  }
}
