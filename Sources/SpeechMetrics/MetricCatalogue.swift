// SPDX-License-Identifier: GPL-3.0-or-later

/// Every metric there is, in the order tables show them.
public enum MetricCatalogue {
  /// All metrics.
  public static let all: [any Metric] = [
    PESQMetric.wideBand,
    PESQMetric.narrowBand,
    PESQMetric.wideBandCorrigendum2,
    PESQMetric.narrowBandRaw,
    STOI(),
    ESTOI(),
    SISDR(),
    LSD(),
    LogMelL1(),
    MRSTFT(),
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

  /// The metric of that id.
  public static func metric(_ id: String) -> (any Metric)? { all.first { $0.info.id == id } }
}
