// SPDX-License-Identifier: GPL-3.0-or-later

// What is said of one metric in two runs of the same utterances.
//
// Utterances differ from one another far more than systems do, so everything is said of the differences b − a within
// pairs. What stands beside what, and why:
//
// * The mean difference, with the 95 % interval that tables show for any mean (`Summary.swift` tells which and why).
// * p by flipping signs: the same question as the interval's, whether the mean is 0, under the one assumption that a pair's
//   halves could be exchanged. The interval and p come from different reasoning and may disagree at the border of 5 %.
// * A 90 % interval by Student's t, never by bootstrap: it lies inside ±tolerance exactly when two one-sided t tests
//   reject at 5 % (``TOST``). One number and one decision, at every n.
// * Cohen's d_z = mean/standard deviation of the differences (Cohen 1988, §2.3.5): how far b stands off in units of what
//   utterances disagree by. It is not d, which divides by the spread of scores.
// * Wins, ties and losses of b. Only equal scores tie: a tolerance is for means.

/// Which way a score is good.
public enum Better: String, Sendable, CaseIterable {
  /// Greater is better.
  case higher
  /// Smaller is better.
  case lower
  /// Neither: the score describes.
  case neither
}

/// One metric's scores of the same utterances in two runs, compared pair by pair: b against a.
public struct PairedComparison: Sendable, Equatable {
  /// The number of pairs.
  public let n: Int
  /// Which way a score is good.
  public let better: Better
  /// A difference of means below this counts as the same, in the scores' unit.
  public let tolerance: Double
  /// Mean of b − a, in the scores' unit; nil without pairs.
  public let meanDifference: Double?
  /// Standard deviation of b − a (divisor n − 1), in the scores' unit; nil for fewer than two pairs.
  public let standardDeviation: Double?
  /// The 95 % interval of the mean difference; nil for fewer than two pairs, and where ``undefinedReason`` says why.
  public let interval: Interval?
  /// Two one-sided tests of the mean difference against ±tolerance, with the 90 % interval that decides equivalence;
  /// nil for fewer than two pairs and for differences without variance.
  public let equivalence: TOST?
  /// Of listeners: why ``interval`` and ``equivalence`` are undefined. They are a sample of people, and of people who all differ by the same
  /// t knows nothing. Scores of sounds are computed: differences without variance are what they are.
  public let undefinedReason: String?
  /// The test of the mean difference against 0; its p is 1 without pairs.
  public let test: SignFlip
  /// Cohen's d_z, signed as the mean difference; nil for fewer than two pairs or when all differences are equal.
  public let effectSize: Double?
  /// Pairs in which b is better; nil where neither way is.
  public let wins: Int?
  /// Pairs whose scores are equal.
  public let ties: Int
  /// Pairs in which b is worse; nil where neither way is.
  public let losses: Int?

  /// Compares a[i] with b[i]; the order of the pairs does not matter.
  /// - Parameters:
  ///   - a: finite scores of the yardstick.
  ///   - b: as many of what is judged, in the same unit.
  ///   - better: which way is good.
  ///   - tolerance: at least 0, in the scores' unit.
  public init(a: [Double], b: [Double], better: Better, tolerance: Double) {
    precondition(a.count == b.count, "pairs have two halves")
    self.init(zip(a, b).map { $1 - $0 }, undefinedReason: nil, better: better, tolerance: tolerance)
  }

  /// From differences b − a.
  init(_ differences: [Double], undefinedReason: String?, better: Better, tolerance: Double) {
    precondition(tolerance >= 0, "a tolerance is no less than 0")
    let sample = Sample(differences)
    n = differences.count
    self.better = better
    self.tolerance = tolerance
    meanDifference = sample?.mean
    standardDeviation = sample?.standardDeviation
    interval = undefinedReason == nil ? Interval.shown(for: differences) : nil
    self.undefinedReason = undefinedReason
    equivalence = TOST(differences, margin: tolerance)
    test = SignFlip(sample)
    effectSize = Self.effectSize(mean: sample?.mean, standardDeviation: sample?.standardDeviation)

    let greater = differences.count { $0 > 0 }
    let smaller = differences.count { $0 < 0 }
    ties = n - greater - smaller
    switch better {
    case .higher: (wins, losses) = (greater, smaller)
    case .lower: (wins, losses) = (smaller, greater)
    case .neither: (wins, losses) = (nil, nil)
    }
  }

  /// Whether b is shown to be as good as a: by ``equivalence``, or as computed differences that are all the same lie within the tolerance.
  var isEquivalent: Bool {
    if let equivalence { return equivalence.isEquivalent }
    return undefinedReason == nil && n > 1 && !exceedsTolerance
  }

  /// Whether the mean difference is at least the tolerance, of either sign.
  var passesTolerance: Bool { meanDifference.map { abs($0) >= tolerance } ?? false }

  private var exceedsTolerance: Bool { meanDifference.map { abs($0) > tolerance } ?? true }

  private static func effectSize(mean: Double?, standardDeviation: Double?) -> Double? {
    guard let mean, let standardDeviation, standardDeviation > 0 else { return nil }
    return mean / standardDeviation
  }
}
