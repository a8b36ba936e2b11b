// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// CheapTrick's arithmetic for two frames at a time (see `CheapTrick` for what it computes), and its scratch.
///
/// The two frames are the real and the imaginary part of one complex sequence. The first transform is of two real
/// sequences, taken apart by their symmetry. The other two are of real, even sequences, whose transforms are real and even: their
/// parts need no taking apart, and the direction of the transform does not matter either.
///
/// Raw memory: rows of scratch, allocated once per recording, are walked by pointer, within this file.
struct CheapTrickFrames: ~Copyable {
  /// Where a frame is and what its F0 is taken to be.
  struct Frame {
    /// Middle sample.
    let origin: Int
    /// Hz, never 0.
    let f0: Double
  }

  private let fs: Double
  private let length: Int
  private let q1: Double
  private var noise: XorshiftNoise
  private var fft: ComplexFFT
  /// Per lane: the windowed waveform; its window; the power spectrum.
  private let waveform: UnsafeMutablePointer<Double>
  private let window: UnsafeMutablePointer<Double>
  private let power: UnsafeMutablePointer<Double>
  /// Running sum of the mirrored power spectrum.
  private let sums: UnsafeMutablePointer<Double>
  private let inverses: UnsafeMutablePointer<Double>
  /// Noise under the first frame's power.
  private let floor: UnsafeMutablePointer<Double>

  init(settings: CheapTrick, noise: XorshiftNoise) {
    fs = Double(settings.sampleRate)
    length = settings.fftLength
    q1 = settings.q1
    self.noise = noise
    fft = ComplexFFT(length: settings.fftLength)
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
    floor = row(length / 2 + 1)
    for i in 1...length / 2 { inverses[i] = 1 / Double(i) }
  }

  deinit {
    waveform.deallocate()
    window.deallocate()
    power.deallocate()
    sums.deallocate()
    inverses.deallocate()
    floor.deallocate()
  }

  /// - Parameter out: receives N/2 + 1 logarithms for the first frame and as many for the second, if there is one.
  mutating func envelopes(
    _ x: UnsafeBufferPointer<Double>, _ first: Frame, _ second: Frame?, into out: UnsafeMutablePointer<Double>
  ) {
    let binCount = length / 2 + 1
    // The noise must be drawn in WORLD's order: a frame's waveform, its spectrum, then the next frame's.
    let scale0 = takeWaveform(x, first, waveform)
    noise.take(binCount) { [floor] i, value in floor[i] = abs(value) * CheapTrick.powerNoise }
    let scale1 = second.map { takeWaveform(x, $0, waveform + length) } ?? 1

    let (a, b) = (waveform, waveform + length)
    for i in 0..<length { fft.bins[i] = Complex(a[i] * scale0, b[i] * scale1) }
    fft.inverse()
    takePowers(1 / (4 * scale0 * scale0), 1 / (4 * scale1 * scale1))

    smooth(power, first.f0)
    for i in 0..<binCount { power[i] += floor[i] }
    if let second {
      let power = power + length
      smooth(power, second.f0)
      noise.take(binCount) { i, value in power[i] += abs(value) * CheapTrick.powerNoise }
    } else {
      (power + length).update(repeating: 1, count: binCount)
    }
    // Rows are longer than N/2 + 1 and hold positive numbers to their end: whole vectors.
    for k in stride(from: 0, to: binCount, by: 4) {
      let (re, im) = (naturalLogarithm(four(power, k)), naturalLogarithm(four(power + length, k)))
      Self.store(re, power, k)
      Self.store(im, power + length, k)
    }
    let half = length / 2
    for k in 0...half {
      let z = Complex(power[k], power[length + k])
      fft.bins[k] = z
      fft.bins[(length - k) & (length - 1)] = z
    }
    fft.inverse()
    lifter(first.f0, second?.f0 ?? first.f0)
    fft.inverse()
    for k in 0...half { out[k] = fft.samples[k].re }
    if second != nil {
      for k in 0...half { out[binCount + k] = fft.samples[k].im }
    }
  }

