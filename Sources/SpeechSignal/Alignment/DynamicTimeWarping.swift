// SPDX-License-Identifier: GPL-3.0-or-later

/// Dynamic time warping (Sakoe & Chiba 1978): the cheapest monotone path through two sequences of frames.
///
/// Local cost: Euclidean distance. Steps (1,0), (0,1), (1,1), unweighted, from the first pair of frames to the last.
/// Ties are broken diagonal first, then (1,0), then (0,1), so that the path is the same on every machine.
/// The search is exact for sequences of up to `band` frames; longer ones are searched within `band` frames of the
/// straight line between the corners. Memory: a byte for each pair of frames searched.
public enum DynamicTimeWarping {
  /// One pair of frame indices on the path.
  public struct Step: Sendable, Equatable {
    /// Frame of the first sequence.
    public let first: Int
    /// Frame of the second sequence.
    public let second: Int
  }

  /// Half-width of the search, frames.
  public static let band = 2000

  /// The path through two sequences, first corner to last.
  /// - Parameters:
  ///   - first: shape `[n × dimension]`, row by row.
  ///   - second: shape `[m × dimension]`, row by row.
  ///   - dimension: values per frame.
  /// - Returns: the steps; empty when either sequence is.
  public static func path(_ first: [Double], _ second: [Double], dimension: Int) -> [Step] {
    let n = first.count / dimension
    let m = second.count / dimension
    guard n > 0, m > 0 else { return [] }
    let slope = Double(m) / Double(n)
    func columns(_ i: Int) -> Range<Int> {
      let centre = Int(Double(i) * slope)
      // Neighbouring rows must overlap also where the line is steep.
      let reach = band + Int(slope.rounded(.up))
      return max(0, centre - reach)..<min(m, centre + reach + 1)
    }

    var moves: [[Move]] = []
    moves.reserveCapacity(n)
    var above: [Double] = []
    var aboveColumns = 0..<0
    for i in 0..<n {
      let range = columns(i)
      var row = [Double](repeating: .infinity, count: range.count)
      var rowMoves = [Move](repeating: .diagonal, count: range.count)
      for j in range {
        let cost = distance(first, i, second, j, dimension)
        if i == 0, j == 0 {
          row[0] = cost
          continue
        }
        var best = aboveColumns.contains(j - 1) ? above[j - 1 - aboveColumns.lowerBound] : .infinity
        // A move off the edge is none, whatever the costs are.
        var move = i == 0 ? Move.secondOnly : j == 0 ? .firstOnly : .diagonal
        if aboveColumns.contains(j), above[j - aboveColumns.lowerBound] < best {
          best = above[j - aboveColumns.lowerBound]
          move = .firstOnly
        }
        if j > range.lowerBound, row[j - 1 - range.lowerBound] < best {
          best = row[j - 1 - range.lowerBound]
          move = .secondOnly
        }
        row[j - range.lowerBound] = best + cost
        rowMoves[j - range.lowerBound] = move
      }
      moves.append(rowMoves)
      above = row
      aboveColumns = range
    }

    var steps: [Step] = []
    steps.reserveCapacity(n + m)
    var (i, j) = (n - 1, m - 1)
    while true {
      steps.append(Step(first: i, second: j))
      if i == 0, j == 0 { break }
      switch moves[i][j - columns(i).lowerBound] {
      case .diagonal: (i, j) = (i - 1, j - 1)
      case .firstOnly: i -= 1
      case .secondOnly: j -= 1
      }
    }
    return steps.reversed()
  }

  private enum Move: UInt8 { case diagonal, firstOnly, secondOnly }

  @inline(__always)
  private static func distance(_ a: [Double], _ i: Int, _ b: [Double], _ j: Int, _ dimension: Int) -> Double {
    var sum = 0.0
    for k in 0..<dimension {
      let difference = a[i * dimension + k] - b[j * dimension + k]
      sum += difference * difference
    }
    return sum.squareRoot()
  }
}
