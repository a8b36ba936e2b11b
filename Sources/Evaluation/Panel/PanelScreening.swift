// SPDX-License-Identifier: GPL-3.0-or-later
internal import Statistics

// Which listeners would one rather not have had? Each sign below is looked at, none is proof, and nobody is dropped: the
// analysis is given with all listeners, and beside it without those who show any sign. A result that turns on who is left out is a
// result to doubt.

/// What was looked at in one listener.
public struct ListenerScreening: Sendable, Equatable {
  /// The listener's code.
  public let listener: String
  /// How many of his ratings are analysed.
  public let ratings: Int
  /// Ratings far above the others' of the same clip, as ITU-R BT.500 counts them.
  public let high: Int
  /// Ratings far below, likewise.
  public let low: Int
  /// Pearson's r of his scores with the mean of all others' over clips; nil for fewer than three shared clips, or no
  /// spread.
  public let correlation: Double?
  /// Standard deviation of his scores; nil for one.
  public let deviation: Double?
  /// Gold trials whose answer is known, and those answered wrongly.
  public let gold: Trials
  /// Catch trials, and those answered wrongly.
  public let `catch`: Trials
  /// Scores of the hidden reference (MUSHRA), and those below 90.
  public let reference: Trials
  /// The most trials in a row that were given the same score; nil where the order of trials is not known.
  public let longestRun: Int?
  /// Trials with a time, and those answered in less than the clip's length.
  public let hasty: Trials
  /// What speaks against him.
  public let signs: [Sign]

  /// Trials of a kind.
  public struct Trials: Sendable, Equatable {
    /// How many there were.
    public let count: Int
    /// How many of them count against the listener.
    public let missed: Int

    func exceeds(_ share: Double) -> Bool { count > 0 && Double(missed) > share * Double(count) }
  }

  /// What can speak against a listener.
  public enum Sign: String, Sendable, CaseIterable {
    /// BT.500's rule rejects him: often far out, on both sides.
    case bt500
    /// His order of the clips is not that of the others.
    case disagrees
    /// He hardly uses the scale.
    case lowVariance = "low-variance"
    /// Too many wrong answers to clips of known quality.
    case gold
    /// Wrong answers to trials that ask for a certain key.
    case `catch`
    /// He scores the hidden reference below 90 in more than 15 % of the trials (ITU-R BS.1534-3, §4.1.2).
    case reference
    /// The same score many times in a row.
    case straightLining = "straight-lining"
    /// Answers before the clip can have ended.
    case hasty
  }
}

/// From what on a listener shows a sign.
public struct ScreeningLimits: Sendable, Equatable {
  /// He disagrees when his correlation with the others is no greater than this.
  public var leastCorrelation = 0.0
  /// He hardly uses the scale when his deviation is less than this share of the listeners' median.
  public var leastDeviationShare = 0.25
  /// Tolerated share of gold and of catch trials that are answered wrongly.
  public var missedTrials = 0.25
  /// Below this the hidden reference was not heard,
  public var leastReferenceScore = 90.0
  /// which is tolerated in this share of the trials.
  public var missedReferences = 0.15
  /// That many equal scores in a row are straight-lining.
  public var longestRun = 12
  /// Tolerated share of answers given in less than the clip's length.
  public var hastyTrials = 0.1

  /// The usual limits.
  public init() {}
}

/// The screening of all listeners.
public struct PanelScreening: Sendable, Equatable {
  /// By code.
  public let listeners: [ListenerScreening]
  /// Whether BT.500's rule could reject anybody: it needs clips of six votes.
  public let canBT500Fire: Bool

  /// Codes of those who show any sign.
  public var flagged: [String] { listeners.filter { !$0.signs.isEmpty }.map(\.listener) }

