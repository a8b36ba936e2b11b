// SPDX-License-Identifier: GPL-3.0-or-later

// What is said of a list of scores.
//
// A system's scores under one metric are a sample of the utterances it might have spoken; what is printed is their
// mean and how far that mean can be trusted. Two 95 % intervals of the mean are at hand:
//
// * Student's t: mean ± t(.975, n−1)·s/√n. Exact for normal scores, symmetric always.
// * BCa, the bias-corrected and accelerated bootstrap (Efron 1987, "Better Bootstrap Confidence Intervals", JASA 82):
//   follows the skew of the scores, and never leaves the range they were drawn from.
//
// Which is shown. Scores are bounded and skewed (a good vocoder's STOI piles up under 1), so t puts its two ends in the
// wrong places and can pass the end of the scale. The bootstrap has its own weakness: it underestimates the spread by
// √((n−1)/n) and knows no t quantile, so it covers too little in small samples; and it costs B·n. Hence BCa for
// 30 ≤ n ≤ 1000, and t otherwise. Per cent of simulated samples whose interval held the true mean, t / BCa, from
// `Tests/Oracles/statistics_oracle.py coverage` (4000 samples each, standard error .3 to .8):
//
//     n     normal      PESQ-like    STOI-like    lognormal    one in ten broken
//     5     95.7/84.8   93.1/82.4    89.3/81.2    81.6/73.9    42.7/40.3
//    10     94.4/89.0   94.0/90.3    89.3/86.8    83.4/82.2    65.5/63.6
//    20     95.3/92.2   93.9/92.3    92.8/92.2    87.2/87.6    86.6/84.9
//    50     94.9/93.8   94.8/94.7    93.7/93.6    89.7/90.6    91.8/97.0
//   200     95.5/95.0   94.2/94.0    94.7/94.5    93.3/92.8    93.7/94.9
//
// What the bootstrap buys shows in the tails: of the PESQ-like intervals at n = 50 that miss, t puts 1.8 % below the
// truth and 3.4 % above it, BCa 2.8 and 2.5. Up to n = 20 it pays for that with 1 to 5 points of coverage.
//
// Nothing here depends on the order of the values: they are sorted first, and the resamples come from a generator with
// a constant seed. The same scores give the same bits, whatever the number of threads that made them.
//
// A pair without a value (undefined, failed) is no value: the caller counts it and leaves it out.

/// Count, centre, spread and certainty of a list of scores.
public struct Summary: Sendable, Equatable {
  /// How many values there are; at least one.
  public let n: Int
  /// Arithmetic mean, in the values' unit.
  public let mean: Double
  /// Sample standard deviation (divisor n − 1), in the values' unit; nil for fewer than two values.
  public let standardDeviation: Double?
  /// Middle value, or the mean of the middle two.
  public let median: Double
  /// The 95 % interval of the mean that is shown, see ``Interval/shown(for:confidence:)``; nil for fewer than two values.
  public let interval: Interval?

  /// Summarises the values, in any order.
  /// - Parameters:
  ///   - values: finite numbers; anything else is a programmer's error.
  ///   - range: the scale's, which the interval is cut to (``Interval/cut(to:of:)``).
  /// - Returns: nil when there are none.
  public init?(_ values: [Double], within range: ClosedRange<Double>? = nil) {
    guard let sample = Sample(values) else { return nil }
    n = sample.count
    mean = sample.mean
    standardDeviation = sample.standardDeviation
    median = sample.median
    interval = Interval.shown(for: values)?.cut(to: range, of: values)
  }

  /// Summarises listeners' ratings of utterances, with the interval of ``ClusteredMean``, as they depend on one another.
  /// - Parameter range: the scale's, which the interval is cut to.
  /// - Returns: nil when there are none.
  public init?(_ ratings: CrossedRatings, within range: ClosedRange<Double>? = nil) {
    guard let sample = Sample(ratings.scores), let clustered = ClusteredMean(ratings, within: range) else { return nil }
    n = sample.count
    mean = sample.mean
    standardDeviation = sample.standardDeviation
    median = sample.median
    interval = clustered.interval()
  }
}
