// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Statistics
import Testing

private func light(_ scale: PanelScale? = nil) -> PanelOptions {
  var options = PanelOptions()
  options.resamples = 300
  options.setup.scale = scale
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

  @Test func leavingListenersOutChangesNoNames() throws {
    // The one listener of reference r2 answers in haste; without him one reference is left, and pairs are still what is rated.
    let ratings = Self.comparisons().map { rating in
      var rating = rating
      rating.against = rating.listener == "7" ? "r2" : "r1"
      (rating.clipSeconds, rating.reactionSeconds) = (3, rating.listener == "7" ? 1 : 4)
      return rating
    }
    let analysis = try PanelAnalysis(ratings, options: light())
    #expect(analysis.screening.flagged == ["7"])
    let screened = try #require(analysis.screened)
    #expect(screened.systems.map(\.name) == ["s1 against r1", "s2 against r1"])
    #expect(screened.againstReference.map(\.a) == ["", ""])
    // Gold trials have references of their own, which make no pairs of the rest.
    let gold = PanelRating(
      listener: "1", system: "good", utterance: "g", score: 3, against: "bad", kind: .gold, isRight: true)
    #expect(try PanelAnalysis(Self.comparisons() + [gold], options: light()).all.systems.map(\.name) == ["s1", "s2"])
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
    options.setup.reference = "ref"
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
      options.setup.reference = "ref"
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
