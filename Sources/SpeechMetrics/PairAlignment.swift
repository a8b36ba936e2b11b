// SPDX-License-Identifier: GPL-3.0-or-later
internal import SpeechSignal

/// How a pair was brought into step, and how far apart its halves were: stored with every pair.
public struct PairAlignment: Sendable, Equatable {
  /// The run's class.
  public let `class`: AlignmentClass
  /// How much later the synthesis is; 0 unless the class is `delay`. Seconds, a whole number of samples at the analysis rate.
  public let delaySeconds: Double
  /// Synthesis duration / reference duration.
  public let durationRatio: Double
  /// Mean absolute deviation of the DTW path from its own median shift over the loud frames, in seconds; 0 where the
  /// waveforms themselves match at one shift, nil where there is no speech.
  public let meanDeviation: Double?
  /// Whether no single shift brings the pair into step.
  public let isFreeRunning: Bool
  /// Samples at the analysis rate that one side has beyond the other after the shift, and that are left out.
  public let cutSamples: Int
  /// Active level of the synthesis minus the reference's, dB; nil where either holds no speech.
  public let levelDifferenceDb: Double?

  /// A pair counts as free-running when its path strays from one shift by more than this on average. Measured:
  /// vocoders and codecs 0–9 ms, free-running TTS 22–285 ms.
  public static let freeRunningDeviation = 0.015

  /// Envelopes and path may differ by this much before the path is believed, seconds.
  static let shiftDisagreement = 0.030

  /// An alignment as stored.
  public init(
    class: AlignmentClass, delaySeconds: Double, durationRatio: Double, meanDeviation: Double?, isFreeRunning: Bool,
    cutSamples: Int, levelDifferenceDb: Double?
  ) {
    self.class = `class`
    self.delaySeconds = delaySeconds
    self.durationRatio = durationRatio
    self.meanDeviation = meanDeviation
    self.isFreeRunning = isFreeRunning
    self.cutSamples = cutSamples
    self.levelDifferenceDb = levelDifferenceDb
  }

  /// Finds the alignment of a pair.
  init(_ reference: SignalAnalysis, _ synthesis: SignalAnalysis, analysisRate: Int, class alignment: AlignmentClass) {
    let ref = reference.waveform(at: analysisRate)
    let syn = synthesis.waveform(at: analysisRate)
    var lag = Delay.estimate(reference: ref, synthesis: syn)
    var deviation: Double? = 0
    if !Delay.waveformsMatch(reference: ref, synthesis: syn, lag: lag) {
      let path = WarpPath(reference.logMelFrames(at: analysisRate), synthesis.logMelFrames(at: analysisRate))
      deviation = path?.meanDeviation
      if let shift = path?.medianShift, abs(shift - Double(lag) / Double(analysisRate)) > Self.shiftDisagreement {
        // The path saw the whole course of both; a peak of the envelopes' correlation may be a word off.
        lag = Delay.estimate(reference: ref, synthesis: syn, near: shift)
      }
    }
    let freeRunning = deviation.map { $0 > Self.freeRunningDeviation } ?? false
    let delay = alignment == .delay && !freeRunning ? lag : 0
    let referenceCount = ref.samples.count - max(0, -delay)
    let synthesisCount = syn.samples.count - max(0, delay)
    let levels = (reference.activeLevel(at: analysisRate), synthesis.activeLevel(at: analysisRate))
    self.init(
      class: alignment, delaySeconds: Double(delay) / Double(analysisRate), durationRatio: syn.seconds / ref.seconds,
      meanDeviation: deviation, isFreeRunning: freeRunning, cutSamples: abs(referenceCount - synthesisCount),
      levelDifferenceDb: levels.0.flatMap { ref in levels.1.map { $0.decibels - ref.decibels } })
  }
}
