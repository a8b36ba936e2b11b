// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct DynamicTimeWarpingTests {
  /// The whole matrix of costs, from the definition.
  static func plain(_ a: FrameRows, _ b: FrameRows) -> (steps: [DynamicTimeWarping.Step], total: Double) {
    var costs = [[Double]](repeating: [Double](repeating: .infinity, count: b.count + 1), count: a.count + 1)
    costs[0][0] = 0
    for i in 1...a.count {
      for j in 1...b.count {
        costs[i][j] = min(costs[i - 1][j - 1], costs[i - 1][j], costs[i][j - 1]) + a.distance(i - 1, b, j - 1)
      }
    }
    var (i, j) = (a.count, b.count)
    var steps: [DynamicTimeWarping.Step] = []
    while i > 0, j > 0 {
      steps.append(.init(first: i - 1, second: j - 1))
      let best = min(costs[i - 1][j - 1], costs[i - 1][j], costs[i][j - 1])
      if costs[i - 1][j - 1] == best {
        (i, j) = (i - 1, j - 1)
      } else if costs[i - 1][j] == best {
        i -= 1
      } else {
        j -= 1
      }
    }
    return (steps.reversed(), costs[a.count][b.count])
  }

  /// Small whole numbers, so that ties abound.
  static func steps(_ count: Int, dimension: Int, levels: Double, seed: UInt64) -> FrameRows {
    FrameRows(
      SignalGenerator.noise(count * dimension, seed: seed).map { ($0 * levels).rounded() }, width: dimension)
  }

  /// A course that changes slowly, as speech does, and is never the same twice.
  static func course(_ count: Int, seed: UInt64, warp: (Double) -> Double = { $0 }) -> FrameRows {
    let dimension = 3
    let targets = SignalGenerator.noise((count / 8 + 40) * dimension, seed: 5)
    let noise = SignalGenerator.noise(count * dimension, seed: seed)
    var values: [Double] = []
    for i in 0..<count {
      let place = max(0, warp(Double(i)) / 12)
      let (knot, share) = (Int(place), place - place.rounded(.down))
      for k in 0..<dimension {
        let (from, to) = (targets[knot * dimension + k], targets[(knot + 1) * dimension + k])
        values.append(from + share * (to - from) + 0.05 * noise[i * dimension + k])
      }
    }
    return FrameRows(values, width: dimension)
  }

  /// Every size around the tiles of eight, one value to a frame and several, ties broken as promised.
  @Test(arguments: [1, 2, 7, 8, 9, 16, 23, 40])
  func isThePlainAlgorithm(count: Int) {
    for other in [1, 2, 5, 8, 15, 16, 17, 31] {
      for (dimension, levels) in [(1, 1.4), (2, 1.0), (3, 2.4), (24, 1e3)] {
        let seed = UInt64(1000 * count + 10 * other + dimension)
        let a = Self.steps(count, dimension: dimension, levels: levels, seed: seed)
        let b = Self.steps(other, dimension: dimension, levels: levels, seed: seed + 1)
        let found = DynamicTimeWarping.align(a, b)
        let expected = Self.plain(a, b)
        #expect(found.steps == expected.steps && found.totalDistance == expected.total, "\(count) × \(other)")
        #expect(found.search == .whole)
        #expect(DynamicTimeWarping.path(a.values, b.values, dimension: dimension) == expected.steps)
      }
    }
  }

  /// Leaving out what costs more than a known path leaves the cheapest path, whatever the sequences are to one another.
  @Test(arguments: [(150, 150), (128, 400), (311, 129)])
  func aLimitLeavesOutNothingThatCounts(n: Int, m: Int) {
    let warped = (Self.course(n, seed: 1), Self.course(m, seed: 2) { $0 * Double(n) / Double(m) + 9 * sin($0 / 20) })
    let foreign = (Self.course(n, seed: 1), Self.steps(m, dimension: 3, levels: 2.4, seed: 3))
    let tied = (Self.steps(n, dimension: 1, levels: 1.4, seed: 4), Self.steps(m, dimension: 1, levels: 1.4, seed: 5))
    for (a, b) in [warped, foreign, tied] {
      let found = DynamicTimeWarping.align(a, b)
      let expected = Self.plain(a, b)
      #expect(found.steps == expected.steps && found.totalDistance == expected.total && found.search == .whole)
    }
    // The very same: the limit is zero.
    #expect(DynamicTimeWarping.align(warped.0, warped.0).steps.allSatisfy { $0.first == $0.second })
  }

  @Test func tiesGoDiagonalFirst() {
    let path = DynamicTimeWarping.path([0, 0, 0], [0, 0, 0], dimension: 1)
    #expect(path.map(\.first) == [0, 1, 2] && path.map(\.second) == [0, 1, 2])
  }

  @Test func distanceIsEuclideanOverTheWholeFrame() {
    // (0,0)→(3,4): both of the first's frames meet the one of the second.
    let path = DynamicTimeWarping.align(FrameRows([0, 0, 3, 4], width: 2), FrameRows([3, 4], width: 2))
    #expect(path.steps.map(\.first) == [0, 1] && path.steps.map(\.second) == [0, 0])
    #expect(path.totalDistance == 5 && path.meanDistance == 2.5)
  }

  @Test func onlyTheChosenRowsAndColumnsCount() {
    let a = Self.steps(20, dimension: 5, levels: 9, seed: 1)
    let b = Self.steps(24, dimension: 4, levels: 9, seed: 2)
    func part(_ frames: FrameRows, rows: Range<Int>, columns: Range<Int>) -> FrameRows {
      let values = rows.flatMap { row in columns.map { frames.values[row * frames.width + $0] } }
      return FrameRows(values, width: columns.count)
    }
    let view = DynamicTimeWarping.align(
      FrameRows(a.values, width: 5, rows: 3..<17, columns: 1..<4),
      FrameRows(b.values, width: 4, rows: 2..<24, columns: 0..<3))
    let copy = DynamicTimeWarping.align(
      part(a, rows: 3..<17, columns: 1..<4), part(b, rows: 2..<24, columns: 0..<3))
    #expect(view == copy)
  }

  @Test func emptySequencesHaveNoPath() {
    #expect(DynamicTimeWarping.path([], [1], dimension: 1).isEmpty)
    #expect(DynamicTimeWarping.align(FrameRows([1], width: 1), FrameRows([], width: 1)).steps.isEmpty)
  }

  /// An hour in small: several levels of averages above the frames.
  @Test(arguments: [(1500, 1500), (1500, 1310), (1201, 1499)])
  func aBandThatThePathKeepsOffFindsTheSamePath(n: Int, m: Int) {
    let a = Self.course(n, seed: 1)
    let b = Self.course(m, seed: 2) { $0 * Double(n) / Double(m) + 20 * sin($0 / 90) }
    var limits = DynamicTimeWarping.Limits()
    limits.whole = 1000
    limits.halfWidth = 60
    let band = DynamicTimeWarping.align(a, b, limits: limits)
    let whole = DynamicTimeWarping.align(a, b)
    #expect(whole.search == .whole)
    #expect(band.search == .band(halfWidth: 60, touchesEdge: false))
    #expect(band.steps == whole.steps && band.totalDistance == whole.totalDistance)
  }

  /// Frames that cancel in the averages, so that the coarse path knows nothing, and a second sequence that is late.
  static let misled: (first: FrameRows, second: FrameRows) = {
    let dimension = 8
    let noise = SignalGenerator.noise(800 * dimension, seed: 3)
    let flat = noise.indices.map { $0 / dimension % 2 == 0 ? noise[$0] : -noise[$0 - dimension] }
    // What one has more at the end and the other at the start costs nothing.
    func still(_ frame: Int) -> [Double] {
      (0..<48).flatMap { _ in flat[frame * dimension..<(frame + 1) * dimension] }
    }
    return (
      FrameRows(flat.dropLast(48 * dimension) + still(751), width: dimension),
      FrameRows(still(0) + flat.dropLast(48 * dimension), width: dimension)
    )
  }()

  @Test func aBandThatThePathTouchesIsWidened() throws {
    let (first, second) = Self.misled
    var limits = DynamicTimeWarping.Limits()
    limits.whole = 20_000
    limits.halfWidth = 4
    let found = DynamicTimeWarping.align(first, second, limits: limits)
    guard case .band(let halfWidth, let touchesEdge) = found.search else {
      Issue.record("searched whole")
      return
    }
    #expect(halfWidth >= 16 && !touchesEdge)
    let whole = DynamicTimeWarping.align(first, second)
    #expect(found.steps == whole.steps && found.totalDistance == whole.totalDistance)
  }

  @Test func aBandThatMayGrowNoWiderSaysSo() {
    let (first, second) = Self.misled
    var limits = DynamicTimeWarping.Limits()
    limits.whole = 20_000
    limits.halfWidth = 4
    limits.band = 800 * 30
    let found = DynamicTimeWarping.align(first, second, limits: limits)
    #expect([4, 8].contains { found.search == .band(halfWidth: $0, touchesEdge: true) })
    #expect(found.totalDistance > DynamicTimeWarping.align(first, second).totalDistance)
  }
}
