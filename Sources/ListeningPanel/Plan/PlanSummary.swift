// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Statistics

// What a panel can find out.
//
// L listeners hear systems on U sentences. With the variance between listeners of how they differ about a system, σ²_SL, the
// same of sentences, σ²_SU, and of what is left in a single vote, σ²_e, a mean of N votes for a system has the variance
//   V = σ²_SL/L + σ²_SU/U + σ²_e/N,
// a difference of two systems' means 2V, and each is judged by a t test with min(L, U) − 1 degrees of freedom. A comparison with
// the reference (ccr) is a difference already: V. Of one system alone there is nothing to compare, only the interval of its mean,
// t(.975)·√V, to tell. A preference (ab) is tested by the exact binomial test, as in the analysis; listeners with tastes of their
// own make its votes worth less than assumed here.
//
// What is not known before the panel is assumed as in ``PlanSummary/Spread``.

/// A plan in figures, for who decides whether it is worth its listeners.
public struct PlanSummary: Sendable, Equatable {
  /// Standard deviations assumed before anybody has listened, in steps of the scale.
  public struct Spread: Sendable, Equatable, Codable {
    /// How much listeners disagree about a difference between systems.
    public var systemByListener: Double
    /// How much the difference depends on the sentence.
    public var systemBySentence: Double
    /// What is left in a single vote.
    public var residual: Double

    /// A spread from its parts.
    public init(systemByListener: Double = 0.3, systemBySentence: Double = 0.3, residual: Double = 0.7) {
      (self.systemByListener, self.systemBySentence) = (systemByListener, systemBySentence)
      self.residual = residual
    }

    /// What is assumed of a scale where the design says nothing: .3, .3 and .7 of five points, and as much of the range of others.
    ///
    /// The 29,760 votes for the quality of English in the Voice Conversion Challenge 2020, five points, have .24, .28 and .67
    /// (by moments, after the means of systems, listeners and sentences). That other scales are like it is an assumption. A yes or
    /// no has half its range at most.
    public static func usual(_ scale: RatingScale) -> Spread {
      let range = Double(scale.range.upperBound - scale.range.lowerBound) / 4
      let residual = scale.steps.count == 2 ? 2 * range : 0.7 * range
      return Spread(systemByListener: 0.3 * range, systemBySentence: 0.3 * range, residual: residual)
    }
  }

  /// What the panel can tell, with a power of .8 at the level .05.
  public enum Reach: Sendable, Equatable {
    /// The least difference of two systems' means that is found.
    case difference(Double)
    /// The least mean of a comparison with the reference that is told from 0 (ccr).
    case comparison(Double)
    /// The least share of the votes for one of a pair that is told from a half, by so many votes (ab).
    case preference(Double, votes: Int)
    /// One system: half the 95 % interval of its mean.
    case precision(Double)
  }

  /// How many.
  public let systems, utterances, listeners, trialsPerListener: Int
  /// Of the recording (ab: sentence of a pair) with the fewest and of the one with the most; rated trials only.
  public let votesPerClip: ClosedRange<Int>
  /// Of the system (ab: pair) with the fewest and of the one with the most.
  public let votesPerSystem: ClosedRange<Int>
  /// From the listener with the fewest and from the one with the most.
  public let votesPerListener: ClosedRange<Int>
  /// Recordings (ab: sentences of a pair) that nobody is to rate.
  public let clipsWithoutVotes: Int
  private let method: PanelMethod
  /// Longest of all listeners.
  public let minutesPerListener: Double
  /// What can be found out; nil where there are fewer than two listeners or sentences, or too few votes, which is also so where
  /// a difference would have to be larger than the scale has any.
  public let reach: Reach?
  /// What was assumed for that.
  public let spread: Spread

