// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import VectorLoops

/// CheapTrick's arithmetic for two frames at a time (see `CheapTrick` for what it computes), and its scratch.
///
/// The two frames are the real and the imaginary part of one complex sequence. The first transform is of two real
/// sequences, taken apart by their symmetry. The other two are of real, even sequences (`CosineTransform`).
///
/// Raw memory: rows of scratch, allocated once per recording, are walked by pointer, within this file and
/// CheapTrickSmoothing.swift.
struct CheapTrickFrames: ~Copyable {
  /// Where a frame is and what its F0 is taken to be.
  struct Frame {
    /// Middle sample.
    let origin: Int
    /// Hz, never 0.
    let f0: Double
  }

  let fs: Double
  let length: Int
  let q1: Double
  private var noise: XorshiftNoise
  private var fft: ComplexFFT
  /// Bins of `fft` that are not zero.
  private var filled = 0
  var cosine: CosineTransform
  /// Per lane: the windowed waveform; its window; the power spectrum.
  private let waveform: UnsafeMutablePointer<Double>
  private let window: UnsafeMutablePointer<Double>
  private let power: UnsafeMutablePointer<Double>
  /// Running sum of the mirrored power spectrum.
  let sums: UnsafeMutablePointer<Double>
  let inverses: UnsafeMutablePointer<Double>
  /// Noise under a waveform, and under the first and the second frame's power.
  private let draws: UnsafeMutablePointer<Double>
  private let floor: UnsafeMutablePointer<Double>

  init(settings: CheapTrick, noise: XorshiftNoise) {
    fs = Double(settings.sampleRate)
    length = settings.fftLength
    q1 = settings.q1
    self.noise = noise
    fft = ComplexFFT(length: settings.fftLength)
    cosine = CosineTransform(half: settings.fftLength / 2)
    func row(_ count: Int) -> UnsafeMutablePointer<Double> {
      let row = UnsafeMutablePointer<Double>.allocate(capacity: count)
      row.initialize(repeating: 0, count: count)
      return row
    }
    waveform = row(2 * length)
    window = row(length + 4)
    power = row(2 * length)
    sums = row(2 * length)
    inverses = row(length / 2 + 1)
    draws = row(length + 4)
    floor = row(2 * length)
    for i in 1...length / 2 { inverses[i] = 1 / Double(i) }
  }

  deinit {
    waveform.deallocate()
    window.deallocate()
    power.deallocate()
    sums.deallocate()
    inverses.deallocate()
    draws.deallocate()
    floor.deallocate()
  }

  /// - Parameter out: receives N/2 + 1 logarithms for the first frame and as many for the second, if there is one.
  mutating func envelopes(
    _ x: UnsafeBufferPointer<Double>, _ first: Frame, _ second: Frame?, into out: UnsafeMutablePointer<Double>
  ) {
    let (half, binCount) = (length / 2, length / 2 + 1)
    // The noise must be drawn in WORLD's order: a frame's waveform, its spectrum, then the next frame's.
    let (scale0, count0) = takeWaveform(x, first, waveform)
    noise.take(binCount, into: floor)
    let (scale1, count1) = second.map { takeWaveform(x, $0, waveform + length) } ?? (1, 0)
    if second != nil { noise.take(binCount, into: floor + length) }

    let (a, b) = (waveform, waveform + length)
    let count = max(count0, count1)
    let bins = UnsafeMutableRawPointer(fft.bins)
    for i in stride(from: 0, to: count, by: 4) { Self.store(four(a, i) * scale0, four(b, i) * scale1, bins, i) }
    if filled > count { (fft.bins + count).update(repeating: Complex(0, 0), count: filled - count) }
    filled = count
    fft.inverse()
    takePowers(1 / (4 * scale0 * scale0), 1 / (4 * scale1 * scale1))
    smooth(power, first.f0)
    if let second {
      smooth(power + length, second.f0)
    } else {
      (power + length).update(repeating: 1, count: binCount)
    }

    // Rows are longer than N/2 + 1 and hold positive numbers to their end: whole vectors.
    let logarithms = VectorLoops.logarithms
    logarithms(power, floor, CheapTrick.powerNoise, half + 4, power)
    logarithms(power + length, floor + length, CheapTrick.powerNoise, half + 4, power + length)
    let values = UnsafeMutableRawPointer(cosine.values)
    for k in stride(from: 0, to: half, by: 4) { Self.store(four(power, k), four(power + length, k), values, k) }
    cosine.values[half] = SIMD2(power[half], power[length + half])
    cosine.transform()
    lifter(first.f0, second?.f0 ?? first.f0)
    cosine.transform()
    for k in stride(from: 0, to: half, by: 4) {
      let both = values.loadUnaligned(fromByteOffset: 16 &* k, as: SIMD8<Double>.self)
      Self.store(both.evenHalf, out, k)
      if second != nil { Self.store(both.oddHalf, out + binCount, k) }
    }
    out[half] = cosine.values[half].x
    if second != nil { out[binCount + half] = cosine.values[half].y }
  }

