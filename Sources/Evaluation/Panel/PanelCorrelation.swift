// SPDX-License-Identifier: GPL-3.0-or-later
internal import SpeechMetrics
public import Statistics

/// A clip: one system's rendering of one utterance.
public struct PanelClip: Sendable, Hashable {
  /// The system's name.
  public let system: String
  /// The utterance.
  public let utterance: String

  /// A clip from its names.
  public init(system: String, utterance: String) {
    self.system = system
    self.utterance = utterance
  }
}

/// One metric's values of clips.
public struct ClipScores: Sendable, Equatable {
  /// Metric id.
  public let metric: String
  /// Which way is good; with `neither` the metric is turned as its correlation is.
  public let better: Better
  /// Finite values; clips without one are absent.
  public let values: [PanelClip: Double]

  /// Scores from their parts.
  public init(metric: String, better: Better, values: [PanelClip: Double]) {
    self.metric = metric
    self.better = better
    self.values = values.filter { $0.value.isFinite }
  }

  /// A metric's values in a run; failed and undefined pairs have none.
  /// - Returns: nil when no pair has a value, or the values are of more than one signature.
  public init?(_ run: Run, metric: String) {
    var values: [PanelClip: Double] = [:]
    var signatures = Set<Signature>()
    for system in run.systems {
      for utterance in system.utterances {
        guard let score = utterance.score(metric), let value = score.outcome.value else { continue }
        values[PanelClip(system: system.name, utterance: utterance.id)] = value
        signatures.insert(score.signature)
      }
    }
    guard signatures.count == 1 else { return nil }
    let better: Better =
      switch MetricCatalogue.info(metric)?.scale.better {
      case .higher: .higher
      case .lower: .lower
      default: .neither
      }
    self.init(metric: metric, better: better, values: values)
  }
}

/// What a metric says of listeners' MOS, after ITU-T P.1401.
public struct MetricPrediction: Sendable, Equatable {
  /// Metric id.
  public let metric: String
  /// Which way is good, as the metric's definition has it.
  public let better: Better
  /// Whether a greater value should mean a higher MOS; where neither way is good, whether it does here.
  public let isRising: Bool
  /// Coefficients of MOS with the metric as it is, so negative for one of which less is better; N is in them.
  public let correlation: MOSCorrelation
  /// The monotone third-order mapping; nil for fewer than five items or four different values.
  public let mapping: MonotoneCubic?
  /// Errors of the mapped metric on the items that the mapping was fitted to, d = 4.
  public let fitted: PredictionError?
  /// Errors on items that the mapping had not seen: their cluster was left out, d = 0. Nil when a fold has no mapping.
  public let crossValidated: PredictionError?
  /// Each item's metric and MOS.
  public let points: [Point]

  /// Spearman's ρ in the metric's own direction: its sign is changed where less is better, so that 1 is perfect for every metric, and
  /// a number below 0 says that it predicts the wrong way round.
  public var strength: Double { correlation.correlation.spearman * (isRising ? 1 : -1) }

  /// One item.
  public struct Point: Sendable, Equatable {
    /// The system's name.
    public let system: String
    /// The utterance; nil where the item is a system.
    public let utterance: String?
    /// The metric's value.
    public let value: Double
    /// The MOS.
    public let mos: Double
  }
}

/// Metrics against MOS at one level.
public struct PredictionLevel: Sendable, Equatable {
  /// By ``MetricPrediction/strength``, the best first.
  public let metrics: [MetricPrediction]
  /// The metric that predicts best, or why none is named. Only a metric whose definition says which way is good can be: one that takes its
  /// direction from these very data would win by hindsight.
  public let best: Defined<String>
  /// The best against each other, in their order; empty without a best one.
  public let differences: [Difference]
  /// How well a perfect metric could do; nil when the halves of the listeners do not go together, or are too few.
  public let ceiling: NoiseCeiling?

  /// The best metric against another.
  public struct Difference: Sendable, Equatable {
    /// Id of the best one.
    public let best: String
    /// Id of the other.
    public let other: String
    /// Both ρ on the shared items, each in the metric's own direction.
    public let comparison: CorrelationDifference
    /// p adjusted over the comparisons with the best, by Holm; nil where there is no p.
    public let holm: Double?

    /// Whether the difference is real, at 5 %.
    public var isReal: Bool { holm.map { $0 < 0.05 } ?? false }
  }
}

/// Listeners against metrics, by clip and by system.
public struct PanelCorrelation: Sendable, Equatable {
  /// Items are clips; what makes them alike is the utterance.
  public let utterances: PredictionLevel
  /// Items are systems: mean of the metric over the rated clips against MOS.
  public let systems: PredictionLevel
  /// What to know before trusting it, one line each.
  public let warnings: [String]

  /// Up to this number of systems there is a warning.
  public static let fewSystems = 5
  /// Below this number of items no metric is called the best.
  public static let fewestItems = 4
}
