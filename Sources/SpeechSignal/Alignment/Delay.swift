// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// One shift between two recordings of the same utterance.
///
/// Neural vocoders scramble phase until the waveforms correlate by only 0.15–0.3, so the shift is found on envelopes
/// first and refined on the waveforms after:
/// 1. log energies in five mel bands, in 4 ms windows every 0.5 ms (short enough to show each glottal pulse, which
///    vocoders keep), each band's mean taken off, are cross-correlated over all shifts, the bands' correlations added; the
///    peak is the crude delay;
/// 2. within ±4 ms of it, the lag at which the waveforms' correlation is greatest in magnitude (the sign is left free: a
///    system may invert polarity) is the delay to the sample, if the coefficient there reaches 0.5;
/// 3. else the waveforms say little, a peak is as likely a pitch period off, and only lags within ±0.5 ms, the hop of
///    the envelopes, are looked at.
public enum Delay {
  static let envelopeHop = 0.0005
  static let envelopeWindow = 0.004
  static let refinement = 0.004
  static let bandCount = 5
  static let credibleCorrelation = 0.5
  static let blockSeconds = 0.25
  static let blockRangeDecibels = 10.0
  static let blockShare = 0.9
  static let floorDecibels = 50.0

  /// How many samples later the synthesis is; 0 when either recording is constant.
  /// - Parameters:
  ///   - reference: the natural recording.
  ///   - synthesis: what the system made, at the same rate.
  public static func estimate(reference: Waveform, synthesis: Waveform) -> Int {
    precondition(reference.sampleRate == synthesis.sampleRate, "a delay is found at one rate")
    guard let crude = crudeLag(envelopes(reference), envelopes(synthesis)) else { return 0 }
    return estimate(reference: reference, synthesis: synthesis, near: Double(crude) * envelopeHop)
  }

  /// The same, where the delay is known to a few milliseconds.
  /// - Parameters:
  ///   - reference: the natural recording.
  ///   - synthesis: what the system made, at the same rate.
  ///   - seconds: how much later the synthesis is, about.
  public static func estimate(reference: Waveform, synthesis: Waveform, near seconds: Double) -> Int {
    let rate = Double(reference.sampleRate)
    let centre = Int((seconds * rate).rounded())
    let (x, y) = (reference.samples, synthesis.samples)
    let wide = refined(x, y, around: centre, within: Int(refinement * rate))
    if wide.correlation >= credibleCorrelation { return wide.lag }
    return refined(x, y, around: centre, within: Int((envelopeHop * rate).rounded(.up))).lag
  }

  /// Whether the waveforms themselves run in step at a lag: of the quarter-second blocks in which the reference is loud
  /// (within 10 dB of its loudest), nine in ten correlate with the synthesis by at least 0.5 in magnitude. Codecs, filters
  /// and additive noise as loud as the speech leave that be; a vocoder's scrambled phase does not, nor does a second take.
  /// - Parameters:
  ///   - reference: the natural recording.
  ///   - synthesis: what the system made, at the same rate.
  ///   - lag: how many samples later the synthesis is.
  public static func waveformsMatch(reference: Waveform, synthesis: Waveform, lag: Int) -> Bool {
    let (x, y) = (reference.samples.span, synthesis.samples.span)
    let block = max(1, Int(blockSeconds * Double(reference.sampleRate)))
    var blocks: [(energy: Double, correlation: Double)] = []
    for begin in stride(from: 0, to: x.count, by: block) {
      let a = x.extracting(begin..<min(begin + block, x.count))
      let (low, high) = (begin + lag, begin + lag + a.count)
      let energy = dotProduct(a, a)
      // A block that the synthesis does not reach counts as one that does not match.
      guard low >= 0, high <= y.count else {
        blocks.append((energy, 0))
        continue
      }
      let b = y.extracting(low..<high)
      let scale = (energy * dotProduct(b, b)).squareRoot()
      blocks.append((energy, scale > 0 ? abs(dotProduct(a, b)) / scale : 0))
    }
    let floor = (blocks.map(\.energy).max() ?? 0) * pow(10, -blockRangeDecibels / 10)
    let loud = blocks.filter { $0.energy >= floor && $0.energy > 0 }
    return !loud.isEmpty
      && Double(loud.count { $0.correlation >= credibleCorrelation }) >= blockShare * Double(loud.count)
  }

