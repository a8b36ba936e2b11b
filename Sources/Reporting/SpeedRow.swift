// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Statistics

/// What making the sounds took, as a row of a run's table: each system's mean over its own utterances.
struct SpeedRow {
  /// The figure, with its unit.
  let heading: String
  /// Mean and 95 % interval of each system, in the run's order; empty where nobody measured.
  let cells: [(mean: String, interval: String)]

  /// The figures that any system of a run has.
  static func all(_ run: Run) -> [SpeedRow] { SpeedFigure.allCases.compactMap { SpeedRow(run, $0) } }

  private init?(_ run: Run, _ figure: SpeedFigure) {
    heading = figure.name
    cells = run.systems.map { system in
      let values = system.utterances.compactMap { $0.speed.flatMap(figure.value) }
      guard let summary = Summary(values, within: 0 ... .infinity) else { return ("", "") }
      let decimals = summary.mean < 10 ? 4 : 1
      func number(_ value: Double) -> String { PlainText.number(value, decimals: decimals) }
      return (number(summary.mean), summary.interval.map { "\(number($0.low)) … \(number($0.high))" } ?? "one value")
    }
    guard cells.contains(where: { !$0.mean.isEmpty }) else { return nil }
  }
}
