// SPDX-License-Identifier: GPL-3.0-or-later

/// A PESQ score as a metric: one mode of the model, mapped or raw.
///
/// PESQ aligns the two signals itself, utterance by utterance, and brings both to one level: it is handed whole files, warped ones in a run
/// that warps.
public struct PESQMetric: Metric {
  /// What the metric is.
  public let info: MetricInfo
  private let mode: PESQ.Mode
  private let isRaw: Bool

  /// P.862.2 in the edition of Amendment 2, as everybody publishes it.
  public static let wideBand = PESQMetric(
    .wideBand, id: "pesq-wb", name: "PESQ, wide band (P.862.2)",
    summary: """
      Predicted opinion of listeners with headphones (MOS-LQO: 1 is bad; a clip against itself scores 4.644) on speech \
      that passed a codec, a vocoder or a network. Not for free-running TTS, for music, or to compare languages: it \
      hears neither tone nor words. The edition everybody publishes (2005, 2007); Corrigendum 2 gives up to half a MOS more.
      """,
    top: 4.644, edition: "amd2", citations: [Source.wideBand], isDefault: true)

  /// P.862 with the mapping of P.862.1.
  public static let narrowBand = PESQMetric(
    .narrowBand, id: "pesq-nb", name: "PESQ, narrow band (P.862.1)",
    summary: """
      Predicted opinion of listeners at a telephone, 300–3400 Hz (MOS-LQO: 1 is bad; a clip against itself scores \
      4.549). At 16 kHz where the run's rate allows it, else at 8 kHz. Not for free-running TTS, music, or to compare \
      languages: it hears neither tone nor words.
      """,
    top: 4.549, edition: "p862.1", citations: [Source.narrowBand], isDefault: false)

  /// P.862.2 with the input filter of Corrigendum 2 (2018).
  public static let wideBandCorrigendum2 = PESQMetric(
    .wideBandCorrigendum2, id: "pesq-wb-c2", name: "PESQ, wide band (P.862.2 Corrigendum 2)",
    summary: """
      As pesq-wb, with the input filter 12 dB lower as Corrigendum 2 (03/2018) has it; 1 is bad, and a clip against \
      itself scores 4.644. Scores up to half a MOS above the edition in common use: never compare the two.
      """,
    top: 4.644, edition: "cor2", citations: [Source.wideBand, Source.corrigendum], isDefault: false)

  /// The score of P.862 before the mapping to MOS-LQO.
  public static let narrowBandRaw = PESQMetric(
    .narrowBand, id: "pesq-nb-raw", name: "PESQ, narrow band, raw (P.862)",
    summary: """
      P.862's own score, −0.5 to 4.5 for speech, before P.862.1 maps it to MOS-LQO; a clip against itself scores 4.5.
      """,
    top: 4.5, edition: "p862", citations: [Source.narrowBand], isDefault: false, raw: true)

  /// The raw score of P.862.2 in the edition of Amendment 2, before the mapping to MOS-LQO.
  public static let wideBandRaw = PESQMetric(
    .wideBand, id: "pesq-wb-raw", name: "PESQ, wide band, raw (P.862.2)",
    summary: """
      The score behind pesq-wb, −0.5 to 4.5 for speech, before P.862.2 maps it to MOS-LQO; a clip against itself scores \
      4.5. Not on the scale of listeners: the two bands map it differently.
      """,
    top: 4.5, edition: "amd2", citations: [Source.wideBand], isDefault: false, raw: true)

  private init(
    _ mode: PESQ.Mode, id: String, name: String, summary: String, top: Double, edition: String, citations: [String],
    isDefault: Bool, raw: Bool = false
  ) {
    self.mode = mode
    isRaw = raw
    // Distances are capped at 45 a frame: 4.5 − (0.1 + 0.0309)·45 is the least that there can be.
    let range: ClosedRange<Double> = (raw ? -1.4 : 0.999)...top
    let rate: MetricInfo.Rate = mode == .narrowBand ? .telephone : .fixed(16_000)
    let common: [String] = [Source.model, Source.agreement]
    info = MetricInfo(
      id: id, revision: 1, name: name, summary: summary,
      scale: .init(
        unit: "MOS", range: range, better: .higher, tolerance: 0.05,
        toleranceReason: "what P.862's own conformance test allows two implementations to differ by", decimals: 3),
      input: .init(
        rate: rate, timing: .ownDelays,
        minimumSeconds: PESQ.minimumSeconds),
      recipe: [edition],
      citations: citations + common, isDefault: isDefault, traces: [Self.disturbance, Self.asymmetricDisturbance])
  }

  private enum Source {
    static let narrowBand = "ITU-T P.862 (2001) and P.862.1 (2003)"
    static let wideBand = "ITU-T P.862.2 (2005, 2007)"
    static let model = """
      A. W. Rix, J. G. Beerends, M. P. Hollier, A. P. Hekstra: Perceptual evaluation of speech quality (PESQ), a new \
      method for speech quality assessment of telephone networks and codecs. ICASSP, 2001
      """
    static let agreement = """
      an independent implementation, not a certified one; agrees with pesq and pesqc2 0.0.4 to 1e-5
      """
    static let corrigendum = "ITU-T P.862.2 Corrigendum 2 (2018)"
  }

  private static let disturbance = Trace.Kind(
    name: "disturbance", unit: "", summary: "Difference in loudness of one 32 ms frame, 0 to 45.")
  private static let asymmetricDisturbance = Trace.Kind(
    name: "asymmetric-disturbance", unit: "", summary: "The same, with what was added counted more, 0 to 45.")

  /// Both disturbances of each frame.
  public func traces(_ pair: PairAnalysis) throws(MetricError) -> [Trace] {
    let rate = info.input.rate.sampleRate(analysisRate: pair.analysisRate)
    guard let result = try? pair.pesq(mode, at: rate) else { return [] }
    // Frames are two periods long; those before the first that counts cost nothing, and are left out.
    let start = Double(result.firstFrame + 1) * result.framePeriod
    return [
      (Self.disturbance, result.frameDisturbance), (Self.asymmetricDisturbance, result.frameAsymmetricDisturbance),
    ].map {
      Trace(name: $0.name, start: start, period: result.framePeriod, values: Array($1.dropFirst(result.firstFrame)))
    }
  }

  /// Scores the whole of both files.
  /// - Returns: undefined for a free-running pair in a run that shifts, for a file sampled below the model's rate, for a reference without active speech, and for a
  ///   synthesis that is silent in the speech band.
  public func score(_ pair: PairAnalysis) throws(MetricError) -> Measurement {
    let rate = info.input.rate.sampleRate(analysisRate: pair.analysisRate)
    let lowest = min(pair.reference.source.sampleRate, pair.synthesis.source.sampleRate)
    guard lowest >= rate else { return .undefined(.rateBelow(lowest, minimum: rate)) }
    // PESQ follows delays, not tempo: of a second reading it would say only that it is another one.
    do throws(UndefinedReason) { try pair.checkInStep() } catch { return .undefined(error) }
    do {
      let result = try pair.pesq(mode, at: rate)
      return .value(isRaw ? result.raw : result.mosLQO)
    } catch {
      switch error {
      case .noActiveSpeech, .noAudibleFrames: return .undefined(.noActiveSpeech(.reference))
      case .degradedSilent: return .undefined(.noEnergy(.synthesis))
      case .tooShort(let seconds, let minimum): throw .tooShort(seconds: seconds, minimum: minimum)
      case .unsupportedRate(let rate): throw .unsupportedRate(rate)
      case .notFinite: throw .notFinite
      }
    }
  }
}
