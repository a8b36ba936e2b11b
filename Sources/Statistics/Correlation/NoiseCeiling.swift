// SPDX-License-Identifier: GPL-3.0-or-later

// How well could a perfect metric do? MOS of few listeners are noisy, so even the truth would not correlate with them
// perfectly.
//
// Listeners are split at random into halves, many times; r is the mean correlation of the two halves' MOS over the items
// that both rated. By Spearman and Brown the MOS of all listeners has reliability ρ = 2r/(1 + r) (1910, British Journal
// of Psychology 3), and a metric that knew the truth would correlate with it by √ρ: the ceiling. Listeners are split,
// not ratings, since one listener's habits stand in all of his ratings.

/// The correlation with a panel's MOS that a perfect metric could hope for.
public struct NoiseCeiling: Sendable, Equatable {
  /// Mean of Pearson's r between the MOS of two halves of the listeners.
  public let halves: Double
  /// Reliability of the MOS of all, 2r/(1 + r).
  public let reliability: Double
  /// √reliability.
  public let ceiling: Double
  /// Number of splits that gave a correlation.
  public let splits: Int

  /// The usual number of splits.
  public static let usualSplits = 200

  /// Splits the listeners.
  /// - Parameters:
  ///   - ratings: of the items whose MOS is to be predicted.
  ///   - splits: how many.
  ///   - seed: of the generator; nil is the constant one of all resamples here.
  /// - Returns: nil with fewer than four listeners or three items, or when halves do not go together (r ≤ 0).
  public init?(_ ratings: CrossedRatings, splits: Int = usualSplits, seed: UInt64? = nil) {
    let listeners = Set(ratings.listeners).sorted()
    guard listeners.count >= 4, ratings.itemCount >= 3 else { return nil }
    var generator = SplitMix64(seed: seed ?? SplitMix64.defaultSeed)
    var found = [Double]()
    for _ in 0..<splits {
      let first = Set(Self.shuffled(listeners, &generator).prefix(listeners.count / 2))
      if let r = Self.correlation(ratings, first) { found.append(r) }
    }
    guard !found.isEmpty else { return nil }
    halves = compensatedSum(found) / Double(found.count)
    self.splits = found.count
    guard halves > 0 else { return nil }
    reliability = 2 * halves / (1 + halves)
    ceiling = reliability.squareRoot()
  }

  private static func correlation(_ ratings: CrossedRatings, _ first: Set<Int>) -> Double? {
    let bound = ratings.itemBound
    var sums = [[Double]](repeating: Array(repeating: 0, count: bound), count: 2)
    var counts = sums
    for index in ratings.scores.indices {
      let half = first.contains(ratings.listeners[index]) ? 0 : 1
      sums[half][ratings.items[index]] += ratings.scores[index]
      counts[half][ratings.items[index]] += 1
    }
    let shared = (0..<bound).filter { counts[0][$0] > 0 && counts[1][$0] > 0 }
    guard shared.count >= 3 else { return nil }
    return Correlation.pearson(shared.map { sums[0][$0] / counts[0][$0] }, shared.map { sums[1][$0] / counts[1][$0] })
  }

  /// Fisher and Yates, from the last to the first.
  private static func shuffled(_ values: [Int], _ generator: inout SplitMix64) -> [Int] {
    var values = values
    for last in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(last, Int(generator.next(below: UInt64(last + 1))))
    }
    return values
  }
}
