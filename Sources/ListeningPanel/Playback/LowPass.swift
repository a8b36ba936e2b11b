// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SpeechSignal

// The anchors of mushra (ITU-R BS.1534) are the reference without what lies above 3.5 or 7 kHz. Of the filter for 3.5 kHz the
// recommendation wants ±0.1 dB below, 25 dB of rejection from 4 kHz and 50 dB from 4.5 kHz. This one passes all up to its cutoff
// f within 0.01 dB, and rejects 60 dB from 8/7·f on, whatever f is: a sinc of cutoff 15/14·f under a Kaiser window, with
// β = .1102·(A − 8.7) and M = ⌈(A − 8)/(2·2.285·Δω)⌉ taps to either side, A = 60 dB, Δω = 2π·(f/7)/rate (Kaiser 1974,
// "Nonrecursive digital filter design using the I₀-sinh window function"), scaled to unit sum. Its delay is taken out; beyond the
// ends there is silence.

/// Takes the high frequencies away.
enum LowPass {
  static func filter(_ wave: Waveform, cutoff: Int) -> Waveform {
    let taps = taps(cutoff: cutoff, rate: wave.sampleRate)
    let half = taps.count / 2
    let padded = [Double](repeating: 0, count: half) + wave.samples + [Double](repeating: 0, count: half)
    let samples = wave.samples.indices.map { i in
      padded.withUnsafeBufferPointer { source in
        var sum = 0.0
        for k in 0..<taps.count { sum += taps[k] * source[i + k] }
        return sum
      }
    }
    return Waveform(samples: samples, sampleRate: wave.sampleRate)
  }

  private static func taps(cutoff: Int, rate: Int) -> [Double] {
    let rejection = 60.0
    let width = 2 * Double.pi * Double(cutoff) / 7 / Double(rate)
    let half = Int(((rejection - 8) / (2 * 2.285 * width)).rounded(.up))
    let beta = 0.1102 * (rejection - 8.7)
    let edge = 2 * Double.pi * Double(cutoff) * 15 / 14 / Double(rate)
    let taps = (-half...half).map { k -> Double in
      let r = Double(k) / Double(half)
      let sinc = k == 0 ? edge : sin(edge * Double(k)) / Double(k)
      return sinc * bessel(beta * (1 - r * r).squareRoot())
    }
    let sum = taps.reduce(0, +)
    return taps.map { $0 / sum }
  }

  /// I₀ by its power series, whose terms are all positive.
  private static func bessel(_ x: Double) -> Double {
    var (sum, term, k) = (1.0, 1.0, 1.0)
    while term > 1e-17 * sum {
      term *= (x / (2 * k)) * (x / (2 * k))
      sum += term
      k += 1
    }
    return sum
  }
}
