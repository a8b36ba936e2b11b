// SPDX-License-Identifier: GPL-3.0-or-later

/// What became of b, judged against a. In order, the worst first.
public enum Verdict: String, Sendable, CaseIterable, Comparable {
  /// Significantly worse, by at least the tolerance.
  case regressed
  /// The scores may not be compared: another signature, revision or reference. Found out before any statistics.
  case notComparable = "not-comparable"
  /// The pairs allow no statement.
  case inconclusive
  /// Significantly better, by at least the tolerance.
  case improved
  /// The same to within the tolerance.
  case equivalent
  /// The same decoded audio under the same signature. Found out before any statistics.
  case identical

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Whether the first is worse.
  public static func < (first: Verdict, second: Verdict) -> Bool { first.rank < second.rank }

  /// The worst of several.
  /// - Returns: nil without any.
  public static func overall(_ verdicts: some Sequence<Verdict>) -> Verdict? { verdicts.min() }
}
