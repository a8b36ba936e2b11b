// SPDX-License-Identifier: GPL-3.0-or-later

/// Every metric there is, in the order tables show them.
public enum MetricCatalogue {
  /// All metrics.
  public static let all: [any Metric] = [
    STOI(),
    ESTOI(),
    SISDR(),
    LSD(),
    LogMelL1(),
    MRSTFT(),
  ]

  /// What `--metrics default` stands for.
  public static var defaults: [any Metric] { all.filter { $0.info.isDefault } }

  /// The metric of that id.
  public static func metric(_ id: String) -> (any Metric)? { all.first { $0.info.id == id } }
}
