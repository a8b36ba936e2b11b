// SPDX-License-Identifier: GPL-3.0-or-later

// α = 1 − D_o/D_e, observed over expected disagreement (Krippendorff 2011, "Computing Krippendorff's alpha-reliability";
// Hayes & Krippendorff 2007, Communication Methods and Measures 1). It takes missing ratings: an item u of m_u ratings
// counts by its m_u(m_u − 1) ordered pairs, weighted by 1/(m_u − 1); one with a single rating says nothing and is left
// out. With n ratings in all of the others, and δ the difference of two values:
//
//     D_o = 1/n·Σ_u Σ_{i≠j} δ²(x_ui, x_uj)/(m_u − 1)          D_e = 1/(n(n − 1))·Σ_{a≠b} δ²(x_a, x_b), over all ratings
//
// * interval: δ² = (x − y)². Both sums are moments: Σ_{i≠j}(x_i − x_j)² = 2m·Σ(x_i − x̄)². No table of coincidences.
// * ordinal: δ is the number of ratings from the one value to the other, those at either end counted half. That is the
//   difference of their midranks, so ordinal α is interval α of midranks.
// * nominal: δ² = 1 where the values differ.
//
// It is 1 when all agree, 0 when items might as well have been shuffled, and below 0 when they agree less than that. It
// is undefined when all ratings are equal. Listeners who use a scale differently but order clips alike bring it down,
// unlike Cronbach's α: on real panels .1 to .4 is usual, and Krippendorff's .667 and .8 are not meant for MOS.

/// Krippendorff's α for three levels of measurement.
public struct KrippendorffAlpha: Sendable, Equatable {
  /// For differences that mean something: at most 1.
  public let interval: Double
  /// For order alone: at most 1.
  public let ordinal: Double
  /// For equal or not: at most 1.
  public let nominal: Double
  /// n, the ratings of items that have at least two.
  public let pairable: Int

  /// From ratings with any missing.
  /// - Returns: nil when no item has two ratings, or all these ratings are equal.
  public init?(_ ratings: CrossedRatings) {
    let units = ratings.scoresByItem.filter { $0.count > 1 }
    let values = units.flatMap(\.self).sorted()
    guard let least = values.first, let greatest = values.last, least < greatest else { return nil }
    pairable = values.count
    interval = Self.intervalAlpha(units)
    let midranks = Ranks.midranks(ofSorted: values)
    ordinal = Self.intervalAlpha(units.map { $0.map { midranks[$0] ?? 0 } })
    let n = Double(values.count)
    func pairsOfDifferent(_ values: [Double]) -> Double {
      var counts = [Double: Double]()
      for value in values { counts[value, default: 0] += 1 }
      return Double(values.count * values.count) - counts.values.reduce(0) { $0 + $1 * $1 }
    }
    let observed = units.reduce(0) { $0 + pairsOfDifferent($1) / Double($1.count - 1) } / n
    nominal = 1 - observed / (pairsOfDifferent(values) / (n * (n - 1)))
  }

  private static func intervalAlpha(_ units: [[Double]]) -> Double {
    let all = units.flatMap(\.self)
    let within = units.map { unit in
      let m = Double(unit.count)
      return 2 * m / (m - 1) * squares(unit)
    }
    let n = Double(all.count)
    return 1 - compensatedSum(within) / n / (2 * squares(all) / (n - 1))
  }

  /// Sum of squared distances from the mean.
  private static func squares(_ values: [Double]) -> Double {
    let mean = compensatedSum(values) / Double(values.count)
    return compensatedSum(values.map { ($0 - mean) * ($0 - mean) })
  }
}
