// SPDX-License-Identifier: GPL-3.0-or-later

/// Frames of a recording as time warping sees them: rows of a flat array, of which some rows and some columns count.
///
/// Mel-cepstra are kept as rows of c₀…c₂₄ for the whole file; the path is sought on c₁…c₂₄ of the speech extent. A view spares
/// the copy.
public struct FrameRows: Sendable {
  /// Shape `[anything × width]`, row by row; finite.
  public let values: [Double]
  /// Values per row.
  public let width: Int
  /// The rows that are frames; frame 0 is row `rows.lowerBound`.
  public let rows: Range<Int>
  /// The columns that count.
  public let columns: Range<Int>

  /// Number of frames.
  public var count: Int { rows.count }
  /// Values per frame.
  public var dimension: Int { columns.count }

  /// - Parameters:
  ///   - values: shape `[n × width]`, row by row; finite.
  ///   - width: values per row.
  ///   - rows: the rows that are frames; all when not given.
  ///   - columns: the columns that count; all when not given.
  public init(_ values: [Double], width: Int, rows: Range<Int>? = nil, columns: Range<Int>? = nil) {
    precondition(width > 0 && values.count.isMultiple(of: width), "\(values.count) values in rows of \(width)")
    self.values = values
    self.width = width
    self.rows = rows ?? 0..<values.count / width
    self.columns = columns ?? 0..<width
    precondition(
      self.rows.lowerBound >= 0 && self.rows.upperBound <= values.count / width && !self.columns.isEmpty
        && self.columns.lowerBound >= 0 && self.columns.upperBound <= width,
      "rows \(self.rows), columns \(self.columns) of \(values.count / width) × \(width)")
  }

  /// Euclidean distance of a frame from one of another sequence of the same dimension, the squares added in the order of the columns.
  public func distance(_ frame: Int, _ other: FrameRows, _ otherFrame: Int) -> Double {
    let a = offset(of: frame)
    let b = other.offset(of: otherFrame)
    var sum = 0.0
    for k in 0..<dimension {
      let difference = values[a + k] - other.values[b + k]
      sum += difference * difference
    }
    return sum.squareRoot()
  }

  /// Index in `values` of the first value of a frame.
  @inline(__always) func offset(of frame: Int) -> Int { (rows.lowerBound + frame) * width + columns.lowerBound }

  /// The means of `factor` frames at a time; the last may be of fewer.
  func averaged(by factor: Int) -> FrameRows {
    let coarse = (count + factor - 1) / factor
    var means = [Double](repeating: 0, count: coarse * dimension)
    for frame in 0..<coarse {
      let fine = frame * factor..<min(count, (frame + 1) * factor)
      let weight = 1 / Double(fine.count)
      for row in fine {
        let begin = offset(of: row)
        for k in 0..<dimension { means[frame * dimension + k] += weight * values[begin + k] }
      }
    }
    return FrameRows(means, width: dimension)
  }
}
