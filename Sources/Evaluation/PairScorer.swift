// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import SpeechMetrics
internal import SpeechSignal

/// Scores one utterance under all systems: reads, conditions, aligns, measures.
///
/// The reference is read and analysed at most once for all its systems, and not at all when every score is known.
struct PairScorer {
  let settings: EvaluationSettings
  /// Of the run's metrics, by id: made once, as rows share them.
  let signatures: [String: Signature]
  /// What was found out on the way to the run's class.
  let survey: AlignmentSurvey?
  /// Is handed each pair as it is scored sample by sample, if anybody wants it.
  let save: Evaluator.Save?
  /// The systems' names.
  let systems: [String]
  /// How their sounds were made.
  let journals: SpeedJournals
  /// Contours of references from earlier runs, if they are kept.
  let contours: KnownContours?
  /// Whether a pair's two recordings are analysed at once.
  let sideBySide: SideBySide
  /// Finished scores of earlier runs, by the hashes of both files' bytes.
  let known: @Sendable (_ reference: String, _ synthesis: String) -> KnownPair?

  /// One system's result for the utterance, and how many of its scores came from an earlier run.
  struct Scored: Sendable {
    let system: Int
    let result: UtteranceResult
    let reused: Int
  }

  func score(_ utterance: Pairing.Utterance) throws -> [Scored] {
    let findings = survey?.findings(utterance.id)
    let reference = Recording(.reference, utterance.reference, settings, contours, digest: findings?.first?.reference)
    return try utterance.partners.enumerated().map { place, partner in
      let (system, candidate) = partner
      let finding = findings?[place]
      let synthesis = Recording(.synthesis, candidate, settings, digest: finding?.synthesis)
      let key = PairKey(utterance: utterance.id, system: system)
      var (result, reused) = try score(key, reference, synthesis, finding)
      result.speed = journals.speed(of: result.synthesis)
      return Scored(system: system, result: result, reused: reused)
    }
  }

  private func score(
    _ key: PairKey, _ reference: Recording, _ synthesis: Recording, _ finding: AlignmentSurvey.Finding?
  ) throws -> (UtteranceResult, reused: Int) {
    let earlier = reference.fileSHA256.flatMap { ref in synthesis.fileSHA256.flatMap { known(ref, $0) } }
    let reused = settings.metrics.map { metric in earlier.flatMap { score(metric, from: $0) } }
    let reusedCount = reused.count { $0 != nil }
    if let earlier, reusedCount == reused.count, save == nil {
      let result = UtteranceResult(
        id: key.utterance, reference: reference.renamed(earlier.reference),
        synthesis: synthesis.renamed(earlier.synthesis),
        alignment: earlier.alignment, scores: reused.compactMap { $0 }, f0Range: f0Range(earlier))
      return (result, reusedCount)
    }

    var pair: PairAnalysis?
    let scores: [Score]
    sideBySide({ _ = try? reference.analysis() }, { _ = try? synthesis.analysis() })
    do throws(EvaluationFailure) {
      let analysis = PairAnalysis(
        reference: try reference.analysis(), synthesis: try synthesis.analysis(), analysisRate: settings.analysisRate,
        alignment: settings.alignment, timing: finding?.timing(of: reference, synthesis),
        matchesLevel: settings.matchesLevel, silence: settings.silence, sideBySide: sideBySide)
      pair = analysis
      scores = self.scores(analysis, reused)
    } catch {
      // What can be read is described, whatever becomes of the other side.
      _ = try? synthesis.analysis()
      scores = settings.metrics.map { row($0, .failed(error.description)) }
    }
    // A pair that is not in step was not scored sample by sample: there is nothing to hear.
    if let save, let heard = try? pair?.inStep(at: settings.analysisRate) {
      try save(heard, systems[key.system], key.utterance)
    }
    let result = UtteranceResult(
      id: key.utterance, reference: reference.facts, synthesis: synthesis.facts, alignment: pair?.alignment,
      scores: scores, f0Range: pair?.f0Range ?? earlier.flatMap(f0Range))
    return (result, pair == nil ? 0 : reusedCount)
  }

  /// A row of each metric, of which some are known.
  private func scores(_ pair: PairAnalysis, _ known: [Score?]) -> [Score] {
    let missing = zip(settings.metrics, known).compactMap { $1 == nil ? $0 : nil }
    var early: [String: Score] = [:]
    if missing.contains(where: { $0 is MCD }) {
      pair.besideVocoder {
        for metric in missing where metric.info.input.timing != .framesInStep {
          early[metric.info.id] = score(metric, pair)
        }
      }
    }
    return zip(settings.metrics, known).map { $1 ?? early[$0.info.id] ?? score($0, pair) }
  }

  /// Where F0 lay in the range that this run looks in, as an earlier run found.
  private func f0Range(_ earlier: KnownPair) -> F0RangeUse? {
    settings.metrics.lazy.filter { $0 is F0Metric }
      .compactMap { signatures[$0.info.id].flatMap { earlier.f0Ranges[$0] } }.first
  }

  /// A metric's row from an earlier run, if that has all that this run asks for.
  private func score(_ metric: any Metric, from earlier: KnownPair) -> Score? {
    guard let signature = signatures[metric.info.id], let outcome = earlier.outcomes[signature] else { return nil }
    guard settings.keepsTraces, !metric.info.traces.isEmpty, case .value = outcome else { return row(metric, outcome) }
    return earlier.traces[signature].map { row(metric, outcome, $0) }
  }

  private func score(_ metric: any Metric, _ pair: PairAnalysis) -> Score {
    let outcome = Outcome(metric, of: pair)
    guard settings.keepsTraces, case .value = outcome else { return row(metric, outcome) }
    do {
      return row(metric, outcome, try metric.traces(pair))
    } catch {
      return row(metric, .failed(EvaluationFailure.metric(error).description))
    }
  }

  private func row(_ metric: any Metric, _ outcome: Outcome, _ traces: [Trace] = []) -> Score {
    let signature = signatures[metric.info.id] ?? Signature(metric.info, settings.conditions)
    return Score(metric: metric.info.id, signature: signature, outcome: outcome, traces: traces)
  }
}

/// Names a pair within a run.
private struct PairKey {
  let utterance: String
  let system: Int
}
