// SPDX-License-Identifier: GPL-3.0-or-later
internal import Statistics

/// Ratings with names as indices: what the statistics take.
struct PanelTable {
  /// Listeners, systems and utterances, each in the order of their names (``ordered(_:)``).
  let listeners: [String]
  let systems: [String]
  let utterances: [String]
  /// The ratings, in the order given.
  let rows: [Row]

  struct Row {
    let listener: Int
    let system: Int
    let utterance: Int
    let score: Double
  }

  init(_ ratings: [PanelRating]) {
    func index(_ names: [String]) -> (names: [String], places: [String: Int]) {
      let sorted = Self.ordered(names)
      return (sorted, Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, $0) }))
    }
    let (listeners, systems, utterances) = (
      index(ratings.map(\.listener)), index(ratings.map(\.system)), index(ratings.map(\.utterance))
    )
    self.listeners = listeners.names
    self.systems = systems.names
    self.utterances = utterances.names
    rows = ratings.compactMap { rating in
      guard let listener = listeners.places[rating.listener], let system = systems.places[rating.system],
        let utterance = utterances.places[rating.utterance]
      else { return nil }
      return Row(listener: listener, system: system, utterance: utterance, score: rating.score)
    }
  }

  /// Different names in ascending order; as numbers where all are whole numbers, so that 10 follows 9.
  static func ordered(_ names: [String]) -> [String] {
    let different = Set(names)
    let isNumbered = different.allSatisfy { Int($0) != nil }
    return different.sorted { isNumbered ? (Int($0) ?? 0, $0) < (Int($1) ?? 0, $1) : $0 < $1 }
  }

  /// The index of a clip: a system's rendering of an utterance.
  func clip(_ row: Row) -> Int { row.system * utterances.count + row.utterance }

  /// All ratings, an item being a clip.
  var byClip: CrossedRatings {
    CrossedRatings(scores: rows.map(\.score), listeners: rows.map(\.listener), items: rows.map(clip))
  }

  /// Each system's ratings, an item being an utterance.
  var bySystem: [CrossedRatings] {
    let groups = Dictionary(grouping: rows, by: \.system)
    return systems.indices.map { system in
      let rows = groups[system] ?? []
      return CrossedRatings(
        scores: rows.map(\.score), listeners: rows.map(\.listener), items: rows.map(\.utterance))
    }
  }

  /// Each listener's mean of each system: `means[system][listener]`, nil where he rated nothing of it.
  var listenerMeans: [[Double?]] {
    var scores = [[[Double]]](repeating: Array(repeating: [], count: listeners.count), count: systems.count)
    for row in rows { scores[row.system][row.listener].append(row.score) }
    return scores.map { $0.map { Summary.mean(of: $0) } }
  }
}

extension CrossedRatings {
  /// The mean of each item that has a score, in the order of their indices.
  var itemMeans: [Double] { scoresByItem.compactMap { Summary.mean(of: $0) } }
}

extension Summary {
  /// The standard deviation alone (divisor n − 1); nil for fewer than two values. A summary would resample for its interval.
  static func deviation(of values: [Double]) -> Double? {
    guard values.count > 1, let mean = mean(of: values) else { return nil }
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }

  /// The mean alone; nil of nothing.
  static func mean(of values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