  init(_ ratings: [PanelRating], _ scale: PanelScale, _ options: PanelOptions) {
    let limits = options.limits
    let rated = ratings.filter { $0.kind == .rated }
    let table = PanelTable(rated)
    let rejection = ObserverRejection(table.byClip)
    canBT500Fire = rejection.canFire
    let correlations = Self.correlations(table)
    let all = Dictionary(grouping: ratings, by: \.listener)
    let own = Dictionary(grouping: rated, by: \.listener)
    let deviations = own.mapValues { Summary.deviation(of: $0.map(\.score)) }
    let sorted = deviations.values.compactMap(\.self).sorted()
    let median = sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    listeners = zip(table.listeners, rejection.observers).enumerated().map { index, entry in
      let (code, observer) = entry
      let trials = all[code] ?? []
      let gold = Self.missed(trials, .gold)
      let catches = Self.missed(trials, .catch)
      let timed = trials.filter { $0.reactionSeconds != nil && $0.clipSeconds != nil }
      let hasty = ListenerScreening.Trials(
        count: timed.count, missed: timed.count { ($0.reactionSeconds ?? 0) < ($0.clipSeconds ?? 0) })
      let references = (own[code] ?? []).filter { scale == .mushra && $0.system == options.setup.reference }
      let reference = ListenerScreening.Trials(
        count: references.count, missed: references.count { $0.score < limits.leastReferenceScore })
      let run = Self.longestRun(own[code] ?? [])
      let deviation = deviations[code] ?? nil
      var signs = [ListenerScreening.Sign]()
      if observer.isRejected { signs.append(.bt500) }
      if let r = correlations[index], r <= limits.leastCorrelation { signs.append(.disagrees) }
      if let deviation, deviation < limits.leastDeviationShare * median { signs.append(.lowVariance) }
      if gold.exceeds(limits.missedTrials) { signs.append(.gold) }
      if catches.exceeds(limits.missedTrials) { signs.append(.catch) }
      if reference.exceeds(limits.missedReferences) { signs.append(.reference) }
      if let run, run >= limits.longestRun { signs.append(.straightLining) }
      if hasty.exceeds(limits.hastyTrials) { signs.append(.hasty) }
      return ListenerScreening(
        listener: code, ratings: observer.ratings, high: observer.high, low: observer.low,
        correlation: correlations[index], deviation: deviation, gold: gold, catch: catches, reference: reference,
        longestRun: run, hasty: hasty, signs: signs.filter(scale.signs.contains))
    }
  }

  private static func missed(_ trials: [PanelRating], _ kind: PanelRating.Kind) -> ListenerScreening.Trials {
    let known = trials.filter { $0.kind == kind && $0.isRight != nil }
    return .init(count: known.count, missed: known.count { $0.isRight == false })
  }

  /// The most equal scores in a row; nil where the order of a trial is not known.
  private static func longestRun(_ trials: [PanelRating]) -> Int? {
    guard trials.allSatisfy({ $0.order != nil }) else { return nil }
    let sorted = trials.sorted { ($0.session ?? "", $0.order ?? 0) < ($1.session ?? "", $1.order ?? 0) }
    var (longest, run, last) = (0, 0, Double.nan)
    for trial in sorted {
      run = trial.score == last ? run + 1 : 1
      last = trial.score
      longest = max(longest, run)
    }
    return longest
  }

  /// By listener: his means of clips against the mean of all others' ratings of the same clips.
  private static func correlations(_ table: PanelTable) -> [Double?] {
    let clips = table.systems.count * table.utterances.count
    var (sums, counts) = ([Double](repeating: 0, count: clips), [Double](repeating: 0, count: clips))
    for row in table.rows {
      sums[table.clip(row)] += row.score
      counts[table.clip(row)] += 1
    }
    let byListener = Dictionary(grouping: table.rows, by: \.listener)
    return table.listeners.indices.map { listener in
      let own = Dictionary(grouping: byListener[listener] ?? [], by: table.clip)
      let shared = own.keys.filter { counts[$0] > Double(own[$0]?.count ?? 0) }.sorted()
      guard shared.count >= 3 else { return nil }
      let mine = shared.map { clip in Summary.mean(of: (own[clip] ?? []).map(\.score)) ?? 0 }
      let others = zip(shared, mine).map { clip, mean in
        let count = Double(own[clip]?.count ?? 0)
        return (sums[clip] - mean * count) / (counts[clip] - count)
      }
      return Correlation.pearson(mine, others)
    }
  }
}
