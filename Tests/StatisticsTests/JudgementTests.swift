// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Suite struct JudgementTests {
  /// 12 differences of mean 0 and standard deviation 1, spread evenly.
  private static let spread: [Double] = {
    let steps = (0..<12).map { Double($0) - 5.5 }
    let deviation = (steps.reduce(0) { $0 + $1 * $1 } / 11).squareRoot()
    return steps.map { $0 / deviation }
  }()

  /// b stands off from a by 12 differences of that mean and standard deviation.
  private func comparison(
    mean: Double, deviation: Double = 0.1, better: Better = .higher, tolerance: Double = 0.05
  ) -> PairedComparison {
    let differences = Self.spread.map { mean + deviation * $0 }
    return PairedComparison(
      a: differences.map { _ in 0 }, b: differences, better: better, tolerance: tolerance)
  }

  @Test func shiftsBeyondTheToleranceFollowTheDirection() {
    for (mean, better, verdict) in [
      (0.2, Better.higher, Verdict.improved), (-0.2, .higher, .regressed), (0.2, .lower, .regressed),
      (-0.2, .lower, .improved), (0.2, .neither, .inconclusive), (-0.2, .neither, .inconclusive),
    ] {
      let judgement = Judgement(alone: comparison(mean: mean, better: better))
      #expect(judgement.comparison.test.p < 0.001)
      #expect(judgement.verdict == verdict)
      #expect(judgement.neededN == nil)
      #expect(judgement.adjustedP == nil)
    }
  }

  @Test func significantShiftsBelowTheToleranceAreNoRegression() {
    // 0.2 ± 0.05 by 90 %, against tolerances of 0.1, 0.2, just above it, 0.24 and 0.3.
    for (tolerance, verdict) in [
      (0.1, Verdict.regressed), (0.199_999, .regressed), (0.200_001, .inconclusive), (0.24, .inconclusive),
      (0.3, .equivalent),
    ] {
      let judgement = Judgement(alone: comparison(mean: -0.2, tolerance: tolerance))
      #expect(judgement.comparison.test.p < 0.05)
      #expect(judgement.verdict == verdict, "tolerance \(tolerance)")
    }
  }

  @Test(arguments: Better.allCases) func noShiftIsEquivalentOrInconclusive(better: Better) {
    #expect(Judgement(alone: comparison(mean: 0, deviation: 0.05, better: better)).verdict == .equivalent)
    #expect(Judgement(alone: comparison(mean: 0, deviation: 0.2, better: better)).verdict == .inconclusive)
  }

  @Test func aFamilyAsksForMore() throws {
    // p is about .02: enough alone, too much as the least of six.
    let shifted = comparison(mean: -0.075)
    #expect((0.015...0.035).contains(shifted.test.p))
    let still = comparison(mean: 0, deviation: 0.2)
    var comparisons = ["shifted": shifted]
    #expect(Judgement.judge(comparisons, gate: ["shifted"])["shifted"]?.verdict == .regressed)
    for name in ["a", "b", "c", "d", "e"] { comparisons[name] = still }

    let family = Judgement.judge(comparisons, gate: Set(comparisons.keys))
    let judgement = try #require(family["shifted"])
    #expect(judgement.verdict == .inconclusive)
    #expect(judgement.adjustedP == 6 * shifted.test.p)
    #expect(family["a"]?.adjustedP == 1)
    #expect(Verdict.overall(family.values.map(\.verdict)) == .inconclusive)

    // Outside the gate it is judged by itself, and takes no part.
    let outside = Judgement.judge(comparisons, gate: ["a", "b", "c", "d", "e", "not computed"])
    #expect(outside["shifted"]?.verdict == .regressed)
    #expect(outside["shifted"]?.adjustedP == nil)
    #expect(outside["a"]?.adjustedP == min(1, 5 * still.test.p))
    #expect(outside.count == 6)
  }

  @Test func metricsWithoutPairsAreNotOfTheFamily() {
    let none = PairedComparison(a: [], b: [], better: .lower, tolerance: 1)
    let shifted = comparison(mean: -0.2)
    let judgements = Judgement.judge(["none": none, "shifted": shifted], gate: ["none", "shifted"])
    #expect(judgements["shifted"]?.adjustedP == shifted.test.p)
    #expect(judgements["none"]?.adjustedP == nil)
    #expect(judgements["none"]?.verdict == .inconclusive)
    #expect(judgements["none"]?.neededN == nil)
    #expect(Judgement.judge([String: PairedComparison](), gate: ["a"]).isEmpty)
  }

  @Test func tooFewPairs() {
    func judged(_ differences: [Double], tolerance: Double = 0.05) -> Judgement {
      Judgement(
        alone: PairedComparison(
          a: differences.map { _ in 1 }, b: differences.map { 1 + $0 }, better: .higher, tolerance: tolerance))
    }
    #expect(judged([0]).verdict == .inconclusive && judged([0]).neededN == nil)
    #expect(judged([-1]).verdict == .inconclusive)
    #expect(judged([0, 0]).verdict == .equivalent)
    #expect(judged([0, 0], tolerance: 0).verdict == .equivalent)
    // A constant shift is as sure as the number of pairs allows.
    #expect(judged(Array(repeating: -1, count: 5)).verdict == .inconclusive)
    for n in 2...5 { #expect(judged(Array(repeating: -1, count: n)).neededN == 6) }
    // Five alike would do for t. Flipping the sixth hardly moves the sum, so p is 4/64; what decides is more than six.
    let five = judged([-1, -1, -1, -1, -1, 0.001])
    #expect(five.verdict == .inconclusive && five.comparison.test.p == 4.0 / 64)
    #expect(five.neededN == 7)
    #expect(judged(Array(repeating: -1, count: 6)).verdict == .regressed)
    #expect(judged(Array(repeating: 0.015625, count: 2)).verdict == .equivalent)
  }

  @Test func neededPairsToDetect() {
    // d = −.5 at the level .05, and at .05/6 in a family of six.
    let shifted = comparison(mean: -0.1, deviation: 0.2)
    #expect(Judgement(alone: shifted).verdict == .inconclusive)
    #expect(Judgement(alone: shifted).neededN == Power.pairsToDetect(effectSize: 0.5))
    #expect(Judgement(alone: shifted).neededN == 34)
    let family = Dictionary(uniqueKeysWithValues: (0..<6).map { ($0, shifted) })
    let needed = Judgement.judge(family, gate: Set(0..<6))[0]?.neededN
    #expect(needed == Power.pairsToDetect(effectSize: 0.5, alpha: 0.05 / 6))
    #expect(needed == 52)
    // The shift decides nothing where neither way is better.
    #expect(Judgement(alone: comparison(mean: -0.1, deviation: 0.2, better: .neither)).neededN == nil)
    // An effect of 0 is never found.
    #expect(Judgement(alone: comparison(mean: 0, deviation: 0.2, tolerance: 0)).neededN == nil)
  }

  @Test func neededPairsToShowEquivalence() {
    for better in Better.allCases {
      let judgement = Judgement(alone: comparison(mean: 0.02, deviation: 0.2, better: better))
      #expect(judgement.verdict == .inconclusive)
      let mean = judgement.comparison.meanDifference ?? .nan
      #expect(
        judgement.neededN == Power.pairsToShowEquivalence(mean: mean, standardDeviation: 0.2, margin: 0.05))
      #expect(judgement.neededN == 277)
    }
  }

  @Test func theWorstVerdictIsTheOverallOne() {
    let worstFirst = ["regressed", "not-comparable", "inconclusive", "improved", "equivalent", "identical"]
    #expect(Verdict.allCases.map(\.rawValue) == worstFirst)
    #expect(Verdict.allCases.shuffled().sorted() == Verdict.allCases)
    for (index, verdict) in Verdict.allCases.enumerated() {
      #expect(Verdict.overall(Verdict.allCases[index...].reversed()) == verdict)
    }
    #expect(Verdict.overall([]) == nil)
  }
}
