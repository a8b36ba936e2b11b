// SPDX-License-Identifier: GPL-3.0-or-later

// From comparisons to verdicts.
//
// Metrics that may decide form one family, the gate; the more of them there are, the likelier one of them is to look
// significant by chance. Their p values are adjusted together (``Holm``), so that among comparisons in which nothing
// changed at most 5 % raise any alarm. All other metrics describe: each gets a verdict by its own p, as if it were looked
// at alone, and no say in the overall one.
//
// For one metric, in this order:
//
// 1. p < .05 and |mean difference| ≥ tolerance: `improved` or `regressed`, by the sign and which way is better. The
//    tolerance keeps a difference that nobody minds from failing a build because there are very many utterances.
// 2. The 90 % interval of the mean difference lies inside ±tolerance: `equivalent`.
// 3. Otherwise `inconclusive`.
//
// * Where neither way is better (`f0-mean-diff-cents`), a shift is neither progress nor damage: 0 may lie between a and
//   b. Such a metric is `equivalent` or `inconclusive`; its interval and p tell of the shift. It is in no gate by default.
// * A family counts the metrics that were tested, that is those with pairs. One without is `inconclusive`.
// * One pair is `inconclusive` whatever it says, and so are fewer than six unless they are equivalent (see ``SignFlip``).
//   Differences of computed scores that are all the same, and within ±tolerance, are `equivalent`; those of listeners are not
//   (`ListenerDifferences.swift`).
//
// **The n that would decide** is given with `inconclusive`: how many pairs there should be, taking the mean μ and the
// standard deviation σ of these differences for the truth. Which verdict can be hoped for depends on μ alone, so there
// is one n, not a choice of two:
//
// * |μ| ≥ tolerance: the n at which the t test has 80 % power, and at which flipping signs can reach the level at all. The
//   level is .05/m in a family of m, what Holm asks of the first: enough whatever the other metrics turn out to be. The
//   chance that the mean then passes the tolerance too is not in it; it is about one half when μ is the tolerance itself.
// * |μ| < tolerance: the n at which ``TOST`` has 80 % power; it decides by its own interval, whatever the family.
//
// It is more than the pairs at hand, and nil when there is no spread to go by (fewer than two pairs), when neither way is
// better and μ passes the tolerance, and when ten million pairs would not do. As a forecast from one small sample it is
// rough: μ/σ has itself a standard error of about 1/√n.

/// A metric's verdict, and what it rests on.
public struct Judgement: Sendable, Equatable {
  /// What is judged.
  public let comparison: PairedComparison
  /// p adjusted within the gate; nil for a metric outside it, and for one without pairs.
  public let adjustedP: Double?
  /// One of regressed, improved, equivalent, inconclusive.
  public let verdict: Verdict
  /// With `inconclusive`, the number of pairs that would likely decide.
  public let neededN: Int?

  /// The level of every verdict.
  public static let level = 0.05

  /// Judges all metrics of two runs.
  /// - Parameters:
  ///   - comparisons: by the metrics' names.
  ///   - gate: the names of those that may decide; others in it are passed over.
  /// - Returns: a judgement for each comparison. ``Verdict/overall(_:)`` of the gate's is the overall one.
  public static func judge<Name: Hashable & Comparable>(
    _ comparisons: [Name: PairedComparison], gate: Set<Name>
  ) -> [Name: Judgement] {
    let family = comparisons.filter { gate.contains($0.key) && $0.value.n > 0 }.keys.sorted()
    let adjusted = Holm.adjusted(family.compactMap { comparisons[$0]?.test.p })
    let adjustedP = Dictionary(uniqueKeysWithValues: zip(family, adjusted))
    return comparisons.reduce(into: [:]) { judgements, entry in
      judgements[entry.key] = Judgement(entry.value, adjustedP: adjustedP[entry.key], familySize: family.count)
    }
  }

  /// Judges one metric by itself.
  public init(alone comparison: PairedComparison) {
    self.init(comparison, adjustedP: nil, familySize: 1)
  }

  private init(_ comparison: PairedComparison, adjustedP: Double?, familySize: Int) {
    self.comparison = comparison
    self.adjustedP = adjustedP
    verdict = Self.verdict(comparison, p: adjustedP ?? comparison.test.p)
    let level = adjustedP == nil ? Self.level : Self.level / Double(familySize)
    neededN = verdict == .inconclusive ? Self.neededN(comparison, level: level) : nil
  }

  private static func verdict(_ comparison: PairedComparison, p: Double) -> Verdict {
    if p < level, comparison.passesTolerance, let mean = comparison.meanDifference {
      switch comparison.better {
      case .higher: return mean > 0 ? .improved : .regressed
      case .lower: return mean < 0 ? .improved : .regressed
      case .neither: return .inconclusive
      }
    }
    return comparison.isEquivalent ? .equivalent : .inconclusive
  }

  /// The number of pairs that would likely decide, were the level of the test that.
  private static func neededN(_ comparison: PairedComparison, level: Double) -> Int? {
    guard let mean = comparison.meanDifference, let deviation = comparison.standardDeviation else {
      return nil
    }
    let needed: Int?
    if !comparison.passesTolerance && deviation == 0 {
      needed = nil
    } else if !comparison.passesTolerance {
      needed = Power.pairsToShowEquivalence(
        mean: mean, standardDeviation: deviation, margin: comparison.tolerance, alpha: Self.level)
    } else if comparison.better == .neither || mean == 0 {
      needed = nil
    } else {
      // Without any spread, as many as can be significant will do.
      let detecting = comparison.effectSize.map { Power.pairsToDetect(effectSize: $0, alpha: level) } ?? 2
      needed = detecting.map { max($0, SignFlip.fewestPairs(level: level)) }
    }
    return needed.map { max($0, comparison.n + 1) }
  }
}
