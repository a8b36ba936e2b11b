// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import SpeechMetrics

/// One label on several machines.
enum MachineSection {
  static func content(_ matrix: HardwareMatrix) -> [String: Any] {
    let systems = matrix.pairs.flatMap { pair in pair.diff.systems.map { (pair: pair, system: $0) } }
    var metrics: [String] = []
    for metric in systems.flatMap(\.system.metrics) where metric.isGate && !metrics.contains(metric.metric) {
      metrics.append(metric.metric)
    }
    return [
      "legend": HardwareReport.legend, "hosts": matrix.machines.map(HardwareReport.machine),
      "columns": matrix.machines.indices.map { "\($0 + 1)" },
      "matrix": HardwareReport.answers(matrix).enumerated().map {
        ["place": "\($0 + 1)", "cells": $1] as [String: Any]
      },
      "metrics": metrics.map { "greatest \($0)" },
      "pairs": systems.map { pair, system in
        [
          "machines": name(pair), "system": system.name, "answer": HardwareMatrix.Sameness(system).rawValue,
          "notes": HardwareReport.unlike(system), "same": "\(system.audioIdentical) of \(system.pairs)",
          "cells": metrics.map { cell($0, system, matrix.spreads[system.name] ?? [:]) },
        ] as [String: Any]
      },
      "changes": matrix.pairs.compactMap { pair -> [String: Any]? in
        let lines = pair.diff.provenance.filter { $0.name != "host" }.map(DiffTable.change)
        return lines.isEmpty ? nil : ["machines": name(pair), "lines": lines]
      },
    ]
  }

  private static func name(_ pair: HardwareMatrix.Pair) -> String {
    pair.places.map { "\($0 + 1)" }.joined(separator: " – ")
  }

  private static func cell(_ id: String, _ system: SystemDiff, _ spreads: [String: Double]) -> [String: Any] {
    let decimals = (MetricCatalogue.info(id)?.scale.decimals ?? 3) + 1
    guard let greatest = system.metrics.first(where: { $0.metric == id })?.greatestDifference else {
      return ["metric": id, "text": "–"]
    }
    var cell: [String: Any] = [
      "metric": id, "text": PlainText.number(greatest, decimals: decimals), "exact": greatest.exact,
    ]
    if let spread = spreads[id] { cell["takes"] = ["takes \(PlainText.number(spread, decimals: decimals))"] }
    return cell
  }
}
