// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Statistics

// Does the gate keep its promises? Simulated comparisons whose truth is known, judged by the code that judges real ones.
//
//   simulate [RUNS [PAIRS [SEED]]]     by default 2000 runs of 50 pairs
//   simulate panel [RUNS [SEED]]       how often a MOS' interval holds the truth, by default in 2000 panels
//
// prints what share of the runs each verdict got, with its standard error, and exits 1 when a promise is broken. What is
// promised of power is promised from 50 pairs on; the rows of skewed noise are there to be known.

@main
struct Simulate {
  static func main() async {
    let isPanel = CommandLine.arguments.dropFirst().first == "panel"
    let arguments = CommandLine.arguments.dropFirst(isPanel ? 2 : 1).map { UInt64($0) }
    let numbers = arguments.compactMap { $0 }
    guard numbers.count == arguments.count, numbers.count <= (isPanel ? 2 : 3),
      numbers.prefix(isPanel ? 1 : 2).allSatisfy({ $0 > 1 })
    else {
      let usage =
        "usage: simulate [RUNS [PAIRS [SEED]]] or simulate panel [RUNS [SEED]], at least two runs of two pairs\n"
      FileHandle.standardError.write(Data(usage.utf8))
      exit(64)
    }
    if isPanel {
      let table = PanelTable(
        runs: numbers.isEmpty ? 2000 : Int(clamping: numbers[0]),
        seed: numbers.count > 1 ? numbers[1] : SplitMix64.defaultSeed)
      exit(await table.printAll() ? 0 : 1)
    }
    var table = Table(
      runs: numbers.isEmpty ? 2000 : Int(clamping: numbers[0]),
      pairs: numbers.count > 1 ? Int(clamping: numbers[1]) : 50,
      seed: numbers.count > 2 ? numbers[2] : SplitMix64.defaultSeed)
    await table.printAll()
    exit(table.broken == 0 ? 0 : 1)
  }
}

/// The simulations as they are printed, row by row.
private struct Table {
  let runs: Int
  let pairs: Int
  let seed: UInt64
  /// How many promises did not hold.
  private(set) var broken = 0

  init(runs: Int, pairs: Int, seed: UInt64) {
    self.runs = runs
    self.pairs = pairs
    self.seed = seed
  }

  mutating func printAll() async {
    print(
      "\(runs) runs of \(pairs) pairs, \(GateSimulation.metrics) metrics correlated \(GateSimulation.correlation), "
        + "standard deviation of differences \(GateSimulation.differenceDeviation), tolerance \(GateSimulation.tolerance), "
        + "seed \(seed)")
    let isPowerPromised = pairs >= 50
    print("A against A, normal noise")
    alarms(await outcomes(), promised: true)
    print("one metric of six shifted by 0.1")
    catches(await outcomes(shift: -0.1, shifted: 1), promised: isPowerPromised)
    print("all six shifted by 0.1")
    let all = await outcomes(shift: -0.1, shifted: GateSimulation.metrics)
    atLeast(0.75, "a metric regressed in the family (mean over the six)", Share(all, \.regressed), isPowerPromised)
    row("the overall verdict is that b regressed", Share(all, of: \.regresses))
    print("\(max(2, runs / 2)) runs each, to be known and not promised")
    print("A against A, lognormal noise in both (differences symmetric with heavy tails)")
    alarms(await outcomes(.lognormalBoth), promised: false)
    print("no difference of means, lognormal differences (skewness 6)")
    alarms(await outcomes(.lognormalDifference), promised: false)
    print("one metric of six shifted by 0.1, lognormal differences")
    catches(await outcomes(.lognormalDifference, shift: -0.1, shifted: 1), promised: false)
  }

  private func outcomes(_ noise: GateSimulation.Noise = .normal, shift: Double = 0, shifted: Int = 0) async
    -> [GateSimulation.Outcome]
  {
    await GateSimulation(.init(pairs: pairs, shift: shift, shifted: shifted, noise: noise), seed: seed)
      .outcomes(runs: noise == .normal ? runs : max(2, runs / 2))
  }

  private mutating func alarms(_ outcomes: [GateSimulation.Outcome], promised: Bool) {
    atMostLevel("any of six metrics regressed or improved", Share(outcomes, of: \.changes), promised)
    atMostLevel("the same with a tolerance of 0", Share(outcomes, of: \.changesWithoutTolerance), promised)
    let alone = Share(outcomes, \.significantAlone)
    row(
      "p < .05 of one metric, no tolerance (mean over the six)", alone, promised ? "4 to 6 %" : nil,
      holds: (0.04...0.06).contains(alone.value))
  }

  private mutating func catches(_ outcomes: [GateSimulation.Outcome], promised: Bool) {
    atLeast(0.9, "the metric regressed, looked at alone", Share(outcomes, of: \.firstRegressesAlone), promised)
    atLeast(0.75, "the metric regressed in the family", Share(outcomes, of: \.firstRegresses), promised)
    row("the overall verdict is that b regressed", Share(outcomes, of: \.regresses))
  }

  private mutating func atMostLevel(_ text: String, _ share: Share, _ promised: Bool) {
    row(
      text, share, promised ? "at most 5 % + 2 standard errors" : nil,
      holds: share.value <= Judgement.level + 2 * share.error)
  }

  private mutating func atLeast(_ bound: Double, _ text: String, _ share: Share, _ promised: Bool) {
    row(text, share, promised ? "at least \(Int(100 * bound)) %" : nil, holds: share.value >= bound)
  }

  /// Prints per cent, standard error, and what was promised, if anything was.
  private mutating func row(_ text: String, _ share: Share, _ promise: String? = nil, holds: Bool = true) {
    let numbers = String(format: "%6.2f ± %.2f %%", 100 * share.value, 100 * share.error)
    let words = promise.map { "   \($0): \(holds ? "kept" : "BROKEN")" } ?? ""
    print("  \(text.padding(toLength: 58, withPad: " ", startingAt: 0))\(numbers)\(words)")
    if promise != nil, !holds { broken += 1 }
  }
}
