// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

// Wilcoxon's signed-rank test of paired differences (Wilcoxon 1945, "Individual comparisons by ranking methods",
// Biometrics 1), two-sided, as scipy.stats.wilcoxon with its defaults:
//
// * Differences of 0 are left out; the others are ranked by size, equal ones sharing the mean of their ranks.
// * W⁺ and W⁻ are the sums of the ranks of positive and of negative differences.
// * The null distribution gives every rank either sign with even odds. It is summed exactly when there are at most 50
//   differences without ties and zeros, or at most 13 of any kind; p is twice the smaller tail, at most 1.
// * Otherwise z = (W⁺ − n(n+1)/4)/√((n(n+1)(2n+1) − Σ(t³ − t)/2)/24), t the sizes of groups of equal ranks, and
//   p = 2Φ(−|z|), without correction for continuity.
//
// It is blind to the size of a difference beyond its rank and judges no mean, so verdicts rest on ``SignFlip``; listening
// panels report both.
//
// The exact distribution is counted over doubled ranks, which are integers even where ranks are shared. Up to 2⁵⁰ choices
// of signs are counted in doubles without rounding.

/// Wilcoxon's signed-rank test of paired differences, two-sided.
public struct WilcoxonSignedRank: Sendable, Equatable {
  /// min(W⁺, W⁻), in ranks.
  public let statistic: Double
  /// The probability of a statistic at most as great if signs are as good as drawn: 0…1; 1 when nothing differs.
  public let p: Double
  /// How it was found.
  public let method: Method

  /// A way to find p.
  public enum Method: String, Sendable, CaseIterable {
    /// The null distribution, counted out.
    case exact
    /// The normal approximation, corrected for ties.
    case normal
  }

  /// The most differences whose distribution is counted out when there are neither ties nor zeros.
  public static let exactLimit = 50

  /// The most differences, zeros among them, whose distribution is counted out in any case.
  public static let tiedExactLimit = 13

  /// Tests differences, in any order and any unit.
  public init(_ differences: [Double]) {
    precondition(differences.allSatisfy(\.isFinite), "statistics are of finite numbers")
    let ordered = differences.filter { $0 != 0 }.sorted { abs($0) < abs($1) }
    let ranks = Self.doubledRanks(of: ordered)
    let positive = zip(ordered, ranks).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
    let all = ranks.reduce(0, +)
    statistic = Double(min(positive, all - positive)) / 2

    let isPlain = ordered.count == differences.count && Set(ranks).count == ranks.count
    if differences.count <= (isPlain ? Self.exactLimit : Self.tiedExactLimit) {
      method = .exact
      let counts = Self.counts(ofSums: ranks)
      let tail = counts[...min(positive, all - positive)].reduce(0, +)
      p = min(1, 2 * tail / pow(2, Double(ranks.count)))
    } else {
      method = .normal
      p = ordered.isEmpty ? 1 : Self.normalP(positive: Double(positive) / 2, ranks: ranks)
    }
  }

  /// Twice the ranks of values in ascending order of size, equal ones sharing the mean of theirs.
  private static func doubledRanks(of ordered: [Double]) -> [Int] {
    var ranks = [Int]()
    while ranks.count < ordered.count {
      let first = ranks.count
      let end = ordered[first...].firstIndex { abs($0) != abs(ordered[first]) } ?? ordered.count
      // The ranks first + 1 … end have the mean (first + 1 + end)/2.
      ranks += repeatElement(first + 1 + end, count: end - first)
    }
    return ranks
  }

  /// In how many choices of signs the positive ranks sum to each value.
  private static func counts(ofSums ranks: [Int]) -> [Double] {
    var counts = [Double](repeating: 0, count: ranks.reduce(1, +))
    counts[0] = 1
    var greatest = 0
    for rank in ranks {
      greatest += rank
      for sum in stride(from: greatest, through: rank, by: -1) { counts[sum] += counts[sum - rank] }
    }
    return counts
  }

  private static func normalP(positive: Double, ranks: [Int]) -> Double {
    let n = Double(ranks.count)
    let groups = Dictionary(grouping: ranks) { $0 }.values.map { Double($0.count) }
    let ties = groups.sorted().reduce(0) { $0 + ($1 * $1 * $1 - $1) }
    let variance = (n * (n + 1) * (2 * n + 1) - ties / 2) / 24
    let z = (positive - n * (n + 1) / 4) / variance.squareRoot()
    return 2 * Distributions.normalProbability(-abs(z))
  }
}
