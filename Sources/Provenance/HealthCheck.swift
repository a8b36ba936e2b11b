// SPDX-License-Identifier: GPL-3.0-or-later

/// What a look at one part of the machine found.
public struct HealthCheck: Sendable, Hashable {
  /// How a check ended.
  public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// Fit.
    case passed
    /// Unfit; `advice` says what to do.
    case failed
    /// Not decided: what it needs is not there, or it does not apply.
    case skipped
  }

  /// Short and stable, e.g. `torch-build`; machines read it.
  public var name: String
  /// How it ended.
  public var outcome: Outcome
  /// What is there, in one line.
  public var found: String
  /// What to do about it, in one line: a command where there is one.
  public var advice: String?

  /// A check's result from its parts.
  public init(_ name: String, _ outcome: Outcome, found: String, advice: String? = nil) {
    self.name = name
    self.outcome = outcome
    self.found = found
    self.advice = advice
  }
}
