// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Statistics
import Testing

/// The golden panel: 3 systems × 8 utterances × 12 listeners.
func goldenPanel() throws -> [PanelRating] {
  struct File: Decodable { let scores: [[[Double]]] }
  let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../StatisticsTests/Goldens/ratings-golden.json")
  let scores = try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).scores
  return scores.indices.flatMap { s in
    scores[s].indices.flatMap { u in
      scores[s][u].indices.map { l in
        PanelRating(listener: "L\(10 + l)", system: "\(s)", utterance: "u\(u)", score: scores[s][u][l])
      }
    }
  }
}

/// Options that cost little.
let light: PanelOptions = {
  var options = PanelOptions()
  options.resamples = 300
  return options
}()

private func rounds(_ value: Double?, _ printed: String) -> Bool {
  let digits = printed.split(separator: ".").last.map(\.count) ?? 0
  return value.map { String(format: "%.\(digits)f", $0) == printed } ?? false
}

@Suite struct PanelAnalysisTests {
  @Test func theSpecificationsNumbers() throws {
    let analysis = try PanelAnalysis(try goldenPanel())
    let all = analysis.all
    #expect(all.listeners == 12 && all.ratings == 288 && all.systems.map(\.name) == ["0", "1", "2"])
    let first = all.systems[0]
    #expect(rounds(first.mean.mean, "2.791667") && rounds(first.mean.standardDeviation, "0.832456"))
    #expect(rounds(first.mean.independentHalfWidth(), "0.168671"))
    #expect(rounds(first.mean.iidError, "0.084962") && rounds(first.mean.listenerError, "0.150472"))
    #expect(rounds(first.mean.utteranceError, "0.065881") && rounds(first.mean.twoWayError, "0.140850"))
    let bootstrap = try #require(first.bootstrap)
    #expect(abs(bootstrap.lowerBound - 2.448) < 0.015 && abs(bootstrap.upperBound - 3.135) < 0.015)
    let golden = [
      ["0.001953", "0.005859", "0.001953", "0.000492"], ["0.004395", "0.008789", "0.004395", "0.001125"],
      ["0.765625", "0.765625", "0.785156", "0.698704"],
    ]
    #expect(all.pairs.map { [$0.a, $0.b] } == [["0", "1"], ["0", "2"], ["1", "2"]])
    for (pair, golden) in zip(all.pairs, golden) {
      #expect(rounds(pair.wilcoxon?.p, golden[0]) && rounds(pair.holm, golden[1]))
      #expect(rounds(pair.signFlip?.p, golden[2]) && rounds(pair.pairedT?.p, golden[3]))
    }
    #expect(all.pairs[2].equivalence.map { String(format: "%.1e", $0.p) } == "4.7e-05")
    #expect(all.pairs.map(\.finding) == [.different, .different, .equivalent])
    #expect(rounds(all.alpha?.interval, "0.072417") && rounds(all.alpha?.nominal, "0.008736"))
    #expect(rounds(all.alpha?.ordinal, "0.062019"))
    let reliability = try #require(all.reliability.value)
    #expect(rounds(reliability.icc21, "0.096829") && rounds(reliability.icc2k, "0.562654"))
    #expect(rounds(reliability.cronbachAlpha, "0.651670"))
    let projection = try #require(all.projection.value)
    #expect(rounds(projection.systems[0].clips["u0"], "2.850204") && rounds(projection.listeners[1].bias, "-1.059028"))
    #expect(rounds(projection.listeners[3].inconsistency, "0.589085"))
  }

  @Test func listenersOfOneMindAreNoProofOfEquivalence() throws {
    // Every listener finds system 1 a tenth better than 0, whatever the sentence; rounding tells some of these tenths apart.
    let ratings = try goldenPanel().filter { $0.system == "0" }
    let shifted = ratings.map { rating in
      var rating = rating
      (rating.system, rating.score) = ("1", rating.score + 0.1)
      return rating
    }
    let pair = try #require(try PanelAnalysis(ratings + shifted, options: light).all.pairs.first)
    #expect(pair.equivalence == nil && pair.pairedT == nil)
    #expect(pair.undefinedReason == "all 12 listeners differ by the same: no variance")
    // Ranks and signs need no variance: that there is a difference is shown, that it is small is not.
    #expect(pair.wilcoxon?.p == 2.0 / 4096 && pair.finding == .different)
    #expect(abs((pair.difference ?? 0) - 0.1) < 1e-14)
    let same = ratings.map { rating in
      var rating = rating
      rating.system = "1"
      return rating
    }
    let twin = try #require(try PanelAnalysis(ratings + same, options: light).all.pairs.first)
    #expect(twin.finding == .undecided && twin.undefinedReason != nil && twin.difference == 0)
  }

