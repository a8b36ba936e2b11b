// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import SpeechSignal

extension F0Method.Tracker: ExpressibleByArgument {}

/// `--f0` and `--f0-range`, the same wherever F0 is looked for.
struct F0Options: ParsableArguments {
  @Option(help: "The F0 tracker. (MCD and presets have their own.)") var f0: F0Method.Tracker = .harvest
  @Option(
    help: .init(
      "The range in which F0 is looked for, in Hz: within 40 to 1100, at least an octave. (default: 71-800)",
      valueName: "floor-ceiling"), transform: Self.range)
  var f0Range = F0Method()

  /// What was asked for.
  var method: F0Method { F0Method(f0, floor: f0Range.floor, ceiling: f0Range.ceiling) }

  /// `71-800`; floor and ceiling of what is returned are meant.
  private static func range(_ argument: String) throws -> F0Method {
    let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
    guard ends.count == 2, let floor = ends[0], let ceiling = ends[1] else {
      throw ValidationError("two numbers with a hyphen, as 71-800")
    }
    guard F0Method.limits.contains(floor), F0Method.limits.contains(ceiling) else {
      throw ValidationError("F0 is looked for from 40 to 1100 Hz")
    }
    guard ceiling >= 2 * floor else { throw ValidationError("the range is at least an octave: \(floor)-\(2 * floor)") }
    return F0Method(floor: floor, ceiling: ceiling)
  }
}
