// SPDX-License-Identifier: GPL-3.0-or-later

// Two systems that the same listeners rated. A pair is a listener: one person's means of either. Listeners are who a test is to hold for, and
// a rating is no pair, as those by one person resemble each other. The interval alone looks at utterances, too; it is of
// the difference of MOS, every vote counting alike, which is the difference of means where everyone rated equally often.

extension PairedComparison {
  /// Compares two systems' ratings, listener by listener; who rated one of them alone is passed over.
  /// - Parameters:
  ///   - ratings: of the yardstick and of what is judged; indices of listeners and items (utterances) mean the same in both.
  ///   - better: which way is good.
  ///   - tolerance: at least 0, in the ratings' unit.
  public init(ratings: [CrossedRatings], better: Better, tolerance: Double) {
    precondition(ratings.count == 2, "two systems")
    let scores = ratings.map(\.scoresByListener)
    let means = scores.map { $0.map { Sample($0)?.mean } }
    let both = zip(means[0], means[1]).compactMap { a, b in a.flatMap { a in b.map { (a: a, b: $0) } } }
    self.init(a: both.map(\.a), b: both.map(\.b), better: better, tolerance: tolerance)
    interval =
      both.count > 1
      ? PigeonholeBootstrap(ratings).interval(from: 0, to: 1).map {
        Interval(low: $0.lowerBound, high: $0.upperBound, method: .pigeonhole)
      } : nil
  }
}
