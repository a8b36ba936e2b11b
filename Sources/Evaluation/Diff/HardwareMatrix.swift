// SPDX-License-Identifier: GPL-3.0-or-later
public import Provenance
public import Statistics

/// One label on several machines: whether the same system sounds the same on each.
///
/// Machines are compared as runs are (`RunDiff`), on means over takes. Between two machines `identical` is proof: every
/// decoded sample is the same. `equivalent` is a statement about means: it holds to within the metrics' tolerances.
public struct HardwareMatrix: Sendable, Equatable {
  /// The machines, each by its latest complete run.
  public let machines: [RunDiff.Side]
  /// Every two machines, the earlier in `machines` first.
  public let pairs: [Pair]
  /// Greatest difference of two takes on one machine, by system and metric, over all machines; without takes nothing.
  public let spreads: [String: [String: Double]]

  /// Two machines.
  public struct Pair: Sendable, Equatable {
    /// Places in `machines`.
    public let places: [Int]
    /// What differs between them.
    public let diff: RunDiff
    /// The answer.
    public var sameness: Sameness {
      let answers = diff.systems.map(Sameness.init)
      let isUnlike = !diff.missingSystems.isEmpty || !diff.addedSystems.isEmpty
      if isUnlike || answers.contains(.different) { return .different }
      let worstFirst: [Sameness] = [.notComparable, .inconclusive, .equivalent, .identical]
      return worstFirst.first(where: answers.contains) ?? .notComparable
    }
  }

  /// Whether two machines give the same voice.
  public enum Sameness: String, Sendable, CaseIterable {
    /// Every decoded sample is the same.
    case identical
    /// The same to within tolerances.
    case equivalent
    /// A metric says so, either way; or one machine fails where the other does not.
    case different
    /// The pairs do not decide.
    case inconclusive
    /// Scored by other recipes, or against other references.
    case notComparable = "not-comparable"

    /// What a system's verdict means. One gate metric that moved, either way, is evidence enough; among verdicts of a run
    /// `inconclusive` would hide one that improved.
    public init(_ system: SystemDiff) {
      let verdicts = system.metrics.filter(\.isGate).map(\.evenVerdict)
      let hasMoved = verdicts.contains { Sameness($0) == .different }
      // Neither machine is the yardstick: what only one of them has or can score counts either way.
      let coverage = system.coverage
      let isUnlike =
        !coverage.missing.isEmpty || !coverage.added.isEmpty || coverage.failedInA != coverage.failedInB
      self = hasMoved || isUnlike ? .different : Sameness(verdicts.reduce(system.verdict, min))
    }

    /// What a verdict means between machines, of which neither is the better by right.
    public init(_ verdict: Verdict) {
      switch verdict {
      case .identical: self = .identical
      case .equivalent: self = .equivalent
      case .regressed, .improved: self = .different
      case .inconclusive: self = .inconclusive
      case .notComparable: self = .notComparable
      }
    }
  }

  /// The matrix of these runs.
  /// - Parameters:
  ///   - runs: one of each machine.
  ///   - rules: which metrics count, and tolerances. Limits are about how good a voice is, and are not looked at.
  public init(_ runs: [Run], rules: GateRules = GateRules()) {
    var rules = rules
    rules.limits = [:]
    let averaged = runs.map { run in
      var run = run
      run.systems = Takes.of(run).map(\.averaged)
      return run
    }
    machines = runs.map(RunDiff.Side.init)
    pairs = averaged.indices.flatMap { i in
      averaged.indices.dropFirst(i + 1).map { j in
        Pair(places: [i, j], diff: RunDiff(averaged[i], averaged[j], rules: rules))
      }
    }
    var spreads: [String: [String: Double]] = [:]
    for run in runs {
      for takes in Takes.of(run) {
        for metric in run.settings.metrics {
          guard let spread = takes.spread(metric) else { continue }
          spreads[takes.name, default: [:]][metric] = max(spread, spreads[takes.name]?[metric] ?? 0)
        }
      }
    }
    self.spreads = spreads
  }
}
