// SPDX-License-Identifier: GPL-3.0-or-later

// Would other listeners give the same scores? From a complete table of n items by k listeners, two-way analysis of variance:
//
//     MSR = k·Σ(row mean − grand)²/(n − 1)   MSC = n·Σ(column mean − grand)²/(k − 1)   MSE = Σ(rest)²/((n − 1)(k − 1))
//
// * ICC(2,1) = (MSR − MSE)/(MSR + (k − 1)·MSE + k·(MSC − MSE)/n): one listener's score, in absolute agreement, listeners
//   being a sample (Shrout & Fleiss 1979, "Intraclass correlations", Psychological Bulletin 86; McGraw & Wong 1996).
// * ICC(2,k) = (MSR − MSE)/(MSR + (MSC − MSE)/n): the mean of k listeners, that is the MOS that is printed.
// * Cronbach's α = k/(k − 1)·(1 − Σ var(column)/var(row sum)) = 1 − MSE/MSR, in consistency: a strict listener takes
//   nothing from it (Cronbach 1951, "Coefficient alpha and the internal structure of tests", Psychometrika 16).
//
// All can be negative: items then differ less than chance would have them. They are undefined for incomplete tables; filling
// holes would be inventing scores (``KrippendorffAlpha`` takes holes).

/// Agreement of listeners who all rated all items once.
public struct Reliability: Sendable, Equatable {
  /// ICC(2,1), absolute agreement of single ratings: at most 1.
  public let icc21: Double
  /// ICC(2,k), absolute agreement of the mean of these listeners: at most 1.
  public let icc2k: Double
  /// Cronbach's α: at most 1.
  public let cronbachAlpha: Double
  /// Number of items, n.
  public let items: Int
  /// Number of listeners, k.
  public let listeners: Int

  /// Why there is none.
  public enum Failure: Error, Equatable {
    /// Not every listener rated every item exactly once.
    case incomplete
    /// Fewer than two items or two listeners.
    case tooFew
    /// All items have the same mean, so there is nothing to tell apart.
    case noVariation
  }

  /// From ratings of a complete design.
  public init(_ ratings: CrossedRatings) throws(Failure) {
    guard let table = ratings.completeTable else { throw .incomplete }
    try self.init(table: table)
  }

  /// From a table with one row an item and one column a listener.
  public init(table: [[Double]]) throws(Failure) {
    items = table.count
    listeners = table.first?.count ?? 0
    guard items > 1, listeners > 1 else { throw .tooFew }
    let (n, k) = (Double(items), Double(listeners))
    let grand = compensatedSum(table.flatMap(\.self)) / (n * k)
    let centred = table.map { $0.map { $0 - grand } }
    let rows = centred.map { compensatedSum($0) / k }
    let columns = (0..<listeners).map { column in compensatedSum(centred.map { $0[column] }) / n }
    let msr = k * compensatedSum(rows.map { $0 * $0 }) / (n - 1)
    let msc = n * compensatedSum(columns.map { $0 * $0 }) / (k - 1)
    let rest = zip(centred, rows).flatMap { row, mean in
      zip(row, columns).map { ($0 - mean - $1) * ($0 - mean - $1) }
    }
    let mse = compensatedSum(rest) / ((n - 1) * (k - 1))
    let total = compensatedSum(centred.flatMap(\.self).map { $0 * $0 })
    guard msr > 1e-24 * total, total > 0 else { throw .noVariation }
    icc21 = (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n)
    icc2k = (msr - mse) / (msr + (msc - mse) / n)
    cronbachAlpha = 1 - mse / msr
  }
}
