// SPDX-License-Identifier: GPL-3.0-or-later
internal import SpeechSignal

/// How a pair was brought into step, and how far apart its halves were: stored with every pair.
public struct PairAlignment: Sendable, Equatable {
  /// The run's class.
  public let `class`: AlignmentClass
  /// How much later the synthesis is, seconds: under `delay` a whole number of samples at the analysis rate, under `warp`
  /// the median over the path, under `none` 0.
  public let delaySeconds: Double
  /// Synthesis duration / reference duration.
  public let durationRatio: Double
  /// How far the two stray from one shift, on average, seconds; nil where there is no speech. Under `warp` it is what the
  /// synthesis was warped by, else ``PairTiming``'s.
  public let meanDeviation: Double?
  /// Whether no single shift brings the pair into step.
  public let isFreeRunning: Bool
  /// Samples at the analysis rate that one side has beyond the other after the shift, and that are left out.
  public let cutSamples: Int
  /// Speech in what is left out, seconds: of either side, beyond the other's end or start. Metrics that need the two in step
  /// do not hear it. Nil where it was not looked at or there is no speech; 0 in a run that
  /// warps, which leaves nothing out.
  public let cutSpeechSeconds: Double?
  /// Active level of the synthesis minus the reference's, dB; nil where either holds no speech.
  public let levelDifferenceDb: Double?
  /// How the path of a run that warps was searched for; nil without a path.
  public let pathSearch: PathSearch?

  /// How ``DynamicTimeWarping`` searched for a path.
  public enum PathSearch: String, Sendable {
    /// Among all there are.
    case whole
    /// In a band around a coarser one, whose edge it does not touch.
    case band
    /// In a band whose edge it touches: there may be a cheaper one outside.
    case edge
  }

  /// An alignment as stored.
  public init(
    class: AlignmentClass, delaySeconds: Double, durationRatio: Double, meanDeviation: Double?, isFreeRunning: Bool,
    cutSamples: Int, cutSpeechSeconds: Double? = nil, levelDifferenceDb: Double?, pathSearch: PathSearch? = nil
  ) {
    self.class = `class`
    self.delaySeconds = delaySeconds
    self.durationRatio = durationRatio
    self.meanDeviation = meanDeviation
    self.isFreeRunning = isFreeRunning
    self.cutSamples = cutSamples
    self.cutSpeechSeconds = cutSpeechSeconds
    self.levelDifferenceDb = levelDifferenceDb
    self.pathSearch = pathSearch
  }

  /// The alignment of a pair whose timing is known.
  /// - Parameter warp: the path of the pair, in a run that warps and where there is one.
  init(
    _ reference: SignalAnalysis, _ synthesis: SignalAnalysis, analysisRate: Int, class alignment: AlignmentClass,
    timing: PairTiming, warp: PairWarp?
  ) {
    let ref = reference.waveform(at: analysisRate)
    let syn = synthesis.waveform(at: analysisRate)
    let delay = alignment == .delay && !timing.isFreeRunning ? timing.lag : 0
    let referenceCount = ref.count - max(0, -delay)
    let synthesisCount = syn.count - max(0, delay)
    let levels = (reference.activeLevel(at: analysisRate), synthesis.activeLevel(at: analysisRate))
    self.init(
      class: alignment, delaySeconds: warp?.map.medianShift ?? Double(delay) / Double(analysisRate),
      durationRatio: syn.seconds / ref.seconds,
      meanDeviation: alignment == .warp ? warp?.map.meanAbsoluteWarp : timing.meanDeviation,
      isFreeRunning: timing.isFreeRunning,
      cutSamples: alignment == .warp ? 0 : abs(referenceCount - synthesisCount),
      cutSpeechSeconds: alignment == .warp ? 0 : Self.cutSpeech(reference, synthesis, analysisRate, delay: delay),
      levelDifferenceDb: levels.0.flatMap { ref in levels.1.map { $0.decibels - ref.decibels } },
      pathSearch: warp?.search)
  }

  /// Seconds of the two speech extents that lie outside of the stretch that both recordings have.
  private static func cutSpeech(
    _ reference: SignalAnalysis, _ synthesis: SignalAnalysis, _ rate: Int, delay: Int
  ) -> Double? {
    guard let ref = reference.speechExtent(at: rate), let syn = synthesis.speechExtent(at: rate) else { return nil }
    // An extent is wider than the speech by its margin.
    let margin = Int((SpeechExtent.marginSeconds * Double(rate)).rounded())
    func outside(_ extent: Range<Int>, _ other: Range<Int>) -> Int {
      max(0, extent.count - extent.clamped(to: other).count - margin)
    }
    let referenceFile = delay..<reference.waveform(at: rate).count + delay
    let synthesisFile = -delay..<synthesis.waveform(at: rate).count - delay
    let samples = outside(ref.samples, synthesisFile) + outside(syn.samples, referenceFile)
    return Double(samples) / Double(rate)
  }
}
