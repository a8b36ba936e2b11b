// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation
internal import Provenance

/// A run as JSON, schema 1: the shape that scripts parse. Numbers are finite or absent, in full double precision.
public enum JSONReport {
  /// Writes the document, pretty-printed with sorted keys, so that equal runs give equal bytes. The utterances come one by one: of a
  /// large run the document takes several times the memory of the results.
  /// - Parameters:
  ///   - run: what to show.
  ///   - diff: what became of it since its baseline, if it has one.
  ///   - sink: receives the document in pieces; what it throws ends the writing.
  public static func write(_ run: Run, diff: RunDiff? = nil, to sink: (String) throws -> Void) throws {
    let provenance = run.provenance.facts.reduce(into: [String: [String: String]]()) {
      $0[$1.topic, default: [:]][$1.name] = $1.value
    }
    var json = JSONPieces()
    json.open("{")
    try json.add(run.finishedAt != nil, "complete")
    if let diff { try json.add(DiffDocument(diff), "diff") }
    try json.add(HostPart(run.host), "host")
    try json.add(Nullable(value: run.label), "label")
    try json.add(provenance, "provenance")
    try json.add(run.id.uuidString.lowercased(), "run")
    try json.add(1, "schema")
    try json.add(SettingsPart(run.settings), "settings")
    try json.add(timestamp(run.startedAt), "startedAt")
    json.open("[", "systems")
    for system in run.systems {
      let summaries = run.settings.metrics.map { ($0, SummaryPart(system.summary($0))) }
      json.open("{")
      try json.add(system.name, "name")
      try json.add(system.path, "path")
      try json.add(Dictionary(uniqueKeysWithValues: summaries), "summary")
      json.open("[", "utterances")
      for utterance in system.utterances {
        try json.add(UtterancePart(utterance))
        try sink(json.take())
      }
      json.close("]")
      json.close("}")
    }
    json.close("]")
    try json.add(run.tool, "tool")
    try json.add(UnmatchedPart(reference: run.unmatched.reference, synthesis: run.unmatched.synthesis), "unmatched")
    json.close("}")
    try sink(json.take() + "\n")
  }

  /// Any document, laid out as all are.
  static func text(_ document: some Encodable) throws -> String {
    String(decoding: try encoder().encode(document), as: UTF8.self) + "\n"
  }

  /// Lays documents out.
  static func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return encoder
  }

  /// UTC, whole seconds: `2026-01-31T12:00:00Z`.
  static func timestamp(_ date: Date) -> String { date.formatted(.iso8601) }
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
