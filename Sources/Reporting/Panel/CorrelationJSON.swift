// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Statistics

/// Listeners against metrics as JSON, schema 1. Numbers are finite or absent, in full double precision.
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
    let differences: [Difference]
    let ceiling: Ceiling?

    init(_ level: PredictionLevel) {
      metrics = level.metrics.map(Metric.init)
      differences = level.differences.map(Difference.init)
      ceiling = level.ceiling.map(Ceiling.init)
    }
  }

  private struct Coefficient: Encodable {
    let value: Double
    let low: Double?
    let high: Double?

    init(_ value: Double, _ interval: ClosedRange<Double>?) {
      self.value = value
      low = interval?.lowerBound
      high = interval?.upperBound
    }
  }

  private struct Errors: Encodable {
    let n: Int
    let rmse: Double?
    let rmseStar: Double?
    let outlierRatio: Double?

    init(_ error: PredictionError) {
      n = error.n
      rmse = error.rmse
      rmseStar = error.rmseStar
      outlierRatio = error.outlierRatio
    }
  }

  private struct Metric: Encodable {
    let metric: String
    let n: Int
    let rising: Bool
    let lcc: Coefficient
    let srcc: Coefficient
    let kendall: Coefficient?
    let mapping: Mapping?
    let fitted: Errors?
    let crossValidated: Errors?
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
      rising = prediction.isRising
      lcc = Coefficient(found.correlation.pearson, found.pearson)
      srcc = Coefficient(found.correlation.spearman, found.spearman)
      kendall = found.correlation.kendall.map { Coefficient($0, found.kendall) }
      mapping = prediction.mapping.map {
        Mapping(coefficients: $0.coefficients, low: $0.domain.lowerBound, high: $0.domain.upperBound)
      }
      fitted = prediction.fitted.map(Errors.init)
      crossValidated = prediction.crossValidated.map(Errors.init)
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

  private struct Ceiling: Encodable {
    let halves: Double
    let reliability: Double
    let ceiling: Double
    let splits: Int

    init(_ ceiling: NoiseCeiling) {
      halves = ceiling.halves
      reliability = ceiling.reliability
      self.ceiling = ceiling.ceiling
      splits = ceiling.splits
    }
  }
}
