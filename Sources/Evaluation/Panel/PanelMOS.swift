// SPDX-License-Identifier: GPL-3.0-or-later
public import Statistics

/// A system's mean score in a panel, as other reports show it beside the metrics.
public struct PanelMOS: Sendable, Equatable {
  /// The system's name.
  public let system: String
  /// What the mean is called, and of what scale.
  public let scale: PanelScale
  /// The mean, in the scale's unit.
  public let mean: Double
  /// The two-way clustered 95 % interval; nil with one listener or one utterance.
  public let interval: Interval?
  /// How many listeners rated it.
  public let listeners: Int
  /// How many utterances of it were rated.
  public let utterances: Int
  /// What to know before trusting it; nil with ten listeners and more, an interval of some width, and sessions that shared systems join.
  public let warning: String?

  /// Means of those of `systems` that were rated, in that order.
  /// - Returns: empty for votes between two, which give no mean.
  package static func all(_ ratings: [PanelRating], of systems: [String], scale: PanelScale? = nil) -> [PanelMOS] {
    let rated = ratings.filter { $0.kind == .rated }
    let scale = scale ?? PanelScale.inferred(rated)
    guard scale != .ab else { return [] }
    let prepared = scale.prepared(rated)
    let table = PanelTable(prepared)
    let sessions = SessionGroups(prepared, systems: table.systems)
    let places = systems.compactMap { table.systems.firstIndex(of: $0) }
    let isJoined = Set(places.map { sessions.group[$0] }).count < 2
    let bySystem = table.bySystem
    return places.compactMap { place in
      ClusteredMean(bySystem[place]).map { PanelMOS(table.systems[place], scale, $0, isJoined: isJoined) }
    }
  }

  private init(_ system: String, _ scale: PanelScale, _ found: ClusteredMean, isJoined: Bool) {
    self.system = system
    self.scale = scale
    mean = found.mean
    interval = found.interval()
    listeners = found.listeners
    utterances = found.utterances
    warning =
      isJoined ? Self.warning(interval, listeners: listeners) : "no shared system joins the sessions: not comparable"
  }

  static func warning(_ interval: Interval?, listeners: Int) -> String? {
    if listeners < PanelAnalysis.fewestListeners {
      return "\(listeners) listener\(listeners == 1 ? "" : "s"): under \(PanelAnalysis.fewestListeners)"
    }
    guard let interval else { return "one utterance" }
    return interval.low == interval.high ? "all scores are the same" : nil
  }
}

/// How much higher one system scores than another, by the listeners and utterances that have both.
public struct PanelMOSDifference: Sendable, Equatable {
  /// Mean of b − a over the crossed cells, in the scale's unit: of a listener and an utterance with a score of both.
  public let mean: Double
  /// The two-way clustered 95 % interval of it; nil with one listener or one utterance.
  public let interval: Interval?
  /// p of that interval for no difference; nil where there is no interval or it has no width.
  public let p: Double?
  /// Listeners who scored both.
  public let listeners: Int
  /// Utterances of which somebody scored both.
  public let utterances: Int
  /// What to know before trusting it.
  public let warning: String?

  /// b against a.
  /// - Returns: nil when no listener scored an utterance by both, when no anchor joins the sessions they were scored in, and for votes
  ///   between two.
  package init?(_ ratings: [PanelRating], from a: String, to b: String, scale: PanelScale? = nil) {
    let rated = ratings.filter { $0.kind == .rated }
    let scale = scale ?? PanelScale.inferred(rated)
    guard scale != .ab else { return nil }
    let prepared = scale.prepared(rated)
    let table = PanelTable(prepared)
    let sessions = SessionGroups(prepared, systems: table.systems)
    guard let first = table.systems.firstIndex(of: a), let second = table.systems.firstIndex(of: b), a != b,
      sessions.group[first] == sessions.group[second]
    else { return nil }
    let count = table.utterances.count
    let cells = Dictionary(grouping: table.rows) { $0.listener * count + $0.utterance }.sorted { $0.key < $1.key }
    let crossed = cells.compactMap { cell, rows -> (cell: Int, difference: Double)? in
      func mean(_ system: Int) -> Double? { Summary.mean(of: rows.filter { $0.system == system }.map(\.score)) }
      guard let before = mean(first), let after = mean(second) else { return nil }
      return (cell, after - before)
    }
    let differences = CrossedRatings(
      scores: crossed.map(\.difference), listeners: crossed.map { $0.cell / count },
      items: crossed.map { $0.cell % count })
    guard let found = ClusteredMean(differences) else { return nil }
    mean = found.mean
    interval = found.interval()
    p = found.p(against: 0)
    listeners = found.listeners
    utterances = found.utterances
    warning = PanelMOS.warning(interval, listeners: listeners)
  }
}
