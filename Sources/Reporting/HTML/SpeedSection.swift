// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import SpeechMetrics
internal import Statistics

/// What making the sounds took, beside what they are worth.
enum SpeedSection {
  /// - Returns: nil where nobody measured.
  static func content(_ run: Run, _ rows: [TableRow]) -> [String: Any]? {
    let figures = SpeedFigure.allCases.filter { figure in
      run.systems.contains { $0.utterances.contains { $0.speed.flatMap(figure.value) != nil } }
    }
    guard !figures.isEmpty else { return nil }
    let gate = GateRules.family(of: run.settings)
    let quality = rows.filter { gate.contains($0.comparison.metric) }
    return [
      "heads": figures.map(\.name) + quality.map(\.heading),
      "rows": run.systems.enumerated().map { place, system in
        [
          "name": system.name,
          "cells": figures.map { speed($0, system) } + quality.map { score($0, place) },
        ] as [String: Any]
      },
    ]
  }

  private static func speed(_ figure: SpeedFigure, _ system: SystemResult) -> [String: Any] {
    let values = system.utterances.compactMap { $0.speed.flatMap(figure.value) }
    guard let summary = Summary(values, within: 0 ... .infinity) else { return ["text": "–"] }
    func number(_ value: Double) -> String { PlainText.number(value, decimals: figure == .realTimeFactor ? 4 : 2) }
    let interval = summary.interval.map { ["\(number($0.low)) … \(number($0.high))"] } ?? []
    return ["text": number(summary.mean), "exact": summary.mean.exact, "lines": interval]
  }

  private static func score(_ row: TableRow, _ place: Int) -> [String: Any] {
    var cell: [String: Any] = ["text": row.cells[place].mean]
    if let mean = row.comparison.cells[place].values?.mean { cell["exact"] = mean.exact }
    return cell
  }
}
