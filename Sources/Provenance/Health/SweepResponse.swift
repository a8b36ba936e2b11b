// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SpeechSignal

// What a resampler does to a sweep
// ================================
// IN is a linear sweep, x(t) = ½·sin 2πφ(t) with φ(t) = (t·r)²/(4N) for N samples at rate r: its frequency rises from 0 at
// t = 0 to r/2 at the end, so time is frequency. A resampler to rate s is linear but not time-invariant: a tone f comes out
// at f, where it should, and at f + k·r for whole k (images: what interpolation leaves), all of them folded into 0…s/2 by
// sampling at s (aliases: what lies beyond s/2). Of each of these components the amplitude at the moment of f is found by
// undoing the sweep:
//
//     A_k(f) = 2/½ · Σ_m w[m] · y[m] · exp(−2πi·(k·r·t_m + φ(t_m − d))) / Σ w,     t_m = m/s,
//
// under a window w around that moment, d the delay. Sampling folds both y and the exponential, so that an alias needs no
// case of its own: A_0 is the pass-band where f < s/2 and the aliases beyond. k·r that differ by multiples of s are one
// component; where all are (48 to 16 kHz) there are no images, only aliases.
//
// The window is a sum of seven cosines with side lobes below −180 dB (Albrecht 2001, "A family of cosine-sum windows for
// high-resolution measurements"), 24 ms long: another component is not seen from 7/24 ms = 292 Hz on, or as the other also
// moves, from 600 Hz on. So nothing is read where two components are nearer than that: near 0 Hz, where a tone and its
// mirror image meet, at s/2 and at the crossings of images.
//
// Images of a tone also cross the tone itself, e.g. every 975 Hz between 22.05 and 24 kHz. Leaving all of that out would leave
// little, so there the pass-band of a resampler that has images is off by as much as they beat: 0.1 dB for linear
// interpolation. One without images is measured right everywhere.
//
// The response is smoothed over the 100–300 Hz that the sweep goes through under the window.

/// A sweep taken apart after resampling.
struct SweepResponse {
  /// One component at one moment.
  struct Point: Sendable, Equatable {
    /// Frequency of the tone in IN, Hz.
    var hertz: Double
    /// Amplitude out over amplitude in.
    var amplitude: Double
    /// Of the wanted component, beyond the delay; periods.
    var phase: Double
  }

  /// A tone where it should be, below both halves of the rates.
  var wanted: [Point] = []
  /// A tone beyond half the rate of OUT, wherever it landed.
  var aliases: [Point] = []
  /// Copies of tones that interpolation left, the greatest at each frequency.
  var images: [Point] = []
  /// How much later OUT is, whole samples of OUT.
  var lag: Int

  static let windowSeconds = 0.024
  static let clearance = 600.0
  static let pointCount = 320
  private static let cosines = [
    0.27105140069342, -0.43329793923448, 0.21812299954311, -0.06592544638803, 0.01081174209837, -0.00077658482522,
    0.00001388721735,
  ]

