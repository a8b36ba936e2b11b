// SPDX-License-Identifier: GPL-3.0-or-later

// Two systems that the same listeners rated. A pair is a listener: one person's means of either. Listeners are who a test is to hold
// for, and a rating is no pair, as those by one person resemble each other. Of these differences are the mean and every p, and in
// ``PairedComparison`` the interval, so they are of one thing: what other listeners would say of the same sentences, each counting
// once. A panel's pair gives the difference of MOS besides, every rating counting alike, and its bootstrap interval is of that one.
//
// Thirds of a point, subtracted, leave differences that are equal on paper and not in the last bit. Ranks would tell them apart, and
// there would be a spread where there is none. So differences are taken to the nearest 2⁻³⁰, a thousandth of a millionth of a point,
// where they are ranked and tested, and for the mean between a comparison's ends; a panel's pair shows the mean of the differences as they are.
//
// Where all listeners differ by the same, t has no variance to go by: it would hold that any other listener differs by just that,
// too. That is no finding but a lack of one, so interval, t and TOST are undefined. Flipping signs and ranking need no variance.

/// What each of several listeners makes of two systems.
public struct ListenerDifferences: Sendable, Equatable {
  /// Each listener's mean of the second less his mean of the first, to the nearest 2⁻³⁰ of the ratings' unit, in the listeners' order; who
  /// rated one of the two alone is passed over.
  public let values: [Double]
  /// The mean of the differences before they were rounded, in the ratings' unit; nil without any.
  public let mean: Double?

  /// From means by listener, nil where he rated nothing of it.
  public init(from first: [Double?], to second: [Double?]) {
    self.init(zip(first, second).map { first, second in first.flatMap { first in second.map { $0 - first } } })
  }

  /// From differences that listeners gave themselves, as in a comparison; nil where one gave none.
  public init(_ differences: [Double?]) {
    let known = differences.compactMap(\.self)
    values = known.map { ($0 * 0x1p30).rounded() * 0x1p-30 }
    mean = Sample(known)?.mean
  }

  /// Why t, its interval and TOST are undefined; nil where they are not.
  public var undefinedReason: String? {
    switch values.count {
    case 0: "no listener rated both"
    case 1: "one listener"
    default:
      values.allSatisfy { $0 == values[0] } ? "all \(values.count) listeners differ by the same: no variance" : nil
    }
  }
}

extension PairedComparison {
  /// Compares two systems' ratings, listener by listener.
  /// - Parameters:
  ///   - ratings: of the yardstick and of what is judged; indices of listeners mean the same in both.
  ///   - better: which way is good.
  ///   - tolerance: at least 0, in the ratings' unit.
  public init(ratings: [CrossedRatings], better: Better, tolerance: Double) {
    precondition(ratings.count == 2, "two systems")
    let means = ratings.map { $0.scoresByListener.map { Sample($0)?.mean } }
    let differences = ListenerDifferences(from: means[0], to: means[1])
    self.init(
      differences.values, undefinedReason: differences.undefinedReason, better: better, tolerance: tolerance)
  }
}
