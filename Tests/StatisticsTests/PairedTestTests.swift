// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

/// ``PairedT``, ``WilcoxonSignedRank``, ``Holm`` and ``TOST``.
@Suite struct PairedTestTests {
  @Test func goldensAreThere() {
    #expect(PairedGolden.all.count == 31)
    #expect(HolmGolden.all.count == 9)
    #expect(Set(PairedGolden.all.map(\.wilcoxonMethod)) == ["exact", "normal"])
    #expect(Set(PairedGolden.all.map(\.signFlipMethod)) == ["exact", "drawn"])
    #expect(PairedGolden.all.contains { $0.tost < 0.05 } && PairedGolden.all.contains { $0.tost > 0.05 })
  }

  @Test(arguments: PairedGolden.all) func tAgreesWithScipy(golden: PairedGolden) throws {
    let test = try #require(PairedT(golden.differences))
    #expect(agrees(test.t, golden.t))
    #expect(agrees(test.p, golden.pairedT), "\(test.p) against \(golden.pairedT)")
    #expect(test.degreesOfFreedom == golden.differences.count - 1)
  }

  @Test func tOfDifferencesWithoutSpread() {
    #expect(PairedT([]) == nil)
    #expect(PairedT([1]) == nil)
    #expect(PairedT([0, 0, 0]) == nil && PairedT([-0.1, -0.1, -0.1]) == nil)
  }

  @Test(arguments: PairedGolden.all) func wilcoxonAgreesWithScipy(golden: PairedGolden) {
    let test = WilcoxonSignedRank(golden.differences)
    #expect(test.statistic == golden.wilcoxonStatistic)
    #expect(test.method.rawValue == golden.wilcoxonMethod)
    #expect(agrees(test.p, golden.wilcoxon), "\(test.p) against \(golden.wilcoxon)")
  }

  @Test func wilcoxonOfNothing() {
    for count in [0, 5, 60] {
      let test = WilcoxonSignedRank(Array(repeating: 0, count: count))
      #expect(test.p == 1 && test.statistic == 0)
    }
    #expect(WilcoxonSignedRank([0.3]).p == 1)
  }

  @Test func holmAgreesWithStatsmodels() {
    for golden in HolmGolden.all {
      let adjusted = Holm.adjusted(golden.p)
      #expect(adjusted.count == golden.adjusted.count)
      for (ours, theirs) in zip(adjusted, golden.adjusted) { #expect(agrees(ours, theirs, within: 1e-14)) }
    }
    #expect(Holm.adjusted([]) == [])
    // A test without p is not of the family.
    #expect(Holm.adjusted(known: [0.01, nil, 0.04]) == [0.02, nil, 0.04] && Holm.adjusted(known: [nil]) == [nil])
  }

  @Test(arguments: PairedGolden.all) func tostAgreesWithStatsmodels(golden: PairedGolden) throws {
    let test = try #require(TOST(golden.differences, margin: golden.margin))
    // Of a mean far from 0, margin − |mean| keeps few digits. No density of t exceeds 0.4.
    let mean = (golden.t90[0] + golden.t90[1]) / 2
    let rounding = 0.4 * 2 * mean.ulp / abs(mean / golden.t)
    #expect(abs(test.p - golden.tost) <= 1e-12 * golden.tost + rounding, "\(test.p) against \(golden.tost)")
    let width = golden.t90[1] - golden.t90[0]
    #expect(abs(test.interval.low - golden.t90[0]) <= 1e-12 * width + 4 * golden.t90[0].ulp)
    #expect(abs(test.interval.high - golden.t90[1]) <= 1e-12 * width + 4 * golden.t90[1].ulp)
  }

  @Test(arguments: PairedGolden.all) func tostAndItsIntervalAreOneDecision(golden: PairedGolden) throws {
    let reach = golden.t90.map(abs).max() ?? 0
    let width = golden.t90[1] - golden.t90[0]
    for (margin, expected) in [(reach + 1e-6 * width, true), (max(0, reach - 1e-6 * width), false), (2 * reach, true)] {
      let test = try #require(TOST(golden.differences, margin: margin))
      #expect(test.isEquivalent == expected)
      #expect((test.p <= 0.05) == expected)
    }
  }

  @Test func tostOfDifferencesWithoutSpread() {
    #expect(TOST([], margin: 1) == nil)
    #expect(TOST([0], margin: 1) == nil)
    for value in [0.0, 0.1, -0.3] { #expect(TOST([value, value, value], margin: 0.2) == nil) }
  }

  /// The published numbers of a listening panel: three systems, means of twelve listeners.
  @Test func listenersMeansGiveThePublishedNumbers() throws {
    let panel = try ["panel-01", "panel-02", "panel-12"].map { try PairedGolden.named($0).differences }
    func rounded(_ p: [Double]) -> [Double] { p.map { ($0 * 1e6).rounded() / 1e6 } }
    let wilcoxon = panel.map { WilcoxonSignedRank($0).p }
    #expect(rounded(wilcoxon) == [0.001953, 0.004395, 0.765625])
    #expect(rounded(Holm.adjusted(wilcoxon)) == [0.005859, 0.008789, 0.765625])
    #expect(rounded(panel.map { SignFlip($0).p }) == [0.001953, 0.004395, 0.785156])
    #expect(rounded(try panel.map { try #require(PairedT($0)).p }) == [0.000492, 0.001125, 0.698704])
    let equivalence = try #require(TOST(panel[2], margin: 0.5))
    #expect(abs(equivalence.p - 4.7e-5) < 0.05e-5)
  }
}