  /// Takes OUT apart.
  /// - Parameters:
  ///   - count: samples of the sweep that went in.
  ///   - inputRate: its rate, Hz.
  ///   - output: what came out.
  init(sweepOf count: Int, at inputRate: Int, output: Waveform) {
    let (r, s) = (Double(inputRate), Double(output.sampleRate))
    let samples = output.samples
    let sweep = Sweep(count: count, rate: r)
    lag = Lag.find(sweep.sampled(at: s, below: min(r, s) / 2), samples)
    let late = Double(lag) / s
    let residues = Self.residues(inputRate, output.sampleRate)
    let length = Int(Self.windowSeconds * s) | 1
    let window = Self.window(length)
    let scale = 4 / window.reduce(0, +)
    let phases = samples.indices.map { sweep.periods(Double($0) / s - late) }

    func amplitude(_ centre: Int, _ residue: Int) -> Complex {
      var sum = Complex(0, 0)
      for i in 0..<length {
        let m = centre - length / 2 + i
        let turn = phases[m] + Double(residue * (m % output.sampleRate) % output.sampleRate) / s
        let value = window[i] * samples[m]
        sum.re += value * cos(2 * .pi * turn)
        sum.im -= value * sin(2 * .pi * turn)
      }
      return Complex(sum.re * scale, sum.im * scale)
    }
    func distance(_ frequency: Double) -> Double { abs(frequency - (frequency / s).rounded() * s) }

    for j in 0..<Self.pointCount {
      let hertz = (Double(j) + 0.5) / Double(Self.pointCount) * r / 2
      let centre = Int(((sweep.moment(of: hertz) + late) * s).rounded())
      guard centre - length / 2 >= 0, centre + length / 2 < samples.count else { continue }
      // Where a component meets its own mirror image.
      if distance(2 * hertz) >= Self.clearance {
        let value = amplitude(centre, 0)
        // A sine is a cosine a quarter of a period late.
        let phase = atan2(value.im, value.re) / (2 * .pi) + 0.25
        let point = Point(hertz: hertz, amplitude: value.power.squareRoot(), phase: phase - phase.rounded())
        if hertz < s / 2 { wanted.append(point) } else { aliases.append(point) }
      }
      guard hertz < s / 2 else { continue }
      let clear = residues.filter { residue in
        let place = Double(residue) + hertz
        return distance(place - hertz) >= Self.clearance && distance(place + hertz) >= Self.clearance
          && distance(2 * place) >= Self.clearance
      }
      if let greatest = clear.map({ amplitude(centre, $0).power.squareRoot() }).max() {
        images.append(Point(hertz: hertz, amplitude: greatest, phase: 0))
      }
    }
  }

  private static func window(_ length: Int) -> [Double] {
    (0..<length).map { i in
      let turn = 2 * .pi * (Double(i) + 0.5) / Double(length)
      var weight = 0.0
      for (order, cosine) in cosines.enumerated() { weight += cosine * cos(Double(order) * turn) }
      return weight
    }
  }

  /// Where the copies around the first multiples of the rate of IN come to lie, modulo the rate of OUT.
  private static func residues(_ r: Int, _ s: Int) -> [Int] {
    let all = (-3...3).map { (($0 * r) % s + s) % s }
    return Set(all).subtracting([0]).sorted()
  }
}

/// The sweep in continuous time.
private struct Sweep {
  var count: Int
  var rate: Double

  /// φ(t), seconds to periods.
  func periods(_ time: Double) -> Double {
    let n = time * rate
    let periods = n * n / (4 * Double(count))
    return periods - periods.rounded()
  }

  /// Seconds until a frequency.
  func moment(of hertz: Double) -> Double { hertz / (rate / 2) * Double(count) / rate }

  /// The sweep as it would come at another rate, zero above `limit` Hz.
  func sampled(at other: Double, below limit: Double) -> [Double] {
    (0..<Int(moment(of: limit) * other)).map { 0.5 * sin(2 * .pi * periods(Double($0) / other)) }
  }
}

/// The shift at which two recordings correlate most.
enum Lag {
  /// How many samples later `y` is: where Σ x[n]·y[n + lag] is greatest in magnitude.
  static func find(_ x: [Double], _ y: [Double]) -> Int {
    var length = 1
    while length < x.count + y.count { length *= 2 }
    var fft = RealFFT(length: length)
    var a = [Complex](repeating: Complex(0, 0), count: fft.binCount)
    var b = a
    var spanA = a.mutableSpan
    fft.forward(x.span, into: &spanA)
    var spanB = b.mutableSpan
    fft.forward(y.span, into: &spanB)
    for k in a.indices {
      a[k] = Complex(a[k].re * b[k].re + a[k].im * b[k].im, a[k].re * b[k].im - a[k].im * b[k].re)
    }
    var correlation = [Double](repeating: 0, count: length)
    var output = correlation.mutableSpan
    fft.inverse(a.span, into: &output)
    var best = (lag: 0, value: -1.0)
    for i in correlation.indices where abs(correlation[i]) > best.value {
      best = (i < length / 2 ? i : i - length, abs(correlation[i]))
    }
    return best.lag
  }
}
