// SPDX-License-Identifier: GPL-3.0-or-later
internal import VectorLoops

/// The pairs of frames of two sequences, searched row by row (a row per frame of the first) in tiles of eight columns
/// (frames of the second), with two bits per pair to find the way back.
///
/// What costs is the distances: three operations per pair and dimension. A tile holds its eight frames column by column, so that
/// eight distances grow side by side and none is ever summed across a vector; each is the sum of squares of even dimensions and that of odd
/// ones, each in their order, the same on every machine.
struct WarpingLattice {
  static let tile = 8

  private let first: FrameRows
  private let secondCount: Int
  private let tileCount: Int
  /// Shape `[tile][dimension]`, eight frames to a vector; infinite behind the last frame.
  private let tiles: [SIMD8<Double>]

  /// What a search found.
  struct Outcome {
    let steps: [DynamicTimeWarping.Step]
    let total: Double
    /// Whether the path runs along an edge of the band that is not an edge of the lattice.
    let touchesEdge: Bool
  }

  init(_ first: FrameRows, _ second: FrameRows) {
    precondition(first.dimension == second.dimension, "\(first.dimension) values per frame and \(second.dimension)")
    self.first = first
    let count = second.count
    let dimension = second.dimension
    secondCount = count
    tileCount = (count + Self.tile - 1) / Self.tile
    var tiles = [SIMD8<Double>](repeating: SIMD8(repeating: .infinity), count: tileCount * dimension)
    for j in 0..<count {
      let begin = second.offset(of: j)
      for k in 0..<dimension { tiles[j / Self.tile * dimension + k][j % Self.tile] = second.values[begin + k] }
    }
    self.tiles = tiles
  }

  /// Every pair.
  var whole: WarpingBand { WarpingBand(rows: first.count, tiles: tileCount) }

  /// The cheapest path within a band.
  /// - Parameter limit: what some path within the band costs. Pairs that no path reaches as cheaply are left out, and none of those is
  ///   on the cheapest path: distances are not negative, and neither is a rounding error of their sum.
  func search(_ band: WarpingBand, limit: Double = .infinity) -> Outcome {
    var moves = [UInt16](repeating: 0, count: band.tileTotal)
    let total = fill(band, limit, &moves)
    return traced(band, moves, total)
  }

  /// Tiles of a row.
  private struct Reach {
    /// From the first to the last that has a pair reached within the limit.
    var low: Int
    var high: Int
    /// Behind the last that was looked at.
    var end: Int
  }

  /// Costs forward from the first pair, the moves noted; returns the cost of the last pair.
  private func fill(_ band: WarpingBand, _ limit: Double, _ moves: inout [UInt16]) -> Double {
    let dimension = first.dimension
    let padded = (tileCount + 1) * Self.tile
    // One place before column 0: off the lattice, infinitely far, but for the way into the first pair.
    var above = [Double](repeating: .infinity, count: padded + 1)
    var current = above
    above[0] = 0
    var reach = Reach(low: 0, high: 0, end: tileCount)
    // Unchecked access for the one loop that counts: rows × columns × dimensions.
    first.values.withUnsafeBufferPointer { values in
      tiles.withUnsafeBufferPointer { tiles in
        moves.withUnsafeMutableBufferPointer { moves in
          guard var move = moves.baseAddress, let values = values.baseAddress,
            let tiles = UnsafeRawPointer(tiles.baseAddress)?.assumingMemoryBound(to: Double.self)
          else { return }
          let local = UnsafeMutablePointer<Double>.allocate(capacity: Self.tile)
          defer { local.deallocate() }
          for i in 0..<first.count {
            let range = band.tiles(of: i)
            above.withUnsafeMutableBufferPointer { above in
              current.withUnsafeMutableBufferPointer { current in
                guard let above = above.baseAddress, let current = current.baseAddress else { return }
                reach = Self.fillRow(
                  values + first.offset(of: i), tiles, dimension, max(range.lowerBound, reach.low)..<range.upperBound,
                  after: reach, limit, above, current, local, move - range.lowerBound)
              }
            }
            move += range.count
            swap(&above, &current)
          }
        }
      }
    }
    return above[secondCount]
  }

