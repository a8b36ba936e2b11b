// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Suite struct IntervalTests {
  @Test(arguments: SummaryGolden.all) func studentTAgreesWithScipy(golden: SummaryGolden) {
    expect(Interval.studentT(of: golden.values), .studentT, golden.t95)
    expect(Interval.studentT(of: golden.values, confidence: 0.9), .studentT, golden.t90)
  }

  @Test(arguments: SummaryGolden.all) func bcaAgreesWithTheReplayOfItsResamples(golden: SummaryGolden) {
    expect(Interval.bca(of: golden.values), .bca, golden.bca95)
    expect(Interval.bca(of: golden.values, confidence: 0.9), .bca, golden.bca90)
  }

  @Test(arguments: ScipyGolden.all) func bcaAgreesWithScipyWithinMonteCarloError(golden: ScipyGolden) throws {
    let values = try #require(SummaryGolden.all.first { $0.name == golden.name }).values
    let interval = try #require(Interval.bca(of: values))
    #expect(abs(interval.low - golden.bca95[0]) <= golden.tolerance[0])
    #expect(abs(interval.high - golden.bca95[1]) <= golden.tolerance[1])
  }

  @Test(arguments: SummaryGolden.all) func bcaStaysWithinTheValues(golden: SummaryGolden) throws {
    let (least, greatest) = (try #require(golden.values.min()), try #require(golden.values.max()))
    for confidence in [0.5, 0.95, 0.999_999_9] {
      let interval = try #require(Interval.bca(of: golden.values, confidence: confidence))
      #expect(interval.low >= least - least.ulp)
      #expect(interval.high <= greatest + greatest.ulp)
      #expect(interval.low <= interval.high)
    }
  }

  @Test func bcaFollowsAMirrorImage() throws {
    // Resamples of −x are not −(resamples of x), for the sorted order is reversed: equal up to Monte-Carlo error only.
    let values = try #require(SummaryGolden.all.first { $0.name == "pesq-50" }).values
    let interval = try #require(Interval.bca(of: values))
    let mirrored = try #require(Interval.bca(of: values.map { -$0 }))
    let width = interval.high - interval.low
    #expect(abs(interval.low + mirrored.high) < 0.05 * width)
    #expect(abs(interval.high + mirrored.low) < 0.05 * width)
  }

  @Test func tiesWithTheMeanCountHalf() throws {
    // Symmetric values on a coarse grid: a quarter of the resampled means equals the sample's, and the limits are
    // symmetric about it only if those are shared out evenly.
    let interval = try #require(Interval.bca(of: [2, 3, 3, 3, 3, 3, 3, 3, 3, 4].map { $0 / 10 }))
    #expect(abs((interval.low + interval.high) / 2 - 0.3) < 0.006)
  }

  @Test(arguments: [Interval.bca, Interval.studentT, Interval.shown])
  func fewerThanTwoValuesGiveNoInterval(find: @Sendable ([Double], Double) -> Interval?) {
    #expect(find([], 0.95) == nil)
    #expect(find([1], 0.95) == nil)
    #expect(find([1, 1], 0.95)?.low == 1)
    #expect(find([1, 1], 0.95)?.high == 1)
  }

  private func expect(
    _ interval: Interval?, _ method: Interval.Method, _ limits: [Double],
    at location: SourceLocation = #_sourceLocation
  ) {
    guard let interval else {
      Issue.record("no interval", sourceLocation: location)
      return
    }
    #expect(interval.method == method, sourceLocation: location)
    let width = limits[1] - limits[0]
    #expect(abs(interval.low - limits[0]) <= 1e-12 * width + 4 * limits[0].ulp, sourceLocation: location)
    #expect(abs(interval.high - limits[1]) <= 1e-12 * width + 4 * limits[1].ulp, sourceLocation: location)
  }
}
