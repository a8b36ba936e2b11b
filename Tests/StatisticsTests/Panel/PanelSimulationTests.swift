// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing
import simulate

/// The promise of `simulate panel`, on fewer panels: 93 to 97 % of the two-way intervals hold the truth. The bounds lie 3
/// standard errors of so many panels beyond; the seed is fixed.
@Suite struct PanelSimulationTests {
  private static let runs = 600

  @Test func theHeadlineCoversAndTheIndependentIntervalDoesNot() async {
    let outcomes = await PanelSimulation(seed: SplitMix64.defaultSeed).outcomes(runs: Self.runs)
    #expect(outcomes.count == Self.runs)
    let covered = Double(outcomes.count { $0.twoWay }) / Double(Self.runs)
    let error = (0.95 * 0.05 / Double(Self.runs)).squareRoot()
    #expect(covered >= 0.93 - 3 * error && covered <= 0.97 + 3 * error, "\(covered)")
    let independent = Double(outcomes.count { $0.independent }) / Double(Self.runs)
    #expect(independent < 0.6)
  }

  @Test func oneSeedGivesOneOutcome() async {
    let (first, second) = (
      await PanelSimulation(seed: 3).outcomes(runs: 60), await PanelSimulation(seed: 3).outcomes(runs: 30)
    )
    #expect(first.prefix(30).map(\.halfWidth) == second.map(\.halfWidth))
    #expect(await PanelSimulation(seed: 4).outcomes(runs: 30).map(\.halfWidth) != second.map(\.halfWidth))
  }
}
