// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import SpeechSignal

extension F0Method.Tracker: ExpressibleByArgument {}

/// `--f0` and `--f0-range`, the same wherever F0 is looked for.
struct F0Options: ParsableArguments {
  @Option(help: "The F0 tracker. MCD has its own.") var f0: F0Method.Tracker = .harvest
  @Option(help: "The range in which F0 is looked for, in Hz.") var f0Range: F0RangeOption = .init(
    floor: 71, ceiling: 800)

  /// What was asked for.
  var method: F0Method { F0Method(f0, floor: f0Range.floor, ceiling: f0Range.ceiling) }
}

/// `--f0-range 71-800`.
struct F0RangeOption: ExpressibleByArgument {
  let floor: Double
  let ceiling: Double

  var defaultValueDescription: String { "\(Int(floor))-\(Int(ceiling))" }

  init(floor: Double, ceiling: Double) {
    self.floor = floor
    self.ceiling = ceiling
  }

  init?(argument: String) {
    let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
    guard ends.count == 2, let floor = ends[0], let ceiling = ends[1], F0Method.limits.contains(floor),
      F0Method.limits.contains(ceiling), ceiling >= 2 * floor
    else { return nil }
    self.init(floor: floor, ceiling: ceiling)
  }
}
