// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation
internal import Statistics

/// Two runs compared, as JSON, schema 1.
public enum DiffJSON {
  /// The document. With one system its metrics stand at the top, too.
  public static func render(_ diff: RunDiff) throws -> String { try JSONReport.text(DiffDocument(diff)) }
}

struct DiffDocument: Encodable {
  let schema = 1
  let a: String
  let b: String
  let verdict: String
  let reasons: [String]
  let metrics: [String: MetricPart]?
  let failures: [String: Int]?
  let audioIdentical: Int?
  let speed: [String: SpeedPart]?
  let systems: [SystemPart]
  let missingSystems: [String]
  let addedSystems: [String]
  let provenance: [String]

  init(_ diff: RunDiff) {
    a = diff.a.id.uuidString.lowercased()
    b = diff.b.id.uuidString.lowercased()
    verdict = diff.verdict.rawValue
    reasons = diff.reasons
    systems = diff.systems.map(SystemPart.init)
    let only = systems.count == 1 ? systems.first : nil
    metrics = only?.metrics
    failures = only?.failures
    audioIdentical = only?.audioIdentical
    speed = only?.speed
    missingSystems = diff.missingSystems
    addedSystems = diff.addedSystems
    provenance = diff.provenance.map(DiffTable.change)
  }

  struct SystemPart: Encodable {
    let name: String
    let formerName: String
    let verdict: String
    let reasons: [String]
    let pairs: Int
    let audioIdentical: Int
    let failures: [String: Int]
    let coverage: [String: [String]]
    let metrics: [String: MetricPart]
    let speed: [String: SpeedPart]

    init(_ system: SystemDiff) {
      name = system.name
      formerName = system.formerName
      verdict = system.verdict.rawValue
      reasons = system.reasons
      pairs = system.pairs
      audioIdentical = system.audioIdentical
      failures = ["a": system.coverage.failedInA.count, "b": system.coverage.failedInB.count]
      coverage = [
        "missing": system.coverage.missing, "added": system.coverage.added,
        "otherReference": system.coverage.otherReference, "newlyFailed": system.coverage.newlyFailed,
      ]
      metrics = Dictionary(uniqueKeysWithValues: system.metrics.map { ($0.metric, MetricPart($0)) })
      speed = Dictionary(uniqueKeysWithValues: system.speed.map { ($0.key.rawValue, SpeedPart($0.value)) })
    }
  }

  struct SpeedPart: Encodable {
    let n: Int
    let ratio: Double
    let low: Double?
    let high: Double?

    init(_ ratio: PairedRatio) {
      n = ratio.n
      self.ratio = ratio.ratio
      low = ratio.interval?.low
      high = ratio.interval?.high
    }
  }

  struct MetricPart: Encodable {
    let verdict: String
    let gate: Bool
    let n: Int
    let a: Double?
    let b: Double?
    let meanDifference: Double?
    let low: Double?
    let high: Double?
    let interval: String?
    /// Why there is no interval and no test of equivalence.
    let intervalUndefined: String?
    let p: Double?
    let pHolm: Double?
    let test: String?
    let effectSize: Double?
    let greatestDifference: Double?
    let wins: Int?
    let ties: Int?
    let losses: Int?
    let tolerance: Double?
    let neededN: Nullable<Int>
    let undefined: [String: Int]
    let notComparable: String?
    let worst: [Worst]

    struct Worst: Encodable {
      let id: String
      let a: Double
      let b: Double
      let pathA: String
      let pathB: String
    }

    init(_ diff: MetricDiff) {
      verdict = diff.verdict.rawValue
      gate = diff.isGate
      let comparison = diff.comparison
      n = comparison?.n ?? 0
      a = diff.means?.a
      b = diff.means?.b
      meanDifference = comparison?.meanDifference
      low = comparison?.interval?.low
      high = comparison?.interval?.high
      interval = comparison?.interval?.method.rawValue
      intervalUndefined = comparison?.undefinedReason
      p = comparison?.test.p
      test = comparison?.test.method.rawValue
      effectSize = comparison?.effectSize
      greatestDifference = diff.greatestDifference
      wins = comparison?.wins
      ties = comparison?.ties
      losses = comparison?.losses
      tolerance = comparison?.tolerance
      undefined = ["lost": diff.undefined.lost, "gained": diff.undefined.gained]
      worst = diff.worst.map { Worst(id: $0.id, a: $0.a, b: $0.b, pathA: $0.pathA, pathB: $0.pathB) }
      switch diff.finding {
      case .judged(let judgement):
        (pHolm, neededN, notComparable) = (judgement.adjustedP, Nullable(value: judgement.neededN), nil)
      case .notComparable(let why): (pHolm, neededN, notComparable) = (nil, Nullable(value: nil), why)
      default: (pHolm, neededN, notComparable) = (nil, Nullable(value: nil), nil)
      }
    }
  }
}
