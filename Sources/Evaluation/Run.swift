// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation
public import Provenance
public import SpeechMetrics

/// One call of `compare`: what was scored, where, under which conditions, and what came out.
public struct Run: Sendable, Equatable {
  /// Names the run for ever, also across merged stores.
  public var id: UUID
  /// When it started, UTC, whole milliseconds.
  public var startedAt: Date
  /// When the last pair was finished; nil while it runs, or when it was killed: then it is incomplete.
  public var finishedAt: Date?
  /// Version of ttseval.
  public var tool: String
  /// What the user calls it.
  public var label: String?
  /// The machine.
  public var host: Provenance.Host
  /// What is known of machine and software; empty where nobody was to look.
  public var provenance: FactSheet
  /// What was asked for, and the rate that followed from it.
  public var settings: RunSettings
  /// The systems, in the order given.
  public var systems: [SystemResult]
  /// Files that found no partner.
  public var unmatched: Unmatched

  /// A run from its parts.
  public init(
    id: UUID, startedAt: Date, finishedAt: Date? = nil, tool: String, label: String?, host: Provenance.Host,
    provenance: FactSheet = FactSheet([]), settings: RunSettings, systems: [SystemResult], unmatched: Unmatched
  ) {
    self.id = id
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.tool = tool
    self.label = label
    self.host = host
    self.provenance = provenance
    self.settings = settings
    self.systems = systems
    self.unmatched = unmatched
  }
}

/// What decides a run's numbers, besides its files.
public struct RunSettings: Sendable, Equatable {
  /// Metric ids, in table order.
  public var metrics: [String]
  /// Rate, resampler, alignment, channels, level: what every signature repeats.
  public var conditions: Signature.Conditions

  /// Settings from their parts.
  public init(metrics: [String], conditions: Signature.Conditions) {
    self.metrics = metrics
    self.conditions = conditions
  }
}

/// Paths, as found, of files that no system (or no reference) is a partner to, sorted.
public struct Unmatched: Sendable, Equatable {
  /// References that no system has.
  public var reference: [String]
  /// Syntheses without a reference, by system folder.
  public var synthesis: [String]

  /// Unmatched files of both sides.
  public init(reference: [String] = [], synthesis: [String] = []) {
    self.reference = reference
    self.synthesis = synthesis
  }
}

/// What one system scored.
public struct SystemResult: Sendable, Equatable {
  /// The name in tables; unique within a run.
  public var name: String
  /// The folder or file it was read from.
  public var path: String
  /// Its utterances, sorted by id.
  public var utterances: [UtteranceResult]

  /// A system's result from its parts.
  public init(name: String, path: String, utterances: [UtteranceResult]) {
    self.name = name
    self.path = path
    self.utterances = utterances
  }
}

/// What one pair scored.
public struct UtteranceResult: Sendable, Equatable {
  /// Relative path without extension.
  public var id: String
  /// The natural recording.
  public var reference: FileFacts
  /// What the system made.
  public var synthesis: FileFacts
  /// How the two were brought into step; nil when one of them could not be read.
  public var alignment: PairAlignment?
  /// One row per metric, in the run's order. A failure is a row too.
  public var scores: [Score] {
    get { held.rows }
    set { held = HeldScores(newValue) }
  }
  /// What making the synthesis took; nil where nobody measured.
  public var speed: Speed?
  /// Whether F0 was looked for in a wide enough range; nil where it was not looked for.
  public var f0Range: F0RangeUse?
  private var held: HeldScores

  /// An utterance's result from its parts.
  public init(
    id: String, reference: FileFacts, synthesis: FileFacts, alignment: PairAlignment?, scores: [Score],
    f0Range: F0RangeUse? = nil, speed: Speed? = nil
  ) {
    self.id = id
    self.reference = reference
    self.synthesis = synthesis
    self.alignment = alignment
    held = HeldScores(scores)
    self.f0Range = f0Range
    self.speed = speed
  }

  /// The row of a metric.
  public func score(_ metric: String) -> Score? { held.row(of: metric) }

  /// Holds in one place with another utterance what both have in common.
  package mutating func share(_ other: UtteranceResult?) {
    if let other { held.share(other.held) }
  }
}

/// What is known of a sound file. Everything but the path is nil when it could not be read.
public struct FileFacts: Sendable, Equatable {
  /// As found, relative to the current folder or absolute.
  public var path: String
  /// SHA-256 of the file's bytes: the key under which finished scores are found again.
  public var fileSHA256: String? {
    get { file?.text }
    set { file = newValue.map(HeldDigest.init) }
  }
  /// SHA-256 of the decoded samples: equal for equal sound, whatever the format.
  public var audioSHA256: String? {
    get { audio?.text }
    set { audio = newValue.map(HeldDigest.init) }
  }
  /// Hz.
  public var sampleRate: Int?
  /// Channels in the file.
  public var channels: Int?
  /// Duration in seconds.
  public var seconds: Double?
  private var file: HeldDigest?
  private var audio: HeldDigest?

  /// Facts from their parts.
  public init(
    path: String, fileSHA256: String? = nil, audioSHA256: String? = nil, sampleRate: Int? = nil, channels: Int? = nil,
    seconds: Double? = nil
  ) {
    self.path = path
    file = fileSHA256.map(HeldDigest.init)
    audio = audioSHA256.map(HeldDigest.init)
    self.sampleRate = sampleRate
    self.channels = channels
    self.seconds = seconds
  }
}

/// One metric's row for one pair.
public struct Score: Sendable, Equatable {
  /// Metric id.
  public var metric: String
  /// Everything that moves the number.
  public var signature: Signature
  /// What came out.
  public var outcome: Outcome
  /// What it is made of, frame by frame; empty unless the run was asked for it.
  public var traces: [Trace]
  /// What it is the mean of, where listeners gave it.
  public var votes: [Vote]

  /// A row from its parts.
  public init(metric: String, signature: Signature, outcome: Outcome, traces: [Trace] = [], votes: [Vote] = []) {
    self.metric = metric
    self.signature = signature
    self.outcome = outcome
    self.traces = traces
    self.votes = votes
  }
}

/// One listener's score of one clip.
public struct Vote: Sendable, Equatable {
  /// The listener's code.
  public let listener: String
  /// In the scale's unit.
  public let score: Double

  /// A vote from its parts.
  public init(listener: String, score: Double) {
    self.listener = listener
    self.score = score
  }
}

/// What came out of a metric for a pair, as it is stored: a finite number, or why there is none.
public enum Outcome: Sendable, Equatable {
  /// A finite number.
  case value(Double)
  /// The definition gives no number here.
  case undefined(String)
  /// Something broke. A failure is a row, never averaged.
  case failed(String)

  /// What a metric says of a pair.
  init(_ metric: any Metric, of pair: PairAnalysis) {
    do {
      switch try metric.measure(pair) {
      case .value(let number): self = .value(number)
      case .undefined(let reason): self = .undefined(reason.description)
      }
    } catch {
      self = .failed(EvaluationFailure.metric(error).description)
    }
  }
}
