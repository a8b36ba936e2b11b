// SPDX-License-Identifier: GPL-3.0-or-later

/// What a run was asked to keep to, and whether it did: what the exit code says, for reports to say the same.
public struct GateResult: Sendable, Equatable {
  /// What was to fail the run; empty where nobody asked.
  public let failOn: Set<FailureCause>
  /// What happened.
  public let happened: Set<FailureCause>
  /// Means that are beyond their limits, one line each.
  public let brokenLimits: [String]

  /// Why the run fails beside what a comparison says, one line each; where nobody asked what is to fail it, its limits count.
  public var complaints: [String] {
    let isUnmatched = failOn.contains(.unmatched) && happened.contains(.unmatched)
    let limitsCount = failOn.isEmpty || !failOn.isDisjoint(with: [.regressed, .inconclusive])
    return (limitsCount ? brokenLimits : [])
      + (isUnmatched ? ["files, utterances or systems stand on one side only"] : [])
  }

  /// Judges a run.
  /// - Parameters:
  ///   - run: the run.
  ///   - diff: what became of it since its baseline, if it has one.
  ///   - rules: whose limits count.
  ///   - failOn: what is to fail it.
  public init(_ run: Run, diff: RunDiff?, rules: GateRules, failOn: [FailureCause]) {
    self.failOn = Set(failOn)
    happened = FailureCause.happened(in: run, diff: diff, rules: rules)
    brokenLimits = rules.brokenLimits(run)
  }
}
