// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Statistics

/// Listeners against metrics as JSON, schema 1. Numbers are finite or absent, in full double precision.
///
/// `lcc`, `srcc` and `kendall` are of the metric as it is; `strength`, `srccBest` and `srccOther` are SRCC with its sign turned where less
/// is better (`better`), so that 1 is perfect for every metric.
public enum CorrelationJSON {
  /// The document, with sorted keys.
  public static func render(_ correlation: PanelCorrelation) throws -> String {
    try JSONReport.text(Document(correlation))
  }

  private struct Document: Encodable {
    let schema = 1
    let utterances: Level
    let systems: Level
    let warnings: [String]

    init(_ correlation: PanelCorrelation) {
      utterances = Level(correlation.utterances)
      systems = Level(correlation.systems)
      warnings = correlation.warnings
    }
  }

  private struct Level: Encodable {
    let metrics: [Metric]
    let best: String?
    /// Why there is none.
    let noBest: String?
    let differences: [Difference]
    let ceiling: JSONNumbers?

    init(_ level: PredictionLevel) {
      metrics = level.metrics.map(Metric.init)
      best = level.best.value
      noBest = level.best.reason
      differences = level.differences.map(Difference.init)
      ceiling = level.ceiling.map { JSONNumbers($0) }
    }
  }

  private struct Metric: Encodable {
    let metric: String
    let n: Int
    let better: String
    let rising: Bool
    let lcc: JSONNumbers
    let srcc: JSONNumbers
    let strength: Double
    let kendall: JSONNumbers?
    let mapping: Mapping?
    let fitted: JSONNumbers?
    let crossValidated: JSONNumbers?
    let points: [Point]

    /// c₀…c₃ of Σ cₖtᵏ with t = −1…1 over low…high of the metric.
    struct Mapping: Encodable {
      let coefficients: [Double]
      let low: Double
      let high: Double
    }

    struct Point: Encodable {
      let system: String
      let utterance: String?
      let value: Double
      let mos: Double
    }

    init(_ prediction: MetricPrediction) {
      let found = prediction.correlation
      metric = prediction.metric
      n = found.correlation.n
      better = prediction.better.rawValue
      rising = prediction.isRising
      lcc = JSONNumbers(found.correlation.pearson, found.pearson)
      srcc = JSONNumbers(found.correlation.spearman, found.spearman)
      strength = prediction.strength
      kendall = found.correlation.kendall.map { JSONNumbers($0, found.kendall) }
      mapping = prediction.mapping.map {
        Mapping(coefficients: $0.coefficients, low: $0.domain.lowerBound, high: $0.domain.upperBound)
      }
      fitted = prediction.fitted.map { JSONNumbers($0) }
      crossValidated = prediction.crossValidated.map { JSONNumbers($0) }
      points = prediction.points.map {
        Point(system: $0.system, utterance: $0.utterance, value: $0.value, mos: $0.mos)
      }
    }
  }

  private struct Difference: Encodable {
    let best: String
    let other: String
    let n: Int
    let srccBest: Double
    let srccOther: Double
    let p: Double?
    let holm: Double?
    let real: Bool

    init(_ difference: PredictionLevel.Difference) {
      best = difference.best
      other = difference.other
      n = difference.comparison.n
      srccBest = difference.comparison.first
      srccOther = difference.comparison.second
      p = difference.comparison.p
      holm = difference.holm
      real = difference.isReal
    }
  }
}
