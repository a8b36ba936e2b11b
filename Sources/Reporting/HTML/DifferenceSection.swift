// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation
internal import Statistics

/// What became of the systems since the baseline.
enum DifferenceSection {
  static func content(_ diff: RunDiff) -> [String: Any] {
    var section: [String: Any] = [
      "legend": DiffTable.legend,
      "systems": diff.systems.map { system in
        [
          "heading": DiffTable.heading(system), "svg": DifferencePlot(diff: system).svg,
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
