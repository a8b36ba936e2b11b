// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation
internal import SpeechMetrics
internal import Statistics

/// The numbers of a run's table as text, shared by the terminal and the Markdown form.
struct TableRow {
  /// One system's cell.
  struct Cell {
    /// The mean, or why there is none.
    let mean: String
    /// The 95 % interval of the mean, or empty.
    let interval: String
    /// What stands beside the number: how many pairs had none, or that the mean is over other utterances.
    let remark: String
    /// Whether no other compared system is better.
    let isBest: Bool
    /// Whether it has a mean that is not compared with the others.
    let isApart: Bool
  }

  /// Whether the scores are of sound that was warped in time: they flatter, and decide nothing.
  let isWarped: Bool
  /// Metric id with unit and an arrow for the better direction.
  let heading: String
  /// In the run's order.
  let cells: [Cell]
  /// The comparison behind the cells.
  let comparison: Comparison

  init(_ run: Run, metric id: String) {
    let info = MetricCatalogue.info(id)
    isWarped = run.settings.conditions.alignment == .warp && info?.input.timing.changesSound ?? false
    comparison = Comparison(run, metric: id, better: isWarped ? .none : info?.scale.better ?? .none)
    let arrow =
      switch info?.scale.better {
      case .higher: " ↑"
      case .lower: " ↓"
      default: ""
      }
    let unit = info.map { $0.scale.unit.isEmpty ? "" : " \($0.scale.unit)" } ?? ""
    let score = run.systems.lazy.flatMap(\.utterances).compactMap { $0.score(id) }.first
    // What sets the number apart from the catalogue's.
    let recipe = score?.signature.preset ?? score?.signature.otherF0
    let kind = recipe.map { " (\($0))" } ?? ""
    heading = "\(id)\(kind)\(unit)\(arrow)\(isWarped ? " warped" : "")"
    let decimals = info?.scale.decimals ?? 3
    cells = comparison.cells.map { Cell($0, decimals: decimals) }
  }
}

extension TableRow.Cell {
  fileprivate init(_ cell: Comparison.Cell, decimals: Int) {
    isBest = cell.isBest
    isApart = cell.values != nil && !cell.isCompared
    var remarks: [String] = []
    if let values = cell.values {
      mean = PlainText.number(values.mean, decimals: decimals)
      interval =
        values.interval.map {
          "\(PlainText.number($0.low, decimals: decimals)) … \(PlainText.number($0.high, decimals: decimals))"
        } ?? (values.n == 1 ? "one value" : "no interval")
      if !cell.isCompared { remarks.append("own \(values.n) only") }
    } else {
      mean = cell.failed > 0 ? "failed" : cell.undefined > 0 ? "undefined" : "–"
      interval = ""
    }
    if cell.undefined > 0 { remarks.append("\(cell.undefined) undefined") }
    if cell.failed > 0 { remarks.append("\(cell.failed) failed") }
    remark = remarks.joined(separator: ", ")
  }
}
