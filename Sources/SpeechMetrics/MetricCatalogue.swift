// SPDX-License-Identifier: GPL-3.0-or-later

/// Every metric there is, in the order tables show them.
public enum MetricCatalogue {
  /// All metrics.
  public static let all: [any Metric] = [
    PESQMetric.wideBand,
    PESQMetric.narrowBand,
    PESQMetric.wideBandCorrigendum2,
    PESQMetric.narrowBandRaw,
    PESQMetric.wideBandRaw,
    STOI(),
    ESTOI(),
    MCD(),
    F0Metric.rmseCents,
    F0Metric.correlation,
    F0Metric.grossPitchError,
    F0Metric.voicingDecisionError,
    F0Metric.frameError,
    SISDR(),
    LSD(),
    LogMelL1(),
    MRSTFT(),
    F0Metric.rmseHertz,
    F0Metric.voicingF1,
    F0Metric.meanDifferenceCents,
    F0Metric.rangeRatio,
  ]

  /// What `--metrics default` stands for in a run of this analysis rate (Hz): below 16 kHz, where wide-band PESQ is not
  /// defined, narrow-band PESQ takes its place.
  public static func defaults(analysisRate: Int) -> [any Metric] {
    all.filter { metric in
      switch metric.info.id {
      case PESQMetric.wideBand.info.id: analysisRate >= 16_000
      case PESQMetric.narrowBand.info.id: analysisRate < 16_000
      default: metric.info.isDefault
      }
    }
  }

  /// Recipes of other tools, in the order `ttseval explain` shows them.
  public static let presets = Preset.allCases

  /// The metrics of another tool's recipe, or nil when no preset has that name.
  public static func preset(_ name: String) -> [any Metric]? { Preset(rawValue: name)?.metrics }

  /// The metric of that id.
  public static func metric(_ id: String) -> (any Metric)? { all.first { $0.info.id == id } }

  /// What a score of that id is, also of one that only a preset has, or that listeners gave.
  public static func info(_ id: String) -> MetricInfo? {
    metric(id)?.info ?? presets.lazy.flatMap(\.metrics).first { $0.info.id == id }?.info
      ?? OpinionScale(rawValue: id)?.info
  }
}
