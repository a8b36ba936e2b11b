// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation
internal import SpeechMetrics
internal import Statistics

/// A run in Prometheus' text exposition format (0.0.4), for node_exporter's textfile collector.
///
/// Every series has the run's label, so that several runs' files may lie in one folder; the run's id stands in
/// `ttseval_run_info` alone, as each new value of a label on a series is a new series. Base units: seconds, bytes, watts; a
/// score is in its metric's own unit, which the label `unit` names.
public enum PrometheusReport {
  /// The document.
  public static func render(_ run: Run) -> String {
    var families = scores(run) + speed(run) + about(run)
    families.removeAll { $0.samples.isEmpty }
    return families.map(\.text).joined()
  }

  /// Names of everything that a run may expose.
  package static var names: [String] {
    summaryNames.map { "ttseval_score_\($0.name)" }
      + SpeedFigure.allCases.flatMap { figure in ["mean", "low", "high"].map { name(figure) + "_\($0)" } }
      + [
        "ttseval_run_info", "ttseval_run_start_time_seconds", "ttseval_run_end_time_seconds", "ttseval_run_complete",
        "ttseval_run_pairs", "ttseval_run_unmatched_files",
      ]
  }

  private static let summaryNames: [(name: String, help: String, value: @Sendable (MetricSummary) -> Double?)] = [
    ("mean", "Mean score over a system's pairs.", { $0.values?.mean }),
    ("low", "Lower limit of the 95 % interval of the mean score.", { $0.values?.interval?.low }),
    ("high", "Upper limit of the 95 % interval of the mean score.", { $0.values?.interval?.high }),
    ("median", "Median score over a system's pairs.", { $0.values?.median }),
    ("pairs", "Pairs that have a score.", { Double($0.values?.n ?? 0) }),
    ("undefined_pairs", "Pairs for which the metric's definition gives no number.", { Double($0.undefined) }),
    ("failed_pairs", "Pairs whose score failed.", { Double($0.failed) }),
  ]

  private static func scores(_ run: Run) -> [Family] {
    let summaries = run.systems.flatMap { system in
      run.settings.metrics.map { (labels: labels(run, system, metric: $0), summary: system.summary($0)) }
    }
    return summaryNames.map { entry in
      Family(
        name: "ttseval_score_\(entry.name)", help: entry.help,
        samples: summaries.compactMap { one in entry.value(one.summary).map { (one.labels, $0) } })
    }
  }

  private static func labels(_ run: Run, _ system: SystemResult, metric: String) -> [(String, String)] {
    let scale = MetricCatalogue.info(metric)?.scale
    return [
      ("label", run.label ?? ""), ("system", system.name), ("metric", metric), ("unit", scale?.unit ?? ""),
      ("better", scale?.better.rawValue ?? "none"),
    ]
  }

  private static func name(_ figure: SpeedFigure) -> String {
    let name =
      switch figure {
      case .realTimeFactor: "real_time_factor"
      case .latency: "latency_seconds"
      case .cpu: "cpu_seconds"
      case .memory: "peak_memory_bytes"
      case .gpuMemory: "gpu_memory_bytes"
      case .gpuPower: "gpu_power_watts"
      }
    return "ttseval_synthesis_\(name)"
  }

  private static func speed(_ run: Run) -> [Family] {
    SpeedFigure.allCases.flatMap { figure in
      // MiB are a table's unit.
      let unit = figure == .memory || figure == .gpuMemory ? 1_048_576.0 : 1
      let summaries = run.systems.map { system in
        let values = system.utterances.compactMap { $0.speed.flatMap(figure.value) }
        return (
          labels: [("label", run.label ?? ""), ("system", system.name)],
          summary: Summary(values.map { $0 * unit }, within: 0 ... .infinity)
        )
      }
      func family(_ suffix: String, _ help: String, _ value: (Summary) -> Double?) -> Family {
        Family(
          name: "\(name(figure))_\(suffix)", help: "\(help) over a system's syntheses: \(figure.name).",
          samples: summaries.compactMap { one in one.summary.flatMap(value).map { (one.labels, $0) } })
      }
      return [
        family("mean", "Mean", { $0.mean }),
        family("low", "Lower limit of the 95 % interval of the mean", { $0.interval?.low }),
        family("high", "Upper limit of the 95 % interval of the mean", { $0.interval?.high }),
      ]
    }
  }

  private static func about(_ run: Run) -> [Family] {
    let label = [("label", run.label ?? "")]
    let conditions = run.settings.conditions
    let info =
      label + [
        ("run", run.id.uuidString.lowercased()), ("version", run.tool), ("host", run.host.id),
        ("alignment", conditions.alignment.rawValue), ("analysis_rate", "\(conditions.analysisRate)"),
      ]
    let unmatched = [("reference", run.unmatched.reference), ("synthesis", run.unmatched.synthesis)]
    return [
      Family(name: "ttseval_run_info", help: "What the run was; always 1.", samples: [(info, 1)]),
      Family(
        name: "ttseval_run_start_time_seconds", help: "When the run started, Unix time.",
        samples: [(label, run.startedAt.timeIntervalSince1970)]),
      Family(
        name: "ttseval_run_end_time_seconds", help: "When the run's last pair was scored, Unix time.",
        samples: run.finishedAt.map { [(label, $0.timeIntervalSince1970)] } ?? []),
      Family(
        name: "ttseval_run_complete", help: "Whether all pairs were scored.",
        samples: [(label, run.finishedAt == nil ? 0 : 1)]),
      Family(
        name: "ttseval_run_pairs", help: "Pairs of a system that were looked at.",
        samples: run.systems.map { (label + [("system", $0.name)], Double($0.utterances.count)) }),
      Family(
        name: "ttseval_run_unmatched_files", help: "Files without a partner.",
        samples: unmatched.map { (label + [("side", $0)], Double($1.count)) }),
    ]
  }
}

/// One metric of the exposition, a gauge: its lines stand together.
private struct Family {
  let name: String
  let help: String
  let samples: [([(String, String)], Double)]

  var text: String {
    let lines = samples.map { labels, value in
      let pairs = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
      return "\(name){\(pairs)} \(value)\n"
    }
    return "# HELP \(name) \(help)\n# TYPE \(name) gauge\n" + lines.joined()
  }

  /// A label's value is any text; these three have escapes.
  private static func escaped(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "\"": shown.append(contentsOf: ["\\", scalar])
      case "\n": shown.append(contentsOf: ["\\", "n"])
      default: shown.append(scalar)
      }
    }
    return String(shown)
  }
}
