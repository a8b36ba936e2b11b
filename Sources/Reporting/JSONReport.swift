// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation
internal import Provenance

/// A run as JSON, schema 1: the shape that scripts parse. Numbers are finite or absent, in full double precision.
public enum JSONReport {
  /// The document, pretty-printed with sorted keys, so that equal runs give equal bytes.
  /// - Parameters:
  ///   - run: what to show.
  ///   - diff: what became of it since its baseline, if it has one.
  public static func render(_ run: Run, diff: RunDiff? = nil) throws -> String { try text(Document(run, diff)) }

  /// Any document, laid out as all are.
  static func text(_ document: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
  }

  /// UTC, whole seconds: `2026-01-31T12:00:00Z`.
  static func timestamp(_ date: Date) -> String { date.formatted(.iso8601) }
}

private struct Document: Encodable {
  let schema = 1
  let run: String
  let startedAt: String
  let tool: String
  let label: Nullable<String>
  let complete: Bool
  let host: HostPart
  let provenance: [String: [String: String]]
  let settings: SettingsPart
  let systems: [SystemPart]
  let unmatched: UnmatchedPart
  let diff: DiffDocument?

  init(_ run: Run, _ diff: RunDiff?) {
    self.diff = diff.map(DiffDocument.init)
    self.run = run.id.uuidString.lowercased()
    startedAt = JSONReport.timestamp(run.startedAt)
    tool = run.tool
    label = Nullable(value: run.label)
    complete = run.finishedAt != nil
    host = HostPart(run.host)
    provenance = run.provenance.facts.reduce(into: [:]) { $0[$1.topic, default: [:]][$1.name] = $1.value }
    settings = SettingsPart(run.settings)
    systems = run.systems.map { SystemPart($0, metrics: run.settings.metrics) }
    unmatched = UnmatchedPart(reference: run.unmatched.reference, synthesis: run.unmatched.synthesis)
  }
}

private struct SettingsPart: Encodable {
  let analysisRate: Int
  let alignment: String
  let metrics: [String]
  let resampler: String
  let channel: Nullable<String>
  let level: Nullable<String>
  let silence: String

  init(_ settings: RunSettings) {
    let conditions = settings.conditions
    analysisRate = conditions.analysisRate
    alignment = conditions.alignment.rawValue
    metrics = settings.metrics
    resampler = conditions.resampler
    channel = Nullable(value: conditions.channel)
    level = Nullable(value: conditions.level)
    silence = conditions.silence.rawValue
  }
}

private struct UnmatchedPart: Encodable {
  let reference: [String]
  let synthesis: [String]
}

private struct HostPart: Encodable {
  let id: String
  let cpu: String
  let cores: Int
  let memoryBytes: Int
  let gpu: Nullable<String>
  let os: String
  let container: Nullable<String>

  init(_ host: Provenance.Host) {
    id = host.id
    cpu = host.cpu
    cores = host.cores
    memoryBytes = host.memoryBytes
    gpu = Nullable(value: host.gpu)
    os = host.os
    container = Nullable(value: host.container)
  }
}

private struct SystemPart: Encodable {
  let name: String
  let path: String
  let utterances: [UtterancePart]
  let summary: [String: SummaryPart]

  init(_ system: SystemResult, metrics: [String]) {
    name = system.name
    path = system.path
    utterances = system.utterances.map(UtterancePart.init)
    summary = Dictionary(uniqueKeysWithValues: metrics.map { ($0, SummaryPart(system.summary($0))) })
  }
}

private struct UtterancePart: Encodable {
  let id: String
  let reference: FilePart
  let synthesis: FilePart
  let alignment: AlignmentPart?
  let scores: [String: ScorePart]
  let speed: SpeedPart?

  init(_ utterance: UtteranceResult) {
    id = utterance.id
    reference = FilePart(utterance.reference)
    synthesis = FilePart(utterance.synthesis)
    alignment = utterance.alignment.map(AlignmentPart.init)
    speed = utterance.speed.map(SpeedPart.init)
    scores = Dictionary(uniqueKeysWithValues: utterance.scores.map { ($0.metric, ScorePart($0)) })
  }
}

private struct SpeedPart: Encodable {
  let wallSeconds: Double
  let cpuSeconds: Double
  let latencySeconds: Double
  let rtf: Double?
  let peakMemoryBytes: Int?
  let gpuMemoryMiB: Double?
  let gpuPowerWatts: Double?

  init(_ speed: Speed) {
    wallSeconds = speed.wallSeconds
    cpuSeconds = speed.cpuSeconds
    latencySeconds = speed.latencySeconds
    rtf = speed.realTimeFactor
    peakMemoryBytes = speed.peakMemoryBytes
    gpuMemoryMiB = speed.gpuMemoryMiB
    gpuPowerWatts = speed.gpuPowerWatts
  }
}

private struct SummaryPart: Encodable {
  let n: Int
  let undefined: Int
  let failed: Int
  let mean: Double?
  let sd: Double?
  let median: Double?
  let low: Double?
  let high: Double?
  let interval: String?
  let signature: String?

  init(_ summary: MetricSummary) {
    n = summary.values?.n ?? 0
    undefined = summary.undefined
    failed = summary.failed
    mean = summary.values?.mean
    sd = summary.values?.standardDeviation
    median = summary.values?.median
    low = summary.values?.interval?.low
    high = summary.values?.interval?.high
    interval = summary.values?.interval?.method.rawValue
    signature = summary.signature?.description
  }
}
