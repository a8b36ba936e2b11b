// SPDX-License-Identifier: GPL-3.0-or-later
public import AudioFiles
public import SpeechMetrics
internal import SpeechSignal

/// What a run is asked to do.
public struct EvaluationSettings: Sendable {
  /// The metrics, in table order.
  public var metrics: [any Metric]
  /// The run's one rate, Hz.
  public var analysisRate: Int
  /// How synthesis and reference are brought into step.
  public var alignment: AlignmentClass
  /// What is done with more than one channel.
  public var channels: ChannelPolicy
  /// Whether the synthesis is brought to the reference's active level.
  public var matchesLevel: Bool
  /// What frame-wise metrics look at.
  public var silence: SilencePolicy
  /// Whether scores come with their traces.
  public var keepsTraces: Bool

  /// Settings from their parts.
  public init(
    metrics: [any Metric], analysisRate: Int, alignment: AlignmentClass = .delay,
    channels: ChannelPolicy = .identicalOnly, matchesLevel: Bool = false,
    silence: SilencePolicy = .trim, keepsTraces: Bool = false
  ) {
    self.metrics = metrics
    self.analysisRate = analysisRate
    self.alignment = alignment
    self.channels = channels
    self.matchesLevel = matchesLevel
    self.silence = silence
    self.keepsTraces = keepsTraces
  }

  /// What of these settings stands in every signature.
  public var conditions: Signature.Conditions {
    let channel: String? =
      switch channels {
      case .identicalOnly: nil
      case .channel(let number): "\(number)"
      case .mix: "mix"
      }
    return Signature.Conditions(
      analysisRate: analysisRate, resampler: Resampler.name, alignment: alignment, channel: channel,
      level: matchesLevel ? "match" : nil, silence: silence)
  }

  /// The signature of each metric's scores, by the metric's id.
  var signatures: [String: Signature] {
    let conditions = conditions
    return Dictionary(
      metrics.map { ($0.info.id, Signature($0.info, conditions)) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether the run's rate is one at which recordings can be warped.
  public var canWarp: Bool { Harvest.sampleRates.contains(analysisRate) }

  /// Whether frames of the vocoder are compared, by a metric or for warping: their F0 is dear enough to be kept.
  public var comparesVocoderFrames: Bool {
    alignment == .warp || metrics.contains { $0.info.input.timing == .framesInStep }
  }

  /// What a run stores of its settings.
  public var stored: RunSettings { RunSettings(metrics: metrics.map(\.info.id), conditions: conditions) }
}

/// What is known of a pair from an earlier run: same bytes in both files, same conditions.
public struct KnownPair: Sendable, Equatable {
  /// The reference, as described then.
  public var reference: FileFacts
  /// The synthesis, as described then.
  public var synthesis: FileFacts
  /// How the two were brought into step.
  public var alignment: PairAlignment
  /// Finished scores, failures left out.
  public var outcomes: [Signature: Outcome]
  /// Their traces, where a run kept them.
  public var traces: [Signature: [Trace]]
  /// Where F0 lay in the range it was looked for in, by the scores that came of the same look at the pair.
  public var f0Ranges: [Signature: F0RangeUse]

  /// A known pair from its parts.
  public init(
    reference: FileFacts, synthesis: FileFacts, alignment: PairAlignment, outcomes: [Signature: Outcome],
    traces: [Signature: [Trace]] = [:], f0Ranges: [Signature: F0RangeUse] = [:]
  ) {
    self.reference = reference
    self.synthesis = synthesis
    self.alignment = alignment
    self.outcomes = outcomes
    self.traces = traces
    self.f0Ranges = f0Ranges
  }
}
