// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// How the frames of all recordings at one sample rate are cut and correlated: Boersma 1993, steps 3.1–3.10.
///
/// The lengths are Praat's, whole samples all of them. Its transform has a power of two of points; here it is as long as it
/// takes to have the lags that are used free from those wrapped around.
struct PraatCorrelation: Sendable {
  let sampleRate: Int
  /// Samples in a period of the floor: the mean is taken over one to either side.
  let period: Int
  /// Samples to either side in which the peak is looked for.
  let peakReach: Int
  /// Half the window, samples.
  let reach: Int
  /// Hann, 2 · reach weights, none of them 0.
  let window: [Double]
  /// Maxima are looked for below this lag.
  let longestLag: Int
  /// r is not used beyond this lag, and thought to end there.
  let lastLag: Int
  /// r_w(0)/r_w(k) for the lags that are used.
  let gains: [Double]
  let fftLength: Int

  /// Samples to either side by which maxima are refined.
  static let depth = 70

  init(sampleRate: Int, floor: Double) {
    self.sampleRate = sampleRate
    let dx = 1 / Double(sampleRate)
    period = Int(1 / dx / floor)
    peakReach = period / 2 + 1
    reach = Int(3 / floor / dx) / 2 - 1
    let length = 2 * reach
    longestLag = length / 3 + 2
    lastLag = reach
    window = (1...length).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(length + 1)) }
    let lagCount = min(lastLag, longestLag + Self.depth) + 1
    fftLength = Self.smooth(atLeast: length + lagCount)
    gains = Self.gains(window, count: lagCount, fftLength: fftLength)
  }

  private static func gains(_ window: [Double], count: Int, fftLength: Int) -> [Double] {
    var fft = RealFFT(length: fftLength)
    for (n, weight) in window.enumerated() { fft.samples[n] = weight }
    fft.correlateInPlace()
    return (0..<count).map { fft.samples[0] / fft.samples[$0] }
  }

  /// The smallest multiple of 16 without a prime factor above 5: FFTW is as fast there as at powers of two.
  private static func smooth(atLeast least: Int) -> Int {
    var length = (least + 15) / 16 * 16
    while true {
      var rest = length
      for prime in [2, 3, 5] { while rest % prime == 0 { rest /= prime } }
      if rest == 1 { return length }
      length += 16
    }
  }

  /// Index of the last sample at or before a time; sample n is in the middle of its interval, at (n + ½)/rate.
  func sampleLeft(of time: Double) -> Int {
    let dx = 1 / Double(sampleRate)
    return Int(((time - 0.5 * dx) / dx).rounded(.down))
  }
}

extension RealFFT {
  /// In place of the samples their cyclic autocorrelation, times N.
  fileprivate mutating func correlateInPlace() {
    forwardInPlace()
    for k in 0..<binCount { spectrum[k] = Complex(spectrum[k].power, 0) }
    inverseInPlace()
  }
}

/// One frame at a time: its samples, then its correlation.
///
/// Raw memory: these are the loops over all samples of all frames; the pointers stay in this file and `LagInterpolator`.
struct PraatFrame: ~Copyable {
  private let layout: PraatCorrelation
  private var fft: RealFFT
  private let memory: UnsafeMutablePointer<Double>
  /// r at lag 0; lags of both signs may be asked for, from −`PraatCorrelation.depth` on.
  var r: UnsafePointer<Double> { UnsafePointer(memory + PraatCorrelation.depth) }

  init(_ layout: PraatCorrelation) {
    self.layout = layout
    fft = RealFFT(length: layout.fftLength)
    let count = layout.gains.count + 2 * PraatCorrelation.depth
    memory = .allocate(capacity: count)
    memory.initialize(repeating: 0, count: count)
  }

  deinit { memory.deallocate() }

  /// Takes the samples around the middle, less their mean, with the window on.
  /// - Parameter left: index of the sample to the left of the middle.
  /// - Returns: the peak near the middle.
  mutating func load(_ signal: [Double], left: Int) -> Double {
    signal.withUnsafeBufferPointer { signal in
      let near = max(0, left + 1 - layout.period)..<min(signal.count, left + 1 + layout.period)
      let mean = Self.sum(UnsafeBufferPointer(rebasing: signal[near])) / Double(near.count)
      let first = left + 1 - layout.reach
      let length = layout.window.count
      precondition(first >= 0 && first + length <= signal.count, "a frame beyond the recording")
      let samples = fft.samples
      layout.window.withUnsafeBufferPointer { window in
        for n in 0..<length { samples[n] = (signal[first + n] - mean) * window[n] }
      }
      (samples + length).update(repeating: 0, count: layout.fftLength - length)
      let middle = UnsafeBufferPointer(start: samples + (layout.reach - layout.peakReach), count: 2 * layout.peakReach)
      return Self.peak(middle)
    }
  }

  /// Turns the samples into r.
  /// - Returns: whether there is any; not for digital silence.
  mutating func correlate() -> Bool {
    fft.correlateInPlace()
    let energy = fft.samples[0]
    guard energy > 0 && energy.isFinite else { return false }
    let r = memory + PraatCorrelation.depth
    let samples = fft.samples
    let scale = 1 / energy
    layout.gains.withUnsafeBufferPointer { gains in
      for lag in 0..<gains.count { r[lag] = samples[lag] * scale * gains[lag] }
    }
    r[0] = 1
    for lag in 1..<PraatCorrelation.depth { r[-lag] = r[lag] }
    return true
  }

  // Four sums and four maxima at a time: the compiler may not reorder them by itself.

  private static func sum(_ values: UnsafeBufferPointer<Double>) -> Double {
    var four = SIMD4<Double>.zero
    var i = 0
    while i + 4 <= values.count {
      four += SIMD4(values[i], values[i + 1], values[i + 2], values[i + 3])
      i += 4
    }
    return values[i...].reduce(four.sum(), +)
  }

  private static func peak(_ values: UnsafeBufferPointer<Double>) -> Double {
    var four = SIMD4<Double>.zero
    var i = 0
    while i + 4 <= values.count {
      let next = SIMD4(values[i], values[i + 1], values[i + 2], values[i + 3])
      four = pointwiseMax(four, pointwiseMax(next, -next))
      i += 4
    }
    return values[i...].reduce(four.max()) { max($0, abs($1)) }
  }
}
