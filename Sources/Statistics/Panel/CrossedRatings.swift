// SPDX-License-Identifier: GPL-3.0-or-later

/// Scores with who gave each and what it was given to, both as indices: the plain form that every panel statistic takes.
///
/// The design need not be crossed or complete: a pair of listener and item may occur any number of times.
public struct CrossedRatings: Sendable, Equatable {
  /// The scores, finite, in any unit.
  public let scores: [Double]
  /// Who gave each score: an index from 0, not all of which need occur.
  public let listeners: [Int]
  /// What each score was given to (an utterance, or a clip): an index from 0, not all of which need occur.
  public let items: [Int]

  /// Ratings from their columns.
  /// - Precondition: three columns of one length, finite scores, indices no less than 0.
  public init(scores: [Double], listeners: [Int], items: [Int]) {
    precondition(scores.count == listeners.count && scores.count == items.count, "three columns have one length")
    precondition(scores.allSatisfy(\.isFinite), "statistics are of finite numbers")
    precondition(listeners.allSatisfy { $0 >= 0 } && items.allSatisfy { $0 >= 0 }, "an index is no less than 0")
    self.scores = scores
    self.listeners = listeners
    self.items = items
  }

  /// Ratings of a table with one row an item and one column a listener; nil is a rating that is missing.
  public init(table: [[Double?]]) {
    var (scores, listeners, items) = ([Double](), [Int](), [Int]())
    for (item, row) in table.enumerated() {
      for case (let listener, let score?) in row.enumerated() {
        scores.append(score)
        listeners.append(listener)
        items.append(item)
      }
    }
    self.init(scores: scores, listeners: listeners, items: items)
  }

  /// How many scores there are.
  public var count: Int { scores.count }

  /// One more than the greatest listener's index.
  var listenerBound: Int { (listeners.max() ?? -1) + 1 }
  /// One more than the greatest item's index.
  var itemBound: Int { (items.max() ?? -1) + 1 }

  /// The scores of each item, in the order given; empty for an index that does not occur.
  package var scoresByItem: [[Double]] { grouped(items, bound: itemBound) }
  /// The scores of each listener, in the order given; empty for an index that does not occur.
  var scoresByListener: [[Double]] { grouped(listeners, bound: listenerBound) }

  /// How many listeners gave a score.
  public var listenerCount: Int { Set(listeners).count }
  /// How many items were given a score.
  public var itemCount: Int { Set(items).count }

  /// A table of items by listeners, in the order of their indices, when every listener that occurs rated every item that
  /// occurs exactly once; nil otherwise.
  public var completeTable: [[Double]]? {
    let columns = Dictionary(uniqueKeysWithValues: Set(listeners).sorted().enumerated().map { ($1, $0) })
    let rows = Dictionary(uniqueKeysWithValues: Set(items).sorted().enumerated().map { ($1, $0) })
    guard count == columns.count * rows.count else { return nil }
    var table = [[Double?]](repeating: Array(repeating: nil, count: columns.count), count: rows.count)
    for index in scores.indices {
      guard let row = rows[items[index]], let column = columns[listeners[index]], table[row][column] == nil else {
        return nil
      }
      table[row][column] = scores[index]
    }
    return table.map { $0.compactMap(\.self) }
  }

  private func grouped(_ keys: [Int], bound: Int) -> [[Double]] {
    var groups = [[Double]](repeating: [], count: bound)
    for (key, score) in zip(keys, scores) { groups[key].append(score) }
    return groups
  }
}
