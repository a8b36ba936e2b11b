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
///
/// Long recordings are correlated in blocks (``LongCorrelation``): memory grows by 80 kB for a second of the pair.
public enum Delay {
  /// Frames of both recordings together up to which they are correlated by one transform: 8.7 minutes.
  package static let longestWhole = 1 << 20
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
    estimate(reference: reference, synthesis: synthesis, envelopes: nil)
  }

  /// The same, of recordings whose envelopes others may have, too.
  /// - Parameters:
  ///   - reference: the natural recording.
  ///   - synthesis: what the system made, at the same rate.
  ///   - longestWhole: another limit than the usual one, in tests only.
  ///   - envelopes: gives those of both; not called for long recordings, whose envelopes are packed.
  package static func estimate(
    reference: Waveform, synthesis: Waveform, longestWhole: Int = longestWhole,
    envelopes: (() -> (BandEnvelopes, BandEnvelopes))? = nil
  ) -> Int {
    precondition(reference.sampleRate == synthesis.sampleRate, "a delay is found at one rate")
    let frames = [reference, synthesis].map(BandEnvelopes.count)
    let crude: Int?
    if frames[0] + frames[1] > longestWhole {
      crude = LongCorrelation(PackedEnvelopes(reference).bands, PackedEnvelopes(synthesis).bands).bestLag()
    } else {
      let envelopes = envelopes?() ?? (BandEnvelopes(reference), BandEnvelopes(synthesis))
      crude = crudeLag(envelopes.0.bands, envelopes.1.bands)
    }
    guard let crude else { return 0 }
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
    let wide = greatest(reference, synthesis, around: centre, within: Int(refinement * rate))
    let energies = [reference, synthesis].map { LagProducts($0, $0, lags: 0...0).values[0] }
    if wide.product / (energies[0] * energies[1]).squareRoot() >= credibleCorrelation { return wide.lag }
    return greatest(reference, synthesis, around: centre, within: Int((envelopeHop * rate).rounded(.up))).lag
  }

  /// Whether the waveforms themselves run in step at a lag: of the quarter-second blocks in which the reference is loud
  /// (within 10 dB of its loudest), nine in ten correlate with the synthesis by at least 0.5 in magnitude. Codecs, filters
  /// and additive noise as loud as the speech leave that be; a vocoder's scrambled phase does not, nor does a second take.
  /// - Parameters:
  ///   - reference: the natural recording.
  ///   - synthesis: what the system made, at the same rate.
  ///   - lag: how many samples later the synthesis is.
  public static func waveformsMatch(reference: Waveform, synthesis: Waveform, lag: Int) -> Bool {
    let block = max(1, Int(blockSeconds * Double(reference.sampleRate)))
    var blocks: [(energy: Double, correlation: Double)] = []
    for begin in stride(from: 0, to: reference.count, by: block) {
      let part = begin..<min(begin + block, reference.count)
      let (low, high) = (part.lowerBound + lag, part.upperBound + lag)
      reference.withSamples(part) { a in
        let energy = dotProduct(a, a)
        // A block that the synthesis does not reach counts as one that does not match.
        guard low >= 0, high <= synthesis.count else { return blocks.append((energy, 0)) }
        synthesis.withSamples(low..<high) { b in
          let scale = (energy * dotProduct(b, b)).squareRoot()
          blocks.append((energy, scale > 0 ? abs(dotProduct(a, b)) / scale : 0))
        }
      }
    }
    let floor = (blocks.map(\.energy).max() ?? 0) * pow(10, -blockRangeDecibels / 10)
    let loud = blocks.filter { $0.energy >= floor && $0.energy > 0 }
    return !loud.isEmpty
      && Double(loud.count { $0.correlation >= credibleCorrelation }) >= blockShare * Double(loud.count)
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

  /// The lag around `centre` at which the sum of the waveforms' products is greatest in magnitude, the one nearest the centre among
  /// equals, and that magnitude.
  private static func greatest(
    _ x: Waveform, _ y: Waveform, around centre: Int, within reach: Int
  ) -> (lag: Int, product: Double) {
    let products = LagProducts(x, y, lags: centre - reach...centre + reach).values
    var best = (lag: centre, product: 0.0)
    for offset in 0...reach {
      for lag in offset == 0 ? [centre] : [centre - offset, centre + offset] {
        let value = abs(products[lag - centre + reach])
        if value > best.product { best = (lag, value) }
      }
    }
    return best
  }
}
