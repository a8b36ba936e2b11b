// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Statistics

// What a panel can find out.
//
// Two systems are heard by L listeners on U sentences. With the variance between listeners of how they differ, σ²_SL, the
// same of sentences, σ²_SU, and of what is left in a single vote, σ²_e, the difference of their means has the variance
//   V = 2·[σ²_SL/L + σ²_SU/U + σ²_e/N],  N votes for each system,
// and is judged by a t test with min(L, U) − 1 degrees of freedom. What is not known before the panel is assumed as in
// ``Spread``: a shifted design shows up in the analysis, not here.

/// Votes that recordings get.
struct BalancedVotes {
  private let design: PanelDesign
  private let layout: TrialLayout

  init(_ design: PanelDesign, _ layout: TrialLayout) { (self.design, self.layout) = (design, layout) }

  /// Of the recording with the fewest.
  var leastVotes: Int {
    design.order == .latinSquare ? design.listeners / max(1, layout.treatments.count) : design.listeners
  }

  /// Whether all recordings get the same number.
  var isBalanced: Bool { design.order != .latinSquare || design.listeners % max(1, layout.treatments.count) == 0 }

  /// How many listeners give each recording so many votes.
  func listeners(for votes: Int) -> Int {
    design.order == .latinSquare ? votes * layout.treatments.count : votes
  }
}

/// A plan in figures, for who decides whether it is worth its listeners.
public struct PlanSummary: Sendable, Equatable {
  /// Standard deviations assumed before anybody has listened, in steps of the scale.
  public struct Spread: Sendable, Equatable {
    /// How much listeners disagree about a difference between systems.
    public var systemByListener = 0.3
    /// How much the difference depends on the sentence.
    public var systemBySentence = 0.3
    /// What is left in a single vote.
    public var residual = 0.7

    /// Usual for five-point scales.
    public init() {}
  }

  /// How many.
  public let systems, utterances, listeners, trialsPerListener: Int
  /// Of the recording with the fewest and of the one with the most; rated trials only.
  public let votesPerClip: ClosedRange<Int>
  /// Longest of all listeners.
  public let minutesPerListener: Double
  /// The least difference of two systems' means that is found with a power of .8 at the level .05; nil where there are
  /// fewer than two listeners or sentences.
  public let detectableDifference: Double?
  /// What was assumed for that.
  public let spread: Spread

  /// Figures of a plan.
  public init(_ plan: PanelPlan, spread: Spread = Spread()) {
    var votes = [Int](repeating: 0, count: plan.stimuli.count)
    for trial in plan.listeners.flatMap(\.trials) where trial.kind == .rated {
      for clip in trial.clips { votes[clip] += 1 }
    }
    let rated = plan.stimuli.indices.filter { votes[$0] > 0 && plan.stimuli[$0].system != plan.reference }
    let counts = rated.map { votes[$0] }
    systems = plan.systems.count
    utterances = plan.utterances.count
    listeners = plan.listeners.count
    trialsPerListener = plan.listeners.map(\.trials.count).max() ?? 0
    votesPerClip = (counts.min() ?? 0)...(counts.max() ?? 0)
    minutesPerListener = plan.listeners.indices.map { plan.minutes(of: $0) }.max() ?? 0
    self.spread = spread
    let perSystem = Double(counts.reduce(0, +)) / Double(Set(rated.map { plan.stimuli[$0].system }).count)
    detectableDifference = Self.detectable(
      listeners: plan.listeners.count, utterances: plan.utterances.count, votes: perSystem, spread)
  }

  /// The standard error of a difference of two systems' means.
  package static func standardError(listeners: Int, utterances: Int, votes: Double, _ spread: Spread) -> Double {
    let byListener = spread.systemByListener * spread.systemByListener / Double(listeners)
    let bySentence = spread.systemBySentence * spread.systemBySentence / Double(utterances)
    return (2 * (byListener + bySentence + spread.residual * spread.residual / votes)).squareRoot()
  }

  /// By halving: power rises with the difference.
  package static func detectable(listeners: Int, utterances: Int, votes: Double, _ spread: Spread) -> Double? {
    let n = min(listeners, utterances)
    guard n >= 2, votes > 0 else { return nil }
    let error = standardError(listeners: listeners, utterances: utterances, votes: votes, spread)
    var (low, high) = (0.0, 100 * error)
    for _ in 0..<50 {
      let middle = (low + high) / 2
      let power = Power.ofTTest(effectSize: middle / (error * Double(n).squareRoot()), n: n)
      if power < Power.usual { low = middle } else { high = middle }
    }
    return high
  }

  /// The figures as lines of text.
  public var lines: [String] {
    let votes = votesPerClip
    let few = votes.lowerBound == votes.upperBound
    return [
      "\(systems) systems, \(utterances) sentences, \(listeners) listeners",
      "\(trialsPerListener) trials and about \(Int(minutesPerListener.rounded(.up))) minutes for each listener",
      "\(few ? "\(votes.lowerBound)" : "\(votes.lowerBound) to \(votes.upperBound)") votes for each recording",
      detectableDifference.map {
        String(
          format: "power .8 for a difference of %.2f between two systems, if the spread is %.1f between listeners, "
            + "%.1f between sentences and %.1f in a vote", $0, spread.systemByListener, spread.systemBySentence,
          spread.residual)
      } ?? "no power: a comparison needs two listeners and two sentences",
    ]
  }
}