  /// Band envelopes, shape `[band][frame]`, each of mean 0.
  private static func envelopes(_ waveform: Waveform) -> [[Double]] {
    let rate = Double(waveform.sampleRate)
    let x = waveform.samples
    let length = Int((envelopeWindow * rate).rounded())
    var fftLength = 1
    while fftLength < length { fftLength *= 2 }
    var fft = RealFFT(length: fftLength)
    let window = Window.hann(length)
    let bank = MelFilterBank(
      sampleRate: waveform.sampleRate, fftLength: fftLength, bandCount: bandCount, low: 100,
      high: min(7000, 0.475 * rate))
    let count = Int(Double(x.count) / (envelopeHop * rate))
    var bands = [[Double]](repeating: [Double](repeating: 0, count: count), count: bandCount)
    var power = [Double](repeating: 0, count: fft.binCount)
    var frameBands = [Double](repeating: 0, count: bandCount)
    for frame in 0..<count {
      let begin = Int((Double(frame) * envelopeHop * rate).rounded())
      let samples = x.span.extracting(begin..<min(begin + length, x.count))
      var spectrum = power.mutableSpan
      fft.power(of: samples, window: window.span.extracting(first: samples.count), into: &spectrum)
      var output = frameBands.mutableSpan
      bank.apply(power.span, into: &output)
      for band in 0..<bandCount { bands[band][frame] = frameBands[band] }
    }
    let loudest = bands.lazy.compactMap { $0.max() }.max() ?? 0
    guard loudest > 0 else { return bands }
    let floor = loudest * pow(10, -floorDecibels / 10)
    return bands.map { band in
      let logs = band.map { log(max($0, floor)) }
      let mean = logs.reduce(0, +) / Double(max(1, logs.count))
      return logs.map { $0 - mean }
    }
  }

  /// The lag, in frames, at which the summed correlation of the bands is greatest; nil when nothing correlates.
  private static func crudeLag(_ reference: [[Double]], _ synthesis: [[Double]]) -> Int? {
    let counts = (reference[0].count, synthesis[0].count)
    var length = 1
    while length < counts.0 + counts.1 { length *= 2 }
    var fft = RealFFT(length: length)
    var sum = [Complex](repeating: Complex(0, 0), count: fft.binCount)
    var first = sum
    var second = sum
    for (x, y) in zip(reference, synthesis) {
      var a = first.mutableSpan
      fft.forward(x.span, into: &a)
      var b = second.mutableSpan
      fft.forward(y.span, into: &b)
      for k in sum.indices {
        // conj(A)·B: the correlation of the reference with the synthesis, lag = how much later the synthesis is.
        sum[k].re += first[k].re * second[k].re + first[k].im * second[k].im
        sum[k].im += first[k].re * second[k].im - first[k].im * second[k].re
      }
    }
    var correlation = [Double](repeating: 0, count: length)
    var output = correlation.mutableSpan
    fft.inverse(sum.span, into: &output)
    var best: (lag: Int, value: Double)?
    for lag in -max(0, counts.0 - 1)...max(0, counts.1 - 1) {
      let value = correlation[lag < 0 ? lag + length : lag]
      if value > 0, value > best?.value ?? 0 { best = (lag, value) }
    }
    return best?.lag
  }

  /// The lag around `centre` at which the waveforms correlate most, the one nearest the centre among equals, and the
  /// magnitude of their correlation coefficient there.
  private static func refined(
    _ x: [Double], _ y: [Double], around centre: Int, within reach: Int
  ) -> (lag: Int, correlation: Double) {
    var best = (lag: centre, value: 0.0)
    for offset in 0...reach {
      for lag in offset == 0 ? [centre] : [centre - offset, centre + offset] {
        let value = abs(product(x, y, lag))
        if value > best.value { best = (lag, value) }
      }
    }
    let energies = (product(x, x, 0), product(y, y, 0))
    return (best.lag, best.value / (energies.0 * energies.1).squareRoot())
  }

  /// Σ x[n]·y[n + lag] over the samples both have.
  private static func product(_ x: [Double], _ y: [Double], _ lag: Int) -> Double {
    let begin = max(0, -lag)
    let end = min(x.count, y.count - lag)
    guard begin < end else { return 0 }
    return dotProduct(x.span.extracting(begin..<end), y.span.extracting(begin + lag..<end + lag))
  }
}
