// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import VectorLoops
import VectorLoops128
import VectorLoops256

/// Each loop gives the same bits with vectors of either width, where the processor has both, and what its definition says.
struct VectorLoopsTests {
  /// Numbers in ±1, the same in each run.
  private static func noise(_ count: Int, seed: UInt64) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 4_503_599_627_370_496 - 1
    }
  }

  /// What a loop writes into so many places, with both widths.
  private static func both<Value>(
    _ count: Int, _ zero: Value, _ narrow: (UnsafeMutablePointer<Value>) -> Void,
    _ wide: (UnsafeMutablePointer<Value>) -> Void
  ) throws -> (narrow: [Value], wide: [Value]) {
    func run(_ loop: (UnsafeMutablePointer<Value>) -> Void) throws -> [Value] {
      var out = [Value](repeating: zero, count: count)
      try out.withUnsafeMutableBufferPointer { loop(try #require($0.baseAddress)) }
      return out
    }
    let narrow = try run(narrow)
    return (narrow, VectorLoops.isWide ? try run(wide) : narrow)
  }

  private static let pitch = 40

  @Test func foldsAboutTheMiddle() throws {
    let (signal, windows) = (Self.noise(80, seed: 1), Self.noise(160, seed: 2))
    let (ahead, back) = (Array(signal[40...]), Array(signal[...40].reversed()))
    let pitch = Self.pitch
    let (narrow, wide) = try Self.both(
      160, 0.0, { VectorLoops128.fold(ahead, back, windows, 37, $0, pitch) },
      { VectorLoops256.fold(ahead, back, windows, 37, $0, pitch) })
    #expect(narrow == wide)
    for m in 0..<37 {
      for row in 0..<2 {
        let (a, b) = (ahead[m] * windows[m + 80 * row], back[m] * windows[m + 40 + 80 * row])
        #expect(narrow[m + 80 * row] == a + b)
        #expect(narrow[m + 40 + 80 * row] == a - b)
      }
    }
  }

  @Test func sumsHarmonics() throws {
    let (folded, turns) = (Self.noise(160, seed: 3), Self.noise(560, seed: 4))
    let rows = [0, 80, 400, 160, 240, 480]
    let pitch = Self.pitch
    let (narrow, wide) = try Self.both(
      32, 0.0, { VectorLoops128.harmonicSums(folded, pitch, 37, rows, turns, pitch, $0) },
      { VectorLoops256.harmonicSums(folded, pitch, 37, rows, turns, pitch, $0) })
    #expect(narrow == wide)
    for (h, row) in rows.enumerated() {
      for part in 0..<4 {
        let sum = (0..<40).reduce(0) { $0 + folded[$1 + pitch * part] * turns[row + pitch * (part % 2) + $1] }
        #expect(abs(narrow[h + 8 * part] - sum) < 1e-13)
      }
    }
  }

  @Test func filtersTwoBandsAtOnce() throws {
    let length = 16
    var x = Self.noise(length + 2, seed: 5)
    (x[1], x[length + 1]) = (0, 0)
    let gains = Self.noise(length + 2, seed: 6)
    var g: [Double] = []
    for k in stride(from: 0, to: length, by: 4) {
      g += gains[k..<k + 4]
      g += [-gains[k + 1], gains[k], -gains[k + 3], gains[k + 2]]
    }
    g += [gains[length], gains[length + 1], 0, 0]
    let (narrow, wide) = try Self.both(
      2 * length + 2, 0.0, { VectorLoops128.filterPair(x, g, $0, length) },
      { VectorLoops256.filterPair(x, g, $0, length) })
    #expect(narrow == wide)
    for n in 0..<length {
      // The upper half of the circle is the conjugate of the lower, under the same gains.
      let k = 2 * min(n, length - n)
      let (re, im) = (x[k], n > length / 2 ? -x[k + 1] : x[k + 1])
      #expect(narrow[2 * n] == re * gains[k] - im * gains[k + 1])
      #expect(narrow[2 * n + 1] == re * gains[k + 1] + im * gains[k])
    }
  }

  @Test func marksSigns() throws {
    var x = Self.noise(2 * 128 + 4, seed: 7)
    (x[20], x[41], x[42]) = (0, x[43], x[44])
    let (narrow, wide) = try Self.both(
      16, UInt64(0), { VectorLoops128.signs(x, 128, $0) }, { VectorLoops256.signs(x, 128, $0) })
    #expect(narrow == wide)
    for n in 0..<128 {
      for signal in 0..<2 {
        let mask = 8 * (n / 64) + signal + 2 * (n % 2)
        let bit = UInt64(1) << UInt64(n % 64 / 2 * 2 + 1)
        #expect((narrow[mask] & bit != 0) == (x[2 * n + signal] > 0))
        #expect((narrow[mask + 4] & bit != 0) == (x[2 * n + 2 + signal] > x[2 * n + signal]))
      }
    }
  }

  @Test(arguments: [8, 9, 10, 11, 12, 31]) func measuresIntervals(count: Int) throws {
    var at = 0.0
    let events = Self.noise(count, seed: 8).map { step in
      at += 2 + step
      return at
    }
    let pitch = Self.pitch
    let (narrow, wide) = try Self.both(
      3 * pitch, 0.0, { VectorLoops128.intervals(events, count, 8000, $0, pitch) },
      { VectorLoops256.intervals(events, count, 8000, $0, pitch) })
    #expect(narrow == wide)
    func middle(_ j: Int) -> Double { (events[j] + events[j + 2]) * (500 / 8000) }
    func f0(_ j: Int) -> Double { 8000 / (events[j + 2] - events[j]) }
    for j in 0..<count - 4 {
      #expect(narrow[j] == middle(j))
      #expect(narrow[j + pitch] == f0(j))
      #expect(narrow[j + 2 * pitch] == (f0(j + 2) - f0(j)) / (middle(j + 2) - middle(j)))
    }
    #expect(narrow[count - 4..<pitch].allSatisfy { $0 == 0 })
  }
}
