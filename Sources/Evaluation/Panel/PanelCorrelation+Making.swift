// SPDX-License-Identifier: GPL-3.0-or-later
internal import Statistics

extension PanelCorrelation {
  /// Correlates metrics with the ratings that are to be analysed.
  /// - Parameters:
  ///   - ratings: of any kind; gold, catch and repeated trials are passed over.
  ///   - metrics: by clip; clips that nobody rated are passed over.
  ///   - scale: how the panel asked; nil: as the ratings look.
  public init(_ ratings: [PanelRating], metrics: [ClipScores], scale: PanelScale? = nil) {
    let rated = ratings.filter { $0.kind == .rated }
    let isPreference = (scale ?? PanelScale.inferred(rated)) == .ab
    let table = PanelTable(isPreference ? [] : rated)
    let clips = Self.byClip(table, metrics)
    let systems = Self.bySystem(table, metrics)
    utterances = PredictionLevel(clips)
    self.systems = PredictionLevel(systems)
    var warnings = isPreference ? ["votes between two are no scores of one: there is no MOS to predict"] : []
    let count = self.systems.metrics.map(\.points.count).max() ?? table.systems.count
    if count <= Self.fewSystems {
      warnings.append(
        "\(count) systems: a correlation of so few means hardly anything; look at the utterance level")
    }
    if table.listeners.count < PanelAnalysis.fewestListeners {
      warnings.append("\(table.listeners.count) listeners: under \(PanelAnalysis.fewestListeners), the MOS are rough")
    }
    let heard = Set(
      table.rows.map { PanelClip(system: table.systems[$0.system], utterance: table.utterances[$0.utterance]) })
    for metric in metrics {
      let shared = heard.count { metric.values[$0] != nil }
      if shared < heard.count {
        warnings.append("\(metric.metric): a value for \(shared) of \(heard.count) rated clips")
      }
    }
    self.warnings = warnings
  }

  private static func byClip(_ table: PanelTable, _ metrics: [ClipScores]) -> LevelInput {
    let count = table.utterances.count
    let names = table.systems.indices.flatMap { system in
      table.utterances.indices.map { PanelClip(system: table.systems[system], utterance: table.utterances[$0]) }
    }
    return LevelInput(
      ratings: table.byClip, clusters: names.indices.map { $0 % count },
      names: names.map { ($0.system, $0.utterance) },
      metrics: metrics.map { metric in
        .init(metric: metric.metric, better: metric.better, values: names.map { metric.values[$0] })
      },
      halfWidths: table.byClip.scoresByItem.map { Interval.studentT(of: $0).map { ($0.high - $0.low) / 2 } })
  }

  private static func bySystem(_ table: PanelTable, _ metrics: [ClipScores]) -> LevelInput {
    let ratings = CrossedRatings(
      scores: table.rows.map(\.score), listeners: table.rows.map(\.listener), items: table.rows.map(\.system))
    // The metric's mean over the clips that were rated, each once.
    let rated = Dictionary(grouping: table.rows, by: \.system).mapValues { Set($0.map(\.utterance)).sorted() }
    let values = metrics.map { metric in
      LevelInput.Metric(
        metric: metric.metric, better: metric.better,
        values: table.systems.indices.map { system in
          Summary.mean(
            of: (rated[system] ?? []).compactMap {
              metric.values[PanelClip(system: table.systems[system], utterance: table.utterances[$0])]
            })
        })
    }
    let halves = table.bySystem.map { ratings in
      ClusteredMean(ratings)?.interval().map { ($0.high - $0.low) / 2 }
    }
    return LevelInput(
      ratings: ratings, clusters: Array(table.systems.indices), names: table.systems.map { ($0, nil) }, metrics: values,
      halfWidths: halves)
  }
}

/// Metrics and votes of one level's items.
private struct LevelInput {
  struct Metric {
    let metric: String
    let better: Better
    /// By item.
    let values: [Double?]
  }

  let ratings: CrossedRatings
  let clusters: [Int]
  let names: [(system: String, utterance: String?)]
  let metrics: [Metric]
  /// By item: half the width of the 95 % interval of its mean, uncut; nil where there is none.
  let halfWidths: [Double?]
}

