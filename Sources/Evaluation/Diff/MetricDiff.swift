// SPDX-License-Identifier: GPL-3.0-or-later
public import SpeechMetrics
public import Statistics

/// What became of one metric of one system.
public struct MetricDiff: Sendable, Equatable {
  /// Metric id.
  public let metric: String
  /// Whether it has a say in the overall verdict.
  public let isGate: Bool
  /// Means over the compared pairs; nil without any.
  public let means: Means?
  /// The verdict and what it rests on, or why there is none.
  public let finding: Finding
  /// Pairs whose scores became undefined, or defined.
  public let undefined: Undefined
  /// b − a of every compared pair, in the metric's unit.
  public let differences: [Double]
  /// The pairs that lost most (moved most, where neither way is better), the worst first.
  public let worst: [Pair]

  /// How many pairs' scores came to have a value or to have none; failures are not among them.
  public struct Undefined: Sendable, Equatable {
    /// A value in a, undefined in b.
    public let lost: Int
    /// Undefined in a, a value in b.
    public let gained: Int
  }

  /// Means of the two sides.
  public struct Means: Sendable, Equatable {
    /// Of a.
    public let a: Double
    /// Of b.
    public let b: Double
  }

  /// What can be said.
  public enum Finding: Sendable, Equatable {
    /// The same sound under the same signature.
    case identical(PairedComparison)
    /// A verdict of statistics.
    case judged(Judgement)
    /// Too few pairs for the rules' minimum.
    case tooFew(PairedComparison, minimum: Int)
    /// The scores may not be compared: why.
    case notComparable(String)
  }

  /// One utterance's scores.
  public struct Pair: Sendable, Equatable {
    /// Utterance id.
    public let id: String
    /// In a.
    public let a: Double
    /// In b.
    public let b: Double
    /// The synthesis behind a.
    public let pathA: String
    /// The synthesis behind b.
    public let pathB: String
  }

  /// What ``comparison`` counts: utterances of both runs, or listeners who heard both.
  public var unitsName: String { OpinionScale(rawValue: metric) == nil ? "pairs" : "listeners" }

  /// The greatest |b − a| of a pair, in the metric's unit; nil without any.
  public var greatestDifference: Double? { differences.map(abs).max() }

  /// The statistics, where there are pairs.
  public var comparison: PairedComparison? {
    switch finding {
    case .identical(let comparison), .tooFew(let comparison, _): comparison
    case .judged(let judgement): judgement.comparison
    case .notComparable: nil
    }
  }

  /// The verdict of its scores.
  public var verdict: Verdict {
    switch finding {
    case .identical: .identical
    case .judged(let judgement): judgement.verdict
    case .tooFew: .inconclusive
    case .notComparable: .notComparable
    }
  }

  /// The verdict of its scores and of what became undefined.
  ///
  /// A few more undefined scores may be chance, and may be the worst that can happen to a clip (another sentence is out of
  /// step, and has no score): not knowing is `inconclusive`. More than chance explains is a regression.
  package var gateVerdict: Verdict { verdict(losing: undefined.lost, winning: undefined.gained) }

  /// The same where neither side is the yardstick: a score that only one of them has is a doubt at least, whichever it is. One that
  /// moved has moved, either way.
  var evenVerdict: Verdict {
    let (more, fewer) = (max(undefined.lost, undefined.gained), min(undefined.lost, undefined.gained))
    guard more > 0, verdict != .improved else { return verdict }
    return min(verdict(losing: more, winning: fewer), .inconclusive)
  }

  /// What chance explains is found by the sign test.
  private func verdict(losing lost: Int, winning gained: Int) -> Verdict {
    guard lost > gained else { return verdict }
    let signs = Array(repeating: -1.0, count: lost) + Array(repeating: 1.0, count: gained)
    return min(verdict, SignFlip(signs).p < Judgement.level ? .regressed : .inconclusive)
  }

  /// Why the verdict is no better than it is.
  package var reasons: [String] {
    var lines: [String] = []
    if undefined.lost > undefined.gained {
      lines.append(
        "\(undefined.lost) scores became undefined\(undefined.gained > 0 ? ", \(undefined.gained) defined" : "")")
    }
    switch finding {
    case .notComparable(let why): lines.append(why)
    case .tooFew(let comparison, _) where comparison.n == 0: lines.append("no pair has a value on both sides")
    case .tooFew(let comparison, let minimum):
      lines.append("\(comparison.n) \(unitsName), at least \(minimum) are asked for")
    case .judged(let judgement):
      switch judgement.verdict {
      case .regressed, .improved:
        let mean = judgement.comparison.meanDifference ?? 0
        let p = judgement.adjustedP ?? judgement.comparison.test.p
        lines.append(
          "\(mean > 0 ? "+" : "")\(rounded(mean))\(unit) over \(judgement.comparison.n) \(unitsName), \(Self.text(p))")
      case .inconclusive:
        let needed = judgement.neededN.map { ", about \($0) would decide" } ?? ""
        let reason = judgement.comparison.undefinedReason.map { "; \($0)" } ?? ""
        lines.append("\(judgement.comparison.n) \(unitsName) do not decide\(needed)\(reason)")
      default: break
      }
    case .identical: break
    }
    return lines
  }

  private var unit: String {
    MetricCatalogue.info(metric).map { $0.scale.unit.isEmpty ? "" : " \($0.scale.unit)" } ?? ""
  }

  private func rounded(_ value: Double) -> String {
    let scale = (0..<(MetricCatalogue.info(metric)?.scale.decimals ?? 3)).reduce(1.0) { scale, _ in scale * 10 }
    return "\((value * scale).rounded() / scale)"
  }

  /// Two digits, and no smaller number than can be told apart.
  private static func text(_ p: Double) -> String {
    p < 0.0001 ? "p < 0.0001" : "p = \((p * 10_000).rounded() / 10_000)"
  }
}
