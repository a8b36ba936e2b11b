// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Provenance
internal import SpeechMetrics

/// The first line: the run without its utterances.
struct BaselineHeader: Codable {
  let baseline: Int
  let run: String
  /// Milliseconds since 1970, UTC.
  let startedAt: Int64
  let finishedAt: Int64?
  let tool: String
  let label: String?
  let host: HostPart
  /// Topic, name, value.
  let provenance: [[String]]
  let settings: SettingsPart
  let systems: [SystemPart]
  let unmatched: UnmatchedPart
  /// Of each metric that has scores, that of the first.
  let signatures: [String: String]

  struct HostPart: Codable {
    let id: String
    let cpu: String
    let cores: Int
    let memoryBytes: Int
    let gpu: String?
    let os: String
    let container: String?
  }

  struct SettingsPart: Codable {
    let metrics: [String]
    let analysisRate: Int
    let resampler: String
    let alignment: String
    let channel: String?
    let level: String?
    let silence: String
  }

  struct SystemPart: Codable {
    let name: String
    let path: String
    /// How many lines are its.
    let utterances: Int
  }

  struct UnmatchedPart: Codable {
    let reference: [String]
    let synthesis: [String]
  }

  init(_ run: Run) {
    baseline = BaselineFile.version
    self.run = run.id.uuidString.lowercased()
    startedAt = Self.milliseconds(run.startedAt)
    finishedAt = run.finishedAt.map(Self.milliseconds)
    tool = run.tool
    label = run.label
    let host = run.host
    self.host = HostPart(
      id: host.id, cpu: host.cpu, cores: host.cores, memoryBytes: host.memoryBytes, gpu: host.gpu, os: host.os,
      container: host.container)
    provenance = run.provenance.facts.map { [$0.topic, $0.name, $0.value] }
    let conditions = run.settings.conditions
    settings = SettingsPart(
      metrics: run.settings.metrics, analysisRate: conditions.analysisRate, resampler: conditions.resampler,
      alignment: conditions.alignment.rawValue, channel: conditions.channel, level: conditions.level,
      silence: conditions.silence.rawValue)
    systems = run.systems.map { SystemPart(name: $0.name, path: $0.path, utterances: $0.utterances.count) }
    unmatched = UnmatchedPart(reference: run.unmatched.reference, synthesis: run.unmatched.synthesis)
    let scores = run.systems.lazy.flatMap(\.utterances).flatMap(\.scores)
    signatures = Dictionary(
      scores.map { ($0.metric, $0.signature.description) }, uniquingKeysWith: { first, _ in first })
  }

  /// The run, without utterances.
  func bareRun() throws(BaselineFile.Failure) -> Run {
    func refusal(_ reason: String) -> BaselineFile.Failure { BaselineFile.Failure(line: 1, reason: reason) }
    guard let id = UUID(uuidString: run) else { throw refusal("run: no UUID: “\(run)”") }
    // Up to the year 9999.
    let dates: ClosedRange<Int64> = 0...253_402_300_799_999
    guard let finishedAt else { throw refusal("an incomplete run is no baseline") }
    guard dates.contains(startedAt), dates.contains(finishedAt) else {
      throw refusal("startedAt, finishedAt: no milliseconds since 1970")
    }
    guard label?.isEmpty != true, label?.hasPrefix("tag:") != true else {
      throw refusal("label: “\(label ?? "")” is none that a run can have")
    }
    guard let alignment = AlignmentClass(rawValue: settings.alignment) else {
      throw refusal("no alignment class: “\(settings.alignment)”")
    }
    guard let silence = SilencePolicy(rawValue: settings.silence) else {
      throw refusal("no way to treat silence: “\(settings.silence)”")
    }
    if let fact = provenance.first(where: { $0.count != 3 }) {
      throw refusal("provenance: \(fact) is no fact of three parts")
    }
    guard settings.analysisRate > 0 else { throw refusal("no rate: \(settings.analysisRate) Hz") }
    guard host.cores >= 0, host.memoryBytes >= 0 else { throw refusal("host: a number below 0") }
    guard Set(systems.map(\.name)).count == systems.count else { throw refusal("two systems of one name") }
    guard Set(settings.metrics).count == settings.metrics.count else { throw refusal("a metric stands twice") }
    return Run(
      id: id, startedAt: Self.date(startedAt), finishedAt: Self.date(finishedAt), tool: tool, label: label,
      host: Provenance.Host(
        id: host.id, cpu: host.cpu, cores: host.cores, memoryBytes: host.memoryBytes, gpu: host.gpu, os: host.os,
        container: host.container),
      provenance: FactSheet(provenance.map { Fact($0[0], $0[1], $0[2]) }),
      settings: RunSettings(
        metrics: settings.metrics,
        conditions: Signature.Conditions(
          analysisRate: settings.analysisRate, resampler: settings.resampler, alignment: alignment,
          channel: settings.channel, level: settings.level, silence: silence)),
      systems: systems.map { SystemResult(name: $0.name, path: $0.path, utterances: []) },
      unmatched: Unmatched(reference: unmatched.reference, synthesis: unmatched.synthesis))
  }

  private static func milliseconds(_ date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1000).rounded()) }
  private static func date(_ milliseconds: Int64) -> Date {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000)
  }
}
