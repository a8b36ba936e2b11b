// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation
public import Provenance
public import Statistics

// Two runs, b judged against a.
//
// What is compared. Systems by name, or the only one of each run whatever they are called. Within a system, utterances of one id
// whose references have the same decoded audio; one whose reference is another is not compared, and makes the whole
// not comparable: a mean over fewer utterances than the user thinks of is no answer. Within a metric, pairs with a value on
// both sides, if all carry one signature.
//
// What decides. Every gate metric of every system is one member of a family, whose p values are adjusted together
// (`Judgement`): the promise that nothing but chance raises an alarm in at most 5 % of comparisons is of the whole. A
// system's verdict is the worst of its gate metrics' and of its coverage:
//   - an utterance that b lacks or that fails there for the first time is a regression, even one: it does not happen by chance;
//   - scores that became undefined can (a clip with ten voiced frames has nine the next time): where more are lost than gained the
//     answer is inconclusive, and a regression where it is more than chance explains, by the sign test. That test stands beside the
//     family: where scores come and go by chance, it adds alarms of its own, at most 5 % for each gate metric.
// The overall verdict is the worst of the systems'.

/// What became of a run's systems since another run.
public struct RunDiff: Sendable, Equatable {
  /// The yardstick.
  public let a: Side
  /// What is judged.
  public let b: Side
  /// Systems of both, in b's order.
  public let systems: [SystemDiff]
  /// Systems that only a has.
  public let missingSystems: [String]
  /// Systems that only b has.
  public let addedSystems: [String]
  /// Means of b that are beyond their limits, one line each.
  public let brokenLimits: [String]
  /// What differs in the machines and the software behind the two.
  public let provenance: [FactChange]

  /// A run, by what names it.
  public struct Side: Sendable, Equatable {
    /// The run.
    public let id: UUID
    /// What the user calls it.
    public let label: String?
    /// UTC.
    public let startedAt: Date
    /// The machine.
    public let host: Provenance.Host
    /// Whether all its pairs were scored.
    public let isComplete: Bool

    /// What names a run.
    public init(_ run: Run) {
      id = run.id
      label = run.label
      startedAt = run.startedAt
      host = run.host
      isComplete = run.finishedAt != nil
    }
  }

  /// A fact of the surroundings that is another in b.
  public struct FactChange: Sendable, Equatable {
    /// What it is about, e.g. `gpu` or `library fftw`.
    public let name: String
    /// In a; nil: not known.
    public let a: String?
    /// In b; nil: not known.
    public let b: String?

    /// A change from its parts.
    public init(name: String, a: String?, b: String?) {
      self.name = name
      self.a = a
      self.b = b
    }
  }

  /// The worst of the systems' verdicts; `not-comparable` where no system stands in both runs.
  public var verdict: Verdict {
    let worst = Verdict.overall(systems.map(\.verdict)) ?? .notComparable
    return missingSystems.isEmpty && brokenLimits.isEmpty ? worst : min(worst, .regressed)
  }

  /// Why the verdict is no better than it is, one line each.
  public var reasons: [String] {
    let missing = missingSystems.map { "\($0): only in a" }
    if systems.isEmpty, missing.isEmpty { return ["no system stands in both runs"] }
    return missing + brokenLimits + systems.flatMap { system in system.reasons.map { "\(system.name): \($0)" } }
  }
}

/// What became of one system.
public struct SystemDiff: Sendable, Equatable {
  /// Its name in b.
  public let name: String
  /// Its name in a.
  public let formerName: String
  /// Utterances of one id and one reference.
  public let pairs: Int
  /// Those of them whose synthesis has the same decoded audio.
  public let audioIdentical: Int
  /// Utterances that only one side has, or that one side could not score.
  public let coverage: Coverage
  /// One for each metric that either run has, in b's order.
  public let metrics: [MetricDiff]

  /// What making the sounds took, b over a, over the compared utterances; figures that both runs have.
  public let speed: [SpeedFigure: PairedRatio]

  /// Ids of utterances, sorted.
  public struct Coverage: Sendable, Equatable {
    /// Only in a.
    public let missing: [String]
    /// Only in b.
    public let added: [String]
    /// In both, but the references' audio is not the same.
    public let otherReference: [String]
    /// Of those compared, with a failure in a.
    public let failedInA: [String]
    /// Of those compared, with a failure in b.
    public let failedInB: [String]
    /// A metric failed in b that did not in a.
    public let newlyFailed: [String]
  }

  /// The worst of what the gate's metrics and the coverage say.
  public var verdict: Verdict {
    var verdicts = metrics.filter(\.isGate).map(\.gateVerdict)
    if !coverage.missing.isEmpty || !coverage.newlyFailed.isEmpty { verdicts.append(.regressed) }
    if !coverage.otherReference.isEmpty || pairs == 0 { verdicts.append(.notComparable) }
    return Verdict.overall(verdicts) ?? .inconclusive
  }

  /// Why the verdict is no better than it is, one line each.
  public var reasons: [String] {
    func named(_ ids: [String]) -> String { ids.prefix(3).joined(separator: ", ") + (ids.count > 3 ? ", …" : "") }
    var lines: [String] = []
    let (missing, failed, other) = (coverage.missing, coverage.newlyFailed, coverage.otherReference)
    if !missing.isEmpty { lines.append("\(missing.count) utterances are missing: \(named(missing))") }
    if !failed.isEmpty { lines.append("\(failed.count) utterances fail that did not before: \(named(failed))") }
    if !other.isEmpty {
      lines.append("\(other.count) utterances have another reference, and are not compared: \(named(other))")
    }
    if pairs == 0 { lines.append("no utterance stands in both runs with the same reference") }
    let verdict = verdict
    return lines
      + metrics.filter { $0.isGate && $0.gateVerdict == verdict }.flatMap { metric in
        metric.reasons.map { "\(metric.metric): \($0)" }
      }
  }
}