  @Test func theIntervalIsOfTheDifferenceOfMOS() throws {
    // One listener votes ten times as often as the others, and alone prefers the first system.
    var ratings = try goldenPanel().filter { $0.system != "2" }
    for copy in 0..<10 {
      ratings += ratings.filter { $0.listener == "L10" && !$0.utterance.contains("x") }.map { rating in
        var rating = rating
        rating.utterance += "x\(copy)"
        rating.score = rating.system == "0" ? 5 : 1
        return rating
      }
    }
    let pair = try #require(try PanelAnalysis(ratings, options: light).all.pairs.first)
    #expect(pair.mosDifference < -1 && (pair.difference ?? -9) > 0)
    let interval = try #require(pair.interval)
    #expect(interval.contains(pair.mosDifference))
    let balanced = try #require(try PanelAnalysis(try goldenPanel(), options: light).all.pairs.first)
    #expect(abs(balanced.mosDifference - (balanced.difference ?? 0)) < 1e-12)
  }

  @Test func oneListenerOrUtteranceGivesPairsNoInterval() throws {
    let panel = try goldenPanel()
    for pair in try PanelAnalysis(panel, options: light).all.pairs {
      #expect(pair.interval != nil && pair.noInterval == nil)
    }
    let utterance = try #require(panel.first?.utterance)
    let sentence = try PanelAnalysis(panel.filter { $0.utterance == utterance }, options: light)
    #expect(sentence.all.pairs.count == 3)
    for pair in sentence.all.pairs {
      #expect(pair.interval == nil && pair.noInterval == "one utterance" && pair.wilcoxon != nil)
    }
    let warning = "1 utterance: what is found holds for that one sentence"
    let whole = try PanelAnalysis(panel, options: light)
    #expect(sentence.warnings.contains(warning) && !whole.warnings.contains(warning))
    let listener = try PanelAnalysis(panel.filter { $0.listener == panel[0].listener }, options: light)
    #expect(listener.all.pairs.allSatisfy { $0.interval == nil && $0.noInterval == "one listener" })
    // One of the two alone suffices.
    let lone = panel.filter { $0.system != "2" || $0.listener == panel[0].listener }
    let reasons = try PanelAnalysis(lone, options: light).all.pairs.map(\.noInterval)
    #expect(reasons == [nil, "one listener", "one listener"])
  }

