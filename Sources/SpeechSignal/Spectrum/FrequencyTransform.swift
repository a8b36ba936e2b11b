// SPDX-License-Identifier: GPL-3.0-or-later

/// The all-pass frequency transform of a cepstrum (Oppenheim & Johnson 1972; in SPTK: `freqt`).
///
/// z̃⁻¹ = (z⁻¹ − α)/(1 − αz⁻¹) takes the place of z⁻¹. A sequence c₀…c_L becomes another of order M; the map is linear, and its
/// column n is the power series of ((z̃⁻¹ + α)/(1 + αz̃⁻¹))ⁿ up to order M.
enum FrequencyTransform {
  /// Columns 0…count−1 of the map, each of M + 1 values.
  static func columns(count: Int, order: Int, alpha: Double) -> [[Double]] {
    var columns: [[Double]] = []
    columns.reserveCapacity(count)
    var column = [Double](repeating: 0, count: order + 1)
    column[0] = 1
    for _ in 0..<count {
      columns.append(column)
      // Times (z̃⁻¹ + α)/(1 + αz̃⁻¹): y[m] = α·x[m] + x[m−1] − α·y[m−1].
      var next = column
      next[0] = alpha * column[0]
      for m in stride(from: 1, through: order, by: 1) {
        next[m] = column[m - 1] + alpha * (column[m] - next[m - 1])
      }
      column = next
    }
    return columns
  }

  /// Columns of the transform that a sequence of correlations undergoes on the way to the warped axis (SPTK: `frqtr`): the first
  /// is 1/(1 + αz̃⁻¹), and from one to the next as above, but that nothing flows back into the coefficient 0.
  static func correlationColumns(count: Int, order: Int, alpha: Double) -> [[Double]] {
    var columns: [[Double]] = []
    columns.reserveCapacity(count)
    var column = [Double](repeating: 1, count: order + 1)
    for m in stride(from: 1, through: order, by: 1) { column[m] = -alpha * column[m - 1] }
    for _ in 0..<count {
      columns.append(column)
      var next = [Double](repeating: 0, count: order + 1)
      for m in stride(from: 1, through: order, by: 1) {
        next[m] = column[m - 1] + alpha * (column[m] - next[m - 1])
      }
      column = next
    }
    return columns
  }
}
