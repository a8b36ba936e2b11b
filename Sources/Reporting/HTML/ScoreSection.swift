// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import SpeechMetrics
internal import Statistics

/// The table of systems and metrics, and the plots of their values.
enum ScoreSection {
  /// - Parameter dots: how many may be drawn in all.
  static func content(_ run: Run, _ rows: [TableRow], dots: Int) -> [String: Any] {
    let most = max(50, dots / max(1, run.systems.count * rows.count))
    let plots = zip(run.settings.metrics, rows).map { id, row in plot(run, id, row, most) }
    return [
      "metrics": rows.map { ["heading": $0.heading, "name": MetricCatalogue.info($0.comparison.metric)?.name ?? ""] },
      "systems": run.systems.indices.map { system(run, rows, $0) },
      "dotLegend": legend(isThinned: plots.contains(where: \.isThinned), most),
      "plots": plots.map { ["heading": $0.heading, "svg": $0.svg] }.filter { $0["svg"] != "" },
    ]
  }

  /// How a plot's strips are to be read.
  /// - Parameters:
  ///   - isThinned: whether not every utterance has a dot.
  ///   - most: dots of a system where that is so.
  ///   - interval: what the bar is the 95 % interval of, or by.
  static func legend(isThinned: Bool = false, _ most: Int = 0, interval: String = "the mean's") -> String {
    let dots = isThinned ? "the least, the greatest and evenly spaced ones between, \(most) a system" : "each utterance"
    return "Dots: \(dots). Box: the middle half, with the median. Bar: \(interval) 95 % interval."
  }

  static func plot(_ run: Run, _ id: String, _ row: TableRow, _ most: Int) -> StripPlot {
    let strips = zip(run.systems, zip(row.cells, row.comparison.cells)).map { system, cells in
      let (shown, exact) = cells
      return StripPlot.Strip(
        system: system.name, caption: exact.values?.interval == nil ? shown.mean : "\(shown.mean) (\(shown.interval))",
        values: system.utterances.compactMap { $0.score(id)?.outcome.value }, mean: exact.values?.mean,
        low: exact.values?.interval?.low, high: exact.values?.interval?.high)
    }
    return StripPlot(metric: id, heading: row.heading, strips: strips, mostDots: most)
  }

  private static func system(_ run: Run, _ rows: [TableRow], _ place: Int) -> [String: Any] {
    [
      "name": run.systems[place].name, "pairs": run.systems[place].utterances.count,
      "cells": rows.map { cell($0, place, run.systems[place]) },
    ]
  }

  private static func cell(_ row: TableRow, _ place: Int, _ system: SystemResult) -> [String: Any] {
    let (shown, exact) = (row.cells[place], row.comparison.cells[place])
    var cell: [String: Any] = [
      "metric": row.comparison.metric, "text": shown.mean, "isBest": shown.isBest,
      "class": row.isWarped ? "warped" : shown.isBest ? "best" : "",
      "lines": [shown.interval, shown.remark].filter { !$0.isEmpty },
    ]
    guard let values = exact.values else { return cell }
    var numbers: [String: Any] = ["n": values.n, "mean": values.mean.exact]
    if let interval = values.interval {
      numbers["limits"] = ["low": interval.low.exact, "high": interval.high.exact]
    }
    cell["exact"] = numbers
    let scores = system.utterances.compactMap { $0.score(row.comparison.metric) }
    if Set(scores.map(\.signature)).count == 1 {
      // The interval is not needed, and costs most.
      let own = scores.compactMap(\.outcome.value)
      if let mean = own.count == values.n ? values.mean : system.summary(row.comparison.metric).values?.mean {
        cell["own"] = mean.exact
      }
    }
    return cell
  }
}
