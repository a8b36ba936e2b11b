// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

// Kaldi's two resamplings. Both weight the samples around a point by the low-pass h(t) = 2f·sinc(2ft) under a Hann window that
// reaches z zeros of the sinc, z/(2f), to either side; the weights are divided by the sample rate and not scaled to unit sum.
// The recording goes to 4 kHz with f = 1 kHz and z = 1, as short a filter as there can be; the correlation, known at whole
// lags of 1/4000 s, goes to the lags of the states with f = 2 kHz and z = 5.

/// h(t), t in seconds, `cutoff` f in Hz, `zeros` z.
private func hannSinc(_ t: Double, cutoff: Double, zeros: Double) -> Double {
  guard abs(t) < zeros / (2 * cutoff) else { return 0 }
  let window = 0.5 * (1 + cos(2 * .pi * cutoff / zeros * t))
  return window * (t == 0 ? 2 * cutoff : sin(2 * .pi * cutoff * t) / (.pi * t))
}

/// Brings a recording to 4 kHz.
struct KaldiResampler: Sendable {
  struct Signal {
    /// Shape `[⌈n·4000/rate⌉]`, times a power of two that puts the recording's peak between 1 and 2, for squares to stay in range.
    let samples: [Double]
    /// How many of them come from a filter that ends within the recording.
    let wholeCount: Int
  }

  private static let cutoff = 1000
  private let sampleRate: Int
  /// The rates over their greatest common divisor: after so many inputs and outputs the filters repeat.
  private let (inputs, outputs): (Int, Int)
  private let tapCount: Int
  /// First input of each of the repeating outputs, shape `[outputs]`.
  private let starts: [Int]
  /// Shape `[outputs × tapCount]`.
  private let taps: [Double]

  /// - Parameters:
  ///   - sampleRate: of the recording, Hz.
  ///   - target: Hz.
  init(from sampleRate: Int, to target: Int) {
    self.sampleRate = sampleRate
    var (divisor, rest) = (sampleRate, target)
    while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
    let rate = Double(sampleRate)
    let cutoff = Double(Self.cutoff)
    let times = (0..<target / divisor).map { Double($0) / Double(target) }
    let starts = times.map { Int((($0 - 1 / (2 * cutoff)) * rate).rounded(.up)) }
    let tapCount = sampleRate / Self.cutoff + 1
    taps = zip(times, starts).flatMap { time, start in
      (start..<start + tapCount).map { hannSinc(Double($0) / rate - time, cutoff: cutoff, zeros: 1) / rate }
    }
    (inputs, outputs) = (sampleRate / divisor, target / divisor)
    (self.starts, self.tapCount) = (starts, tapCount)
  }

  func callAsFunction(_ samples: [Double]) -> Signal {
    let peak = samples.reduce(0) { max($0, abs($1)) }
    let exponent = peak > 0 && peak.isFinite ? min(max(-Int(peak.exponent), -1000), 1000) : 0
    let scale = Double(sign: .plus, exponent: exponent, significand: 1)
    let count = (samples.count * outputs + inputs - 1) / inputs
    let resampled = (0..<count).map { output -> Double in
      let (unit, phase) = output.quotientAndRemainder(dividingBy: outputs)
      let start = unit * inputs + starts[phase]
      let low = max(0, -start)
      let high = max(low, min(tapCount, samples.count - start))
      var sum = 0.0
      for k in low..<high { sum += taps[phase * tapCount + k] * (samples[start + k] * scale) }
      return sum
    }
    // The recording less half a filter, in steps of which an output takes `inputs` and an input `outputs`.
    let whole = samples.count * outputs - sampleRate * outputs / (2 * Self.cutoff)
    return Signal(samples: resampled, wholeCount: max(0, (whole + inputs - 1) / inputs))
  }
}

/// The lags among which the path chooses, and the interpolation to them.
struct KaldiStates: Sendable {
  /// Seconds, from 1/ceiling up by 0.5 % each. Of single precision, as they are Kaldi's to the last bit.
  let lags: [Float]
  /// Whole lags at which the correlation has to be known, in samples at 4 kHz.
  let measured: ClosedRange<Int>

  static let ratio = 1 + Double(Float(0.005))
  private static let zeros = 5.0
  /// Whole lags that a state can draw on: those within five to either side, and one more to make three times four.
  static let tapCount = 12
  /// First of its whole lags for each state, counted from the first measured one.
  private let starts: [Int]
  /// Shape `[states]`: three quarters of the weights each.
  private let weights: [(SIMD4<Double>, SIMD4<Double>, SIMD4<Double>)]

  /// - Parameters:
  ///   - floor: lowest pitch, Hz.
  ///   - ceiling: highest pitch, Hz, under 1600.
  init(floor: Double, ceiling: Double) {
    let rate = Double(KaldiPitch.workingRate)
    let (low, high) = (Double(Float(floor)), Double(Float(ceiling)))
    var lags: [Float] = []
    var lag = Float(1 / high)
    while lag <= Float(1 / low) {
      lags.append(lag)
      lag = Float(Double(lag) * Self.ratio)
    }
    let reach = Self.zeros / (2 * rate)
    let measured = Int((rate * (1 / high - reach)).rounded(.up))...Int(rate * (1 / low + reach))
    (self.lags, self.measured) = (lags, measured)

    // In single precision as Kaldi's: here a lag's last bit is a millionth of a sample.
    let origin = Float(measured.lowerBound) / Float(rate)
    let points = lags.map { $0 - origin }
    starts = points.map { point in max(0, Int((rate * (Double(point) - Self.zeros / rate)).rounded(.up))) }
    let cutoff = rate / 2
    weights = zip(points, starts).map { point, start in
      let row = (start..<start + Self.tapCount).map { k -> Double in
        guard k < measured.count else { return 0 }
        return hannSinc(Double(point - Float(k) / Float(rate)), cutoff: cutoff, zeros: Self.zeros) / rate
      }
      return (SIMD4(row[0..<4]), SIMD4(row[4..<8]), SIMD4(row[8..<12]))
    }
  }

  /// Values of a correlation row that interpolation reads: the measured ones and zeros behind.
  var rowLength: Int { measured.count + Self.tapCount }

  /// The correlation at every state's lag, times `scale`.
  /// - Parameter row: `rowLength` values.
  func interpolate(_ row: [Double], scale: Double, into correlation: inout [Float]) {
    row.withUnsafeBufferPointer { row in
      guard let row = row.baseAddress else { return }
      correlation.withUnsafeMutableBufferPointer { correlation in
        for state in correlation.indices { correlation[state] = Float(scale * interpolate(row, at: state)) }
      }
    }
  }

  /// The correlation at a state's lag.
  /// - Parameter row: `rowLength` values.
  @inline(__always)
  func interpolate(_ row: UnsafePointer<Double>, at state: Int) -> Double {
    let from = UnsafeRawPointer(row + starts[state])
    let (a, b, c) = weights[state]
    let stride = MemoryLayout<SIMD4<Double>>.stride
    var sum = a * from.loadUnaligned(as: SIMD4<Double>.self)
    sum += b * from.loadUnaligned(fromByteOffset: stride, as: SIMD4<Double>.self)
    sum += c * from.loadUnaligned(fromByteOffset: 2 * stride, as: SIMD4<Double>.self)
    return sum.sum()
  }

  /// Hz.
  func pitch(at state: Int) -> Double { Double(Float(1 / Double(lags[state]))) }
}
