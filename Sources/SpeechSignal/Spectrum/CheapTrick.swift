// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Spectral envelope by CheapTrick: M. Morise, "CheapTrick, a spectral envelope estimator for high-quality speech synthesis",
/// Speech Communication 67 (2015), pp. 1–7; agrees with WORLD's implementation as pyworld 0.3.5 ships it.
///
/// Per frame: a Hann window of three periods of F0, of unit energy, at the frame's time, its mean taken out; the power
/// spectrum, mirrored about F0 below F0 ("DC correction"); a running mean over 2/3 F0; the logarithm; and, in the cepstrum,
/// smoothing over F0 (a sinc) and its partial undoing (1 − 2q₁ + 2q₁·cos), q₁ = −0.15.
/// Unvoiced frames are analysed as if F0 were 500 Hz.
///
/// Conventions: power of a waveform of full scale ±1, N/2 + 1 bins, N the least power of two above 3·fs/71 Hz (for the
/// default floor); logarithms are natural. A noise of 1e-12 lies under the waveform, and one of 2e-16 under the power (see
/// `XorshiftNoise`), so that silence has a finite logarithm.
///
/// Departures from WORLD, in the order of arithmetic only: two frames go through each complex transform, one in the real and
/// one in the imaginary part (scaled by powers of two to the same size, lest a loud frame's rounding drown a quiet one);
/// cosines come from recurrences; the logarithm is the result and power its exponential.
public struct CheapTrick: Sendable {
  /// Hz, of the recordings to come.
  public let sampleRate: Int
  /// N, samples per transform.
  public let fftLength: Int
  /// The weight of spectral recovery.
  public let q1: Double

  private static let unvoicedF0 = 500.0
  static let waveformNoise = 1e-12
  static let powerNoise = 2.2204460492503131e-16

  /// Bins from 0 Hz to half the sample rate.
  public var binCount: Int { fftLength / 2 + 1 }
  /// F0 at or below which a frame is taken for unvoiced: three periods would not fit into the transform, Hz.
  public var lowestF0: Double { 3 * Double(sampleRate) / (Double(fftLength) - 3) }

  /// - Parameters:
  ///   - sampleRate: Hz, 8000–96 000.
  ///   - floor: lowest F0, Hz, from which the transform's length follows.
  ///   - fftLength: overrides that length; a power of two of at least 128.
  ///   - q1: weight of spectral recovery.
  public init(sampleRate: Int, floor: Double = 71, fftLength: Int? = nil, q1: Double = -0.15) {
    precondition(Harvest.sampleRates.contains(sampleRate), "CheapTrick at \(sampleRate) Hz")
    precondition(floor > 0, "F0 from \(floor) Hz")
    let length = fftLength ?? 1 << (1 + Int(log2(3 * Double(sampleRate) / floor + 1)))
    precondition(length >= 128 && length.nonzeroBitCount == 1, "a transform of \(length) samples")
    self.sampleRate = sampleRate
    self.fftLength = length
    self.q1 = q1
  }

  /// The envelope at each frame of a track.
  /// - Parameters:
  ///   - waveform: at `sampleRate`, full scale ±1.
  ///   - track: F0 and times of the frames, ascending.
  /// - Throws: `wrongSampleRate`, `tooShort`.
  public func envelope(_ waveform: Waveform, _ track: F0Track) throws(AnalysisError) -> SpectralEnvelope {
    var logPower: [Double] = []
    logPower.reserveCapacity(track.f0.count * binCount)
    try forEachChunk(waveform, track) { logPower += $0 }
    return SpectralEnvelope(logPower: logPower, frameCount: track.f0.count, binCount: binCount)
  }

  /// Mel-cepstra of the envelope at each frame of a track, shape `[frames × (order + 1)]`; the envelope itself, which for an hour
  /// takes gigabytes, is never held as a whole.
  /// - Parameters:
  ///   - waveform: at `sampleRate`, full scale ±1.
  ///   - track: F0 and times of the frames, ascending.
  ///   - mel: the transform, for `binCount` bins.
  /// - Throws: `wrongSampleRate`, `tooShort`.
  public func melCepstra(
    _ waveform: Waveform, _ track: F0Track, _ mel: MelCepstrum
  ) throws(AnalysisError) -> [Double] {
    var cepstra: [Double] = []
    cepstra.reserveCapacity(track.f0.count * (mel.order + 1))
    try forEachChunk(waveform, track) {
      cepstra += mel.cepstra(logPower: Array($0), frameCount: $0.count / binCount)
    }
    return cepstra
  }

  private static let chunk = 64

  /// Calls `body` with the log spectra of some frames, shape `[some × binCount]`, in order: for what is made of each frame and
  /// is far smaller than its spectrum.
  /// - Throws: `wrongSampleRate`, `tooShort`.
  package func forEachChunk(
    _ waveform: Waveform, _ track: F0Track, _ body: (UnsafeBufferPointer<Double>) -> Void
  ) throws(AnalysisError) {
    guard waveform.sampleRate == sampleRate else {
      throw .wrongSampleRate(waveform.sampleRate, expected: sampleRate)
    }
    guard waveform.count > 0 else { throw .tooShort(samples: 0, minimum: 1) }
    var analysis = CheapTrickFrames(settings: self, noise: XorshiftNoise())
    func frame(_ i: Int) -> CheapTrickFrames.Frame {
      CheapTrickFrames.Frame(
        origin: Int((track.times[i] * Double(sampleRate) + 0.001).rounded(.toNearestOrAwayFromZero)),
        f0: track.f0[i] <= lowestF0 ? Self.unvoicedF0 : track.f0[i])
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.chunk * binCount) { memory in
      guard let out = memory.baseAddress else { return }
      out.initialize(repeating: 0, count: memory.count)
      for begin in stride(from: 0, to: track.f0.count, by: Self.chunk) {
        let end = min(track.f0.count, begin + Self.chunk)
        // What the chunk's windows reach, which are cut at the ends of the recording only.
        let reach = fftLength + 4
        let last = waveform.count - 1
        let part =
          max(0, min(last, frame(begin).origin - reach))..<min(last, max(0, frame(end - 1).origin + reach)) + 1
        waveform.withSamples(part) { samples in
          samples.withUnsafeBufferPointer { samples in
            func place(_ i: Int) -> CheapTrickFrames.Frame {
              let frame = frame(i)
              return .init(origin: frame.origin - part.lowerBound, f0: frame.f0)
            }
            for i in stride(from: begin, to: end, by: 2) {
              analysis.envelopes(
                samples, place(i), i + 1 < end ? place(i + 1) : nil, into: out + (i - begin) * binCount)
            }
          }
        }
        body(UnsafeBufferPointer(start: out, count: (end - begin) * binCount))
      }
    }
  }
}
