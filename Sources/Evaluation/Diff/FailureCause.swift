// SPDX-License-Identifier: GPL-3.0-or-later
internal import Statistics

/// What may make a comparison fail, as `--fail-on` names it.
public enum FailureCause: String, Sendable, CaseIterable {
  /// Worse than the baseline, or beyond a limit.
  case regressed
  /// It is not sure that nothing became worse: undecided, or worse.
  case inconclusive
  /// A score failed.
  case failed
  /// A file found no partner, or a system or utterance stands in one of two runs only.
  case unmatched

  /// What happened.
  /// - Parameters:
  ///   - run: the run that is judged.
  ///   - diff: what became of it since its baseline, if it has one.
  ///   - rules: whose limits count with a baseline and without.
  public static func happened(in run: Run, diff: RunDiff?, rules: GateRules) -> Set<FailureCause> {
    var causes: Set<FailureCause> = []
    let verdicts = diff.map { [$0.verdict] + $0.systems.map(\.verdict) } ?? []
    if verdicts.contains(.regressed) || !rules.brokenLimits(run).isEmpty {
      causes.formUnion([.regressed, .inconclusive])
    }
    if verdicts.contains(.inconclusive) { causes.insert(.inconclusive) }
    if run.systems.contains(where: { $0.utterances.contains(where: \.hasFailure) }) { causes.insert(.failed) }
    // An utterance that one system lacks and another has is a gap of the first.
    let all = Set(run.systems.flatMap { $0.utterances.map(\.id) }).count
    let isUnmatched =
      !run.unmatched.reference.isEmpty || !run.unmatched.synthesis.isEmpty
      || run.systems.contains { $0.utterances.count < all }
      || diff.map { diff in
        !diff.missingSystems.isEmpty || !diff.addedSystems.isEmpty
          || diff.systems.contains { !$0.coverage.missing.isEmpty || !$0.coverage.added.isEmpty }
      } ?? false
    if isUnmatched { causes.insert(.unmatched) }
    return causes
  }
}
