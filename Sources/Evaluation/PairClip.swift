// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
public import SpeechMetrics
public import SpeechSignal

/// One stored pair read anew, to be looked at: both sounds in step, and where they differ.
public struct PairClip: Sendable {
  /// The natural recording at the run's analysis rate.
  public let reference: Waveform
  /// What the system made, brought onto the reference's time as its scores were; as it is where that cannot be.
  public let synthesis: Waveform
  /// F0 of both, MCD and PESQ frame by frame; nil where there is nothing to show.
  public let curves: PairCurves?

  /// Reads the pair.
  /// - Parameters:
  ///   - utterance: from a run.
  ///   - conditions: the run's.
  /// - Throws: why it cannot be read; `changed` when a file is not what was scored.
  public init(_ utterance: UtteranceResult, _ conditions: Signature.Conditions) throws(EvaluationFailure) {
    let settings = EvaluationSettings(conditions)
    let reference = Recording(.reference, .file(utterance.reference.path), settings)
    let synthesis = Recording(.synthesis, .file(utterance.synthesis.path), settings)
    for (side, recording, facts) in [
      (Side.reference, reference, utterance.reference), (.synthesis, synthesis, utterance.synthesis),
    ] where recording.fileSHA256 != facts.fileSHA256 {
      throw .changed(side, path: facts.path)
    }
    let pair = PairAnalysis(
      reference: try reference.analysis(), synthesis: try synthesis.analysis(), analysisRate: settings.analysisRate,
      alignment: settings.alignment, timing: nil, matchesLevel: settings.matchesLevel, silence: settings.silence)
    let heard = (try? pair.inStep(at: settings.analysisRate)) ?? pair.whole(at: settings.analysisRate)
    self.reference = Waveform(samples: heard.reference, sampleRate: settings.analysisRate)
    self.synthesis = Waveform(samples: heard.synthesis, sampleRate: settings.analysisRate)
    curves = Harvest.sampleRates.contains(settings.analysisRate) ? try? PairCurves(pair, f0: F0Method()) : nil
  }
}

extension EvaluationSettings {
  /// What a run was asked to do before any metric.
  fileprivate init(_ conditions: Signature.Conditions) {
    let channels: ChannelPolicy =
      switch conditions.channel {
      case nil: .identicalOnly
      case "mix": .mix
      case .some(let number): Int(number).map(ChannelPolicy.channel) ?? .identicalOnly
      }
    self.init(
      metrics: [], analysisRate: conditions.analysisRate, alignment: conditions.alignment, channels: channels,
      matchesLevel: conditions.level != nil, silence: conditions.silence)
  }
}
