// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Statistics
import Testing

/// Votes of one listener: for the first of a pair `wins` times, for the second `losses` times, for neither `ties` times.
private func votes(
  _ listener: String, _ first: String, _ second: String, wins: Int, losses: Int, ties: Int = 0
) -> [PanelRating] {
  let scores =
    [Double](repeating: 1, count: wins) + .init(repeating: 0, count: losses) + .init(repeating: 0.5, count: ties)
  return scores.enumerated().map { place, score in
    PanelRating(listener: listener, system: first, utterance: "u\(place)", score: score, against: second)
  }
}

private func preferences(_ ratings: [PanelRating]) throws -> PanelPreferences {
  try #require(try PanelAnalysis(ratings).all.preferences)
}

@Suite struct PanelPreferencesTests {
  @Test func theSpecificationsShare() throws {
    // 100 listeners with one vote each, 60 of them for b: p of the exact binomial, and no other by listener.
    let ratings = (0..<100).flatMap { votes("\($0)", "b", "a", wins: $0 < 60 ? 1 : 0, losses: $0 < 60 ? 0 : 1) }
    let pair = try #require(try preferences(ratings).pairs.first)
    #expect(pair.a == "a" && pair.b == "b" && pair.forA == 40 && pair.forB == 60 && pair.ties == 0)
    #expect(pair.test == Preference(wins: 60, of: 100) && pair.holm == pair.test?.p && pair.listenerP == pair.test?.p)
    #expect(pair.finding == .undecided)
    let clustered = try #require(pair.clustered)
    // Student's interval of a hundred zeros and ones.
    #expect(abs(clustered.low - 0.5023) < 1e-3 && abs(clustered.high - 0.6977) < 1e-3)
  }

  @Test func aRowMayNameEitherSystemFirst() throws {
    let one = votes("x", "b", "a", wins: 3, losses: 1) + votes("y", "b", "a", wins: 2, losses: 2)
    let other = votes("x", "a", "b", wins: 1, losses: 3) + votes("y", "b", "a", wins: 2, losses: 2)
    let (first, second) = (try preferences(one).pairs, try preferences(other).pairs)
    #expect(first.count == 1 && second.count == 1)
    #expect(first[0].forB == 5 && second[0].forB == 5 && first[0].listenerP == second[0].listenerP)
  }

  @Test func goldIsRightWhicheverOfTheTwoCameFirst() throws {
    var ratings = (0..<3).flatMap { votes("\($0)", "b", "a", wins: 2, losses: 1) }
    for (listener, first, second, score, isRight) in [
      ("0", "b", "a", 1.0, true), ("1", "a", "b", 0, true), ("2", "a", "b", 1, false),
    ] {
      ratings.append(
        PanelRating(
          listener: listener, system: first, utterance: "g", score: score, against: second, kind: .gold,
          isRight: isRight))
    }
    let screening = try PanelAnalysis(ratings).screening
    #expect(screening.listeners.map(\.gold.missed) == [0, 0, 1] && screening.flagged == ["2"])
  }

  @Test func aShareLiesBetweenNothingAndAll() throws {
    let most = (0..<4).flatMap { votes("\($0)", "b", "a", wins: $0 == 0 ? 1 : 4, losses: $0 == 0 ? 3 : 0) }
    let interval = try #require(try preferences(most).pairs.first?.clustered)
    #expect(interval.high == 1 && interval.low >= 0)
  }

  @Test func tiesDecideNothingAndAreToldOf() throws {
    let bare = (0..<8).flatMap { votes("\($0)", "a", "b", wins: 5, losses: 2) }
    let tied = (0..<8).flatMap { votes("\($0)", "a", "b", wins: 5, losses: 2, ties: 9) }
    let (without, with) = (
      try #require(try preferences(bare).pairs.first), try #require(try preferences(tied).pairs.first)
    )
    #expect(with.ties == 72 && with.test == without.test && with.listenerP == without.listenerP)
    #expect(with.clustered == without.clustered)
    #expect(try PanelAnalysis(tied).warnings.contains { $0.hasPrefix("72 of 128 votes prefer neither") })
    let none = try #require(try preferences(votes("x", "a", "b", wins: 0, losses: 0, ties: 3)).pairs.first)
    #expect(none.test == nil && none.holm == nil && none.listenerP == nil && none.finding == .undecided)
  }

  @Test func votesOfOneListenerAreNotIndependent() throws {
    // Six of ten listeners are wholly for b, four wholly for a: 120 to 80 by votes, nothing by listeners.
    let split = (0..<10).flatMap { votes("\($0)", "b", "a", wins: $0 < 6 ? 20 : 0, losses: $0 < 6 ? 0 : 20) }
    let pair = try #require(try preferences(split).pairs.first)
    let wilson = try #require(pair.test?.interval)
    #expect((pair.holm ?? 1) < 0.01 && wilson.lowerBound > 0.5)
    #expect((pair.listenerP ?? 0) > 0.5 && pair.finding == .ifIndependent)
    let clustered = try #require(pair.clustered)
    #expect(clustered.low < 0.5 && clustered.low >= 0 && clustered.high <= 1)
    // The same share from everybody is a preference.
    let even = (0..<10).flatMap { votes("\($0)", "b", "a", wins: 12 + $0 % 2, losses: 8 - $0 % 2) }
    #expect(try preferences(even).pairs.first?.finding == .preferred)
  }

  @Test func pairsAreOneFamily() throws {
    let ratings = (0..<12).flatMap { listener in
      votes("\(listener)", "a", "b", wins: 3, losses: 1) + votes("\(listener)", "b", "c", wins: 2, losses: 2)
        + votes("\(listener)", "a", "c", wins: 3, losses: 2)
    }
    let pairs = try preferences(ratings).pairs
    #expect(pairs.map { $0.a + $0.b } == ["ab", "ac", "bc"])
    #expect(pairs.map(\.holm) == Holm.adjusted(pairs.compactMap { $0.test?.p }))
    #expect(pairs.map(\.listenerHolm) == Holm.adjusted(pairs.compactMap(\.listenerP)))
  }

  @Test func theSpecificationsAbilities() throws {
    let ratings =
      votes("x", "0", "1", wins: 7, losses: 3) + votes("y", "1", "2", wins: 6, losses: 4)
      + votes("z", "0", "2", wins: 8, losses: 2)
    let abilities = try #require(try preferences(ratings).abilities.value)
    #expect(abilities.map(\.name) == ["0", "1", "2"])
    for (ability, golden) in zip(abilities, [0.74057, -0.149102, -0.591468]) {
      #expect(abs(ability.value - golden) < 5e-6)
    }
    let unbeaten = try preferences(votes("x", "a", "b", wins: 9, losses: 0))
    #expect(unbeaten.abilities.reason?.contains("nobody preferred any other system to a") == true)
  }

  @Test func votesAreNoScores() throws {
    let ratings = (0..<12).flatMap { votes("\($0)", "a", "b", wins: 8, losses: 3) }
    let analysis = try PanelAnalysis(ratings)
    #expect(
      analysis.scale == .ab && analysis.all.systems.isEmpty && analysis.all.pairs.isEmpty && analysis.order == nil)
    #expect(analysis.all.alpha != nil && analysis.all.reliability.reason != nil)
    // Who always prefers the same system may simply be right.
    #expect(analysis.screening.flagged.isEmpty)
    var options = PanelOptions()
    options.setup.scale = .ab
    #expect(throws: PanelAnalysis.Failure.noPartner(listener: "x", system: "s")) {
      try PanelAnalysis([PanelRating(listener: "x", system: "s", utterance: "u", score: 1)], options: options)
    }
  }
}
