// SPDX-License-Identifier: GPL-3.0-or-later
public import SpeechSignal

/// One figure of how two F0 contours differ; ``F0Comparison`` has the definitions.
public struct F0Metric: Metric {
  /// What the metric is.
  public private(set) var info: MetricInfo
  private let figure: @Sendable (F0Comparison) -> Measurement
  private var method: F0Method

  /// Root mean square F0 difference in cents.
  public static let rmseCents = F0Metric(
    id: "f0-rmse-cents", name: "F0 error, cents",
    summary: "How far the melody is off where both are voiced. One octave error weighs as much as many small ones.",
    unit: "¢", range: 0 ... .infinity, better: .lower, tolerance: 5, toleranceReason: Reason.heard, decimals: 1,
    recipe: [Recipe.minimum], citations: [], isDefault: true
  ) { $0.rmseCents }

  /// Pearson's correlation of log F0.
  public static let correlation = F0Metric(
    id: "f0-corr", name: "F0 correlation",
    summary: "Whether the melody rises and falls in the same places, whatever its height and range.",
    unit: "", range: -1...1, better: .higher, tolerance: 0.01,
    toleranceReason: Reason.grid, decimals: 3,
    recipe: [Recipe.minimum, "log:yes"], citations: [], isDefault: true
  ) { $0.correlation }

  /// Gross pitch error.
  public static let grossPitchError = F0Metric(
    id: "gpe", name: "Gross pitch error",
    summary: "Share of the frames voiced in both whose F0 is off by more than 20 %: octave errors and wrong notes.",
    unit: "", range: 0...1, better: .lower, tolerance: 0.01, toleranceReason: Reason.grid, decimals: 3,
    recipe: [Recipe.minimum, Recipe.gross], citations: [Source.nakatani], isDefault: true
  ) { $0.grossPitchError }

  /// Voicing decision error.
  public static let voicingDecisionError = F0Metric(
    id: "vde", name: "Voicing decision error",
    summary: "Share of all frames in which only one of the two is voiced: hoarse vowels, buzzing consonants.",
    unit: "", range: 0...1, better: .lower, tolerance: 0.01, toleranceReason: Reason.grid, decimals: 3,
    recipe: [], citations: [Source.nakatani], isDefault: true
  ) { $0.voicingDecisionError }

  /// F0 frame error.
  public static let frameError = F0Metric(
    id: "ffe", name: "F0 frame error",
    summary: "Share of all frames with a gross pitch error or a voicing error.",
    unit: "", range: 0...1, better: .lower, tolerance: 0.01, toleranceReason: Reason.grid, decimals: 3,
    recipe: [Recipe.gross], citations: [Source.chu], isDefault: true
  ) { $0.frameError }

  /// Root mean square F0 difference in Hz.
  public static let rmseHertz = F0Metric(
    id: "f0-rmse-hz", name: "F0 error, Hz",
    summary: "As f0-rmse-cents, in Hz as older papers have it: high voices weigh more than low ones.",
    unit: "Hz", range: 0 ... .infinity, better: .lower, tolerance: 0.5,
    toleranceReason: "0.3 % of 170 Hz, between a man's and a woman's voice: \(Reason.heard)", decimals: 2,
    recipe: [Recipe.minimum], citations: [], isDefault: false
  ) { $0.rmseHertz }

  /// F1 of the voicing decision.
  public static let voicingF1 = F0Metric(
    id: "vuv-f1", name: "Voicing F1",
    summary: "F1 of voiced frames, the reference being right; looks less at silence than vde.",
    unit: "", range: 0...1, better: .higher, tolerance: 0.01, toleranceReason: Reason.grid, decimals: 3,
    recipe: [], citations: [], isDefault: false
  ) { $0.voicingF1 }

  /// Mean F0 difference in cents.
  public static let meanDifferenceCents = F0Metric(
    id: "f0-mean-diff-cents", name: "Mean F0 difference, cents",
    summary: "How much higher the synthesis speaks, over the frames voiced in both; 0 is the reference's own height.",
    unit: "¢", range: -.infinity ... .infinity, better: .none, tolerance: 5, toleranceReason: Reason.heard, decimals: 1,
    recipe: [Recipe.minimum], citations: [], isDefault: false
  ) { $0.meanDifferenceCents }

  /// Ratio of F0 ranges.
  public static let rangeRatio = F0Metric(
    id: "f0-range-ratio", name: "F0 range ratio",
    summary: """
      Standard deviation of log F0 over the reference's: below 1 is flatter, above 1 livelier. Octave errors widen it.
      """,
    unit: "", range: 0 ... .infinity, better: .none, tolerance: 0.05,
    toleranceReason: Reason.grid, decimals: 3,
    recipe: [Recipe.minimum, "log:yes"], citations: [], isDefault: false
  ) { $0.rangeRatio }

  private init(
    id: String, name: String, summary: String, unit: String, range: ClosedRange<Double>,
    better: MetricInfo.Direction, tolerance: Double, toleranceReason: String, decimals: Int, recipe: [String],
    citations: [String], isDefault: Bool, figure: @escaping @Sendable (F0Comparison) -> Measurement
  ) {
    self.figure = figure
    method = VocoderAnalysis.f0Method
    info = MetricInfo(
      id: id, revision: 1, name: name, summary: summary,
      scale: .init(
        unit: unit, range: range, better: better, tolerance: tolerance, toleranceReason: toleranceReason,
        decimals: decimals),
      input: .init(rate: .analysis, timing: .framesInStep, minimumSeconds: FramePairs.minimumSeconds),
      recipe: method.recipe + recipe, citations: citations + [method.tracker.citation], isDefault: isDefault)
  }

  /// The same figure of contours found by another method.
  public func tracked(by method: F0Method) -> F0Metric {
    var other = self
    other.method = method
    other.info.recipe.replaceSubrange(..<self.method.recipe.count, with: method.recipe)
    other.info.citations[info.citations.count - 1] = method.tracker.citation
    return other
  }

  private enum Recipe {
    static let minimum = "voiced:both>=\(F0Comparison.minimum)"
    static let gross = "gross:20%"
  }

  private enum Reason {
    static let heard = """
      about the smallest change of F0 that is heard in a steady vowel, 0.3 to 0.5 % (Flanagan, Saslow 1958)
      """
    static let grid = """
      moving every frame by 2.5 ms, which changes no sound, moves the means of most systems by less \
      (7 systems, 41 clips)
      """
  }

  private enum Source {
    static let nakatani = """
      T. Nakatani, S. Amano, T. Irino, K. Ishizuka, T. Kondo: A method for fundamental frequency estimation and voicing \
      decision: Application to infant utterances recorded in real acoustical environments. Speech Communication 50(3), \
      203–214, 2008
      """
    static let chu = """
      W. Chu, A. Alwan: Reducing F0 frame error of F0 tracking algorithms under noisy conditions with an \
      unvoiced/voiced classification frontend. ICASSP, 3969–3972, 2009
      """
  }

  /// The figure of a pair.
  /// - Returns: undefined for a silent signal, when fewer than 10 frames can be compared, and where the definition has
  ///   nothing to divide by.
  public func score(_ pair: PairAnalysis) throws(MetricError) -> Measurement {
    guard Harvest.sampleRates.contains(pair.analysisRate) else { throw .unsupportedRate(pair.analysisRate) }
    do { return figure(try pair.f0Comparison(by: method)) } catch { return .undefined(error) }
  }
}
