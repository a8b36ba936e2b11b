// SPDX-License-Identifier: GPL-3.0-or-later

/// Whether one of two is preferred: the exact binomial test against ½, and Wilson's interval of the share (Wilson 1927,
/// "Probable inference, the law of succession, and statistical inference", JASA 22).
///
/// The judgements count as independent, and none is a tie. Where listeners judge more often than once they are not independent, and p
/// is too small: test listeners' shares against ½ by ``SignFlip`` beside it.
public struct Preference: Sendable, Equatable {
  /// Judgements for the first.
  public let wins: Int
  /// All judgements, ties left out; at least one.
  public let trials: Int
  /// wins/trials, 0…1.
  public let share: Double
  /// The probability of a share at least as far from ½ if neither is preferred: 0…1.
  public let p: Double
  /// The 95 % interval of the share by Wilson's method without continuity correction.
  public let interval: ClosedRange<Double>

  /// Tests a count.
  /// - Precondition: 0 ≤ wins ≤ trials, trials > 0.
  public init(wins: Int, of trials: Int) {
    precondition(trials > 0 && (0...trials).contains(wins), "wins are some of the trials")
    self.wins = wins
    self.trials = trials
    let n = Double(trials)
    share = Double(wins) / n
    // P(X ≤ least), doubled; at the middle both tails would count it twice.
    let least = min(wins, trials - wins)
    p = min(1, 2 * Distributions.binomialAtMost(least, of: trials))
    let z = Distributions.normalQuantile(0.975)
    let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    interval = max(0, centre - half)...min(1, centre + half)
  }
}
