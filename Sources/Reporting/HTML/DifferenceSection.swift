// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation
internal import Statistics

/// What became of the systems since the baseline.
enum DifferenceSection {
  /// - Parameter dots: how many may be drawn in all.
  static func content(_ diff: RunDiff, dots: Int) -> [String: Any] {
    let lines = diff.systems.reduce(0) { $0 + $1.metrics.count }
    let most = max(50, dots / max(1, lines))
    let isThinned = diff.systems.contains { $0.metrics.contains { $0.differences.count > most } }
    var section: [String: Any] = [
      "legend":
        "\(DiffTable.legend). Dots: \(isThinned ? "utterances, evenly spaced ones of many" : "utterances"); bar: the mean's 95 % "
        + "interval; shaded: differences that count as the same. ▼ regressed, ▲ improved, ≈ equivalent, = identical, ? not decided.",
      "systems": diff.systems.map { system in
        [
          "name": system.name, "heading": DiffTable.heading(system),
          "svg": DifferencePlot(diff: system, mostDots: most).svg,
          "rows": system.metrics.map(row),
          "speed": DiffTable.speed(system).map { $0.trimmingCharacters(in: .whitespaces) },
        ] as [String: Any]
      },
    ]
    HTMLReport.list(diff.provenance.map(DiffTable.change), "changes", "hasChanges", &section)
    return section
  }

  private static func row(_ metric: MetricDiff) -> [String: Any] {
    let columns = DiffCells(metric).columns
    var row: [String: Any] = [
      "metric": metric.metric, "gate": columns[0].isEmpty ? "" : "\(columns[0]) ", "name": columns[1],
      "cells": Array(columns[2...7]), "verdict": columns[8],
    ]
    if let means = metric.means, let comparison = metric.comparison, let mean = comparison.meanDifference {
      var exact: [String: Any] = [
        "n": comparison.n, "a": means.a.exact, "b": means.b.exact, "mean": mean.exact, "p": comparison.test.p.exact,
      ]
      if let interval = comparison.interval {
        exact["limits"] = ["low": interval.low.exact, "high": interval.high.exact]
      }
      row["exact"] = exact
    }
    return row
  }
}
