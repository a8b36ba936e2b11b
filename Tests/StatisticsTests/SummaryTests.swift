// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Suite struct SummaryTests {
  @Test func goldensAreThere() {
    #expect(SummaryGolden.all.count == 19)
    #expect(ScipyGolden.all.count == 15)
  }

  @Test(arguments: SummaryGolden.all) func momentsAgreeWithExactArithmetic(golden: SummaryGolden) throws {
    let summary = try #require(Summary(golden.values))
    #expect(summary.n == golden.values.count)
    #expect(abs(summary.mean - golden.mean) <= golden.mean.ulp)
    #expect(abs(summary.median - golden.median) <= golden.median.ulp)
    let deviation = try #require(summary.standardDeviation)
    #expect(abs(deviation - golden.standardDeviation) <= 1e-12 * golden.standardDeviation)
  }

  @Test func bootstrapIsShownForMiddlingSizes() {
    #expect(Interval.bootstrapSizes == 30...1000)
  }

  @Test(arguments: SummaryGolden.all) func shownMethodFollowsTheSize(golden: SummaryGolden) throws {
    let interval = try #require(Summary(golden.values)?.interval)
    let isBootstrap = Interval.bootstrapSizes.contains(golden.values.count)
    #expect(interval.method == (isBootstrap ? .bca : .studentT))
    #expect(interval == (isBootstrap ? Interval.bca(of: golden.values) : Interval.studentT(of: golden.values)))
  }

  @Test func noValuesGiveNoSummary() {
    #expect(Summary([]) == nil)
  }

  @Test func oneValueHasNoSpread() throws {
    let summary = try #require(Summary([3.75]))
    #expect(summary.n == 1)
    #expect(summary.mean == 3.75)
    #expect(summary.median == 3.75)
    #expect(summary.standardDeviation == nil)
    #expect(summary.interval == nil)
  }

  @Test(arguments: [2, 3, 9, 10, 100, 1001]) func equalValuesAreTheirOwnMeanAndHaveNoSpread(n: Int) throws {
    for value in [0.1, -0.7, 0, 1e300, 4.644] {
      let summary = try #require(Summary(Array(repeating: value, count: n)))
      #expect(summary.mean == value)
      #expect(summary.median == value)
      #expect(summary.standardDeviation == 0)
      #expect(summary.interval?.low == value)
      #expect(summary.interval?.high == value)
    }
  }

  @Test func orderDoesNotMatter() throws {
    var generator = SplitMix64(seed: 1)
    for golden in SummaryGolden.all where golden.values.count <= 200 {
      let expected = Summary(golden.values)
      for _ in 0..<3 { #expect(Summary(golden.values.shuffled(using: &generator)) == expected) }
    }
    #expect(Summary([0, -0.0, 1])?.median.sign == .plus)
    #expect(Summary([-0.0, 0, 1])?.median.sign == .plus)
  }
}
