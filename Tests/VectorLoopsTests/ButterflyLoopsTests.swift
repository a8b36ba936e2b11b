// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing
import VectorLoops
import VectorLoops128
import VectorLoops256

/// The loops of PESQ's transform give the same bits with vectors of either width. What the last of them mean, the tests of the transform
/// hold.
struct ButterflyLoopsTests {
  @Test(arguments: [16, 32, 64, 256]) func turnsButterflies(size: Int) throws {
    let start = VectorLoopsTests.noise(2 * 4 * size, seed: 14).map { Float($0) }
    let (cosine, sine) = (
      VectorLoopsTests.noise(8, seed: 15).map { Float($0) }, VectorLoopsTests.noise(8, seed: 16).map { Float($0) }
    )
    func begun(_ all: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
      for i in start.indices { all[i] = start[i] }
      return all + 4 * size
    }
    let (narrow, wide) = try VectorLoopsTests.both(
      start.count, Float(0), { VectorLoops128.butterflies($0, begun($0), (1, 4), size, cosine, sine, -1) },
      { VectorLoops256.butterflies($0, begun($0), (1, 4), size, cosine, sine, -1) })
    #expect(narrow == wide)
    // As it reads: a stage over halves, then one over quarters; the first group is left alone.
    var (re, im) = (Array(start[..<(4 * size)]), Array(start[(4 * size)...]))
    for (groups, half) in [(1..<4, size / 2), (2..<8, size / 4)] {
      for group in groups {
        let (c, s) = (cosine[group], -sine[group])
        for p in 2 * half * group..<2 * half * group + half {
          let (r1, i1, r2, i2) = (re[p], im[p], re[p + half], im[p + half])
          (re[p], im[p]) = ((r1 + c * r2) + s * i2, (i1 - s * r2) + c * i2)
          (re[p + half], im[p + half]) = ((r1 - c * r2) - s * i2, (i1 + s * r2) - c * i2)
        }
      }
    }
    #expect(narrow == re + im)
  }

  /// The first group, complex and real, and the second, real.
  @Test(arguments: [16, 32, 64], [(0, false), (0, true), (1, true)])
  func turnsSimpleButterflies(size: Int, kind: (group: Int, isReal: Bool)) throws {
    let start = VectorLoopsTests.noise(4 * size, seed: 20).map { Float($0) }
    let cosine: [Float] = kind.group == 0 ? [1, 0.7] : [1, 0.7, 0.3, 0.9]
    let sine: [Float] = kind.group == 0 ? [0, 0.6] : [0, 0.6, 0.8, 0.2]
    func begun(_ all: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
      for i in start.indices { all[i] = kind.isReal && i >= 2 * size ? 0 : start[i] }
      return all + 2 * size
    }
    let (group, isReal) = kind
    let (narrow, wide) = try VectorLoopsTests.both(
      start.count, Float(0), { VectorLoops128.simpleButterflies($0, begun($0), group, size, isReal, cosine, sine, 1) },
      { VectorLoops256.simpleButterflies($0, begun($0), group, size, isReal, cosine, sine, 1) })
    #expect(narrow == wide)
    let general = try VectorLoopsTests.both(
      start.count, Float(0),
      { VectorLoops128.butterflies($0, begun($0), (group, group + 1), size, cosine, sine, 1) }, { _ in }
    ).narrow
    // Zeros may differ in sign, which comparison does not see.
    #expect(narrow == general)
  }

  @Test(arguments: [32, 64, 256]) func finishesTransforms(length: Int) throws {
    let points = VectorLoopsTests.noise(2 * length, seed: 21).map { Float($0) }
    let table = VectorLoopsTests.noise(length / 32 * 48, seed: 22).map { Float($0) }
    let bits = (length / 16).trailingZeroBitCount
    let target = (0..<length / 16).map { tile in
      4 * (0..<bits).reduce(Int32(0)) { $0 | Int32(tile >> $1 & 1) << Int32(bits - 1 - $1) }
    }
    let (re, im) = (Array(points[..<length]), Array(points[length...]))
    let forward = try VectorLoopsTests.both(
      length, Float(0), { VectorLoops128.finishForward(re, im, length, table, target, $0, $0 + length / 2) },
      { VectorLoops256.finishForward(re, im, length, table, target, $0, $0 + length / 2) })
    #expect(forward.narrow == forward.wide)
    let inverse = try VectorLoopsTests.both(
      length, Float(0), { VectorLoops128.finishInverse(re, im, length, table, target, $0) },
      { VectorLoops256.finishInverse(re, im, length, table, target, $0) })
    #expect(inverse.narrow == inverse.wide)
    let windowed = try VectorLoopsTests.both(
      length, Float(0), { VectorLoops128.windowedStage(re, im, length / 2, $0) },
      { VectorLoops256.windowedStage(re, im, length / 2, $0) })
    #expect(windowed.narrow == windowed.wide)
    for i in 0..<length / 2 {
      let (a, b) = (re[i] * im[i], re[i + length / 2] * im[i + length / 2])
      #expect(windowed.narrow[i] == a + b && windowed.narrow[i + length / 2] == a - b)
    }
  }

  @Test(arguments: [16, 32, 64], [1, -1]) func multipliesSpectra(length: Int, sign: Float) throws {
    let half = length / 2
    let parts = (0..<4).map { part in VectorLoopsTests.noise(half + 1, seed: 40 + UInt64(part)).map { Float($0) } }
    let (ar, ai, br, bi) = (parts[0], parts[1], parts[2], parts[3])
    let (narrow, wide) = try VectorLoopsTests.both(
      2 * length, Float(0), { VectorLoops128.products(ar, ai, sign, br, bi, length, $0, $0 + length) },
      { VectorLoops256.products(ar, ai, sign, br, bi, length, $0, $0 + length) })
    #expect(narrow == wide)
    for k in 0...half {
      let i = sign * ai[k]
      let (re, im) = (ar[k] * br[k] - i * bi[k], ar[k] * bi[k] + i * br[k])
      #expect((narrow[k], narrow[length + k]) == (re, im))
      guard k > 0, k < half else { continue }
      #expect((narrow[length - k], narrow[2 * length - k]) == (re, -im))
    }
  }
}