  @Test func oneRuleCutsIntervalsWhereverTheyAreShown() throws {
    // All are 5 but two of each system's: Student's t would go on beyond.
    let ratings = try goldenPanel().map { rating in
      var rating = rating
      rating.score = ["L10 u0", "L13 u5"].contains("\(rating.listener) \(rating.utterance)") ? 4 : 5
      return rating
    }
    let analysis = try PanelAnalysis(ratings, options: light)
    let votes = analysis.all.systems.map { system in
      CrossedRatings(
        scores: ratings.filter { $0.system == system.name }.map(\.score), listeners: (0..<96).map { $0 % 12 },
        items: (0..<96).map { $0 / 12 })
    }
    let uncut = try votes.map { try #require(ClusteredMean($0)?.interval()) }
    #expect(uncut.contains { $0.high > 5 })
    for (system, (votes, uncut)) in zip(analysis.all.systems, zip(votes, uncut)) {
      let interval = try #require(system.interval)
      // As a table of runs has it.
      #expect(interval == Summary(votes, within: 1...5)?.interval)
      #expect(interval.high == min(5, uncut.high) && interval.low == uncut.low)
    }
    // Scores of 0 … 100 whose scale nobody stated are not cut at 5.
    let wide = ratings.map { rating in
      var rating = rating
      rating.score *= 20
      return rating
    }
    #expect(try PanelAnalysis(wide, options: light).all.systems.allSatisfy { $0.interval.map { $0.low > 5 } ?? false })
  }

  @Test func orderOfRowsDoesNotMatter() throws {
    let ratings = try goldenPanel()
    let (a, b) = (try PanelAnalysis(ratings, options: light), try PanelAnalysis(ratings.reversed(), options: light))
    #expect(a.all.pairs.map(\.wilcoxon) == b.all.pairs.map(\.wilcoxon))
    for (one, other) in zip(a.all.systems, b.all.systems) {
      let (first, second) = (try #require(one.mean.twoWayError), try #require(other.mean.twoWayError))
      #expect(abs(first - second) < 1e-14)
    }
  }

  @Test func goldCatchAndRepeatsAreInNoMOS() throws {
    let ratings = try goldenPanel()
    let extra = [PanelRating.Kind.gold, .catch, .repeat_].map {
      PanelRating(listener: "L10", system: "0", utterance: "u0", score: 1, kind: $0, isRight: false)
    }
    let analysis = try PanelAnalysis(ratings + extra, options: light)
    #expect(analysis.all == (try PanelAnalysis(ratings, options: light)).all)
    let listener = try #require(analysis.screening.listeners.first)
    #expect(
      listener.gold.count == 1 && listener.gold.missed == 1 && listener.signs.contains(.gold)
        && listener.signs.contains(.catch))
    #expect(analysis.repeats?.pairs == 1)
    #expect(throws: PanelAnalysis.Failure.noRatings) { try PanelAnalysis(extra) }
    #expect(throws: PanelAnalysis.Failure.notFinite(listener: "a", system: "b")) {
      try PanelAnalysis([PanelRating(listener: "a", system: "b", utterance: "c", score: .nan)])
    }
  }

  @Test func incompleteDesignsSayWhyReliabilityIsUndefined() throws {
    let analysis = try PanelAnalysis(Array(try goldenPanel().dropFirst()), options: light)
    #expect(analysis.all.reliability.reason == "not every listener rated every clip exactly once")
    #expect(analysis.all.alpha != nil && analysis.all.projection.value != nil)
  }

  @Test func fewListenersAreWarnedOf() throws {
    func warnings(_ count: Int) throws -> [String] {
      let ratings = try goldenPanel().filter { $0.listener < "L\(10 + count)" }
      return try PanelAnalysis(ratings, options: light).warnings
    }
    #expect(try warnings(9).contains { $0.hasPrefix("9 listeners: under 10") })
    #expect(try !warnings(10).contains { $0.contains("under 10") })
    #expect(try warnings(5).contains { $0.hasPrefix("BT.500's rejection cannot fire") })
    let one = try PanelAnalysis(try goldenPanel().filter { $0.listener == "L10" }, options: light)
    #expect(one.warnings.contains { $0.hasPrefix("1 listener:") })
    #expect(one.all.systems.allSatisfy { $0.interval == nil && $0.bootstrap == nil })
  }

  @Test func sessionsWithoutSharedAnchorsAreNotCompared() throws {
    var ratings = try goldenPanel()
    for index in ratings.indices { ratings[index].session = ratings[index].system == "2" ? "june" : "may" }
    let apart = try PanelAnalysis(ratings, options: light)
    #expect(apart.all.pairs.map { [$0.a, $0.b] } == [["0", "1"]])
    let refusal = try #require(apart.all.refusals.first)
    #expect(apart.all.refusals.count == 1 && refusal.first == ["0", "1"] && refusal.second == ["2"])
    #expect(refusal.reason.contains("session may and session june share no system"))
    #expect(apart.all.systems.map(\.group) == [0, 0, 1])
    // An anchor that was rated in both joins them.
    let anchor = ratings.filter { $0.system == "0" }.map { rating in
      var rating = rating
      rating.session = "june"
      return rating
    }
    let joined = try PanelAnalysis(ratings + anchor, options: light)
    #expect(joined.all.pairs.count == 3 && joined.all.refusals.isEmpty)
  }
}
