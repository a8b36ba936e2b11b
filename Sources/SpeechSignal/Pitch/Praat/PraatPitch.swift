// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Fundamental frequency from the autocorrelation: P. Boersma, "Accurate short-term analysis of the fundamental frequency
/// and the harmonics-to-noise ratio of a sampled sound", IFA Proceedings 17 (1993), pp. 97–110; what Praat 6.1 calls
/// `To Pitch (ac)`, as parselmouth 0.4.7 ships it.
///
/// Per frame (`PraatCorrelation`, `PraatCandidates`): three periods of the floor, less their mean, under a Hann window a; the
/// autocorrelation of that, divided by the window's own, is the estimate r(τ) ≈ r_a(τ)/r_w(τ) of the sound's, in which
/// the window no longer pulls peaks towards zero. Its maxima, found between the samples by a windowed sin x/x
/// (`LagInterpolator`), are the candidates F = 1/τ; being unvoiced is one more. Their strengths are
///
///     voiced      R = r(τ) − OctaveCost · log₂(Ceiling · τ)
///     unvoiced    R = VoicingThreshold + max(0, 2 − (local peak / global peak) · (1 + VoicingThreshold) / SilenceThreshold)
///
/// Over the frames (`PraatPath`) the path is taken that has the most strength less the cost of its transitions: OctaveJumpCost an
/// octave between two voiced frames, VoicedUnvoicedCost from voiced to unvoiced and back, both × 10 ms / frame period.
///
/// Conventions: the frames are laid so that they and the recording have one middle, and only where three periods of the floor
/// fit: the first is later than at 0. 0 Hz is "unvoiced". Praat's default costs and thresholds, not "very accurate".
///
/// What the paper leaves open, or Praat does otherwise, was found by feeding Praat sounds and looking at its candidates:
/// - the sound is not up-sampled; maxima are looked for at whole lags from 2 to the floor's period and one, above
///   VoicingThreshold/2, and refined between their neighbours by Brent's steps, on the sum over 70 samples to either side (fewer
///   at the end of r);
/// - the mean of a frame is that of one period of the floor to either side, its peak that of half a period to either side, with the
///   window on; the global peak is taken without the mean of the recording;
/// - a strength above 1 becomes its inverse;
/// - no more than 14 candidates a frame are kept, or as many as periods of the ceiling fit into that of the floor, less one;
///   those of 1/τ above the ceiling compete for the places, and are "unvoiced" to the path; those a little below the floor are
///   voiced;
/// - the octave cost counts from the ceiling in the path, where the paper has the floor.
///
/// Departures: in the order of arithmetic, so that F0 agrees to some 1e-7, the precision to which a flat maximum can be found.
/// Candidates that cannot be in the path are not made. Recordings of any level are analysed: Praat's squares underflow.
/// The value holds tables for its sample rate and is worth keeping for the next recording.
public struct PraatPitch: Sendable {
  /// Hz, of the recordings to come.
  public let sampleRate: Int
  /// F0 whose period is the longest to be found, Hz.
  public let floor: Double
  /// Highest F0 to be found, Hz.
  public let ceiling: Double
  /// Seconds from frame to frame.
  public let framePeriod: Double

  private let correlation: PraatCorrelation
  private let candidates: PraatCandidates

  /// Rates that were compared with Praat's results, Hz.
  public static let sampleRates = 8000...96_000
  private static let silenceThreshold = 0.03
  static let voicingThreshold = 0.45
  private static let octaveJumpCost = 0.35
  private static let voicedUnvoicedCost = 0.14
  /// Frame period for which the costs of transitions hold, seconds.
  private static let costPeriod = 0.01

  /// - Parameters:
  ///   - sampleRate: Hz, 8000–96 000.
  ///   - floor: lowest F0, Hz, at least 20; a third of the window.
  ///   - ceiling: highest F0, Hz, above `floor` and at most 1500.
  ///   - framePeriod: seconds from frame to frame.
  public init(sampleRate: Int, floor: Double = 71, ceiling: Double = 800, framePeriod: Double = 0.005) {
    precondition(Self.sampleRates.contains(sampleRate), "Praat's pitch at \(sampleRate) Hz")
    precondition(floor >= 20 && ceiling > floor && ceiling <= 1500, "F0 from \(floor) to \(ceiling) Hz")
    precondition(framePeriod > 0, "a frame period of \(framePeriod) s")
    self.sampleRate = sampleRate
    self.floor = floor
    self.ceiling = ceiling
    self.framePeriod = framePeriod
    correlation = PraatCorrelation(sampleRate: sampleRate, floor: floor)
    candidates = PraatCandidates(sampleRate: sampleRate, floor: floor, ceiling: ceiling, correlation: correlation)
  }

  /// The F0 contour of a recording.
  /// - Parameter waveform: at `sampleRate`; its level and mean do not matter.
  /// - Throws: `wrongSampleRate`, `tooShort`.
  public func track(_ waveform: Waveform) throws(AnalysisError) -> F0Track {
    guard waveform.sampleRate == sampleRate else {
      throw .wrongSampleRate(waveform.sampleRate, expected: sampleRate)
    }
    let times = times(samples: waveform.count)
    guard !times.isEmpty else {
      let shortest = Int((3 / floor * Double(sampleRate)).rounded(.up))
      throw .tooShort(samples: waveform.count, minimum: shortest)
    }
    let peak = Self.peak(waveform.samples)
    guard peak > 0 && peak.isFinite else { return F0Track(times: times, f0: times.map { _ in 0 }) }
    // A power of two brings the peak to about 1 and rounds nothing.
    let scale = scalbn(1, min(1000, -peak.exponent))
    return F0Track(times: times, f0: contour(waveform.samples.map { $0 * scale }, times: times, peak: peak * scale))
  }

  /// Middles of the frames. In Praat's order of arithmetic: frames are often half-way between two samples to the last bit.
  private func times(samples count: Int) -> [Double] {
    let duration = Double(count) * (1 / Double(sampleRate))
    let frames = Int(((duration - 3 / floor) / framePeriod).rounded(.down)) + 1
    guard frames > 0 else { return [] }
    let first = 0.5 * duration - 0.5 * Double(frames) * framePeriod + 0.5 * framePeriod
    return (0..<frames).map { first + Double($0) * framePeriod }
  }

  /// Largest distance from the mean; 0 for a constant, to the last bit, and not finite if a sample is not.
  private static func peak(_ samples: [Double]) -> Double {
    let first = samples[0]
    let mean = first + samples.reduce(0) { $0 + ($1 - first) } / Double(samples.count)
    guard mean.isFinite else { return .infinity }
    return samples.reduce(0) { max($0, abs($1 - mean)) }
  }

  private func contour(_ signal: [Double], times: [Double], peak: Double) -> [Double] {
    let correction = Self.costPeriod / framePeriod
    let voicingCost = Self.voicedUnvoicedCost * correction
    var path = PraatPath(octaveJumpCost: Self.octaveJumpCost * correction, voicingCost: voicingCost)
    var frame = PraatFrame(correlation)
    for time in times {
      let localPeak = frame.load(signal, left: correlation.sampleLeft(of: time))
      let silence = (1 + Self.voicingThreshold) / Self.silenceThreshold
      let unvoiced = Self.voicingThreshold + max(0, 2 - localPeak / peak * silence)
      // A voiced candidate has at most 1, and a path that leaves it out pays at most two changes of voicing more.
      let hasChance = unvoiced - 2 * voicingCost < 1
      path.append(unvoiced: unvoiced, voiced: hasChance && frame.correlate() ? candidates.find(in: frame) : [])
    }
    return path.contour()
  }
}
