// SPDX-License-Identifier: GPL-3.0-or-later

/// Dynamic time warping (Sakoe & Chiba, IEEE Trans. ASSP 26(1), 1978): the cheapest monotone path through two sequences
/// of frames.
///
/// Local cost d(i, j): Euclidean distance. D(i, j) = d(i, j) + min(D(i−1, j−1), D(i−1, j), D(i, j−1)), steps (1,1), (1,0), (0,1)
/// unweighted, from the first pair of frames to the last: the symmetric form without slope constraint and without the
/// paper's doubled weight on the diagonal, as evaluation of speech has it. Ties are broken diagonal first, then (1,0), then
/// (0,1), so that the path is the same on every machine.
///
/// **Exact** as long as the lattice has at most `wholeSearchLimit` pairs (41 s against 41 s at 5 ms). Two bits a pair are kept.
/// Pairs that cost more to reach than a whole path does which is known beforehand are left out (D. F. Silva, G. E. Batista, "Speeding
/// up all-pairwise dynamic time warping matrix calculation", SDM 2016): the path remains the cheapest of all, to the last bit.
///
/// **In a band** beyond that (an hour against an hour would be 5·10¹¹ pairs): the path through frames averaged by 8 is found first,
/// by the same means; then the cheapest path within `firstHalfWidth` frames of it. If that path comes to lie on the edge of
/// the band, a cheaper one may lie outside, and the band is doubled, up to `bandSearchLimit` pairs. The result says what
/// was done. A path that keeps off the edge is the cheapest of all paths near it; that no path far away is cheaper is not proven.
public enum DynamicTimeWarping {
  /// One pair of frame indices on the path.
  public struct Step: Sendable, Equatable {
    /// Frame of the first sequence.
    public let first: Int
    /// Frame of the second sequence.
    public let second: Int

    /// A pair of frames.
    public init(first: Int, second: Int) {
      self.first = first
      self.second = second
    }
  }

  /// How much was searched.
  public enum Search: Sendable, Equatable {
    /// All pairs of frames: the path is the cheapest there is.
    case whole
    /// Pairs within so many frames of a coarser path. Where the path does not touch the edge, it is the cheapest of those around.
    case band(halfWidth: Int, touchesEdge: Bool)
  }

  /// A path and what it costs.
  public struct Path: Sendable, Equatable {
    /// First pair of frames to last; empty when either sequence is.
    public let steps: [Step]
    /// Σ of the distances over the steps, added from the first to the last.
    public let totalDistance: Double
    /// How much was searched for it.
    public let search: Search
    /// Mean distance over the steps; NaN when there are none.
    public var meanDistance: Double { totalDistance / Double(steps.count) }
  }

  /// At most this many pairs are searched whole: half a second, 16 MiB of moves.
  public static let wholeSearchLimit = 1 << 26
  /// At most this many pairs are searched in a band: 256 MiB of moves; an hour at 5 ms within ±3.7 s.
  public static let bandSearchLimit = 1 << 30
  /// Half-width of the band at first, frames: one second at 5 ms.
  public static let firstHalfWidth = 200
  static let coarseness = 8

  /// The cheapest path through two sequences, first corner to last.
  /// - Parameters:
  ///   - first: n frames, finite.
  ///   - second: m frames of the same dimension, finite.
  public static func align(_ first: FrameRows, _ second: FrameRows) -> Path {
    align(first, second, limits: Limits())
  }

  /// The path through two sequences, first corner to last, as `align` finds it.
  /// - Parameters:
  ///   - first: shape `[n × dimension]`, row by row.
  ///   - second: shape `[m × dimension]`, row by row.
  ///   - dimension: values per frame.
  /// - Returns: the steps; empty when either sequence is.
  public static func path(_ first: [Double], _ second: [Double], dimension: Int) -> [Step] {
    align(FrameRows(first, width: dimension), FrameRows(second, width: dimension)).steps
  }

  /// What decides between whole search and band; other than the documented values in tests only.
  package struct Limits: Sendable {
    package var whole = DynamicTimeWarping.wholeSearchLimit
    package var band = DynamicTimeWarping.bandSearchLimit
    package var halfWidth = DynamicTimeWarping.firstHalfWidth
    /// Frames from which on it pays to find a limit first.
    package var shortestLimited = 128

    package init() {}
  }

  package static func align(_ first: FrameRows, _ second: FrameRows, limits: Limits) -> Path {
    let (n, m) = (first.count, second.count)
    guard n > 0, m > 0 else { return Path(steps: [], totalDistance: 0, search: .whole) }
    if n <= limits.whole / m || min(n, m) < 2 * coarseness {
      let lattice = WarpingLattice(first, second)
      let found = lattice.search(lattice.whole, limit: limit(first, second, lattice, limits))
      return Path(steps: found.steps, totalDistance: found.total, search: .whole)
    }
    let coarse = align(first.averaged(by: coarseness), second.averaged(by: coarseness), limits: limits).steps
    let lattice = WarpingLattice(first, second)
    var halfWidth = limits.halfWidth
    var band = WarpingBand(around: coarse, factor: coarseness, halfWidth: halfWidth, rows: n, columns: m)
    while true {
      let found = lattice.search(band)
      let wider = WarpingBand(around: coarse, factor: coarseness, halfWidth: 2 * halfWidth, rows: n, columns: m)
      if !found.touchesEdge || wider.pairCount > limits.band {
        return Path(
          steps: found.steps, totalDistance: found.total,
          search: .band(halfWidth: halfWidth, touchesEdge: found.touchesEdge))
      }
      (band, halfWidth) = (wider, 2 * halfWidth)
    }
  }

  /// What the cheapest path costs at most: as much as the one that follows a coarse path closely. Infinite where the search is
  /// short anyway.
  private static func limit(
    _ first: FrameRows, _ second: FrameRows, _ lattice: WarpingLattice, _ limits: Limits
  ) -> Double {
    let (n, m) = (first.count, second.count)
    guard min(n, m) >= limits.shortestLimited else { return .infinity }
    let coarse = align(first.averaged(by: coarseness), second.averaged(by: coarseness), limits: limits).steps
    let band = WarpingBand(around: coarse, factor: coarseness, halfWidth: coarseness, rows: n, columns: m)
    return lattice.search(band).total
  }
}
