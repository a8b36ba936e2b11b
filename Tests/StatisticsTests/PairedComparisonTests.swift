// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Suite struct PairedComparisonTests {
  @Test(arguments: PairedGolden.all) func itsPartsAreTheTestsOfTheDifferences(golden: PairedGolden) throws {
    let d = golden.differences
    let comparison = PairedComparison(a: d.map { _ in 0 }, b: d, better: .higher, tolerance: golden.margin)
    let summary = try #require(Summary(d))
    #expect(comparison.n == d.count)
    #expect(comparison.tolerance == golden.margin)
    #expect(comparison.meanDifference == summary.mean)
    #expect(comparison.standardDeviation == summary.standardDeviation)
    #expect(comparison.interval == summary.interval)
    #expect(comparison.equivalence == TOST(d, margin: golden.margin))
    #expect(comparison.test == SignFlip(d))
    #expect(agrees(try #require(comparison.effectSize), golden.effectSize))
  }

  @Test func winsFollowTheDirectionAndOnlyEqualScoresTie() {
    let (a, b) = ([1.0, 2, 3, 4, 5, 6], [1.0, 2, 3 + 1e-12, 5, 6, 5])
    func outcome(_ better: Better) -> [Int?] {
      let comparison = PairedComparison(a: a, b: b, better: better, tolerance: 10)
      return [comparison.wins, comparison.ties, comparison.losses]
    }
    #expect(outcome(.higher) == [3, 2, 1])
    #expect(outcome(.lower) == [1, 2, 3])
    #expect(outcome(.neither) == [nil, 2, nil])
  }

  @Test func orderOfPairsDoesNotMatter() throws {
    var generator = SplitMix64(seed: 8)
    let d = try PairedGolden.named("stoi-128").differences
    let pairs = d.map { (a: 0.5 - $0, b: 0.5) }
    let expected = PairedComparison(a: pairs.map(\.a), b: pairs.map(\.b), better: .lower, tolerance: 0.01)
    let shuffled = pairs.shuffled(using: &generator)
    #expect(PairedComparison(a: shuffled.map(\.a), b: shuffled.map(\.b), better: .lower, tolerance: 0.01) == expected)
  }

  @Test func bAgainstAMirrorsAAgainstB() throws {
    let d = try PairedGolden.named("pesq-12").differences
    let zeros = d.map { _ in 0.0 }
    let there = PairedComparison(a: zeros, b: d, better: .higher, tolerance: 0.05)
    let back = PairedComparison(a: d, b: zeros, better: .higher, tolerance: 0.05)
    #expect(there.meanDifference == back.meanDifference.map { -$0 })
    #expect(there.effectSize == back.effectSize.map { -$0 })
    #expect(there.test == back.test)
    #expect(there.equivalence?.p == back.equivalence?.p)
    #expect(there.wins == back.losses && there.losses == back.wins)
  }

  @Test func fewPairs() throws {
    let none = PairedComparison(a: [], b: [], better: .higher, tolerance: 0.1)
    #expect(none.n == 0 && none.ties == 0 && none.wins == 0 && none.losses == 0)
    #expect(none.meanDifference == nil && none.interval == nil && none.equivalence == nil && none.effectSize == nil)
    #expect(none.test.p == 1)

    let one = PairedComparison(a: [1], b: [3], better: .higher, tolerance: 0.1)
    #expect(one.meanDifference == 2 && one.standardDeviation == nil && one.interval == nil && one.equivalence == nil)
    #expect(one.effectSize == nil && one.test.p == 1 && one.wins == 1)
  }

  @Test(arguments: [2, 6, 40]) func differencesWithoutSpread(n: Int) throws {
    let (zeros, shifted) = (Array(repeating: 0.0, count: n), Array(repeating: 0.3, count: n))
    let same = PairedComparison(a: shifted, b: shifted, better: .higher, tolerance: 0.1)
    #expect(same.meanDifference == 0 && same.standardDeviation == 0 && same.effectSize == nil)
    #expect(same.test.p == 1 && same.ties == n)
    #expect(same.equivalence == nil && same.undefinedReason == nil)
    #expect(Judgement(alone: same).verdict == .equivalent)

    let shift = PairedComparison(a: zeros, b: shifted, better: .higher, tolerance: 0.1)
    #expect(shift.meanDifference == 0.3 && shift.standardDeviation == 0 && shift.effectSize == nil)
    #expect(shift.interval?.low == 0.3 && shift.interval?.high == 0.3)
    #expect(shift.equivalence == nil)
    let small = PairedComparison(a: zeros, b: shifted, better: .higher, tolerance: 0.3)
    #expect(Judgement(alone: small).verdict == (n < 6 ? .equivalent : .improved))
    #expect(agrees(shift.test.p, n <= 20 ? 2 / Double(1 << n) : 1.0 / 100_001))
    #expect(shift.wins == n)
  }
}
