// SPDX-License-Identifier: GPL-3.0-or-later

/// Small dense systems of equations.
enum LinearSystem {
  /// x of A·x = b, by elimination with the greatest pivot of each column; for a regular square A of a few rows.
  static func solve(_ a: [[Double]], _ b: [Double]) -> [Double] {
    var rows = zip(a, b).map { $0 + [$1] }
    let n = rows.count
    for column in 0..<n {
      let pivot = (column..<n).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
      rows.swapAt(column, pivot)
      for row in column + 1..<max(n, column + 1) where rows[row][column] != 0 {
        let factor = rows[row][column] / rows[column][column]
        for k in column...n { rows[row][k] -= factor * rows[column][k] }
      }
    }
    var x = [Double](repeating: 0, count: n)
    for row in (0..<n).reversed() {
      let rest = (row + 1..<max(n, row + 1)).reduce(0.0) { $0 + rows[row][$1] * x[$1] }
      x[row] = (rows[row][n] - rest) / rows[row][row]
    }
    return x
  }

  /// The coefficients that minimise Σ(y − Σ cₖ·columnₖ)², by modified Gram and Schmidt; nil when columns depend on one
  /// another.
  static func leastSquares(_ columns: [[Double]], _ y: [Double]) -> [Double]? {
    var q = columns
    var r = [[Double]](repeating: Array(repeating: 0, count: columns.count), count: columns.count)
    var residual = y
    var projections = [Double](repeating: 0, count: columns.count)
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    for k in q.indices {
      let before = dot(columns[k], columns[k]).squareRoot()
      let norm = dot(q[k], q[k]).squareRoot()
      guard norm > 1e-11 * before else { return nil }
      r[k][k] = norm
      q[k] = q[k].map { $0 / norm }
      for later in q.indices.dropFirst(k + 1) {
        r[k][later] = dot(q[k], q[later])
        q[later] = zip(q[later], q[k]).map { $0 - r[k][later] * $1 }
      }
      projections[k] = dot(q[k], residual)
      residual = zip(residual, q[k]).map { $0 - projections[k] * $1 }
    }
    var coefficients = projections
    for row in coefficients.indices.reversed() {
      for column in coefficients.indices.dropFirst(row + 1) {
        coefficients[row] -= r[row][column] * coefficients[column]
      }
      coefficients[row] /= r[row][row]
    }
    return coefficients
  }
}