  /// One row, from the first tile of `range` on, until nothing can be reached any more. `above` and `current` begin one place
  /// before the first column.
  @inline(__always) private static func fillRow(
    _ frame: UnsafePointer<Double>, _ tiles: UnsafePointer<Double>, _ dimension: Int, _ range: Range<Int>,
    after previous: Reach, _ limit: Double, _ above: UnsafeMutablePointer<Double>,
    _ current: UnsafeMutablePointer<Double>, _ local: UnsafeMutablePointer<Double>,
    _ moves: UnsafeMutablePointer<UInt16>
  ) -> Reach {
    let distances = VectorLoops.distances
    var reach = Reach(low: range.upperBound, high: range.lowerBound, end: range.upperBound)
    var left = Double.infinity
    current[range.lowerBound &* tile] = left
    for t in range {
      let base = t &* tile
      if t >= previous.high, t > range.lowerBound, left > limit, above[base] > limit {
        reach.end = t
        break
      }
      if t >= previous.end {
        // The row above was not looked at so far.
        for lane in 1...tile { above[base &+ lane] = .infinity }
      }
      distances(frame, tiles + 8 &* t &* dimension, dimension, local)
      var bits: UInt16 = 0
      var least = Double.infinity
      for lane in 0..<tile {
        let (diagonal, up) = (above[base &+ lane], above[base &+ lane &+ 1])
        let isUp = up < diagonal
        let nearest = isUp ? up : diagonal
        let isLeft = left < nearest
        left = (isLeft ? left : nearest) + local[lane]
        current[base &+ lane &+ 1] = left
        least = left < least ? left : least
        bits |= ((isUp ? 1 : 0) | (isLeft ? 2 : 0)) &<< UInt16(2 &* lane)
      }
      moves[t] = bits
      if least <= limit {
        reach.low = min(reach.low, t)
        reach.high = t &+ 1
      }
    }
    return reach
  }

  /// Back from the last pair along the moves.
  private func traced(_ band: WarpingBand, _ moves: [UInt16], _ total: Double) -> Outcome {
    precondition(total.isFinite, "frames are finite")
    var steps: [DynamicTimeWarping.Step] = []
    steps.reserveCapacity(first.count + secondCount)
    var touches = false
    var (i, j) = (first.count - 1, secondCount - 1)
    var rowBegin = band.tileTotal - band.tiles(of: i).count
    while true {
      steps.append(.init(first: i, second: j))
      if !touches { touches = band.isEdge(i, j, columns: secondCount) }
      if i == 0, j == 0 { break }
      let (tile, lane) = j.quotientAndRemainder(dividingBy: Self.tile)
      let move = moves[rowBegin + tile - band.tiles(of: i).lowerBound] >> UInt16(2 * lane) & 3
      if move < 2 {
        i -= 1
        rowBegin -= band.tiles(of: i).count
      }
      if move != 1 { j -= 1 }
    }
    return Outcome(steps: steps.reversed(), total: total, touchesEdge: touches)
  }
}

/// The part of a lattice that is searched: for each row a run of tiles, neither end of which ever moves left.
struct WarpingBand {
  private let ranges: [Range<Int>]
  private let tileCount: Int
  /// Tiles of all rows.
  let tileTotal: Int
  /// Pairs of frames searched.
  var pairCount: Int { tileTotal * WarpingLattice.tile }

  /// All of it.
  init(rows: Int, tiles: Int) {
    ranges = [Range<Int>](repeating: 0..<tiles, count: rows)
    tileCount = tiles
    tileTotal = rows * tiles
  }

  /// Whatever lies within `halfWidth` columns of a path through frames averaged by `factor`.
  /// - Parameters:
  ///   - path: through the averaged frames.
  ///   - factor: frames to an average.
  ///   - halfWidth: columns on either side.
  ///   - rows: frames of the first sequence.
  ///   - columns: frames of the second.
  init(around path: [DynamicTimeWarping.Step], factor: Int, halfWidth: Int, rows: Int, columns: Int) {
    let tile = WarpingLattice.tile
    tileCount = (columns + tile - 1) / tile
    var lows = [Int](repeating: Int.max, count: (rows + factor - 1) / factor)
    var highs = [Int](repeating: 0, count: lows.count)
    for step in path {
      lows[step.first] = min(lows[step.first], step.second)
      highs[step.first] = max(highs[step.first], step.second)
    }
    var ranges: [Range<Int>] = []
    ranges.reserveCapacity(rows)
    var total = 0
    for i in 0..<rows {
      let low = max(0, lows[i / factor] * factor - halfWidth) / tile
      let high = min(columns, (highs[i / factor] + 1) * factor + halfWidth)
      ranges.append(low..<(high + tile - 1) / tile)
      total += ranges[i].count
    }
    self.ranges = ranges
    tileTotal = total
  }

  @inline(__always) func tiles(of row: Int) -> Range<Int> { ranges[row] }

  /// Whether a pair has a neighbour in the lattice that is outside of the band.
  func isEdge(_ i: Int, _ j: Int, columns: Int) -> Bool {
    func isOutside(_ i: Int, _ j: Int) -> Bool {
      i >= 0 && i < ranges.count && j >= 0 && j < columns && !ranges[i].contains(j / WarpingLattice.tile)
    }
    // The ends never move left: nearest the edge are the cells before in this row and the next, behind in this and the last.
    return isOutside(i + 1, j - 1) || isOutside(i, j - 1) || isOutside(i - 1, j + 1) || isOutside(i, j + 1)
  }
}
