// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Suite struct PairedRatioTests {
  @Test(arguments: RatioGolden.all) func agreesWithScipy(golden: RatioGolden) throws {
    let ratio = try #require(PairedRatio(a: golden.a, b: golden.b))
    #expect(ratio.n == golden.a.count)
    #expect(agrees(ratio.ratio, golden.ratio))
    let interval = try #require(ratio.interval)
    #expect(agrees(interval.low, golden.limits[0]))
    #expect(agrees(interval.high, golden.limits[1]))
    #expect(interval.method == (Interval.bootstrapSizes.contains(ratio.n) ? .bca : .studentT))
  }

  @Test(arguments: RatioGolden.all.filter { $0.a.count < 30 }) func theOtherWayRoundIsTheReciprocal(golden: RatioGolden)
    throws
  {
    let ratio = try #require(PairedRatio(a: golden.b, b: golden.a))
    #expect(agrees(ratio.ratio, 1 / golden.ratio))
    #expect(agrees(try #require(ratio.interval).high, 1 / golden.limits[0]))
  }

  @Test func oppositesCancel() throws {
    let ratio = try #require(PairedRatio(a: [1, 1, 4], b: [2, 0.5, 4]))
    #expect(abs(ratio.ratio - 1) < 1e-15)
  }

  @Test func nothingToCompare() throws {
    #expect(PairedRatio(a: [], b: []) == nil)
    #expect(PairedRatio(a: [1, 0], b: [1, 1]) == nil)
    #expect(PairedRatio(a: [1, 1], b: [1, -2]) == nil)
    #expect(PairedRatio(a: [1, 1], b: [1, .infinity]) == nil)
    let single = try #require(PairedRatio(a: [2], b: [3]))
    #expect(agrees(single.ratio, 1.5) && single.interval == nil)
  }
}
