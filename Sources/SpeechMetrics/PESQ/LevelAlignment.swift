// SPDX-License-Identifier: GPL-3.0-or-later
//
// Level alignment: both signals are brought to the same power between about 350 and 3250 Hz, the
// band in which a telephone carries speech, so that neither the gain of the system under test nor
// rumble outside that band counts (P.862 section 10.1.1).
//
// The band filter works on the whole signal at once in the frequency domain. Its convolution is
// circular over the next power of two, which is part of the method as established. For an hour that would take
// a gigabyte: of long signals the level is measured block by block, to 1e-7 of that.

internal import Foundation
internal import SpeechSignal

/// Filters whole signals by a curve of gain in dB over frequency.
///
/// Keeps the transform and the gain per bin of the last length used: the two signals of a pair
/// mostly share them.
struct PESQFrequencyFilter: Sendable {
  private var fourier: PESQFourier?
  private var gains: (level: [Float], receive: [Float]) = ([], [])

  /// Mean power in the level band of `signal`.
  ///
  /// The sum runs over the signal's own samples and tail, the divisor over those of the longer
  /// signal of the two, `longest`, given with its margins.
  ///
  /// - Parameter inBlocks: By blocks in double precision rather than by one transform in single precision.
  mutating func levelPower(of signal: PESQSignal, longest: Int, inBlocks: Bool) -> Float {
    let constants = signal.constants
    let count = signal.count + constants.tail
    let divisor = Double(longest - 2 * constants.edge + constants.tail)
    guard !inBlocks else {
      return Float(Self.levelEnergy(signal.samples, from: constants.edge, count: count, constants) / divisor)
    }
    prepare(count)
    if gains.level.isEmpty {
      gains.level = Self.response(PESQConstants.levelCurve, rate: constants.sampleRate, length: fourier?.length ?? 0)
    }
    fourier?.filter(signal.samples, from: constants.edge, count: count, gain: gains.level)
    var sum = 0.0
    if let filtered = fourier?.re { for x in filtered[..<count] { sum += Double(x * x) } }
    return Float(sum / divisor)
  }

  /// Points of a transform of `levelEnergy`: a minute of wide band.
  private static let blockLength = 1 << 20

  /// Energy in the level band of some samples, by overlap-save in double precision.
  ///
  /// The filter has no phase and an edge at 350 Hz, where speech is loud: of its response, what lies more than t seconds away moves the
  /// level by a part of 1/t². Middles of blocks are kept, with a quarter of a block, 16 s, to either side.
  private static func levelEnergy(
    _ samples: [Float], from start: Int, count: Int, _ constants: PESQConstants
  ) -> Double {
    let (length, margin) = (blockLength, blockLength / 4)
    let gains = response(PESQConstants.levelCurve, rate: constants.sampleRate, length: length)
    var fft = RealFFT(length: length)
    let scale = 1 / Double(length)
    var sum = 0.0
    for begin in stride(from: 0, to: count, by: length - 2 * margin) {
      for i in 0..<length {
        let at = begin - margin + i
        fft.samples[i] = at >= 0 && at < count ? Double(samples[start + at]) : 0
      }
      fft.forwardInPlace()
      for k in 0..<fft.binCount {
        fft.spectrum[k].re *= Double(gains[k]) * scale
        fft.spectrum[k].im *= Double(gains[k]) * scale
      }
      fft.inverseInPlace()
      for i in margin..<margin + min(length - 2 * margin, count - begin) { sum += fft.samples[i] * fft.samples[i] }
    }
    return sum
  }

  /// Filters `signal` by the receive characteristic `curve`.
  mutating func apply(_ curve: PESQConstants.Curve, to signal: inout PESQSignal) {
    let edge = signal.constants.edge
    let count = signal.count + signal.constants.tail
    prepare(count)
    if gains.receive.isEmpty {
      gains.receive = Self.response(curve, rate: signal.constants.sampleRate, length: fourier?.length ?? 0)
    }
    fourier?.filter(signal.samples, from: edge, count: count, gain: gains.receive)
    if let filtered = fourier?.re { for i in 0..<count { signal.samples[edge + i] = filtered[i] } }
  }

  /// Makes the transform for signals of `count` samples, unless it is there.
  private mutating func prepare(_ count: Int) {
    let length = PESQFourier.length(atLeast: count)
    guard fourier?.length != length else { return }
    fourier = nil
    gains = ([], [])
    fourier = PESQFourier(length: length)
  }

  /// Gain of each bin: the curve relative to its value at 1 kHz.
  private static func response(_ curve: PESQConstants.Curve, rate: Int, length: Int) -> [Float] {
    let spacing = Float(rate) / Float(length)
    let reference = Float(Self.interpolate(curve, 1000, from: Self.segment(curve, 1000, after: 0)))
    var gains: [Float] = []
    gains.reserveCapacity(length / 2 + 1)
    var segment = 0
    while gains.count <= length / 2 {
      var hertz = Double(Float(gains.count) * spacing)
      segment = Self.segment(curve, hertz, after: segment)
      let end = segment + 2 < curve.count ? curve[segment + 1].hertz : .infinity
      let isFlat = curve[segment].decibels == curve[segment + 1].decibels
      repeat {
        let decibels = Float(Self.interpolate(curve, hertz, from: segment)) - reference
        let gain = Self.gain(Double(decibels / 20))
        // Most of either curve is flat; a power is taken only where it is not.
        repeat {
          gains.append(gain)
          hertz = Double(Float(gains.count) * spacing)
        } while isFlat && hertz < end && gains.count <= length / 2
      } while hertz < end && gains.count <= length / 2
    }
    return gains
  }

  /// 10 to the power of `x`, rounded to what `pow` would give; `exp` takes half its time.
  private static func gain(_ x: Double) -> Float {
    let y = exp(x * 2.302585092994046)
    // Their errors are thousands of times smaller than this.
    let gain = Float(y * (1 - 1e-12))
    return gain == Float(y * (1 + 1e-12)) ? gain : Float(pow(10, x))
  }

  /// The segment of the curve, `first` or a later one, in which a frequency lies.
  private static func segment(_ curve: PESQConstants.Curve, _ hertz: Double, after first: Int) -> Int {
    var segment = first
    while segment + 2 < curve.count, curve[segment + 1].hertz <= hertz { segment += 1 }
    return segment
  }

  private static func interpolate(
    _ curve: PESQConstants.Curve, _ hertz: Double, from segment: Int
  ) -> Double {
    let (a, b) = (curve[segment], curve[segment + 1])
    return a.decibels + (b.decibels - a.decibels) * (hertz - a.hertz) / (b.hertz - a.hertz)
  }
}

extension PESQSignal {
  /// What brings a signal of that power to 1e7.
  static func factor(power: Float) -> Float { Float((1e7 / Double(power)).squareRoot()) }

  /// Multiplies the signal between its margins.
  mutating func scale(by factor: Float) {
    for i in constants.edge..<constants.edge + count { samples[i] *= factor }
  }
}

extension PESQFourier {
  /// The smallest power of two that is at least `count` and `minimum`, itself a power of two.
  static func length(atLeast count: Int, minimum: Int = 4) -> Int {
    var length = minimum
    while length < count { length *= 2 }
    return length
  }
}
