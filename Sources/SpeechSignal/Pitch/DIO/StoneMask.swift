// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Refinement of an F0 track by instantaneous frequency (Flanagan's equation): WORLD's StoneMask as pyworld 0.3.5 ships it.
/// It is what DIO's track needs.
///
/// Per voiced frame a Blackman window of three periods, and its derivative; the instantaneous frequencies at the bins nearest to
/// harmonics 1 and 2, averaged with the amplitudes as weights, give a first value, those at harmonics 1…6 of that value the
/// second. A change of more than a fifth is refused. F0 of 40 Hz or less and above fs/12 becomes unvoiced.
///
/// Departure from WORLD: only the eight bins are summed, instead of two transforms.
public enum StoneMask {
  private static let lowestF0 = 40.0
  private static let largestChange = 0.2

  /// Refines a track.
  /// - Parameters:
  ///   - track: as DIO gives it.
  ///   - waveform: the recording that it was made from.
  /// - Returns: the same frames with their F0 corrected, in Hz.
  public static func refine(_ track: F0Track, _ waveform: Waveform) -> F0Track {
    precondition(waveform.count > 0 || track.f0.isEmpty, "a track of no samples")
    var refined = track
    var frame = Frame(fs: Double(waveform.sampleRate))
    let samples = waveform.samples
    for i in track.f0.indices {
      refined.f0[i] = 0
      guard track.f0[i] > lowestF0, track.f0[i] <= Double(waveform.sampleRate) / 12 else { continue }
      let f0 = frame.refined(samples, time: track.times[i], f0: track.f0[i])
      refined.f0[i] = abs(f0 - track.f0[i]) > track.f0[i] * largestChange ? track.f0[i] : f0
    }
    return refined
  }

  /// Scratch of one track.
  private struct Frame {
    let fs: Double
    /// Signal under the window and under its derivative.
    var windowed: [SIMD2<Double>] = []
    var window: [Double] = []
    /// By log₂ N: (cos, −sin)(2πj/N).
    var circles: [Int: [SIMD2<Double>]] = [:]

    init(fs: Double) { self.fs = fs }

    mutating func refined(_ x: [Double], time: Double, f0: Double) -> Double {
      let half = Int(1.5 * fs / f0 + 1)
      let count = 2 * half + 1
      let bits = 2 + (Int.bitWidth - 1 - count.leadingZeroBitCount)
      take(x, time: time, half: half)
      if circles[bits] == nil {
        circles[bits] = (0..<1 << bits).map { j in
          let angle = 2 * Double.pi * Double(j) / Double(1 << bits)
          return SIMD2(cos(angle), -sin(angle))
        }
      }
      let circle = circles[bits] ?? []
      let first = mean(circle, f0, harmonics: 2)
      guard first > 0, first <= f0 * 2 else { return 0 }
      return mean(circle, first, harmonics: 6)
    }

    private mutating func take(_ x: [Double], time: Double, half: Int) {
      let count = 2 * half + 1
      let length = Double(count) / fs
      // Each index is rounded by itself, as in WORLD: where time·fs ends in one half, neighbours may round apart.
      let places = (0..<count).map { j -> Int in
        let place = (time + Double(j - half) / fs) * fs
        return (place > 0 ? Int(place + 0.5) : Int(place - 0.5)) - 1
      }
      window.removeAll(keepingCapacity: true)
      for place in places {
        let c = cos(2 * .pi * (Double(place) / fs - time) / length)
        window.append(0.34 + c * (0.5 + 0.16 * c))
      }
      windowed.removeAll(keepingCapacity: true)
      for j in 0..<count {
        let slope = ((j > 0 ? window[j - 1] : 0) - (j + 1 < count ? window[j + 1] : 0)) / 2
        windowed.append(SIMD2(window[j], slope) * x[max(0, min(x.count - 1, places[j]))])
      }
    }

    /// Amplitude-weighted F0 from the first so many harmonics of a value.
    private func mean(_ circle: [SIMD2<Double>], _ f0: Double, harmonics: Int) -> Double {
      let length = circle.count
      var numerator = 0.0
      var denominator = 0.0
      for harmonic in 1...harmonics {
        let bin = min(Int(f0 * Double(length) / fs * Double(harmonic) + 0.5), length / 2)
        var main = SIMD2<Double>.zero
        var derivative = SIMD2<Double>.zero
        var at = 0
        for value in windowed {
          main += circle[at] * value.x
          derivative += circle[at] * value.y
          at = (at + bin) & (length - 1)
        }
        let power = (main * main).sum()
        let turn = main.x * derivative.y - main.y * derivative.x
        let frequency = power == 0 ? 0 : Double(bin) * fs / Double(length) + turn / power * fs / 2 / .pi
        numerator += power.squareRoot() * frequency
        denominator += power.squareRoot() * Double(harmonic)
      }
      return numerator / (denominator + DIO.tiny)
    }
  }
}
