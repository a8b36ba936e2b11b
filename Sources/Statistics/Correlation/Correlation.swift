// SPDX-License-Identifier: GPL-3.0-or-later

// Three ways in which two lists can go together.
//
// * Pearson's r, P.1401's LCC: how near to a straight line.
// * Spearman's ρ, SRCC: Pearson's r of midranks, so how near to any monotone curve.
// * Kendall's τ_b = (C − D)/√((n₀ − n₁)(n₀ − n₂)): concordant less discordant pairs, over what ties leave of n(n − 1)/2
//   (Kendall 1945, "The treatment of ties in ranking problems", Biometrika 33). All pairs are gone through: n²/2.
//
// Undefined when either list has no spread, or has fewer than two values.

/// How two lists of numbers go together.
public struct Correlation: Sendable, Equatable {
  /// Number of pairs.
  public let n: Int
  /// Pearson's linear correlation coefficient, −1…1.
  public let pearson: Double
  /// Spearman's rank correlation coefficient, −1…1.
  public let spearman: Double
  /// Kendall's τ_b, −1…1; nil when it was not asked for.
  public let kendall: Double?

  /// Correlates x[i] with y[i].
  /// - Parameter includingKendall: whether to go through all pairs.
  /// - Returns: nil when either has no spread.
  /// - Precondition: as many x as y, all finite.
  public init?(_ x: [Double], _ y: [Double], includingKendall: Bool = true) {
    precondition(x.count == y.count && (x + y).allSatisfy(\.isFinite), "pairs of finite numbers")
    guard let linear = Self.pearson(x, y), let ranked = Self.pearson(Ranks.midranks(x), Ranks.midranks(y)) else {
      return nil
    }
    n = x.count
    pearson = linear
    spearman = ranked
    kendall = includingKendall ? Self.tauB(x, y) : nil
  }

  /// Pearson's r alone; nil when either has no spread.
  public static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
    guard let a = centred(x), let b = centred(y) else { return nil }
    return max(-1, min(1, zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }))
  }

  /// Distances from the mean, scaled to a sum of squares of 1.
  private static func centred(_ x: [Double]) -> [Double]? {
    guard let least = x.min(), let greatest = x.max(), least < greatest else { return nil }
    let mean = compensatedSum(x) / Double(x.count)
    let distances = x.map { $0 - mean }
    let norm = compensatedSum(distances.map { $0 * $0 }).squareRoot()
    return norm > 0 ? distances.map { $0 / norm } : nil
  }

  private static func tauB(_ x: [Double], _ y: [Double]) -> Double? {
    var (difference, tiedX, tiedY) = (0, 0, 0)
    for i in x.indices {
      for j in 0..<i {
        let a = x[i] < x[j] ? -1 : (x[i] > x[j] ? 1 : 0)
        let b = y[i] < y[j] ? -1 : (y[i] > y[j] ? 1 : 0)
        difference += a * b
        if a == 0 { tiedX += 1 }
        if b == 0 { tiedY += 1 }
      }
    }
    let all = x.count * (x.count - 1) / 2
    guard all > tiedX, all > tiedY else { return nil }
    return Double(difference) / (Double(all - tiedX).squareRoot() * Double(all - tiedY).squareRoot())
  }
}

/// Ranks with ties.
enum Ranks {
  /// Ranks from 1 in the order given; equal values share the mean of theirs.
  static func midranks(_ values: [Double]) -> [Double] {
    let ranks = midranks(ofSorted: values.sorted())
    return values.map { ranks[$0] ?? 0 }
  }

  /// The rank of each value that occurs, from ascending values.
  static func midranks(ofSorted values: [Double]) -> [Double: Double] {
    var ranks = [Double: Double]()
    var first = 0
    while first < values.count {
      let end = values[first...].firstIndex { $0 != values[first] } ?? values.count
      ranks[values[first]] = Double(first + 1 + end) / 2
      first = end
    }
    return ranks
  }
}
