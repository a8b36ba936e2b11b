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
  /// The windowed waveforms of both frames; a window, four places in; the power spectra, value by value in turns.
  private let waveform: UnsafeMutablePointer<Double>
  private let window: UnsafeMutablePointer<Double>
  let power: UnsafeMutablePointer<Double>
  /// Of either frame the running sum of the mirrored power spectrum.
  let sums: UnsafeMutablePointer<Double>
  /// The smoothed power of both frames, then its logarithms.
  let smoothed: UnsafeMutablePointer<Double>
  /// 1/i, each twice.
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
    window = row(length + 8)
    power = row(length + 4)
    sums = row(4 * length)
    smoothed = row(2 * length)
    inverses = row(length + 2)
    draws = row(length + 4)
    floor = row(2 * length)
    for i in 2..<length + 2 { inverses[i] = 1 / Double(i / 2) }
  }

  deinit {
    waveform.deallocate()
    window.deallocate()
    power.deallocate()
    sums.deallocate()
    smoothed.deallocate()
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

    let count = max(count0, count1)
    (waveform + count0).update(repeating: 0, count: count - count0)
    (waveform + length + count1).update(repeating: 0, count: count - count1)
    VectorLoops.interleave(waveform, waveform + length, (scale0, scale1), count, doubles(fft.bins))
    if filled > count { (fft.bins + count).update(repeating: Complex(0, 0), count: filled - count) }
    filled = count
    fft.inverse()
    VectorLoops.powers(
      doubles(fft.samples), length, (1 / (4 * scale0 * scale0), 1 / (4 * scale1 * scale1)), power)
    smooth(first.f0, second?.f0 ?? first.f0)
    if second == nil { (smoothed + length).update(repeating: 1, count: binCount) }

    let logarithms = VectorLoops.logarithms
    logarithms(smoothed, floor, CheapTrick.powerNoise, half + 4, smoothed)
    logarithms(smoothed + length, floor + length, CheapTrick.powerNoise, half + 4, smoothed + length)
    let values = doubles(cosine.values)
    VectorLoops.interleave(smoothed, smoothed + length, (1, 1), half, values)
    cosine.values[half] = SIMD2(smoothed[half], smoothed[length + half])
    cosine.transform()
    lifter(first.f0, second?.f0 ?? first.f0)
    cosine.transform()
    if second != nil {
      VectorLoops.part(values, half, out, out + binCount)
      out[binCount + half] = cosine.values[half].y
    } else {
      for k in 0..<half { out[k] = cosine.values[k].x }
    }
    out[half] = cosine.values[half].x
  }

  /// Windows the waveform about a frame; returns the power of two that brings it to about unit energy, and how many
  /// samples were written.
  private mutating func takeWaveform(
    _ x: UnsafeBufferPointer<Double>, _ frame: Frame, _ out: UnsafeMutablePointer<Double>
  ) -> (scale: Double, count: Int) {
    let half = Int(1.5 * fs / frame.f0 + 0.5)
    let count = 2 * half + 1
    let area = makeWindow(half, frame.f0)

    // Rows are handled four at a time; past their end the window is zero.
    let window = window + 4
    let begin = frame.origin - half
    let last = x.count - 1
    let padded = (count + 3) & ~3
    for i in count..<padded { window[i] = 0 }
    noise.take(count, into: draws)
    for i in count..<padded { draws[i] = 0 }
    let sum: Double
    if begin >= 0 && begin + padded <= x.count, let start = x.baseAddress {
      sum = VectorLoops.windowed(start + begin, window, draws, CheapTrick.waveformNoise, padded, out)
    } else {
      for i in 0..<padded { sums[i] = x[min(last, max(0, begin + i))] }
      sum = VectorLoops.windowed(sums, window, draws, CheapTrick.waveformNoise, padded, out)
    }
    let energy = VectorLoops.centred(out, window, sum / area, padded)
    let scale = energy > 0 ? 1 / Double(sign: .plus, exponent: energy.exponent / 2, significand: 1) : 1
    return (scale, padded)
  }

  /// The Hann window of unit energy; returns its sum.
  private func makeWindow(_ half: Int, _ f0: Double) -> Double {
    let (energy, area) = VectorLoops.hann(half, cos(Double.pi * f0 / 1.5 / fs), sums)
    let norm = 1 / (2 * energy - 1).squareRoot()
    VectorLoops.spread(sums, half, norm, window + 4 + half)
    return (2 * area - 1) * norm
  }
}