  /// Windows the waveform about a frame; returns the power of two that brings it to about unit energy, and the samples from which
  /// on it is zero.
  private mutating func takeWaveform(
    _ x: UnsafeBufferPointer<Double>, _ frame: Frame, _ out: UnsafeMutablePointer<Double>
  ) -> (scale: Double, count: Int) {
    let half = Int(1.5 * fs / frame.f0 + 0.5)
    let count = 2 * half + 1
    let area = makeWindow(half, frame.f0)

    // Rows are handled four at a time; past their end the window is zero.
    let begin = frame.origin - half
    let last = x.count - 1
    let padded = (count + 3) & ~3
    for i in count..<padded { window[i] = 0 }
    if begin >= 0 && begin + padded <= x.count, let start = x.baseAddress {
      for i in stride(from: 0, to: padded, by: 4) { Self.store(Self.four(start + begin + i) * four(window, i), out, i) }
    } else {
      for i in 0..<padded { out[i] = x[min(last, max(0, begin + i))] * window[i] }
    }
    noise.take(count, into: draws)
    for i in count..<padded { draws[i] = 0 }
    var sum = SIMD4<Double>.zero
    for i in stride(from: 0, to: padded, by: 4) {
      let value = four(out, i) + four(draws, i) * CheapTrick.waveformNoise
      Self.store(value, out, i)
      sum += value
    }
    let mean = sum.sum() / area
    var square = SIMD4<Double>.zero
    for i in stride(from: 0, to: padded, by: 4) {
      let value = four(out, i) - four(window, i) * mean
      square += value * value
      Self.store(value, out, i)
    }
    (out + padded).update(repeating: 0, count: length - padded)
    let energy = square.sum()
    let scale = energy > 0 ? 1 / Double(sign: .plus, exponent: energy.exponent / 2, significand: 1) : 1
    return (scale, padded)
  }

  /// The Hann window of unit energy; returns its sum.
  private func makeWindow(_ half: Int, _ f0: Double) -> Double {
    // cos(mθ) from the middle outwards, four at a time, by cos(m + 4) = 2·cos 4·cos m − cos(m − 4).
    let angle = Double.pi * f0 / 1.5 / fs
    let c1 = cos(angle)
    let c2 = 2 * c1 * c1 - 1
    let c3 = 2 * c1 * c2 - c1
    let c4 = 2 * c2 * c2 - 1
    var here = SIMD4(1, c1, c2, c3)
    var before = SIMD4(c4, c3, c2, c1)
    let right = sums
    var energy = SIMD4<Double>.zero
    var area = SIMD4<Double>.zero
    for m in stride(from: 0, through: half, by: 4) {
      var weight = 0.5 * here + 0.5
      if m + 3 > half {
        for lane in half + 1 - m..<4 { weight[lane] = 0 }
      }
      Self.store(weight, right, m)
      energy += weight * weight
      area += weight
      (here, before) = (here * (2 * c4) - before, here)
    }
    let norm = 1 / (2 * energy.sum() - 1).squareRoot()
    let centre = window + half
    for m in 0...half {
      let weight = right[m] * norm
      centre[m] = weight
      centre[-m] = weight
    }
    return (2 * area.sum() - 1) * norm
  }

  @inline(__always) func four(_ row: UnsafeMutablePointer<Double>, _ i: Int) -> SIMD4<Double> {
    Self.four(UnsafePointer(row) + i)
  }

  @inline(__always) private static func four(_ row: UnsafePointer<Double>) -> SIMD4<Double> {
    UnsafeRawPointer(row).loadUnaligned(as: SIMD4<Double>.self)
  }

  @inline(__always) static func store(_ value: SIMD4<Double>, _ row: UnsafeMutablePointer<Double>, _ i: Int) {
    UnsafeMutableRawPointer(row + i).storeBytes(of: value, as: SIMD4<Double>.self)
  }

  /// Two rows' values in turns.
  @inline(__always) private static func store(
    _ a: SIMD4<Double>, _ b: SIMD4<Double>, _ rows: UnsafeMutableRawPointer, _ i: Int
  ) {
    rows.storeBytes(of: SIMD4(a.x, b.x, a.y, b.y), toByteOffset: 16 &* i, as: SIMD4<Double>.self)
    rows.storeBytes(of: SIMD4(a.z, b.z, a.w, b.w), toByteOffset: 16 &* i &+ 32, as: SIMD4<Double>.self)
  }

  /// |X₁|² and |X₂|² from the spectrum of x₁ + i·x₂.
  private mutating func takePowers(_ scale0: Double, _ scale1: Double) {
    // As vectors: of the sum and the difference of a bin and its mirror image, squared.
    let z = UnsafeRawPointer(fft.samples).assumingMemoryBound(to: SIMD2<Double>.self)
    let scale = SIMD2(scale0, scale1)
    let other = power + length
    var k = 0
    while k <= length / 2 {
      let (p, q) = (z[k], z[(length &- k) & (length &- 1)])
      let (sum, difference) = (p + q, p - q)
      let (even, odd) = (sum * sum, difference * difference)
      let both = (even + SIMD2(odd.y, odd.x)) * scale
      power[k] = both.x
      other[k] = both.y
      k &+= 1
    }
  }
}
