// SPDX-License-Identifier: GPL-3.0-or-later
package import SpeechSignal

/// Two recordings of one utterance and what metrics share of them, each computed at most once.
///
/// An instance belongs to one task; the reference's half is reused across systems.
public final class PairAnalysis {
  /// The natural recording.
  public let reference: SignalAnalysis
  /// What the system made.
  public let synthesis: SignalAnalysis
  /// The run's one rate for metrics that have none of their own. Hz.
  public let analysisRate: Int
  /// How the two were brought into step.
  public let alignment: PairAlignment
  /// Factor on the synthesis, 1 unless levels are matched.
  private let gain: Double
  private let silence: SilencePolicy
  private let sideBySide: SideBySide
  /// The two recordings' time, in a run that warps.
  private let warp: Result<PairWarp, UndefinedReason>?
  private var synchronous: [Int: SynchronousPair] = [:]
  private var pesqResults: [PESQ.Mode: Result<PESQResult, PESQError>] = [:]
  private var envelopes: Result<ThirdOctaveEnvelopes, UndefinedReason>?
  private var pairedFrames: Result<FramePairs, UndefinedReason>?
  private var comparedF0: [F0Method: Result<F0Comparison, UndefinedReason>] = [:]

  /// Analyses a pair, finding the alignment at once: every metric's outcome depends on it.
  /// - Parameters:
  ///   - reference: the natural recording.
  ///   - synthesis: what the system made.
  ///   - analysisRate: Hz.
  ///   - alignment: the run's class.
  ///   - timing: the pair's, where it is known already.
  ///   - matchesLevel: whether the synthesis is brought to the reference's active level.
  ///   - silence: what frame-wise metrics look at.
  ///   - sideBySide: whether a second thread may be used.
  /// - Precondition: a run that warps has an analysis rate of `Harvest.sampleRates`.
  public init(
    reference: SignalAnalysis, synthesis: SignalAnalysis, analysisRate: Int, alignment: AlignmentClass,
    timing: PairTiming? = nil, matchesLevel: Bool = false, silence: SilencePolicy = .trim,
    sideBySide: SideBySide = SideBySide(false)
  ) {
    self.reference = reference
    self.synthesis = synthesis
    self.analysisRate = analysisRate
    self.silence = silence
    // What a long recording takes while it is analysed is better not there twice.
    let isLong = max(reference.source.count, synthesis.source.count) > Waveform.longestPlain
    let sideBySide = isLong ? SideBySide(false) : sideBySide
    self.sideBySide = sideBySide
    if alignment == .warp {
      warp = Result { () throws(UndefinedReason) in
        try PairWarp(reference, synthesis, analysisRate: analysisRate, silence: silence, sideBySide: sideBySide)
      }
    } else {
      warp = nil
    }
    self.alignment = PairAlignment(
      reference, synthesis, analysisRate: analysisRate, class: alignment,
      timing: timing ?? PairTiming(reference, synthesis, analysisRate: analysisRate, sideBySide: sideBySide),
      warp: try? warp?.get())
    gain = matchesLevel ? self.alignment.levelDifferenceDb.map { decibelsToAmplitude(-$0) } ?? 1 : 1
  }

  /// The two signals at a rate as they are, each of its own length.
  public func whole(at sampleRate: Int) -> SynchronousPair {
    SynchronousPair(
      reference: reference.waveform(at: sampleRate), synthesis: synthesis.waveform(at: sampleRate).scaled(by: gain))
  }

  /// The two signals at a rate in step: shifted by the pair's delay and cut to the shorter, or the synthesis warped onto the
  /// reference's time.
  /// - Throws: `freeRunning` when no single shift brings the pair into step and the run's class is `delay`; under `warp` why
  ///   there is no path.
  public func inStep(at sampleRate: Int) throws(UndefinedReason) -> SynchronousPair {
    if let known = synchronous[sampleRate] { return known }
    let pair = try makeInStep(at: sampleRate)
    synchronous[sampleRate] = pair
    return pair
  }

  private func makeInStep(at sampleRate: Int) throws(UndefinedReason) -> SynchronousPair {
    if let warp {
      let ref = reference.waveform(at: sampleRate)
      let warped = WSOLA(synthesis.waveform(at: sampleRate)).warped(by: try warp.get().map, count: ref.count)
      return SynchronousPair(reference: ref, synthesis: warped.scaled(by: gain))
    }
    let shift = try shift(at: sampleRate)
    let (ref, syn) = (reference.waveform(at: sampleRate), synthesis.waveform(at: sampleRate))
    let (early, late) = (min(ref.count, max(0, -shift)), min(syn.count, max(0, shift)))
    let count = min(ref.count - early, syn.count - late)
    return SynchronousPair(
      reference: ref[early..<early + count], synthesis: syn[late..<late + count].scaled(by: gain))
  }

  /// Samples at a rate by which the synthesis is late.
  /// - Throws: as `inStep(at:)`.
  private func shift(at sampleRate: Int) throws(UndefinedReason) -> Int {
    try checkInStep()
    return Int((alignment.delaySeconds * Double(sampleRate)).rounded())
  }

  /// Refuses a pair that is not in step: free-running in a run that relies on one shift, or without a path in one that warps.
  func checkInStep() throws(UndefinedReason) {
    if alignment.isFreeRunning, alignment.class == .delay { throw .freeRunning }
    _ = try warp?.get()
  }

