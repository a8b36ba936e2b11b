// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Statistics

/// Runs that never were: the verdicts that a gate of several metrics gives on made-up scores whose truth is known.
///
/// Each run has n utterances. Every metric's score is the utterance's quality plus the noise of the run that made it; the
/// noises of the metrics share one factor, so that any two correlate. The difference of a pair has the standard deviation
/// ``differenceDeviation``, and b's mean lies ``Setting/shift`` off in the metrics that are shifted.
package struct GateSimulation: Sendable {
  /// Metrics in the gate.
  package static let metrics = 6
  /// Correlation of the differences of any two metrics.
  package static let correlation = 0.5
  /// Standard deviation of b − a, in the unit of the scores (say MOS).
  package static let differenceDeviation = 0.2
  /// Tolerance of every metric, in that unit.
  package static let tolerance = 0.05

  /// How differences scatter.
  package enum Noise: Sendable {
    /// Both runs' noise is normal.
    case normal
    /// Both runs' noise is e^z, z standard normal: the differences are symmetric with heavy tails.
    case lognormalBoth
    /// All of the noise is in b, as e^z: the differences are as skewed as a lognormal variable.
    case lognormalDifference
  }

  /// What is true.
  package struct Setting: Sendable {
    let pairs: Int
    let shift: Double
    let shifted: Int
    let noise: Noise

    /// n pairs, of which b's scores lie `shift` higher in the first `shifted` metrics.
    package init(pairs: Int, shift: Double = 0, shifted: Int = 0, noise: Noise = .normal) {
      self.pairs = pairs
      self.shift = shift
      self.shifted = shifted
      self.noise = noise
    }
  }

  /// What the gate made of one run.
  package struct Outcome: Sendable {
    /// Whether any metric of the family regressed or improved.
    package let changes: Bool
    /// Whether any would have with a tolerance of 0.
    package let changesWithoutTolerance: Bool
    /// Share of the metrics with p < .05, each looked at alone without a tolerance.
    package let significantAlone: Double
    /// Whether the overall verdict is that b regressed.
    package let regresses: Bool
    /// Whether the first metric, which is shifted if any is, regressed when looked at alone.
    package let firstRegressesAlone: Bool
    /// Whether it regressed within the family.
    package let firstRegresses: Bool
    /// Share of the family's metrics that regressed.
    package let regressed: Double
  }

  let setting: Setting
  let seed: UInt64

  /// Runs of one setting; each has its own generator, whose seed comes from this one.
  package init(_ setting: Setting, seed: UInt64) {
    self.setting = setting
    self.seed = seed
  }

  /// The outcomes of as many runs, in order, on all cores.
  package func outcomes(runs: Int) async -> [Outcome] {
    var seeds = SplitMix64(seed: seed)
    let generators = (0..<runs).map { _ in SplitMix64(seed: seeds.next()) }
    return await withTaskGroup(of: (Int, [Outcome]).self) { group in
      for start in stride(from: 0, to: runs, by: 25) {
        group.addTask { (start, generators[start..<min(start + 25, runs)].map(outcome)) }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  private func outcome(_ generator: SplitMix64) -> Outcome {
    var normals = Normals(generator: generator)
    let comparisons = comparisons(&normals)
    let judgements = Judgement.judge(comparisons, gate: Set(comparisons.keys))
    let verdicts = judgements.values.map(\.verdict)
    let level = Judgement.level
    return Outcome(
      changes: verdicts.contains { $0 == .regressed || $0 == .improved },
      changesWithoutTolerance: judgements.values.contains { ($0.adjustedP ?? 1) < level },
      significantAlone: Double(comparisons.values.count { $0.test.p < level }) / Double(Self.metrics),
      regresses: Verdict.overall(verdicts) == .regressed,
      firstRegressesAlone: comparisons[0].map { Judgement(alone: $0).verdict == .regressed } ?? false,
      firstRegresses: judgements[0]?.verdict == .regressed,
      regressed: Double(verdicts.count { $0 == .regressed }) / Double(Self.metrics))
  }

  /// One run's metrics; greater is better.
  private func comparisons(_ normals: inout Normals) -> [Int: PairedComparison] {
    var a = [[Double]](repeating: [], count: Self.metrics)
    var b = a
    for _ in 0..<setting.pairs {
      let quality = 3 + 0.5 * normals.next()
      let (first, second) = (noise(&normals), noise(&normals))
      for metric in 0..<Self.metrics {
        let isInB = setting.noise == .lognormalDifference
        a[metric].append(quality + (isInB ? 0 : first[metric] / 2.0.squareRoot()))
        b[metric].append(
          quality + second[metric] / (isInB ? 1 : 2.0.squareRoot()) + (metric < setting.shifted ? setting.shift : 0))
      }
    }
    return Dictionary(
      uniqueKeysWithValues: (0..<Self.metrics).map {
        ($0, PairedComparison(a: a[$0], b: b[$0], better: .higher, tolerance: Self.tolerance))
      })
  }

  /// The metrics' noise for one utterance in one run: mean 0, standard deviation ``differenceDeviation``.
  private func noise(_ normals: inout Normals) -> [Double] {
    let factor = normals.next()
    return (0..<Self.metrics).map { _ in
      let z = Self.correlation.squareRoot() * factor + (1 - Self.correlation).squareRoot() * normals.next()
      // e^z has mean e^½ and variance e² − e.
      let standardised = setting.noise == .normal ? z : (exp(z) - exp(0.5)) / (exp(2) - exp(1)).squareRoot()
      return Self.differenceDeviation * standardised
    }
  }
}

/// Standard normal numbers by Box and Muller's method.
struct Normals {
  var generator: SplitMix64

  mutating func next() -> Double {
    // In (0, 1], so that the logarithm is finite.
    let radius = (-2 * log(Double((generator.next() >> 11) + 1) * 0x1p-53)).squareRoot()
    return radius * cos(2 * .pi * Double(generator.next() >> 11) * 0x1p-53)
  }
}

/// A share observed over runs, and its standard error.
package struct Share: Sendable {
  /// 0…1.
  package let value: Double
  /// Standard deviation of the runs' values over √runs.
  package let error: Double

  /// The mean of a run's value, 0…1.
  package init(_ outcomes: [GateSimulation.Outcome], _ value: (GateSimulation.Outcome) -> Double) {
    let summary = Summary(outcomes.map(value))
    self.value = summary?.mean ?? .nan
    error = (summary?.standardDeviation ?? .nan) / Double(outcomes.count).squareRoot()
  }

  /// The share of runs for which something holds.
  package init(_ outcomes: [GateSimulation.Outcome], of holds: (GateSimulation.Outcome) -> Bool) {
    self.init(outcomes) { holds($0) ? 1 : 0 }
  }
}
