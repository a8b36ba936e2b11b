// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import VectorLoops
import VectorLoops128
import VectorLoops256

/// Each loop gives the same bits with vectors of either width, where the processor has both, and what its definition says; but
/// `harmonicSums`, `dotsApart` and `project`, which fuse products and sums where vectors are wide.
struct VectorLoopsTests {
  /// Numbers in ±1, the same in each run.
  static func noise(_ count: Int, seed: UInt64) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 4_503_599_627_370_496 - 1
    }
  }

  /// What a loop writes into so many places, and nowhere behind them, with both widths.
  static func both<Value: Equatable>(
    _ count: Int, _ zero: Value, _ narrow: (UnsafeMutablePointer<Value>) -> Void,
    _ wide: (UnsafeMutablePointer<Value>) -> Void
  ) throws -> (narrow: [Value], wide: [Value]) {
    func run(_ loop: (UnsafeMutablePointer<Value>) -> Void) throws -> [Value] {
      // Two vectors of the widest are watched.
      var out = [Value](repeating: zero, count: count + 16)
      try out.withUnsafeMutableBufferPointer { loop(try #require($0.baseAddress)) }
      #expect(out[count...].allSatisfy { $0 == zero })
      return Array(out[..<count])
    }
    let narrow = try run(narrow)
    return (narrow, VectorLoops.isWide ? try run(wide) : narrow)
  }

  static let pitch = 40

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
    let rows = [0, 1, 5, 2, 3, 6]
    let bins = (UInt64(0x0002_0005_0001_0000), UInt64(0x0006_0003))
    let pitch = Self.pitch
    let (narrow, wide) = try Self.both(
      32, 0.0, { VectorLoops128.harmonicSums(folded, pitch, 37, bins, turns, pitch, $0) },
      { VectorLoops256.harmonicSums(folded, pitch, 37, bins, turns, pitch, $0) })
    for (h, row) in rows.enumerated() {
      for part in 0..<4 {
        let sum = (0..<40).reduce(0) { $0 + folded[$1 + pitch * part] * turns[80 * row + pitch * (part % 2) + $1] }
        #expect(abs(narrow[h + 8 * part] - sum) < 1e-14)
        #expect(abs(wide[h + 8 * part] - sum) < 1e-14)
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

  @Test func takesLogarithms() throws {
    let draws = Self.noise(4000, seed: 9)
    let x = draws.enumerated().map { exp(350 * $1 + Double($0 % 3)) * (1 + 1e-9 * $1) } + draws.map { 1 + 1e-12 * $0 }
    let still = [Double](repeating: 0, count: x.count)
    let (narrow, wide) = try Self.both(
      x.count, 0.0, { VectorLoops128.logarithms(x, still, 1, x.count, $0) },
      { VectorLoops256.logarithms(x, still, 1, x.count, $0) })
    #expect(narrow == wide)
    for i in 0..<4000 { #expect(abs(narrow[i] - log(x[i])) <= 2.5e-16 * max(1, abs(log(x[i])))) }
    for i in 4000..<8000 { #expect(abs(narrow[i] - log(x[i])) < 1e-27) }
    // Noise counts by its magnitude.
    let noise = [-1, 2, 0, -3.0]
    let noisy = try Self.both(
      4, 0.0, { VectorLoops128.logarithms([1, 1, 1, 1], noise, 1, 4, $0) },
      { VectorLoops256.logarithms([1, 1, 1, 1], noise, 1, 4, $0) })
    #expect(noisy.narrow == noisy.wide)
    #expect(zip(noisy.narrow, [2, 3, 1, 4.0]).allSatisfy { abs($0 - log($1)) < 3e-16 })
  }

  @Test func measuresDistances() throws {
    let (frame, tile) = (Self.noise(24, seed: 10), Self.noise(8 * 24, seed: 11))
    let (narrow, wide) = try Self.both(
      8, 0.0, { VectorLoops128.distances(frame, tile, 24, $0) }, { VectorLoops256.distances(frame, tile, 24, $0) })
    #expect(narrow == wide)
    for j in 0..<8 {
      let squares = (0..<24).map { (tile[8 * $0 + j] - frame[$0]) * (tile[8 * $0 + j] - frame[$0]) }
      func sum(_ first: Int) -> Double { stride(from: first, to: 24, by: 2).reduce(0) { $0 + squares[$1] } }
      #expect(narrow[j] == (sum(0) + sum(1)).squareRoot())
    }
    // A dimension that is left over.
    let odd = try Self.both(
      8, 0.0, { VectorLoops128.distances(frame, tile, 1, $0) }, { VectorLoops256.distances(frame, tile, 1, $0) })
    #expect(odd.narrow == odd.wide && odd.narrow == (0..<8).map { abs(tile[$0] - frame[0]) })
  }

  @Test func projects() throws {
    let (matrix, values) = (Self.noise(30 * 9, seed: 31), Self.noise(9, seed: 32))
    let (narrow, wide) = try Self.both(
      28, 0.0, { VectorLoops128.project(matrix, 30, values, 9, $0) },
      { VectorLoops256.project(matrix, 30, values, 9, $0) })
    for c in 0..<28 {
      let sum = (0..<9).reduce(0) { $0 + values[$1] * matrix[30 * $1 + c] }
      #expect(narrow[c] == sum && abs(wide[c] - sum) < 1e-14)
    }
  }

  @Test func filtersAtFourPlaces() throws {
    let (taps, signal) = (Self.noise(88, seed: 12), Self.noise(80, seed: 13))
    let (narrow, wide) = try Self.both(
      8, 0.0, { VectorLoops128.dotsApart(taps, signal, 12, 44, $0) },
      { VectorLoops256.dotsApart(taps, signal, 12, 44, $0) })
    for place in 0..<4 {
      for filter in 0..<2 {
        let sum = (0..<44).reduce(0) { $0 + taps[$1 + 44 * filter] * signal[$1 + 12 * place] }
        #expect(abs(narrow[place + 4 * filter] - sum) < 1e-14)
        #expect(abs(wide[place + 4 * filter] - sum) < 1e-14)
      }
    }
  }

  @Test func correlatesEnvelopes() throws {
    let (x, y) = (Self.noise(16 * 9, seed: 23).map(abs), Self.noise(16 * 9, seed: 24).map(abs))
    let (narrow, wide) = try Self.both(
      16, 0.0, { VectorLoops128.correlations(x, y, 9, 7, 1.5, 1e-16, $0) },
      { VectorLoops256.correlations(x, y, 9, 7, 1.5, 1e-16, $0) })
    #expect(narrow == wide)
    for band in 0..<16 {
      var sum = 0.0
      for first in 0..<3 {
        func column(_ x: [Double]) -> [Double] { (first..<first + 7).map { x[16 * $0 + band] } }
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        func centred(_ x: [Double]) -> [Double] { x.map { $0 - x.reduce(0, +) / 7 } }
        let alpha = (dot(column(x), column(x)) / dot(column(y), column(y))).squareRoot()
        let levelled = zip(column(x), column(y)).map { min($1 * alpha, $0 * 1.5) }
        let (a, b) = (centred(column(x)), centred(levelled))
        sum += dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
      }
      #expect(abs(narrow[band] - sum) < 1e-13)
    }
  }

  @Test func weighsHarmonics() throws {
    var sums = Self.noise(32, seed: 17)
    for part in 0..<4 { (sums[8 * part + 6], sums[8 * part + 7], sums[8 * part + 2]) = (0, 0, 0) }
    let bins = [3, 6, 9, 12, 15, 18, 0, 0.0]
    let weights = [1, 1, 1, 1, 1, 0, 0, 0.0]
    let (narrow, wide) = try Self.both(
      9, 0.0, { $0[8] = VectorLoops128.flanagan(sums, bins, weights, 31.25, 1273, $0) },
      { $0[8] = VectorLoops256.flanagan(sums, bins, weights, 31.25, 1273, $0) })
    #expect(narrow == wide)
    var (numerator, denominator) = (0.0, 0.0)
    for h in 0..<6 {
      let (m, d) = ((sums[h], sums[h + 8]), (sums[h + 16], sums[h + 24]))
      let power = m.0 * m.0 + m.1 * m.1
      let frequency = power == 0 ? 0 : bins[h] * 31.25 + (m.1 * d.0 - m.0 * d.1) / power * 1273
      #expect(abs(narrow[h] - frequency / Double(h + 1)) <= 1e-12 * abs(frequency))
      numerator += weights[h] * power.squareRoot() * frequency
      denominator += weights[h] * power.squareRoot() * Double(h + 1)
    }
    #expect(abs(narrow[8] - numerator / denominator) < 1e-9)
  }
}