  /// The vocoder's frames of the two in step at the analysis rate, which MCD and the F0 metrics share.
  /// - Precondition: the analysis rate is one of `Harvest.sampleRates`.
  package var framePairs: FramePairs {
    get throws(UndefinedReason) {
      if let pairedFrames { return try pairedFrames.get() }
      let made = Result { () throws(UndefinedReason) in try pairFrames() }
      pairedFrames = made
      return try made.get()
    }
  }

  private func pairFrames() throws(UndefinedReason) -> FramePairs {
    if let warp {
      return FramePairs(
        reference: reference.vocoderAnalysis(at: analysisRate), synthesis: synthesis.vocoderAnalysis(at: analysisRate),
        steps: try warp.get().steps, sideBySide: sideBySide)
    }
    let shift = try shift(at: analysisRate)
    guard let extent = reference.speechExtent(at: analysisRate) else { throw .noActiveSpeech(.reference) }
    guard synthesis.speechExtent(at: analysisRate) != nil else { throw .noActiveSpeech(.synthesis) }
    let placement = FramePairs.Placement(shift: shift, sampleRate: analysisRate)
    let synthesised: VocoderAnalysis
    if placement.dropped == 0, gain == 1 {
      synthesised = synthesis.vocoderAnalysis(at: analysisRate)
    } else {
      let whole = synthesis.waveform(at: analysisRate)
      synthesised = VocoderAnalysis(whole[min(whole.count, placement.dropped)..<whole.count].scaled(by: gain))
    }
    let vocoded = reference.vocoderAnalysis(at: analysisRate)
    let frames =
      silence == .keep
      ? 0..<vocoded.frameCount : VocoderAnalysis.frames(in: extent.samples, sampleRate: analysisRate)
    return try FramePairs(
      reference: vocoded, synthesis: synthesised, extent: frames, offset: placement.offset, sideBySide: sideBySide)
  }

  /// Does in advance, at once: what the vocoder makes of the reference; and `work`, then what it makes of the synthesis. Nothing where no
  /// second thread may be used, or no frames are compared.
  /// - Parameter work: touches nothing that the vocoder makes.
  package func besideVocoder(_ work: () -> Void) {
    guard sideBySide.isAllowed, Harvest.sampleRates.contains(analysisRate), let frames = try? framePairs else { return }
    sideBySide({ _ = frames.reference.melCepstra }) {
      work()
      _ = frames.synthesis.melCepstra
    }
  }

  /// The two F0 contours by one method, frame by frame, which the F0 metrics share.
  package func f0Comparison(by method: F0Method) throws(UndefinedReason) -> F0Comparison {
    if let known = comparedF0[method] { return try known.get() }
    let made = Result { () throws(UndefinedReason) in try F0Comparison(try framePairs, by: method) }
    comparedF0[method] = made
    return try made.get()
  }

  /// The F0 frames of both sides that metrics have compared so far, and those of them that lie at a bound of the range;
  /// nil where none has.
  public var f0Range: F0RangeUse? {
    guard !comparedF0.isEmpty, let frames = try? pairedFrames?.get() else { return nil }
    var use = F0RangeUse()
    for method in comparedF0.keys {
      guard let (f0, estimate) = try? frames.f0(by: method) else { continue }
      use = use + F0RangeUse(f0 + estimate, method)
    }
    return use
  }

  /// Third-octave envelopes of the two in step, which STOI and ESTOI share.
  package var thirdOctaveEnvelopes: ThirdOctaveEnvelopes {
    get throws(UndefinedReason) {
      if let envelopes { return try envelopes.get() }
      let made = Result { () throws(UndefinedReason) in try ThirdOctaveEnvelopes(try inStep(at: analysisRate)) }
      envelopes = made
      return try made.get()
    }
  }

  /// What PESQ makes of the whole of both files, the synthesis warped in a run that warps; its mapped and its raw score share
  /// it.
  /// - Precondition: under `warp`, `checkInStep()` has passed.
  /// - Parameters:
  ///   - mode: the recommendation to follow.
  ///   - sampleRate: Hz.
  func pesq(_ mode: PESQ.Mode, at sampleRate: Int) throws(PESQError) -> PESQResult {
    if let known = pesqResults[mode] { return try known.get() }
    // With a path there is always a warped synthesis.
    let warped = warp == nil ? nil : try? inStep(at: sampleRate)
    precondition(warp == nil || warped != nil, "checkInStep() has not been asked")
    let samples = warped ?? whole(at: sampleRate)
    let made = Result { () throws(PESQError) in
      try PESQ(mode: mode, sampleRate: sampleRate).evaluate(
        reference: samples.referenceSound, degraded: samples.synthesisSound)
    }
    pesqResults[mode] = made
    return try made.get()
  }
}

extension Metric {
  /// Scores a pair, holding every metric to the same rules: the shortest input first, then the definition, and a
  /// number that is not finite is a failure.
  public func measure(_ pair: PairAnalysis) throws(MetricError) -> Measurement {
    let seconds = min(pair.reference.source.seconds, pair.synthesis.source.seconds)
    guard seconds >= info.input.minimumSeconds else {
      throw .tooShort(seconds: seconds, minimum: info.input.minimumSeconds)
    }
    let measurement = try score(pair)
    if case .value(let number) = measurement, !number.isFinite { throw .notFinite }
    return measurement
  }

  /// The samples this metric asks for, at its rate, in step when it needs that.
  public func input(of pair: PairAnalysis) throws(UndefinedReason) -> SynchronousPair {
    let rate = info.input.rate.sampleRate(analysisRate: pair.analysisRate)
    return info.input.timing == .samplesInStep ? try pair.inStep(at: rate) : pair.whole(at: rate)
  }
}
