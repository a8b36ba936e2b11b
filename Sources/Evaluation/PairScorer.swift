// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import SpeechMetrics
internal import SpeechSignal

/// Scores one utterance under all systems: reads, conditions, aligns, measures.
///
/// The reference is read and analysed at most once for all its systems, and not at all when every score is known.
struct PairScorer {
  let settings: EvaluationSettings
  /// Finished scores of earlier runs, by the hashes of both files' bytes.
  let known: @Sendable (_ reference: String, _ synthesis: String) -> KnownPair?

  /// One system's result for the utterance, and how many of its scores came from an earlier run.
  struct Scored: Sendable {
    let system: Int
    let result: UtteranceResult
    let reused: Int
  }

  func score(_ utterance: Pairing.Utterance) -> [Scored] {
    let reference = Recording(.reference, utterance.reference, settings)
    return utterance.syntheses.sorted { $0.key < $1.key }.map { system, candidate in
      let synthesis = Recording(.synthesis, candidate, settings)
      let (result, reused) = score(utterance.id, reference, synthesis)
      return Scored(system: system, result: result, reused: reused)
    }
  }

  private func score(_ id: String, _ reference: Recording, _ synthesis: Recording) -> (UtteranceResult, reused: Int) {
    let signatures = settings.metrics.map { Signature($0.info, settings.conditions) }
    let earlier = reference.fileSHA256.flatMap { ref in synthesis.fileSHA256.flatMap { known(ref, $0) } }
    if let earlier, signatures.allSatisfy({ earlier.outcomes[$0] != nil }) {
      let scores = zip(settings.metrics, signatures).compactMap { metric, signature in
        earlier.outcomes[signature].map { Score(metric: metric.info.id, signature: signature, outcome: $0) }
      }
      let result = UtteranceResult(
        id: id, reference: reference.renamed(earlier.reference), synthesis: synthesis.renamed(earlier.synthesis),
        alignment: earlier.alignment, scores: scores)
      return (result, scores.count)
    }

    var alignment: PairAlignment?
    var outcomes: [Outcome]
    var reused = 0
    do throws(EvaluationFailure) {
      let pair = PairAnalysis(
        reference: try reference.analysis(), synthesis: try synthesis.analysis(), analysisRate: settings.analysisRate,
        alignment: settings.alignment, matchesLevel: settings.matchesLevel)
      alignment = pair.alignment
      outcomes = zip(settings.metrics, signatures).map { metric, signature in
        if let outcome = earlier?.outcomes[signature] {
          reused += 1
          return outcome
        }
        return Self.outcome(metric, pair)
      }
    } catch {
      outcomes = settings.metrics.map { _ in .failed(error.description) }
    }
    let scores = zip(zip(settings.metrics, signatures), outcomes).map {
      Score(metric: $0.0.info.id, signature: $0.1, outcome: $1)
    }
    let result = UtteranceResult(
      id: id, reference: reference.facts, synthesis: synthesis.facts, alignment: alignment, scores: scores)
    return (result, reused)
  }

  private static func outcome(_ metric: any Metric, _ pair: PairAnalysis) -> Outcome {
    do {
      switch try metric.measure(pair) {
      case .value(let number): return .value(number)
      case .undefined(let reason): return .undefined(reason.description)
      }
    } catch {
      return .failed(EvaluationFailure.metric(error).description)
    }
  }
}
