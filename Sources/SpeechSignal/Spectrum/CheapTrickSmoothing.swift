// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

// CheapTrick's two smoothings: of the power spectrum, over a width of 2/3 F0, by the difference of its integral at both ends;
// and, in the cepstrum of its logarithm, over F0 (a sinc) with spectral recovery.

extension CheapTrickFrames {
  /// The correction below F0 and the running mean over 2/3 F0.
  func smooth(_ power: UnsafeMutablePointer<Double>, _ f0: Double) {
    let half = length / 2
    let spacing = fs / Double(length)
    // Below F0 the spectrum mirrored about F0 is added.
    let limit = 1 + Int(f0 / spacing)
    for i in 0..<limit {
      let position = f0 / spacing - Double(i)
      let base = Int(position)
      sums[i] = power[base] + (power[base + 1] - power[base]) * (position - Double(base))
    }
    for i in 0..<limit { power[i] += sums[i] }

    let width = f0 * 2 / 3
    let boundary = Int(width / spacing) + 1
    var total = 0.0
    var at = sums
    func add(_ value: Double) {
      total += value * spacing
      at.pointee = total
      at += 1
    }
    for i in 0..<boundary { add(power[boundary - i]) }
    for i in 0..<half { add(power[i]) }
    for i in 0...boundary { add(power[half - i]) }

    // The integral at a fixed distance to either side of each bin, between its values on the grid by a straight line.
    let origin = Double(boundary) - 0.5
    let (low, high) = (origin - width / 2 / spacing, origin + width / 2 / spacing)
    let (lowBase, highBase) = (Int(low), Int(high))
    let (lowShare, highShare) = (low - Double(lowBase), high - Double(highBase))
    let scale = 1 / width
    let (l, h) = (sums + lowBase, sums + highBase)
    // Whole vectors: behind the last sum there is room, and behind the last power nothing that counts.
    for k in stride(from: 0, through: half, by: 4) {
      let (low, high) = (four(l, k), four(h, k))
      let below = low + (four(l, k + 1) - low) * lowShare
      let above = high + (four(h, k + 1) - high) * highShare
      Self.store((above - below) * scale, power, k)
    }
    for k in half + 1..<half + 4 { power[k] = 1 }
  }

  /// Smoothing over F0 and spectral recovery on the two cepstra.
  func lifter(_ first: Double, _ second: Double) {
    let angle = SIMD2(first, second) * (Double.pi / fs)
    let once = (c: SIMD2(cos(angle.x), cos(angle.y)), s: SIMD2(sin(angle.x), sin(angle.y)))
    let twice = (c: once.c * once.c - once.s * once.s, s: 2 * once.s * once.c)
    // Two places at a time, each turned on by two: a chain half as long.
    var (c, s) = (SIMD4(lowHalf: once.c, highHalf: twice.c), SIMD4(lowHalf: once.s, highHalf: twice.s))
    let (stepC, stepS) = (SIMD4(lowHalf: twice.c, highHalf: twice.c), SIMD4(lowHalf: twice.s, highHalf: twice.s))
    let scale = 1 / Double(length)
    let both = scale / angle
    let sinc = SIMD4(lowHalf: both, highHalf: both)
    let z = cosine.values
    z[0] *= scale
    let values = UnsafeMutableRawPointer(z)
    for i in stride(from: 1, to: length / 2, by: 2) {
      let inverse = SIMD4(
        lowHalf: SIMD2(repeating: inverses[i]), highHalf: SIMD2(repeating: inverses[i + 1]))
      // 1 − 2q₁ + 2q₁·cos 2φ = 1 − 4q₁·sin²φ.
      let lifter = s * sinc * inverse * (1 - 4 * q1 * s * s)
      let lifted = values.loadUnaligned(fromByteOffset: 16 &* i, as: SIMD4<Double>.self) * lifter
      values.storeBytes(of: lifted, toByteOffset: 16 &* i, as: SIMD4<Double>.self)
      (c, s) = (c * stepC - s * stepS, s * stepC + c * stepS)
    }
  }
}
