// SPDX-License-Identifier: GPL-3.0-or-later
public import Statistics

/// What one set of listeners says of a panel's systems.
public struct PanelFindings: Sendable, Equatable {
  /// How many listeners rated.
  public let listeners: Int
  /// How many ratings there are.
  public let ratings: Int
  /// By name; of comparisons with several references by pair, such as `b against a`.
  public let systems: [PanelSystem]
  /// Every two systems that may be compared, in the order of their names.
  public let pairs: [PanelPair]
  /// Of comparisons (CCR) each system against the one it was heard beside, its CMOS tested against 0; a family of Holm's of their own.
  public let againstReference: [PanelPair]
  /// What votes between two say; then there are no ``systems`` and ``pairs``.
  public let preferences: PanelPreferences?
  /// Systems that may not be compared, and why; one entry for two groups of sessions.
  public let refusals: [PanelRefusal]
  /// Krippendorff's α over clips; nil when no clip has two ratings, or all are equal.
  public let alpha: KrippendorffAlpha?
  /// ICC and Cronbach's α, or why they are undefined.
  public let reliability: Defined<Reliability>
  /// Bias, inconsistency and quality by P.910 Annex E, or why they are undefined.
  public let projection: Defined<PanelProjection>
}

/// A value, or why the definition gives none.
public enum Defined<Value: Sendable & Equatable>: Sendable, Equatable {
  /// The value.
  case value(Value)
  /// The reason, in words.
  case undefined(String)

  /// The value, when there is one.
  public var value: Value? { if case .value(let value) = self { value } else { nil } }
  /// Why there is none.
  public var reason: String? { if case .undefined(let reason) = self { reason } else { nil } }
}

/// A system's MOS.
public struct PanelSystem: Sendable, Equatable {
  /// The system's name.
  public let name: String
  /// MOS, deviation and errors, in the scale's unit.
  public let mean: ClusteredMean
  /// The headline: the two-way clustered 95 % interval, cut at the scale's ends; nil with one listener or one utterance.
  public let interval: Interval?
  /// The 95 % interval of the two-way bootstrap; nil with one listener or utterance, or too sparse a design.
  public let bootstrap: ClosedRange<Double>?
  /// The mean of each utterance, in the order of their names.
  public let utteranceMeans: [Double]
  /// Which group of sessions joined by shared systems it was rated in, from 0. MOS of two groups are not comparable.
  public let group: Int
}

/// Two systems, paired by listener: b against a.
public struct PanelPair: Sendable, Equatable {
  /// Name of the one that is compared with; empty where ``b`` names both.
  public let a: String
  /// Name of the one that is compared.
  public let b: String
  /// Listeners who rated both.
  public let listeners: Int
  /// Mean over them of (their mean of b − their mean of a), in the scale's unit; nil without any.
  public let difference: Double?
  /// MOS b − MOS a, every rating counting alike. In a balanced design it is ``difference``; where listeners rated unequally often it
  /// is not.
  public let mosDifference: Double
  /// The 95 % interval of ``mosDifference`` by the two-way bootstrap, the difference taken inside each resample; nil where
  /// ``noInterval`` says why.
  public let interval: ClosedRange<Double>?
  /// Why there is no ``interval``: one listener, one utterance, or a resample in twenty without one of the two; nil where there is one.
  public let noInterval: String?
  /// Wilcoxon's signed-rank test of the listeners' differences; nil without any.
  public let wilcoxon: WilcoxonSignedRank?
  /// The same by flipping signs.
  public let signFlip: SignFlip?
  /// The same by Student's t; nil where ``undefinedReason`` says why.
  public let pairedT: PairedT?
  /// Wilcoxon's p adjusted over all pairs.
  public internal(set) var holm: Double?
  /// Whether the difference lies within ± the margin; nil where ``undefinedReason`` says why.
  public let equivalence: TOST?
  /// Why t and TOST are undefined: too few listeners, or all differ by the same, which leaves no variance.
  public let undefinedReason: String?

  /// What can be said.
  public enum Finding: String, Sendable, CaseIterable {
    /// The adjusted p is below .05.
    case different
    /// Different, and shown to differ by less than the margin.
    case differentWithinMargin = "different-within-margin"
    /// Shown to differ by less than the margin. That no difference was found does not suffice for this.
    case equivalent
    /// Neither was shown.
    case undecided
  }

  /// What can be said of the pair at 5 %.
  public var finding: Finding {
    let isDifferent = holm.map { $0 < 0.05 } ?? false
    let isEquivalent = equivalence.map { $0.p < 0.05 && $0.isEquivalent } ?? false
    return switch (isDifferent, isEquivalent) {
    case (true, true): .differentWithinMargin
    case (true, false): .different
    case (false, true): .equivalent
    case (false, false): .undecided
    }
  }
}

/// Two groups of systems whose raw MOS are not compared.
public struct PanelRefusal: Sendable, Equatable {
  /// Systems of the one.
  public let first: [String]
  /// Systems of the other.
  public let second: [String]
  /// Why, in words.
  public let reason: String
}

/// P.910 Annex E with names.
public struct PanelProjection: Sendable, Equatable {
  /// ψ of each clip, and its mean over a system's clips, in the scale's unit.
  public let systems: [System]
  /// b and σ of each listener.
  public let listeners: [Listener]
  /// Whether the fit settled.
  public let converged: Bool
  /// The least σ that listeners were weighted by.
  public let floor: Double

  /// One system.
  public struct System: Sendable, Equatable {
    /// The system's name.
    public let name: String
    /// Mean of ψ over its clips.
    public let quality: Double
    /// ψ by utterance.
    public let clips: [String: Double]
  }

  /// One listener.
  public struct Listener: Sendable, Equatable {
    /// The listener's code.
    public let code: String
    /// b: how much higher than others he scores.
    public let bias: Double
    /// σ: how much he scatters about that.
    public let inconsistency: Double
  }
}
