// SPDX-License-Identifier: GPL-3.0-or-later
public import SpeechMetrics
internal import SpeechSignal

/// What may decide whether a run is worse than another, and by how much it must be.
public struct GateRules: Sendable, Equatable {
  /// The metrics whose verdicts count, adjusted together; nil for ``family(of:alignment:analysisRate:)``.
  public var metrics: [String]?
  /// Differences of means that count as the same, by metric, in its unit; for others the metric's own.
  public var tolerances: [String: Double]
  /// The worst mean that is accepted, by metric, in its unit.
  public var limits: [String: Double]
  /// Fewer pairs than these decide nothing.
  public var minimumPairs: Int

  /// Rules from their parts; by default every metric's own.
  public init(
    metrics: [String]? = nil, tolerances: [String: Double] = [:], limits: [String: Double] = [:],
    minimumPairs: Int = 1
  ) {
    self.metrics = metrics
    self.tolerances = tolerances
    self.limits = limits
    self.minimumPairs = minimumPairs
  }

  /// Whether a mean is beyond what is accepted for its metric.
  func breaks(_ metric: String, _ mean: Double) -> Bool {
    guard let limit = limits[metric] else { return false }
    switch MetricCatalogue.info(metric)?.scale.better {
    case .higher: return mean < limit
    case .lower: return mean > limit
    default: return false
    }
  }

  /// The means of a run that are beyond their limits, one line each; also a limit's metric that has no mean.
  public func brokenLimits(_ run: Run) -> [String] {
    run.systems.flatMap { system in
      limits.sorted { $0.key < $1.key }.compactMap { metric, limit in
        guard let mean = system.summary(metric).values?.mean else {
          return "\(system.name): \(metric) has no mean to hold against \(limit)"
        }
        let scale = (0..<(MetricCatalogue.info(metric)?.scale.decimals ?? 3)).reduce(1.0) { scale, _ in scale * 10 }
        return breaks(metric, mean)
          ? "\(system.name): \(metric) has a mean of \((mean * scale).rounded() / scale), beyond the limit of \(limit)"
          : nil
      }
    }
  }

  /// The usual family of gate metrics, of those that a run has: one for each way in which speech goes wrong, as metrics
  /// that say the same would only make each other less sure. In a run that warps, those that hear no warped sound.
  ///
  /// A run that has none of them was asked for others: then all decide that have a better direction.
  public static func family(of metrics: [String], alignment: AlignmentClass, analysisRate: Int) -> [String] {
    let usual = ["pesq-wb", "estoi", "mcd", "f0-rmse-cents", "vde"].filter {
      alignment != .warp || MetricCatalogue.info($0)?.input.timing.changesSound == false
    }
    // Below 16 kHz narrow-band PESQ stands for the other.
    let isTelephone = alignment != .warp && analysisRate < 16_000
    let family = metrics.filter { usual.contains($0) || (isTelephone && $0 == "pesq-nb") }
    if !family.isEmpty { return family }
    // Listeners may have heard one of two runs, or another panel the other: they decide where they are asked to.
    return metrics.filter { id in
      OpinionScale(rawValue: id) == nil && MetricCatalogue.info(id).map { $0.scale.better != .none } ?? false
    }
  }

  /// The usual family of a run.
  public static func family(of settings: RunSettings) -> [String] {
    let conditions = settings.conditions
    return family(of: settings.metrics, alignment: conditions.alignment, analysisRate: conditions.analysisRate)
  }
}
