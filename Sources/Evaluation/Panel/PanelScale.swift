// SPDX-License-Identifier: GPL-3.0-or-later
public import SpeechMetrics

/// How a panel asked, and so what its scores are.
public enum PanelScale: String, Sendable, CaseIterable, Codable {
  /// Absolute category rating (ITU-T P.800 B).
  case acr
  /// Degradation category rating (P.800 D).
  case dcr
  /// Comparison category rating (P.800 E): the score is the system's against that of ``PanelRating/against``.
  case ccr
  /// Preference: 1 for the system, 0 for ``PanelRating/against``, ½ for neither.
  case ab
  /// Several versions at once, a hidden reference among them (ITU-R BS.1534).
  case mushra

  /// What the mean of the scores is called.
  public var meanName: String {
    switch self {
    case .acr: "MOS"
    case .dcr: "DMOS"
    case .ccr: "CMOS"
    case .ab: "share"
    case .mushra: "mean score"
    }
  }

  /// The mean with its unit, in words.
  public var words: String {
    switch self {
    case .acr: "mean opinion score, 1 (bad) … 5 (excellent)"
    case .dcr: "mean degradation score, 1 (very annoying) … 5 (inaudible)"
    case .ccr: "mean comparison score, −3 (much worse) … +3 (much better than what it was heard beside)"
    case .ab: "share of the votes that prefer one of the two"
    case .mushra: "mean of 0 … 100"
    }
  }

  /// What the mean is among a run's scores; nil of preferences, which are no scores of single clips.
  public var opinion: OpinionScale? {
    switch self {
    case .acr: .mos
    case .dcr: .dmos
    case .ccr: .cmos
    case .ab: nil
    case .mushra: .mushra
    }
  }

  /// The scores of the standard's scale.
  public var range: ClosedRange<Double> { opinion?.info.scale.range ?? 0...1 }

  /// Half the width of what counts as the same, where nobody says otherwise: half a step between categories, and half of a fifth of
  /// MUSHRA's line. A convention, no law; of shares it is not used.
  public var margin: Double { self == .mushra ? 10 : 0.5 }

  /// What ratings are, where nobody says: votes between two where none is beyond 0…1, comparisons where some are, else categories.
  public static func inferred(_ ratings: [PanelRating]) -> PanelScale {
    let comparisons = ratings.filter { $0.against != nil }
    guard !comparisons.isEmpty else { return .acr }
    return comparisons.allSatisfy { [0, 0.5, 1].contains($0.score) } ? .ab : .ccr
  }

  /// What can speak against a listener. Who always prefers the same system, or another one than the rest, need not be careless; and
  /// BT.500's limits are of scores.
  var signs: Set<ListenerScreening.Sign> {
    self == .ab ? [.gold, .catch, .hasty] : Set(ListenerScreening.Sign.allCases)
  }
}
