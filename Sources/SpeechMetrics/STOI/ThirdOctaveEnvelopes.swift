// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SpeechSignal

// What STOI and ESTOI share: both signals at 10 kHz, without the frames in which the reference is silent, as
// magnitudes in fifteen third-octave bands (Taal et al. 2011, section II, equation 1).
//
// The order of things, and every constant, is that of the authors' MATLAB code as pystoi 0.4.1 reproduces it, since
// published scores come from there:
//
// 1. To 10 kHz by Octave's resampler (``OctaveResampler``), also when the analysis rate is another one.
// 2. Frames of 256 samples every 128, under a Hann window of 258 weights without its two zeros. A frame is only taken
//    when at least one sample follows it, so the last whole one is left out.
// 3. A frame is silent when the reference's energy in it is 40 dB or more below its loudest frame. The others are put
//    together again by overlap-add, the same ones in both signals.
// 4. The joined signals are cut into frames as in step 2, again without the last, and transformed with 512 points.
// 5. The bands: centres at 150·2^(j/3) Hz, edges a sixth of an octave to either side, moved to the nearest bin; a bin on
//    an edge belongs to the upper band. The magnitude of a band is the root of its summed power.

/// A pair's speech as magnitudes in fifteen third-octave bands, frame by frame.
package struct ThirdOctaveEnvelopes: Sendable {
  /// One frame: bands 0 to 14 from low to high; the last lane is not used and zero.
  package typealias Frame = SIMD16<Double>

  /// The natural recording, shape `[frames]`.
  package let reference: [Frame]
  /// What the system made, shape `[frames]`.
  package let synthesis: [Frame]

  /// Hz.
  static let sampleRate = 10_000
  /// Samples in a frame.
  static let frameLength = 256
  /// Samples from frame to frame.
  static let hop = 128
  static let fftLength = 512
  static let bandCount = 15
  /// Centre of the lowest band, Hz.
  static let lowestCentre = 150.0
  /// Frames of the reference this far below its loudest are silent, dB.
  static let dynamicRange = 40.0
  /// N: frames over which intelligibility is judged at a time, 384 ms.
  package static let segmentLength = 30
  /// Keeps quotients of zeros finite, as in the reference code: 2⁻⁵².
  package static let epsilon = Double.ulpOfOne
  /// Bins of each band, from low to high.
  package static let bands = (0..<bandCount).map { band in
    let edges = [2 * band - 1, 2 * band + 1].map { sixths in
      Int((lowestCentre * pow(2, Double(sixths) / 6) * Double(fftLength) / Double(sampleRate)).rounded())
    }
    return edges[0]..<edges[1]
  }
  /// The shortest signal with a frame at 10 kHz: one sample follows it.
  static let minimumSeconds = Double(frameLength + 1) / Double(sampleRate)

  /// Analyses a pair in step.
  /// - Parameters:
  ///   - pair: both signals, equally long.
  ///   - longestPlain: samples up to which both are brought to 10 kHz at once; another than the usual number in tests only.
  /// - Throws: `noEnergy` for a signal that is zero throughout, `tooFewFrames` when too little speech is left.
  package init(_ pair: SynchronousPair, longestPlain: Int = Waveform.longestPlain) throws(UndefinedReason) {
    let (first, second) = (pair.referenceSound, pair.synthesisSound)
    guard !first.isConstant(0) else { throw .noEnergy(.reference) }
    guard !second.isConstant(0) else { throw .noEnergy(.synthesis) }
    let resample = OctaveResampler(from: pair.sampleRate, to: Self.sampleRate)
    // Two short signals go through at once; of long ones there is only one at 10 kHz at a time.
    let isLong = first.count > longestPlain
    var (ref, syn) = isLong ? (resample(first), []) : resample(first.samples, second.samples)
    let window = Array(Window.symmetricHann(Self.frameLength + 2)[1...Self.frameLength])
    let kept = Self.speechFrames(of: ref, window: window)
    // Joined, k frames are as long as k + 1 half frames, and the last whole frame is left out.
    let frameCount = max(0, kept.count - 1)
    guard frameCount >= Self.segmentLength else { throw .tooFewFrames(frameCount, minimum: Self.segmentLength) }
    var analysis = BandAnalysis(window: window)
    reference = analysis.frames(of: ref, starts: kept)
    if isLong {
      ref = []
      syn = resample(second)
    }
    synthesis = analysis.frames(of: syn, starts: kept)
  }

  /// Where the frames start in which the reference speaks. Samples.
  private static func speechFrames(of reference: [Double], window: [Double]) -> [Int] {
    let starts = stride(from: 0, to: reference.count - frameLength, by: hop)
    let levels = starts.map { start in
      var even = 0.0
      var odd = 0.0
      for i in stride(from: 0, to: frameLength, by: 2) {
        let (a, b) = (reference[start + i] * window[i], reference[start + i + 1] * window[i + 1])
        even += a * a
        odd += b * b
      }
      return 20 * log10((even + odd).squareRoot() + epsilon)
    }
    guard let loudest = levels.max() else { return [] }
    return zip(starts, levels).filter { loudest - dynamicRange - $0.1 < 0 }.map(\.0)
  }
}

/// Frames of speech to third-octave magnitudes: steps 4 and 5 and, on the way, the overlap-add of step 3.
private struct BandAnalysis: ~Copyable {
  private let window: [Double]
  private var transform = RealFFT(length: ThirdOctaveEnvelopes.fftLength)

  init(window: [Double]) {
    self.window = window
  }

  /// - Parameters:
  ///   - signal: at 10 kHz.
  ///   - starts: where the frames to be joined start, at least one. Samples.
  /// - Returns: one frame less than was joined.
  mutating func frames(of signal: [Double], starts: [Int]) -> [ThirdOctaveEnvelopes.Frame] {
    let (window, bands) = (window, ThirdOctaveEnvelopes.bands)
    let hop = ThirdOctaveEnvelopes.hop
    var power = [Double](repeating: 0, count: bands.last?.upperBound ?? 0)
    // Two half frames of the joined signal: the start of one piece over the end of the piece before it.
    var joined = [Double](repeating: 0, count: 2 * hop)
    for i in 0..<hop { joined[hop + i] = signal[starts[0] + i] * window[i] }
    var frames: [ThirdOctaveEnvelopes.Frame] = []
    frames.reserveCapacity(starts.count - 1)
    for (previous, next) in zip(starts, starts.dropFirst()) {
      for i in 0..<hop {
        joined[i] = joined[hop + i]
        joined[hop + i] = signal[previous + hop + i] * window[hop + i] + signal[next + i] * window[i]
      }
      var spectrum = power.mutableSpan
      transform.power(of: joined.span, window: window.span, into: &spectrum)
      var magnitudes = ThirdOctaveEnvelopes.Frame.zero
      for (band, bins) in bands.enumerated() {
        var sum = 0.0
        for bin in bins { sum += power[bin] }
        magnitudes[band] = sum
      }
      frames.append(magnitudes.squareRoot())
    }
    return frames
  }
}
