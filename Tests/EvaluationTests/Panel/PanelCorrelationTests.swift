// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Statistics
import Testing

@Suite struct PanelCorrelationTests {
  /// Six systems of different quality, ten utterances, eight listeners.
  private static let ratings: [PanelRating] = {
    var ratings = [PanelRating]()
    for system in 0..<6 {
      for utterance in 0..<10 {
        for listener in 0..<8 {
          let quality = 1 + 0.6 * Double(system) + 0.1 * Double((utterance * 3 + system) % 5)
          let noise = 0.25 * Double((listener * 3 + utterance * 7 + system * 4) % 5 - 2)
          ratings.append(
            PanelRating(
              listener: "\(listener)", system: "s\(system)", utterance: "u\(utterance)", score: quality + noise))
        }
      }
    }
    return ratings
  }()

  private static func scores(_ name: String, _ better: Better, _ value: (Int, Int) -> Double) -> ClipScores {
    var values: [PanelClip: Double] = [:]
    for system in 0..<6 {
      for utterance in 0..<10 {
        values[PanelClip(system: "s\(system)", utterance: "u\(utterance)")] = value(system, utterance)
      }
    }
    return ClipScores(metric: name, better: better, values: values)
  }

  private static let good = scores("good", .lower) {
    -Double($0) - 0.2 * Double(($1 * 3 + $0) % 5) + 0.1 * Double($1 % 3)
  }
  private static let poor = scores("poor", .higher) { Double(($0 * 7 + $1 * 5) % 11) }

  @Test func theBestMetricIsNamedAndItsLeadIsReal() throws {
    let correlation = PanelCorrelation(Self.ratings, metrics: [Self.poor, Self.good])
    let level = correlation.utterances
    #expect(level.metrics.map(\.metric) == ["good", "poor"])
    let best = try #require(level.metrics.first)
    #expect(!best.isRising && best.correlation.correlation.spearman < -0.8 && best.correlation.correlation.n == 60)
    #expect(best.points.count == 60)
    let difference = try #require(level.differences.first)
    #expect(difference.best == "good" && difference.other == "poor" && difference.isReal)
    #expect(difference.comparison.first > 0.8)
    #expect(correlation.systems.metrics.first?.correlation.correlation.n == 6)
    #expect(level.ceiling.map { $0.ceiling > 0.9 } == true)
  }

