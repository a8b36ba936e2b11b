// SPDX-License-Identifier: GPL-3.0-or-later
public import Statistics

/// What listeners gave when they met a clip again.
public struct RepeatReliability: Sendable, Equatable {
  /// Repetitions, each against the first score that the listener gave the clip.
  public let pairs: Int
  /// Listeners with a repetition.
  public let listeners: Int
  /// Share of repetitions with the same score, 0…1.
  public let sameShare: Double
  /// Mean of later − first, in the scale's unit.
  public let meanDifference: Double
  /// Its 95 % interval over listeners' means, by Student's t; nil for one listener.
  public let interval: Interval?
  /// √(mean of squared differences/2): the standard deviation of one score about what its listener thinks of the clip.
  public let withinDeviation: Double
  /// Pearson's r of later with first; nil for fewer than three pairs, or no spread.
  public let correlation: Double?

  /// From all trials: trials of the kind `repeat`, and clips that were rated more than once.
  /// - Returns: nil when nothing was repeated.
  init?(_ ratings: [PanelRating]) {
    struct Key: Hashable {
      let listener: String
      let system: String
      let utterance: String
    }
    var first = [Key: Double]()
    var pairs = [(listener: String, first: Double, later: Double)]()
    // A repetition comes after what it repeats, whatever the order of the rows.
    let sorted = ratings.filter { $0.kind == .rated } + ratings.filter { $0.kind == .repeat_ }
    for rating in sorted {
      let key = Key(listener: rating.listener, system: rating.system, utterance: rating.utterance)
      if let before = first[key] {
        pairs.append((rating.listener, before, rating.score))
      } else if rating.kind == .rated {
        first[key] = rating.score
      }
    }
    guard !pairs.isEmpty else { return nil }
    let differences = pairs.map { $0.later - $0.first }
    let byListener = Dictionary(grouping: pairs, by: \.listener).sorted { $0.key < $1.key }
    let means = byListener.compactMap { Summary.mean(of: $0.value.map { $0.later - $0.first }) }
    self.pairs = pairs.count
    listeners = byListener.count
    sameShare = Double(differences.count { $0 == 0 }) / Double(differences.count)
    meanDifference = Summary.mean(of: means) ?? 0
    interval = Interval.studentT(of: means)
    withinDeviation = ((Summary.mean(of: differences.map { $0 * $0 }) ?? 0) / 2).squareRoot()
    correlation = pairs.count < 3 ? nil : Correlation.pearson(pairs.map(\.first), pairs.map(\.later))
  }
}

/// Whether scores drift in the course of a session.
///
/// Each listener's slope of (score − mean of the system over all listeners) on the place of the trial, by least squares;
/// then the mean of the slopes over listeners with Student's t, so that a listener counts once. With orders balanced over
/// listeners, a drift costs precision and favours nobody.
public struct OrderEffect: Sendable, Equatable {
  /// Listeners with at least three trials at different places.
  public let listeners: Int
  /// Mean slope, in the scale's unit per ten trials.
  public let perTenTrials: Double
  /// Its 95 % interval; nil for one listener.
  public let interval: Interval?

  /// - Returns: nil when the order of no listener's trials is known.
  init?(_ ratings: [PanelRating]) {
    let rated = ratings.filter { $0.kind == .rated }
    let systems = Dictionary(grouping: rated, by: \.system).mapValues { Summary.mean(of: $0.map(\.score)) ?? 0 }
    let byListener = Dictionary(grouping: rated.filter { $0.order != nil }, by: \.listener).sorted { $0.key < $1.key }
    let slopes = byListener.compactMap { _, trials -> Double? in
      guard Set(trials.map(\.order)).count >= 3 else { return nil }
      let places = trials.map { Double($0.order ?? 0) }
      let centre = (Summary.mean(of: places) ?? 0)
      let spread = places.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
      let product = zip(trials, places).reduce(0) { $0 + ($1.0.score - (systems[$1.0.system] ?? 0)) * ($1.1 - centre) }
      return 10 * product / spread
    }
    guard let mean = Summary.mean(of: slopes) else { return nil }
    listeners = slopes.count
    perTenTrials = mean
    interval = Interval.studentT(of: slopes)
  }
}