extension PredictionLevel {
  fileprivate init(_ input: LevelInput) {
    let votes = Dictionary(grouping: input.ratings.scores.indices, by: { input.ratings.items[$0] })
    let mos = votes.mapValues { indices in Summary.mean(of: indices.map { input.ratings.scores[$0] }) ?? 0 }
    let found = input.metrics.compactMap { metric -> (prediction: MetricPrediction, turned: [Double?])? in
      guard let prediction = MetricPrediction(metric, input, mos) else { return nil }
      return (prediction, metric.values.map { value in value.map { prediction.isRising ? $0 : -$0 } })
    }
    let ordered = found.map { ($0.prediction, $0.turned) }.sorted {
      (-$0.0.strength, $0.0.metric) < (-$1.0.strength, $1.0.metric)
    }
    metrics = ordered.map(\.0)
    ceiling = NoiseCeiling(input.ratings)
    best = Self.best(metrics)
    guard let name = best.value, let best = ordered.first(where: { $0.0.metric == name }) else {
      differences = []
      return
    }
    let compared = ordered.filter { $0.0.metric != name }.compactMap { other, turned in
      CorrelationDifference(input.ratings, first: best.1, second: turned, clusters: input.clusters).map {
        (other.metric, $0)
      }
    }
    differences = zip(compared, Holm.adjusted(known: compared.map(\.1.p))).map { entry, holm in
      Difference(best: name, other: entry.0, comparison: entry.1, holm: holm)
    }
  }

  private static func best(_ metrics: [MetricPrediction]) -> Defined<String> {
    let most = metrics.map(\.points.count).max() ?? 0
    guard most >= PanelCorrelation.fewestItems else {
      return .undefined("\(most) items: so few stand in any order by chance")
    }
    let candidates = metrics.filter { $0.better != .neither && $0.points.count >= PanelCorrelation.fewestItems }
    guard let best = candidates.first else { return .undefined("no metric's definition says which way is good") }
    return best.strength > 0
      ? .value(best.metric) : .undefined("no metric's SRCC is in the direction that its definition calls good")
  }
}

extension MetricPrediction {
  fileprivate init?(_ input: LevelInput.Metric, _ level: LevelInput, _ mos: [Int: Double]) {
    guard let correlation = MOSCorrelation(level.ratings, metric: input.values, clusters: level.clusters) else {
      return nil
    }
    metric = input.metric
    better = input.better
    self.correlation = correlation
    let isRising =
      switch input.better {
      case .higher: true
      case .lower: false
      case .neither: correlation.correlation.spearman >= 0
      }
    self.isRising = isRising
    let items = mos.keys.sorted().filter { input.values[$0] != nil }
    let (x, y) = (items.compactMap { input.values[$0] }, items.map { mos[$0] ?? 0 })
    points = zip(items, zip(x, y)).map { item, pair in
      Point(system: level.names[item].system, utterance: level.names[item].utterance, value: pair.0, mos: pair.1)
    }
    let known = items.compactMap { level.halfWidths[$0] }
    let halves = known.count == items.count ? known : nil
    mapping = items.count > MonotoneCubic.parameters ? MonotoneCubic(x, y, rising: isRising) : nil
    fitted = mapping.map {
      PredictionError(
        mos: y, predicted: x.map($0.callAsFunction), halfWidths: halves, parameters: MonotoneCubic.parameters)
    }
    let predicted = Self.crossValidated(x, y, clusters: items.map { level.clusters[$0] }, rising: isRising)
    crossValidated = predicted.map { PredictionError(mos: y, predicted: $0, halfWidths: halves, parameters: 0) }
  }

  /// Each item as predicted by a mapping of all other folds; clusters go to ten folds in turn, or each to its own.
  private static func crossValidated(_ x: [Double], _ y: [Double], clusters: [Int], rising: Bool) -> [Double]? {
    let order = Dictionary(uniqueKeysWithValues: Set(clusters).sorted().enumerated().map { ($1, $0) })
    let folds = order.count <= 20 ? order.count : 10
    guard folds > 1 else { return nil }
    let fold = clusters.map { (order[$0] ?? 0) % folds }
    var predicted = [Double](repeating: 0, count: x.count)
    for held in 0..<folds {
      let rest = x.indices.filter { fold[$0] != held }
      guard rest.count > MonotoneCubic.parameters,
        let map = MonotoneCubic(rest.map { x[$0] }, rest.map { y[$0] }, rising: rising)
      else { return nil }
      for index in x.indices where fold[index] == held { predicted[index] = map(x[index]) }
    }
    return predicted
  }
}