  @Test func theMappingFallsWithAMetricOfWhichLessIsBetter() throws {
    let best = try #require(PanelCorrelation(Self.ratings, metrics: [Self.good]).utterances.metrics.first)
    let map = try #require(best.mapping)
    #expect(map(map.domain.lowerBound) > map(map.domain.upperBound) + 1)
    let (fitted, seen) = (try #require(best.fitted?.rmse), try #require(best.crossValidated?.rmse))
    #expect(fitted < 0.3 && seen < 0.35 && seen > 0, "\(fitted) \(seen)")
    let noise = try #require(PanelCorrelation(Self.ratings, metrics: [Self.poor]).utterances.metrics.first)
    #expect(try #require(noise.crossValidated?.rmse) > 2 * seen)
  }

  @Test func systemsAreMeansOverRatedClips() throws {
    // A clip that nobody rated has no say in its system's mean.
    var values = Self.good.values
    values[PanelClip(system: "s0", utterance: "unrated")] = 1000
    let scores = ClipScores(metric: "good", better: .lower, values: values)
    let (a, b) = (
      PanelCorrelation(Self.ratings, metrics: [scores]), PanelCorrelation(Self.ratings, metrics: [Self.good])
    )
    #expect(a.systems == b.systems)
  }

  @Test func fewSystemsAndHolesAreWarnedOf() {
    let few = Self.ratings.filter { $0.system < "s5" }
    #expect(PanelCorrelation(few, metrics: []).warnings.contains { $0.hasPrefix("5 systems:") })
    #expect(!PanelCorrelation(Self.ratings, metrics: []).warnings.contains { $0.hasPrefix("6 systems:") })
    var values = Self.good.values
    values[PanelClip(system: "s1", utterance: "u1")] = nil
    values[PanelClip(system: "s1", utterance: "u2")] = .nan
    let scores = ClipScores(metric: "good", better: .lower, values: values)
    let correlation = PanelCorrelation(Self.ratings, metrics: [scores])
    #expect(correlation.warnings.contains("good: a value for 58 of 60 rated clips"))
    #expect(correlation.utterances.metrics.first?.correlation.correlation.n == 58)
    let none = PanelCorrelation(Self.ratings, metrics: [ClipScores(metric: "x", better: .higher, values: [:])])
    #expect(none.utterances.metrics.isEmpty && none.utterances.differences.isEmpty)
  }

  @Test func aMetricThatPointsTheWrongWayIsNeverTheBest() throws {
    // More of it goes with less MOS, though it should be the other way: its strength is negative however close it is.
    let wrong = ClipScores(metric: "wrong", better: .higher, values: Self.good.values)
    let level = PanelCorrelation(Self.ratings, metrics: [wrong, Self.poor]).utterances
    #expect(level.metrics.last?.metric == "wrong" && (level.metrics.last?.strength ?? 0) < -0.8)
    #expect(level.best.value == "poor" || level.best.value == nil && (level.metrics.first?.strength ?? 1) <= 0)
    let alone = PanelCorrelation(Self.ratings, metrics: [wrong]).utterances
    #expect(alone.best.reason?.contains("in the direction") == true && alone.differences.isEmpty)
  }

  @Test func aMetricWithoutDirectionIsNeverTheBest() throws {
    let turned = ClipScores(metric: "turned", better: .neither, values: Self.good.values)
    let level = PanelCorrelation(Self.ratings, metrics: [turned, Self.good]).utterances
    #expect(level.best.value == "good" && level.differences.map(\.other) == ["turned"])
    #expect(
      level.metrics.first { $0.metric == "turned" }?.strength == level.metrics.first { $0.metric == "good" }?.strength)
    #expect(
      PanelCorrelation(Self.ratings, metrics: [turned]).utterances.best.reason?.contains("which way is good") == true)
  }

  @Test func threeSystemsHaveNoVerdict() throws {
    func systems(_ count: Int) -> PredictionLevel {
      PanelCorrelation(Self.ratings.filter { $0.system < "s\(count)" }, metrics: [Self.good, Self.poor]).systems
    }
    #expect(systems(3).best.reason == "3 items: so few stand in any order by chance" && systems(3).differences.isEmpty)
    #expect(systems(4).best.value == "good")
  }

  @Test func comparisonsOfNoughtAndOneAreScoresWhereThePanelSaysSo() {
    let compared = Self.ratings.map { rating in
      var rating = rating
      (rating.score, rating.against) = (rating.score > 2.5 ? 1 : 0, "ref")
      return rating
    }
    let gold = PanelRating(listener: "0", system: "g", utterance: "g", score: 3, against: "h", kind: .gold)
    // As they look they are votes, whatever gold was asked.
    #expect(PanelCorrelation(compared + [gold], metrics: [Self.good]).utterances.metrics.isEmpty)
    let stated = PanelCorrelation(compared + [gold], metrics: [Self.good], scale: .ccr)
    #expect(stated.utterances.metrics.first?.points.count == 60)
    #expect(!stated.warnings.contains { $0.hasPrefix("votes") })
  }

  @Test func votesBetweenTwoHaveNoMOS() {
    let votes = Self.ratings.map { rating in
      var vote = rating
      (vote.score, vote.against) = (1, "other")
      return vote
    }
    let correlation = PanelCorrelation(votes, metrics: [Self.good])
    #expect(
      correlation.warnings.contains { $0.hasPrefix("votes between two") } && correlation.utterances.metrics.isEmpty)
  }
}
