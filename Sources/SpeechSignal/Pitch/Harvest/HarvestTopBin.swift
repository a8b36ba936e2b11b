// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

// What WORLD's Harvest adds to its filters' outputs by mistake, and how it makes F0 depend on the level of the recording.
//
// WORLD filters by one transform of N samples for the whole recording: P[k] = Y[k]·H[k], Y of the signal and H of the filter.
// It means to write the mirrored half of P along with the first, at N − k, but writes to N − k − 1 (`GetFilteredSignal` in
// harvest.cpp). Nothing reads that half, but for the two bins in the middle: P[N/2 − 1] lands on N/2 before H[N/2] was read
// there, so that the bin N/2 becomes Q = Y[N/2]·P[N/2 − 1], which in turn lands on N/2 − 1. Q is quadratic in the signal: at full
// scale ±1 it drowns in rounding, but of samples scaled as 16-bit integers it is 32 768 times as large beside the rest, and
// moves zero crossings where a band is quiet. Measured with five pairs of FastSpeech 2 at
// 22 050 Hz, 40 to 800 Hz: in 0 to 10 % of the frames F0 is another one.
//
// With m counted from the beginning of WORLD's output, which is N times the convolution, the outputs differ by
//   (−1)ᵐ·[ 2·Re((Q − P[N/2 − 1])·e^(−2πim/N)) + Re Q − Y[N/2]·H[N/2] ].
// Harvest's definition has none of this. It is there for those who reproduce tools that hand WORLD integers.

/// The two tones near half the sample rate that WORLD adds to the output of each filter.
package struct HarvestTopBin {
  /// N, WORLD's transform.
  private let length: Int
  /// Y[N/2], which is real.
  private let top: Double
  /// Y[N/2 − 1].
  private let below: Complex

  /// The tone in one band's output, already divided by N.
  package struct Tone {
    /// 2·(Q − P[N/2 − 1])/N.
    package let amplitude: Complex
    /// (Re Q − Y[N/2]·H[N/2])/N.
    package let steady: Double
    /// Samples from the beginning of WORLD's output to that which it calls the first.
    package let delay: Int
  }

  /// - Parameters:
  ///   - signal: decimated, without its mean.
  ///   - padding: samples that WORLD keeps free beyond the signal.
  package init(_ signal: [Double], padding: Int) {
    var length = 2
    while length <= signal.count + padding { length *= 2 }
    self.length = length
    var top = 0.0
    for (n, sample) in signal.enumerated() { top += n % 2 == 0 ? sample : -sample }
    self.top = top
    below = Self.nextToTop(signal, length)
  }

  /// Bin N/2 − 1 of a sequence.
  private static func nextToTop(_ sequence: [Double], _ length: Int) -> Complex {
    var sum = Complex(0, 0)
    for (n, value) in sequence.enumerated() {
      let angle = 2 * Double.pi * Double(n) / Double(length)
      let signed = n % 2 == 0 ? value : -value
      sum = Complex(sum.re + signed * cos(angle), sum.im + signed * sin(angle))
    }
    return sum
  }

  /// The tone in the output of a filter.
  /// - Parameter taps: its impulse response, 2·reach + 1 values.
  package func tone(taps: [Double]) -> Tone {
    let h = Self.nextToTop(taps, length)
    var hTop = 0.0
    for (n, tap) in taps.enumerated() { hTop += n % 2 == 0 ? tap : -tap }
    let p = Complex(below.re * h.re - below.im * h.im, below.re * h.im + below.im * h.re)
    let scale = 1 / Double(length)
    return Tone(
      amplitude: Complex(2 * scale * (top - 1) * p.re, 2 * scale * (top - 1) * p.im),
      steady: scale * top * (p.re - hTop), delay: taps.count / 2 + 1)
  }

  /// Adds the tones of two bands to their outputs.
  /// - Parameters:
  ///   - outputs: one band in the real and one in the imaginary part.
  ///   - count: samples.
  ///   - first: number of the first sample in the signal.
  ///   - a: tone of the real part.
  ///   - b: tone of the imaginary part, if it is a band.
  package func add(to outputs: UnsafeMutablePointer<Complex>, count: Int, first: Int, _ a: Tone, _ b: Tone?) {
    // e^(−2πim/N), turned on from sample to sample; over a block that is exact to 1e-12 of a tone that is small itself.
    func phase(_ m: Int) -> Complex {
      let angle = -2 * Double.pi * Double(m % length) / Double(length)
      return Complex(cos(angle), sin(angle))
    }
    let step = phase(1)
    var (turnA, turnB) = (phase(first + a.delay), phase(first + (b?.delay ?? 0)))
    var signA = (first + a.delay) % 2 == 0 ? 1.0 : -1.0
    var signB = b.map { (first + $0.delay) % 2 == 0 ? 1.0 : -1.0 } ?? 0
    let amplitudeB = b?.amplitude ?? Complex(0, 0)
    let steadyB = b?.steady ?? 0
    for i in 0..<count {
      outputs[i].re += signA * (a.amplitude.re * turnA.re - a.amplitude.im * turnA.im + a.steady)
      outputs[i].im += signB * (amplitudeB.re * turnB.re - amplitudeB.im * turnB.im + steadyB)
      turnA = Complex(turnA.re * step.re - turnA.im * step.im, turnA.re * step.im + turnA.im * step.re)
      turnB = Complex(turnB.re * step.re - turnB.im * step.im, turnB.re * step.im + turnB.im * step.re)
      (signA, signB) = (-signA, -signB)
    }
  }
}