  /// Figures of a plan.
  /// - Parameter spread: nil for the design's or, where it says nothing, the usual one of the scale.
  public init(_ plan: PanelPlan, spread: Spread? = nil) {
    let spread = spread ?? plan.spread ?? .usual(plan.scale)
    let trials = plan.listeners.flatMap(\.trials)
    let tally = plan.tally(of: trials)
    let votes = tally.flatMap(\.value)
    systems = plan.systems.count
    utterances = plan.utterances.count
    listeners = plan.listeners.count
    trialsPerListener = plan.listeners.map(\.trials.count).max() ?? 0
    votesPerClip = .spanning(votes)
    votesPerSystem = .spanning(tally.values.map { $0.reduce(0, +) })
    votesPerListener = .spanning(
      plan.listeners.map { listener in
        let rated = listener.trials.filter { $0.kind == .rated }
        return plan.method == .mushra ? rated.reduce(0) { $0 + $1.clips.count } : rated.count
      })
    method = plan.method
    clipsWithoutVotes = votes.count { $0 == 0 }
    minutesPerListener = plan.listeners.indices.map { plan.minutes(of: $0) }.max() ?? 0
    self.spread = spread
    guard plan.method != .ab else {
      let votes = votesPerSystem.lowerBound
      reach = Self.detectableShare(votes: votes).map { .preference($0, votes: votes) }
      return
    }
    let compared = plan.ratedSystems.count
    let n = min(listeners, utterances)
    guard n >= 2, compared > 0, let most = votes.max(), most > 0 else {
      reach = nil
      return
    }
    let perSystem = Double(votes.reduce(0, +)) / Double(compared)
    let error = Self.standardError(listeners: listeners, utterances: utterances, votes: perSystem, spread)
    let range = plan.scale.range
    var (value, limit) = (0.0, Double(range.upperBound - range.lowerBound))
    if plan.method == .ccr {
      (value, limit) = (Self.detectable(error: error, n: n), Double(max(abs(range.lowerBound), abs(range.upperBound))))
    } else if compared > 1 {
      value = Self.detectable(error: error * 2.squareRoot(), n: n)
    } else {
      value = error * Power.criticalT(0.975, n: n)
    }
    guard value <= limit else {
      reach = nil
      return
    }
    reach = plan.method == .ccr ? .comparison(value) : compared > 1 ? .difference(value) : .precision(value)
  }

  /// The standard error of a system's mean.
  package static func standardError(listeners: Int, utterances: Int, votes: Double, _ spread: Spread) -> Double {
    let byListener = spread.systemByListener * spread.systemByListener / Double(listeners)
    let bySentence = spread.systemBySentence * spread.systemBySentence / Double(utterances)
    return (byListener + bySentence + spread.residual * spread.residual / votes).squareRoot()
  }

  /// The least difference that is found, in units of its standard error's; by halving, as power rises with it.
  package static func detectable(error: Double, n: Int) -> Double {
    least(0...(100 * error)) { Power.ofTTest(effectSize: $0 / (error * Double(n).squareRoot()), n: n) }
  }

  /// The least share that the exact binomial test tells from a half; nil where no count of so many votes is significant.
  package static func detectableShare(votes: Int) -> Double? {
    // At most so many against, or for.
    guard votes > 0, let few = (0...(votes / 2)).last(where: { Preference(wins: $0, of: votes).p <= 0.05 }) else {
      return nil
    }
    func atMost(_ share: Double) -> Double {
      (0...few).reduce(0) { sum, k in
        let (k, n) = (Double(k), Double(votes))
        let ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
        return sum + exp(ways + k * log(share) + (n - k) * log(1 - share))
      }
    }
    return least(0.5...(1 - 1e-9)) { atMost($0) + atMost(1 - $0) }
  }

  private static func least(_ range: ClosedRange<Double>, power: (Double) -> Double) -> Double {
    var (low, high) = (range.lowerBound, range.upperBound)
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if power(middle) < Power.usual { low = middle } else { high = middle }
    }
    return high
  }

  /// The figures as lines of text.
  public var lines: [String] {
    func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
    let (one, many) = method.unit
    let all = method == .ab ? "pair of systems" : "system"
    let votes = votesPerClip.text + (votesPerClip.upperBound == 1 ? " vote" : " votes")
    let minutes = Int(minutesPerListener.rounded(.up))
    var lines = [
      "\(count(systems, "system")), \(count(utterances, "sentence")), \(count(listeners, "listener"))",
      "\(count(trialsPerListener, "trial")) and about \(count(minutes, "minute")) for each listener",
      "\(votes) for each \(one), \(votesPerSystem.text) for each \(all), \(votesPerListener.text) from each listener",
    ]
    if clipsWithoutVotes > 0 {
      let what = clipsWithoutVotes == 1 ? one : many
      lines.append("\(clipsWithoutVotes) \(what) without a vote: too few listeners")
    }
    return lines + [reachLine]
  }

  private var reachLine: String {
    let assumed = String(
      format: "if the spread is %.3g between listeners, %.3g between sentences and %.3g in a vote",
      spread.systemByListener, spread.systemBySentence, spread.residual)
    switch reach {
    case .difference(let value)?:
      return String(format: "power .8 for a difference of %.3g between two systems, ", value) + assumed
    case .comparison(let value)?:
      return String(format: "power .8 for a mean of %.3g against the reference, ", value) + assumed
    case .preference(let share, let votes)?:
      return String(format: "power .8 for a preference of %.0f %%, by ", 100 * share)
        + "\(votes) votes for each pair, if they are independent"
    case .precision(let half)?:
      return String(format: "a 95 %% interval of ±%.3g for the system's mean, ", half) + assumed
    case nil: return "nothing can be told: that takes two listeners, two sentences and enough votes"
    }
  }
}
