// SPDX-License-Identifier: GPL-3.0-or-later
internal import SpeechSignal

/// Whether and by which shift two recordings run in step, whatever the class of the run.
///
/// Envelopes give a shift, which the waveforms refine. Where the waveforms then match, all is said; else the path through the log-mel
/// frames of the two speech extents tells how far the two stray from one shift. Log-mel frames and not mel-cepstra also
/// where metrics need those: a pair is the same pair whatever metrics are asked for.
public struct PairTiming: Sendable, Equatable {
  /// How much later the synthesis is, samples at the analysis rate.
  let lag: Int
  /// Mean absolute deviation of the path from its own median shift over the loud frames, in seconds; 0 where the waveforms
  /// match at one shift, nil where there is no speech.
  let meanDeviation: Double?

  /// A pair counts as free-running when its path strays from one shift by more than this on average, seconds. Measured:
  /// codecs and vocoders 0–4.1 ms (239 pairs), free-running TTS 10–419 ms (117 pairs, all but one beyond 18 ms). To stray by
  /// 5 ms costs .04 of STOI, by 10 ms .13.
  public static let freeRunningDeviation = 0.007

  /// Envelopes and path may differ by this much before the path is believed, seconds.
  static let shiftDisagreement = 0.030

  /// Whether no single shift brings the pair into step.
  public var isFreeRunning: Bool { meanDeviation.map { $0 > Self.freeRunningDeviation } ?? false }

  /// Finds the timing of a pair.
  /// - Parameters:
  ///   - analysisRate: Hz.
  ///   - sideBySide: whether a second thread may be used.
  public init(
    _ reference: SignalAnalysis, _ synthesis: SignalAnalysis, analysisRate: Int,
    sideBySide: SideBySide = SideBySide(false)
  ) {
    let ref = reference.waveform(at: analysisRate)
    let syn = synthesis.waveform(at: analysisRate)
    let lag = Delay.estimate(reference: ref, synthesis: syn) {
      // Those of the synthesis, 80 kB a second, nobody needs again.
      var late: BandEnvelopes?
      sideBySide({ _ = reference.bandEnvelopes(at: analysisRate) }, { late = BandEnvelopes(syn) })
      return (reference.bandEnvelopes(at: analysisRate), late ?? BandEnvelopes(syn))
    }
    guard !Delay.waveformsMatch(reference: ref, synthesis: syn, lag: lag) else {
      (self.lag, meanDeviation) = (lag, 0)
      return
    }
    sideBySide({ _ = reference.logMelFrames(at: analysisRate) }, { _ = synthesis.logMelFrames(at: analysisRate) })
    let path = WarpPath(reference.logMelFrames(at: analysisRate), synthesis.logMelFrames(at: analysisRate))
    meanDeviation = path?.meanDeviation
    if let shift = path?.medianShift, abs(shift - Double(lag) / Double(analysisRate)) > Self.shiftDisagreement {
      // The path saw the whole course of both; a peak of the envelopes' correlation may be a word off.
      self.lag = Delay.estimate(reference: ref, synthesis: syn, near: shift)
    } else {
      self.lag = lag
    }
  }
}
