// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Suite struct ListenerDifferencesTests {
  /// Listeners who rate three sentences of two systems.
  private func ratings(_ listeners: Int, _ score: (Int, Int) -> Double) -> CrossedRatings {
    let cells = (0..<listeners).flatMap { listener in (0..<3).map { (listener, $0) } }
    return CrossedRatings(scores: cells.map { score($0.0, $0.1) }, listeners: cells.map(\.0), items: cells.map(\.1))
  }

  private func comparison(_ a: CrossedRatings, _ b: CrossedRatings, tolerance: Double = 0.25) -> PairedComparison {
    PairedComparison(ratings: [a, b], better: .higher, tolerance: tolerance)
  }

  @Test func oneMindOfAllListenersIsNoCertainty() throws {
    // Strict and lenient listeners, who all find b a third of a point better: its mean of 2, 3, 3 and theirs of 2, 2, 3.
    let a = ratings(12) { Double(1 + $0 % 2) + ($1 == 2 ? 1 : 0) }
    let b = ratings(12) { Double(1 + $0 % 2) + ($1 > 0 ? 1 : 0) }
    for tolerance in [0.25, 0.5] {
      let found = comparison(a, b, tolerance: tolerance)
      #expect(abs((found.meanDifference ?? 0) - 1.0 / 3) < 1e-9 && found.standardDeviation == 0)
      #expect(found.interval == nil && found.equivalence == nil && found.effectSize == nil)
      #expect(found.undefinedReason == "all 12 listeners differ by the same: no variance")
      // Flipping signs needs no variance.
      #expect(found.test.p == 2.0 / 4096)
      let judgement = Judgement(alone: found)
      #expect(judgement.verdict == (tolerance < 1.0 / 3 ? .improved : .inconclusive) && judgement.neededN == nil)
    }
    let same = Judgement(alone: comparison(a, a))
    #expect(same.verdict == .inconclusive && same.comparison.test.p == 1)
    #expect(comparison(ratings(1) { 1 + Double($1) }, ratings(1) { _, _ in 2 }).undefinedReason == "one listener")
  }

  @Test func differencesThatAreEqualOnPaperAreTies() {
    let differences = ListenerDifferences(from: [4.1, 2.2, nil, 3.3], to: [4.2, 2.3, 5, 3.2])
    // A tenth, and yet not one number.
    let plain: [Double] = [4.2 - 4.1, 2.3 - 2.2, 3.3 - 3.2]
    #expect(Set(plain).count > 1)
    #expect(Set(differences.values.map(abs)).count == 1 && differences.values.count == 3)
    #expect(WilcoxonSignedRank(differences.values).statistic == 2)
    #expect(differences.undefinedReason == nil)
    #expect(ListenerDifferences([nil, 0.5, 0.5]).undefinedReason?.hasPrefix("all 2 listeners") == true)
    #expect(ListenerDifferences([nil]).undefinedReason == "no listener rated both")
  }

  @Test func theMeanIsOfDifferencesAsTheyAre() throws {
    let differences = ListenerDifferences([1.0 / 3, nil, 2.0 / 3, 0.1])
    #expect(near(differences.mean, 1.1 / 3, 1e-15) && ListenerDifferences([nil]).mean == nil)
    #expect(!near(differences.values.reduce(0, +) / 3, 1.1 / 3, 1e-13))
    // Thirds, of which 2⁻³⁰ is no part: a comparison takes them to the nearest, and their ties are ties.
    let a = ratings(12) { Double(1 + $0 % 2) + ($1 == 2 ? 1 : 0) }
    let b = ratings(12) { Double(1 + $0 % 2) + ($1 > 0 ? 1 : 0) }
    let found = comparison(a, b)
    #expect(near(found.meanDifference, 1.0 / 3, 0x1p-31) && found.standardDeviation == 0)
  }

  @Test func meanIntervalAndPAreOfOneThing() throws {
    // One listener has ten times the votes and alone prefers a: votes are for a, listeners for b.
    let a = ratings(8) { Double(2 + $0 % 3) + ($1 == 0 ? 0.5 : 0) }
    let b = ratings(8) { listener, _ in Double(3 + listener % 3) + (listener % 2 == 0 ? 0.5 : 0) }
    func joined(_ ratings: CrossedRatings, _ score: Double) -> CrossedRatings {
      CrossedRatings(
        scores: ratings.scores + Array(repeating: score, count: 30),
        listeners: ratings.listeners + Array(repeating: 8, count: 30),
        items: ratings.items + Array(3..<33))
    }
    let found = comparison(joined(a, 5), joined(b, 1))
    let mean = try #require(found.meanDifference)
    let interval = try #require(found.interval)
    #expect(found.n == 9 && mean > 0 && abs((interval.low + interval.high) / 2 - mean) < 1e-12)
    #expect(found.equivalence.map { $0.interval.low > interval.low && $0.interval.high < interval.high } == true)
    // Without him nobody doubts it, and all three say so.
    let rest = comparison(a, b)
    #expect(rest.test.p < 0.05 && (rest.interval?.low ?? -1) > 0)
  }

  /// Panels of the same sentences and other listeners: the interval holds the sentences' true difference in 95 % of them, and excludes 0 as
  /// often as p is below .05. Bounds: three standard errors of so many panels.
  @Test func theIntervalCoversOverOtherListeners() {
    let (panels, listeners, sentences) = (800, 10, 6)
    var seeds = SplitMix64(seed: 5)
    var fixed = Normals(seed: 6)
    let truths = (0..<sentences).map { _ in 0.3 + 0.5 * fixed.next() }
    let truth = truths.reduce(0, +) / Double(sentences)
    var (covered, agreed) = (0, 0)
    for _ in 0..<panels {
      var normals = Normals(seed: seeds.next())
      let tastes = (0..<listeners).map { _ in 0.4 * normals.next() }
      let cells = (0..<listeners).flatMap { listener in (0..<sentences).map { (listener, $0) } }
      func side(_ mean: (Int, Int) -> Double) -> CrossedRatings {
        CrossedRatings(
          scores: cells.map { mean($0.0, $0.1) + 0.6 * normals.next() }, listeners: cells.map(\.0),
          items: cells.map(\.1))
      }
      let (a, b) = (side { _, _ in 0 }, side { tastes[$0] + truths[$1] })
      let found = comparison(a, b)
      guard let interval = found.interval else { continue }
      if interval.low <= truth, truth <= interval.high { covered += 1 }
      if (found.test.p < 0.05) == (interval.low > 0 || interval.high < 0) { agreed += 1 }
    }
    let error = (0.95 * 0.05 / Double(panels)).squareRoot()
    #expect(abs(Double(covered) / Double(panels) - 0.95) < 3 * error, "\(covered) of \(panels)")
    #expect(Double(agreed) > 0.97 * Double(panels), "\(agreed) of \(panels)")
  }
}

/// Numbers that are normal enough: the sum of twelve uniform ones, less 6.
private struct Normals {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func next() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double(generator.next() >> 11) * 0x1p-53 }
  }
}
