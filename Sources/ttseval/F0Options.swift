// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import SpeechSignal

extension F0Method.Tracker: ExpressibleByArgument {}

/// `--f0` and `--f0-range`, the same wherever F0 is looked for.
struct F0Options: ParsableArguments {
  @Option(help: "The F0 tracker. (MCD and presets have their own.)") var f0: F0Method.Tracker = .harvest
  @Option(
    help: .init(
      "The range in which F0 is looked for, in Hz: within 40 to 1100, at least an octave.", valueName: "floor-ceiling"))
  var f0Range = F0RangeOption(method: F0Method())

  /// What was asked for.
  var method: F0Method { F0Method(f0, floor: f0Range.method.floor, ceiling: f0Range.method.ceiling) }
}

/// `--f0-range 71-800`.
struct F0RangeOption: ExpressibleByArgument {
  /// Its floor and ceiling are meant.
  let method: F0Method

  var defaultValueDescription: String { "\(Int(method.floor))-\(Int(method.ceiling))" }
}

extension F0RangeOption {
  init?(argument: String) {
    let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
    guard ends.count == 2, let floor = ends[0], let ceiling = ends[1], F0Method.limits.contains(floor),
      F0Method.limits.contains(ceiling), ceiling >= 2 * floor
    else { return nil }
    method = F0Method(floor: floor, ceiling: ceiling)
  }
}
