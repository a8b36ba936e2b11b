// SPDX-License-Identifier: GPL-3.0-or-later

// The screening of observers of ITU-R BT.500 (Annex 1, §2.3.1 of edition 13). For each item of mean m and standard
// deviation s over listeners (divisor N − 1), kurtosis β₂ = m₄/m₂² tells how far out a score must lie to count:
//
//     k = 2 where 2 ≤ β₂ ≤ 4, √20 elsewhere;   P_i counts items with x ≥ m + k·s, Q_i those with x ≤ m − k·s
//
// and a listener is rejected when (P + Q)/N_i > .05 and |P − Q|/(P + Q) < .3: often out, and on both sides. Who is always
// strict is not rejected, and should not be.
//
// * It cannot fire on small panels: the farthest that one of N scores can lie from the mean is (N − 1)/√N standard
//   deviations, below 2 up to N = 5, below √20 up to N = 21. ``canFire`` says whether any item had six votes. Between
//   6 and 21 it fires only on items whose votes are nearly normal. Silence of this rule is no clearance.
// * An item on which all agree has no kurtosis, and nobody stands out: it counts in N_i and in neither P nor Q.

/// Listeners whom BT.500's rule would reject, and its counts.
public struct ObserverRejection: Sendable, Equatable {
  /// What the rule found of one listener.
  public struct Observer: Sendable, Equatable {
    /// Listener's index.
    public let listener: Int
    /// P, the number of ratings far above the item's mean.
    public let high: Int
    /// Q, the number of ratings far below it.
    public let low: Int
    /// N, the listener's ratings.
    public let ratings: Int
    /// Whether the rule rejects the listener.
    public var isRejected: Bool {
      let out = high + low
      guard out > 0 else { return false }
      return Double(out) / Double(ratings) > 0.05 && Double(abs(high - low)) / Double(out) < 0.3
    }
  }

  /// By listener's index, of those who rated.
  public let observers: [Observer]
  /// Whether any item has the six votes without which no vote can be far out.
  public let canFire: Bool

  /// The least number of votes of an item of which one can lie two standard deviations off.
  public static let fewestVotes = 6

  /// Applies the rule to all ratings.
  public init(_ ratings: CrossedRatings) {
    let limits = ratings.scoresByItem.map(Self.limits)
    var counts = [Int: (high: Int, low: Int, all: Int)]()
    for index in ratings.scores.indices {
      var count = counts[ratings.listeners[index], default: (0, 0, 0)]
      count.all += 1
      if let limits = limits[ratings.items[index]] {
        if ratings.scores[index] >= limits.high { count.high += 1 }
        if ratings.scores[index] <= limits.low { count.low += 1 }
      }
      counts[ratings.listeners[index]] = count
    }
    observers = counts.sorted { $0.key < $1.key }.map {
      Observer(listener: $0.key, high: $0.value.high, low: $0.value.low, ratings: $0.value.all)
    }
    canFire = ratings.scoresByItem.contains { $0.count >= Self.fewestVotes }
  }

  /// m ± k·s of an item; nil where all votes are equal.
  private static func limits(_ scores: [Double]) -> (low: Double, high: Double)? {
    guard let sample = Sample(scores), let deviation = sample.standardDeviation, deviation > 0 else { return nil }
    let n = Double(sample.count)
    let squares = sample.deviations.map { $0 * $0 }
    let second = compensatedSum(squares) / n
    let kurtosis = compensatedSum(squares.map { $0 * $0 }) / n / (second * second)
    let factor = (2...4).contains(kurtosis) ? 2 : 20.0.squareRoot()
    return (sample.mean - factor * deviation, sample.mean + factor * deviation)
  }
}
