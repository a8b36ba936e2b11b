// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import VectorLoops
import VectorLoops128
import VectorLoops256

/// The loops of CheapTrick and its noise, as `VectorLoopsTests` has the others.
struct CheapTrickLoopsTests {
  private static func noise(_ count: Int, seed: UInt64) -> [Double] { VectorLoopsTests.noise(count, seed: seed) }

  @Test(arguments: [21, 22, 23, 24]) func makesWindows(half: Int) throws {
    let angle = 0.11
    let (narrow, wide) = try VectorLoopsTests.both(
      100, 0.0,
      { ($0[98], $0[99]) = VectorLoops128.hann(half, cos(angle), $0) },
      { ($0[98], $0[99]) = VectorLoops256.hann(half, cos(angle), $0) })
    #expect(narrow == wide)
    let weights = (0...half).map { 0.5 + 0.5 * cos(Double($0) * angle) }
    #expect(zip(narrow, weights).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(narrow[half + 1] == 0 || half % 4 == 3)
    #expect(abs(narrow[98] - weights.reduce(0) { $0 + $1 * $1 }) < 1e-13)
    #expect(abs(narrow[99] - weights.reduce(0, +)) < 1e-13)
    let whole = try VectorLoopsTests.both(
      100, 0.0, { VectorLoops128.spread(narrow, half, 0.7, $0 + 50) },
      { VectorLoops256.spread(narrow, half, 0.7, $0 + 50) })
    #expect(whole.narrow == whole.wide)
    for m in -half...half { #expect(whole.narrow[50 + m] == 0.7 * narrow[abs(m)]) }
  }

  @Test func takesWaveforms() throws {
    let (x, window, noise) = (Self.noise(24, seed: 31), Self.noise(24, seed: 32), Self.noise(24, seed: 33))
    let (narrow, wide) = try VectorLoopsTests.both(
      25, 0.0, { $0[24] = VectorLoops128.windowed(x, window, noise, 1e-3, 24, $0) },
      { $0[24] = VectorLoops256.windowed(x, window, noise, 1e-3, 24, $0) })
    #expect(narrow == wide)
    for i in 0..<24 { #expect(narrow[i] == x[i] * window[i] + noise[i] * 1e-3) }
    #expect(abs(narrow[24] - narrow[..<24].reduce(0, +)) < 1e-14)
    func begun(_ out: UnsafeMutablePointer<Double>) -> UnsafeMutablePointer<Double> {
      for i in 0..<24 { out[i] = x[i] }
      return out
    }
    let centred = try VectorLoopsTests.both(
      25, 0.0, { $0[24] = VectorLoops128.centred(begun($0), window, 0.3, 24) },
      { $0[24] = VectorLoops256.centred(begun($0), window, 0.3, 24) })
    #expect(centred.narrow == centred.wide)
    for i in 0..<24 { #expect(centred.narrow[i] == x[i] - window[i] * 0.3) }
    #expect(abs(centred.narrow[24] - centred.narrow[..<24].reduce(0) { $0 + $1 * $1 }) < 1e-14)
  }

  @Test func takesTurns() throws {
    let (a, b) = (Self.noise(12, seed: 34), Self.noise(12, seed: 35))
    let (narrow, wide) = try VectorLoopsTests.both(
      24, 0.0, { VectorLoops128.interleave(a, b, (2, 3), 12, $0) }, { VectorLoops256.interleave(a, b, (2, 3), 12, $0) })
    #expect(narrow == wide && narrow == (0..<12).flatMap { [2 * a[$0], 3 * b[$0]] })
    let parted = try VectorLoopsTests.both(
      24, 0.0, { VectorLoops128.part(narrow, 12, $0, $0 + 12) }, { VectorLoops256.part(narrow, 12, $0, $0 + 12) })
    #expect(parted.narrow == parted.wide && parted.narrow == a.map { 2 * $0 } + b.map { 3 * $0 })
  }

  @Test func takesPowers() throws {
    let length = 16
    let bins = Self.noise(2 * length, seed: 36)
    func run(
      _ loop: (UnsafeMutablePointer<Double>, Int, (Double, Double), UnsafeMutablePointer<Double>) -> Void,
      _ out: UnsafeMutablePointer<Double>
    ) {
      var z = bins + [0, 0]
      loop(&z, length, (0.5, 2), out)
    }
    let (narrow, wide) = try VectorLoopsTests.both(
      length + 4, 0.0, { run(VectorLoops128.powers, $0) }, { run(VectorLoops256.powers, $0) })
    #expect(narrow == wide)
    for k in 0...length / 2 {
      let m = (length - k) % length
      let (sum, difference) = (
        (bins[2 * k] + bins[2 * m], bins[2 * k + 1] + bins[2 * m + 1]),
        (bins[2 * k] - bins[2 * m], bins[2 * k + 1] - bins[2 * m + 1])
      )
      #expect(narrow[2 * k] == (sum.0 * sum.0 + difference.1 * difference.1) * 0.5)
      #expect(narrow[2 * k + 1] == (sum.1 * sum.1 + difference.0 * difference.0) * 2)
    }
  }

  @Test func integratesMirroredPowers() throws {
    let half = 16
    let powers = Self.noise(2 * half + 2, seed: 37).map { 1 + $0 }
    let (narrow, wide) = try VectorLoopsTests.both(
      80, 0.0, { VectorLoops128.runningSums(powers, half, (3, 5), 0.3, ($0, $0 + 40)) },
      { VectorLoops256.runningSums(powers, half, (3, 5), 0.3, ($0, $0 + 40)) })
    #expect(narrow == wide)
    for (lane, reach) in [(0, 3), (1, 5)] {
      var total = 0.0
      for i in 0...half + 2 * reach {
        let bin = half - abs(half - abs(i - reach))
        total += powers[2 * bin + lane] * 0.3
        #expect(narrow[40 * lane + i] == total)
      }
    }
    let differences = try VectorLoopsTests.both(
      20, 0.0, { VectorLoops128.differences(narrow, (1.25, 3.5), 2, half + 1, $0) },
      { VectorLoops256.differences(narrow, (1.25, 3.5), 2, half + 1, $0) })
    #expect(differences.narrow == differences.wide)
    for k in 0...half {
      let (low, high) = (narrow[k + 1], narrow[k + 3])
      let below = low + (narrow[k + 2] - low) * 0.25
      #expect(differences.narrow[k] == (high + (narrow[k + 4] - high) * 0.5 - below) * 2)
    }
  }

  @Test func lifters() throws {
    let (count, angles) = (16, (0.05, 0.08))
    let cepstra = Self.noise(2 * count + 2, seed: 38)
    let inverses = (0...2 * count + 1).map { 1 / Double($0 / 2) }
    func run(_ out: UnsafeMutablePointer<Double>) -> UnsafeMutablePointer<Double> {
      for i in cepstra.indices { out[i] = cepstra[i] }
      return out
    }
    let (c, s) = ((cos(angles.0), cos(angles.1)), (sin(angles.0), sin(angles.1)))
    let (narrow, wide) = try VectorLoopsTests.both(
      cepstra.count, 0.0, { VectorLoops128.lifter(run($0), inverses, count, c, s, (20, 12.5), -0.15) },
      { VectorLoops256.lifter(run($0), inverses, count, c, s, (20, 12.5), -0.15) })
    #expect(narrow == wide && narrow[..<2] == cepstra[..<2])
    for i in 1...count {
      for (lane, angle, scale) in [(0, angles.0, 20), (1, angles.1, 12.5)] {
        let sinc = sin(angle * Double(i)) * scale / Double(i)
        let expected = cepstra[2 * i + lane] * sinc * (1.3 - 0.3 * cos(2 * angle * Double(i)))
        #expect(abs(narrow[2 * i + lane] - expected) < 1e-14)
      }
    }
  }

  /// What the two make of a transform stands at CosineTransformTests.
  @Test(arguments: [2, 4, 6, 8, 32]) func framesCosineTransforms(half: Int) throws {
    let values = Self.noise(2 * half + 2, seed: 39)
    let turns = Self.noise(2 * half + 4, seed: 40)
    let before = try VectorLoopsTests.both(
      2 * half + 2, 0.0, { VectorLoops128.beforeTransform(values, turns, half, $0, $0 + 2 * half) },
      { VectorLoops256.beforeTransform(values, turns, half, $0, $0 + 2 * half) })
    #expect(before.narrow == before.wide)
    let after = try VectorLoopsTests.both(
      2 * half + 4, 0.0, { VectorLoops128.afterTransform(values, half, values, $0) },
      { VectorLoops256.afterTransform(values, half, values, $0) })
    #expect(after.narrow == after.wide)
  }

  @Test func sumsNoise() throws {
    let states = (0..<64).map { UInt32(truncatingIfNeeded: 2_654_435_769 &* ($0 + 1)) }
    let (narrow, wide) = try VectorLoopsTests.both(
      16 * 8, UInt32(0), { VectorLoops128.noiseSums(states, 8, $0) }, { VectorLoops256.noiseSums(states, 8, $0) })
    #expect(narrow == wide)
    for lane in 0..<16 {
      var (x, y, z, w) = (states[lane], states[lane + 16], states[lane + 32], states[lane + 48])
      for i in 0..<8 {
        var sum: UInt32 = 0
        for _ in 0..<12 {
          let t = x ^ (x << 11)
          (x, y, z, w) = (y, z, w, w ^ (w >> 19) ^ t ^ (t >> 8))
          sum &+= w >> 4
        }
        #expect(narrow[8 * lane + i] == sum)
      }
    }
    let normal = try VectorLoopsTests.both(
      11, 0.0, { VectorLoops128.normal(narrow, 11, $0) }, { VectorLoops256.normal(narrow, 11, $0) })
    #expect(normal.narrow == normal.wide)
    for i in 0..<11 { #expect(normal.narrow[i] == Double(narrow[i]) / 268_435_456 - 6) }
  }
}
