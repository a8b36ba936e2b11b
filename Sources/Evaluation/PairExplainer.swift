// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import SpeechMetrics
public import SpeechSignal

/// Scores one pair by every recipe, to show how much of a number is the recipe.
public struct PairExplainer: Sendable {
  /// Rate, channels and level; the class is that of the recipes that have none of their own.
  public let settings: EvaluationSettings
  /// Whether the pair itself decides on the class.
  public let choosesAlignment: Bool
  /// How our own F0 metrics find F0.
  public let f0Method: F0Method

  /// An explainer.
  public init(settings: EvaluationSettings, choosesAlignment: Bool, f0Method: F0Method = F0Method()) {
    self.settings = settings
    self.choosesAlignment = choosesAlignment
    self.f0Method = f0Method
  }

  /// Explains a pair.
  /// - Throws: why the pair cannot be read.
  public func explain(
    reference: Pairing.Candidate, synthesis: Pairing.Candidate
  ) throws(EvaluationFailure) -> PairExplanation {
    let (ref, syn) = (Recording(.reference, reference, settings), Recording(.synthesis, synthesis, settings))
    var bench = Bench(reference: try ref.analysis(), synthesis: try syn.analysis(), settings: settings)
    var alignment = settings.alignment
    if choosesAlignment { alignment = bench.timing.isFreeRunning && settings.canWarp ? .warp : .delay }
    let groups = [
      PairExplanation.Group(title: "Mel-cepstral distortion", recipes: Self.distortion(&bench, alignment)),
      PairExplanation.Group(title: "F0 error", recipes: pitch(&bench, alignment)),
      PairExplanation.Group(title: "PESQ", recipes: Self.quality(&bench, alignment)),
      PairExplanation.Group(title: "Intelligibility", recipes: Self.intelligibility(&bench, alignment)),
    ]
    let curves = curves(bench.pair(alignment))
    return PairExplanation(
      reference: ref.facts, synthesis: syn.facts, analysisRate: settings.analysisRate,
      alignment: bench.pair(alignment).alignment, groups: groups, curves: curves,
      f0Range: bench.pair(alignment).f0Range)
  }

  private func curves(_ pair: PairAnalysis) -> Result<PairCurves, PairExplanation.NoCurves> {
    guard Harvest.sampleRates.contains(pair.analysisRate) else {
      return .failure(.init(description: "no F0 at \(pair.analysisRate) Hz"))
    }
    return Result { () throws(UndefinedReason) in try PairCurves(pair, f0: f0Method) }
      .mapError { .init(description: $0.description) }
  }

  private static let pairing: [AlignmentClass: String] = [
    .none: "as the files stand",
    .delay: "after one shift for the whole pair",
    .warp: "along the cheapest path of time warping",
  ]

  private static func distortion(_ bench: inout Bench, _ chosen: AlignmentClass) -> [PairExplanation.Recipe] {
    var recipes = bench.classes.map { alignment in
      bench.score(
        MCD(), alignment, name: "\(alignment.rawValue)\(alignment == chosen ? ", the default here" : "")",
        "WORLD's envelope, 24 coefficients without level, the speech alone; frames paired \(pairing[alignment] ?? "").")
    }
    recipes.append(
      bench.score(
        MCD(), chosen, .keep, name: "\(chosen.rawValue), silence kept",
        "The same over the whole of both files: pauses at the ends count as speech."))
    return recipes
      + MetricCatalogue.presets.compactMap { preset in
        preset.metrics.first.map { bench.score($0, chosen, name: preset.name, preset.explanation) }
      }
  }

  private func pitch(_ bench: inout Bench, _ chosen: AlignmentClass) -> [PairExplanation.Recipe] {
    let own = [
      (F0Metric.rmseCents, "On the ear's axis, over the frames voiced in both."),
      (F0Metric.rmseHertz, "The same frames in Hz: errors of high voices weigh more."),
      (F0Metric.correlation, "Of the logarithm, over the same frames: whether the melody moves alike."),
    ].map { bench.score($0.tracked(by: f0Method), chosen, name: $0.info.id, $1) }
    return own
      + MetricCatalogue.presets.flatMap { preset in
        preset.metrics.dropFirst().map {
          bench.score($0, chosen, name: "\(preset.name) \($0.info.id)", $0.info.summary)
        }
      }
  }

  private static func quality(_ bench: inout Bench, _ chosen: AlignmentClass) -> [PairExplanation.Recipe] {
    [
      (PESQMetric.wideBand, "P.862.2 with the filter of its Amendment 2, 50 to 7000 Hz: what everybody publishes."),
      (PESQMetric.wideBandCorrigendum2, "The filter 12 dB lower, as Corrigendum 2 has it: up to half a MOS more."),
      (PESQMetric.wideBandRaw, "That of pesq-wb before it is mapped to opinions, -0.5 to 4.5."),
      (PESQMetric.narrowBand, "P.862.1, as heard through a telephone: blind above 3.4 kHz."),
      (PESQMetric.narrowBandRaw, "P.862's own scale, -0.5 to 4.5, before it is mapped to opinions."),
    ].map { bench.score($0, chosen, name: $0.info.id, $1) }
  }

  private static func intelligibility(_ bench: inout Bench, _ chosen: AlignmentClass) -> [PairExplanation.Recipe] {
    bench.classes.flatMap { alignment in
      [
        bench.score(
          STOI(), alignment, name: "stoi, \(alignment.rawValue)", "Samples in step \(pairing[alignment] ?? "")."),
        bench.score(
          ESTOI(), alignment, name: "estoi, \(alignment.rawValue)",
          "The same, with bands taken together: it hears masking that comes and goes."),
      ]
    }
  }
}

/// A pair with its analyses, under all classes of alignment.
private struct Bench {
  let reference: SignalAnalysis
  let synthesis: SignalAnalysis
  let settings: EvaluationSettings
  let timing: PairTiming
  private var pairs: [Key: PairAnalysis] = [:]

  private struct Key: Hashable {
    let alignment: AlignmentClass
    let silence: SilencePolicy
  }

  init(reference: SignalAnalysis, synthesis: SignalAnalysis, settings: EvaluationSettings) {
    self.reference = reference
    self.synthesis = synthesis
    self.settings = settings
    timing = PairTiming(reference, synthesis, analysisRate: settings.analysisRate)
  }

  /// The classes that this rate allows.
  var classes: [AlignmentClass] { settings.canWarp ? [.none, .delay, .warp] : [.none, .delay] }

  mutating func pair(_ alignment: AlignmentClass, _ silence: SilencePolicy = .trim) -> PairAnalysis {
    let key = Key(alignment: alignment, silence: silence)
    if let known = pairs[key] { return known }
    let made = PairAnalysis(
      reference: reference, synthesis: synthesis, analysisRate: settings.analysisRate, alignment: alignment,
      timing: timing, matchesLevel: settings.matchesLevel, silence: silence)
    pairs[key] = made
    return made
  }

  mutating func score(
    _ metric: any Metric, _ alignment: AlignmentClass, _ silence: SilencePolicy = .trim, name: String,
    _ difference: String
  ) -> PairExplanation.Recipe {
    var conditions = settings.conditions
    (conditions.alignment, conditions.silence) = (alignment, silence)
    return PairExplanation.Recipe(
      name: name, info: metric.info, signature: Signature(metric.info, conditions),
      outcome: Outcome(metric, of: pair(alignment, silence)), difference: difference)
  }
}
