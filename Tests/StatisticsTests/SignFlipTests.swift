// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Suite struct SignFlipTests {
  @Test(arguments: PairedGolden.all) func agreesWithTheReplayOfItsDraws(golden: PairedGolden) {
    let test = SignFlip(golden.differences)
    #expect(test.method.rawValue == golden.signFlipMethod)
    #expect(agrees(test.p, golden.signFlip, within: 1e-15), "\(test.p) against \(golden.signFlip)")
  }

  @Test(arguments: PairedGolden.all) func neitherOrderNorTheHalvesNamesMatter(golden: PairedGolden) {
    var generator = SplitMix64(seed: 2)
    let expected = SignFlip(golden.differences)
    #expect(SignFlip(golden.differences.shuffled(using: &generator)) == expected)
    #expect(SignFlip(golden.differences.map { -$0 }) == expected)
  }

  @Test func equalPairsAreLeftOut() {
    let differences = (1...18).map { Double($0) - 4.5 }
    let test = SignFlip(differences + Array(repeating: 0, count: 500))
    #expect(test == SignFlip(differences))
    #expect(test.method == .exact)
  }

  @Test func drawsBeginAboveTwentyPairsAndEndAtFiveThousand() {
    let differences = (1...5001).map { Double($0) * ($0.isMultiple(of: 2) ? 1 : -1) }
    let methods = [20, 21, 5000, 5001].map { SignFlip(Array(differences.prefix($0))).method }
    #expect(methods == [.exact, .drawn, .drawn, .studentT])
  }

  @Test func drawnAndExactAgreeWithinMonteCarloError() throws {
    // A pair that hardly differs makes 20 pairs 21: it turns the test to drawing and leaves p where it is.
    let golden = try PairedGolden.named("normal-20")
    let drawn = SignFlip(golden.differences + [1e-18])
    #expect(drawn.method == .drawn)
    let error = (golden.signFlip * (1 - golden.signFlip) / Double(SignFlip.draws)).squareRoot()
    #expect(abs(drawn.p - golden.signFlip) < 4 * error)
  }

  @Test func drawnAndStudentTAgreeWhereTheyMeet() throws {
    var generator = SplitMix64(seed: 5)
    // Squares of uniform numbers: skewed, with a mean 1.7 standard errors from 0.
    var differences = (0..<SignFlip.drawnLimit).map { _ in
      let uniform = Double(generator.next() >> 11) * 0x1p-53
      return uniform * uniform
    }
    let summary = try #require(Summary(differences))
    let error = try #require(summary.standardDeviation) / Double(differences.count).squareRoot()
    differences = differences.map { $0 - summary.mean + 1.7 * error }
    let drawn = SignFlip(differences)
    #expect(drawn.method == .drawn)
    let test = try #require(PairedT(differences))
    #expect(abs(drawn.p - test.p) < 4 * (test.p * (1 - test.p) / Double(SignFlip.draws)).squareRoot())
  }

  @Test func fewPairsCannotBeSignificant() {
    #expect(SignFlip([]).p == 1)
    #expect(SignFlip([0, 0]).p == 1)
    for n in 1...20 { #expect(agrees(SignFlip((1...n).map { Double($0) }).p, 2 / Double(1 << n))) }
    #expect(SignFlip(Array(repeating: 0.1, count: 50)).p == 1.0 / 100_001)
    for (level, fewest) in [(0.05, 6), (0.01, 8), (0.5, 3), (1.0 / 16, 6)] {
      #expect(SignFlip.fewestPairs(level: level) == fewest)
    }
  }

  @Test func sumsEqualOnPaperAreEqual() {
    // 0.1 + 0.2 is not 0.3: of the 8 choices of signs, those of 0.1 + 0.2 − 0.3 have the least sum, so all reach it.
    #expect(SignFlip([0.1, 0.2, -0.3]).p == 1)
    #expect(SignFlip([0.1, 0.2, 0.3]).p == 0.25)
    // Nine steps of ±0.1 that sum to 0.5: 2(C(9,2) + C(9,1) + C(9,0)) of 512.
    let steps = Array(repeating: 0.1, count: 7) + [-0.1, -0.1]
    #expect(SignFlip(steps).p == 92.0 / 512)
  }
}
