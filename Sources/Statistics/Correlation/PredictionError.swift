// SPDX-License-Identifier: GPL-3.0-or-later

// How far predictions lie from MOS: ITU-T P.1401 (§7.5).
//
//     Perr = MOS − MOSp                           rmse  = √(Σ Perr²/(N − d))
//     Perr* = max(0, |MOS − MOSp| − CI95)         rmse* = √(Σ Perr*²/(N − d))
//     outlier ratio = share of |MOS − MOSp| > CI95
//
// d is the number of the mapping's coefficients, so that a mapping is not praised for following noise: 4 for a third-order one, 0 for
// predictions of clips that the mapping has not seen. rmse* forgives what the MOS itself does not know; CI95 is half the
// width of its interval. An item without an interval (one vote) can be in rmse and in neither of the others.

/// Errors of predicted MOS.
public struct PredictionError: Sendable, Equatable {
  /// Number of items.
  public let n: Int
  /// Root mean square error in MOS with divisor N − d; nil when N ≤ d.
  public let rmse: Double?
  /// The same of what lies beyond the items' intervals; nil when intervals are missing or N ≤ d.
  public let rmseStar: Double?
  /// Share of items whose prediction lies beyond the interval, 0…1; nil when intervals are missing.
  public let outlierRatio: Double?

  /// Compares predictions with MOS.
  /// - Parameters:
  ///   - mos: of each item.
  ///   - predicted: as many.
  ///   - halfWidths: of the 95 % intervals of each MOS; nil when any is not known.
  ///   - parameters: d.
  public init(mos: [Double], predicted: [Double], halfWidths: [Double]?, parameters: Int) {
    precondition(mos.count == predicted.count && (halfWidths?.count ?? mos.count) == mos.count, "one of each an item")
    n = mos.count
    let errors = zip(mos, predicted).map { abs($0 - $1) }
    let divisor = mos.count - parameters
    func root(_ values: [Double]) -> Double? {
      divisor > 0 ? (compensatedSum(values.map { $0 * $0 }) / Double(divisor)).squareRoot() : nil
    }
    rmse = root(errors)
    rmseStar = halfWidths.flatMap { root(zip(errors, $0).map { max(0, $0 - $1) }) }
    outlierRatio = halfWidths.flatMap { halves in
      errors.isEmpty ? nil : Double(zip(errors, halves).count { $0 > $1 }) / Double(errors.count)
    }
  }
}