  /// Windows the waveform about a frame; returns the power of two that brings it to about unit energy.
  private mutating func takeWaveform(
    _ x: UnsafeBufferPointer<Double>, _ frame: Frame, _ out: UnsafeMutablePointer<Double>
  ) -> Double {
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
    noise.take(count) { i, value in out[i] += value * CheapTrick.waveformNoise }
    var sum = SIMD4<Double>.zero
    for i in stride(from: 0, to: padded, by: 4) { sum += four(out, i) }
    let mean = sum.sum() / area
    var square = SIMD4<Double>.zero
    for i in stride(from: 0, to: padded, by: 4) {
      let value = four(out, i) - four(window, i) * mean
      square += value * value
      Self.store(value, out, i)
    }
    (out + padded).update(repeating: 0, count: length - padded)
    let energy = square.sum()
    return energy > 0 ? 1 / Double(sign: .plus, exponent: energy.exponent / 2, significand: 1) : 1
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

  @inline(__always) private func four(_ row: UnsafeMutablePointer<Double>, _ i: Int) -> SIMD4<Double> {
    Self.four(UnsafePointer(row) + i)
  }

  @inline(__always) private static func four(_ row: UnsafePointer<Double>) -> SIMD4<Double> {
    UnsafeRawPointer(row).loadUnaligned(as: SIMD4<Double>.self)
  }

  @inline(__always) private static func store(_ value: SIMD4<Double>, _ row: UnsafeMutablePointer<Double>, _ i: Int) {
    UnsafeMutableRawPointer(row + i).storeBytes(of: value, as: SIMD4<Double>.self)
  }

  /// |X₁|² and |X₂|² from the spectrum of x₁ + i·x₂.
  private mutating func takePowers(_ scale0: Double, _ scale1: Double) {
    let z = fft.samples
    let mask = length - 1
    for k in 0...length / 2 {
      let (p, q) = (z[k], z[(length - k) & mask])
      let (a, b, c, d) = (p.re + q.re, p.im - q.im, p.re - q.re, p.im + q.im)
      power[k] = (a * a + b * b) * scale0
      power[length + k] = (c * c + d * d) * scale1
    }
  }

  /// The correction below F0 and the running mean over 2/3 F0.
  private func smooth(_ power: UnsafeMutablePointer<Double>, _ f0: Double) {
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
    var at = 0
    func add(_ value: Double) {
      total += value * spacing
      sums[at] = total
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
    for k in 0...half {
      let below = l[k] + (l[k + 1] - l[k]) * lowShare
      let above = h[k] + (h[k + 1] - h[k]) * highShare
      power[k] = (above - below) * scale
    }
  }

  /// Smoothing over F0 and spectral recovery on the two cepstra.
  private mutating func lifter(_ first: Double, _ second: Double) {
    let f0 = SIMD2(first, second)
    let angle = f0 * (Double.pi / fs)
    let rotation = (c: SIMD2(cos(angle.x), cos(angle.y)), s: SIMD2(sin(angle.x), sin(angle.y)))
    var (c, s) = (rotation.c, rotation.s)
    let scale = 1 / Double(length)
    let sinc = scale / angle
    let z = fft.samples
    fft.bins[0] = Complex(z[0].re * scale, z[0].im * scale)
    for i in 1...length / 2 {
      // 1 − 2q₁ + 2q₁·cos 2φ = 1 − 4q₁·sin²φ.
      let weight = s * sinc * inverses[i] * (1 - 4 * q1 * s * s)
      let value = Complex(z[i].re * weight.x, z[i].im * weight.y)
      fft.bins[i] = value
      fft.bins[length - i] = value
      (c, s) = (c * rotation.c - s * rotation.s, s * rotation.c + c * rotation.s)
    }
  }
}
