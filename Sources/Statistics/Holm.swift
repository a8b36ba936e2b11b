// SPDX-License-Identifier: GPL-3.0-or-later

/// Holm's correction for looking at several tests at once (Holm 1979, "A simple sequentially rejective multiple test
/// procedure", Scandinavian Journal of Statistics 6).
///
/// Rejecting where the adjusted p is below α makes the probability of any false rejection at most α, however the tests
/// depend on one another.
public enum Holm {
  /// Adjusted p values in the order given: the j-th smallest of m, counted from 0, is multiplied by m − j, is no less
  /// than any before it, and at most 1.
  /// - Parameter p: probabilities, 0…1.
  public static func adjusted(_ p: [Double]) -> [Double] {
    precondition(p.allSatisfy { (0...1).contains($0) }, "a probability lies between 0 and 1")
    var adjusted = p
    var greatest = 0.0
    for (position, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
      greatest = max(greatest, min(1, Double(p.count - position) * p[index]))
      adjusted[index] = greatest
    }
    return adjusted
  }

  /// The same where some tests have no p: they are not of the family, and stay without.
  public static func adjusted(known p: [Double?]) -> [Double?] {
    var rest = adjusted(p.compactMap(\.self))[...]
    return p.map { $0 == nil ? nil : rest.removeFirst() }
  }
}
