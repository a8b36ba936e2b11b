// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import SpeechMetrics

/// `ttseval metrics [ID]`.
struct MetricsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "Lists the metrics, or explains one: scale, recipe, sources.")

  @Argument(help: "A metric's id; without one, all are listed.")
  var id: String?

  func run() throws {
    do {
      try Console.print(try text())
    } catch let error as OutputError {
      throw Console(quiet: false).stop(error)
    }
  }

  private func text() throws -> String {
    guard let id else {
      let width = MetricCatalogue.all.map(\.info.id.count).max() ?? 0
      let lines = MetricCatalogue.all.map { metric in
        let info = metric.info
        let mark = info.isDefault ? "default  " : "         "
        return info.id.padding(toLength: width + 2, withPad: " ", startingAt: 0) + mark + info.name + "\n"
      }
      return lines.joined()
    }
    guard let info = MetricCatalogue.info(id) else { throw ValidationError(MetricSelection.unknown(id)) }
    return Self.explanation(info)
  }

  static func explanation(_ info: MetricInfo) -> String {
    let scale = info.scale
    let direction =
      switch scale.better {
      case .higher: "higher is better"
      case .lower: "lower is better"
      case .none: "neither direction is better"
      }
    func bound(_ value: Double) -> String { value.isFinite ? "\(value)" : value < 0 ? "−∞" : "∞" }
    let unit = scale.unit.isEmpty ? "" : " \(scale.unit)"
    let rate =
      switch info.input.rate {
      case .analysis: "the run's analysis rate"
      case .fixed(let rate): "\(rate) Hz"
      case .telephone: "16000 Hz where the run's analysis rate reaches it, else 8000 Hz"
      }
    let timing =
      switch info.input.timing {
      case .samplesInStep: "sample by sample in step"
      case .framesInStep: "frames of the speech extent in step"
      case .ownDelays: "whole files, whose delays it follows itself"
      case .own: "whole files, which it pairs itself"
      }
    let lines = [
      "\(info.id): \(info.name)",
      "",
      info.summary,
      "",
      "range      \(bound(scale.range.lowerBound)) to \(bound(scale.range.upperBound))\(unit); \(direction)",
      "tolerance  \(scale.tolerance)\(unit): \(scale.toleranceReason)",
      "input      \(rate), \(timing), "
        + "at least \(Int((info.input.minimumSeconds * 1000).rounded(.up))) ms",
      "recipe     \((info.recipe + ["v\(info.revision)"]).joined(separator: "|"))",
    ]
    let pitch =
      info.recipe.first?.hasPrefix("f0:") == true
      ? ["options    --f0 and --f0-range choose another tracker and range"] : []
    let traces = info.traces.map { "trace      \($0.name)\($0.unit.isEmpty ? "" : " (\($0.unit))"): \($0.summary)" }
    return (lines + pitch + traces + info.citations.map { "source     \($0)" }).map { $0 + "\n" }.joined()
  }
}

/// `--metrics`: ids, `default` or `all`.
struct MetricSelection {
  private let ids: Set<String>
  /// Whether `default` stands in it, of which a part depends on the run's rate.
  private let isStandard: Bool

  private init(ids: Set<String>, isStandard: Bool) {
    self.ids = ids
    self.isStandard = isStandard
  }

  /// What several lists name together; no list is the default.
  init(_ lists: [MetricSelection]) {
    self.init(
      ids: lists.reduce(into: []) { $0.formUnion($1.ids) },
      isStandard: lists.isEmpty || lists.contains(where: \.isStandard))
  }

  /// The metrics of a run of this analysis rate (Hz), in table order. A preset's take the places of those of the same id,
  /// and what it has beyond them follows.
  func metrics(analysisRate: Int, preset: Preset?) -> [any Metric] {
    let standard = isStandard ? MetricCatalogue.defaults(analysisRate: analysisRate).map(\.info.id) : []
    let chosen = MetricCatalogue.all.filter { ids.union(standard).contains($0.info.id) }
    let others = preset?.metrics ?? []
    return chosen.map { own in others.first { $0.info.id == own.info.id } ?? own }
      + others.filter { other in !chosen.contains { $0.info.id == other.info.id } }
  }

  static func parse(_ argument: String) throws -> MetricSelection {
    var ids: Set<String> = []
    var isStandard = false
    for name in argument.split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) {
      switch name {
      case "default": isStandard = true
      case "all": ids.formUnion(MetricCatalogue.all.map(\.info.id))
      default:
        guard MetricCatalogue.metric(name) != nil else { throw ValidationError(unknown(name)) }
        ids.insert(name)
      }
    }
    guard !ids.isEmpty || isStandard else { throw ValidationError("--metrics names none") }
    return MetricSelection(ids: ids, isStandard: isStandard)
  }

  static func unknown(_ name: String) -> String {
    "no metric is called “\(name)”; there are \(MetricCatalogue.all.map(\.info.id).joined(separator: ", "))"
  }
}
