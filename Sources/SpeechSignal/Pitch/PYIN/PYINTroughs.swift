// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// What one frame says about its pitch.
package struct PYINObservation {
  /// Pitch bins and their probabilities, bins descending, each at most once.
  package var pitches: [(bin: Int, probability: Double)]
  /// Sum of the probabilities, at most 1.
  package var voicing: Double

  /// - Parameters:
  ///   - pitches: bins and their probabilities, bins descending.
  ///   - voicing: sum of the probabilities.
  package init(pitches: [(bin: Int, probability: Double)] = [], voicing: Double = 0) {
    self.pitches = pitches
    self.voicing = voicing
  }
}

/// pYIN's candidates of one frame: every trough of d′ (`PYINDifference`) with the probability that it is the period.
///
/// A threshold s is a random number; P(s ≤ x) is the beta(2, 18) distribution (mean 0.1) at s = 0.01, 0.02, …, 1, for
/// whole parameters a polynomial:
///
///     F(x) = 1 − (1 − x)¹⁸·(1 + 18x)
///
/// For each threshold its probability is shared out among the n troughs below it, in the order of their periods k = 0, 1, …, n − 1
/// as a Boltzmann distribution, (1 − e⁻²)·e^(−2k) / (1 − e^(−2n)). (The paper gives all to the first one, as YIN does; its
/// authors' program does not, and librosa follows that.) Where there is none below, a hundredth of it goes to the deepest trough.
///
/// The period is then refined by the parabola through the trough and its neighbours, and the pitch rounded to a bin. Of two
/// troughs in one bin the longer period counts, not the sum, as in librosa; what lies above the highest bin is dropped there, too.
/// Between the heights of two troughs the thresholds see the same troughs: they are taken together.
package struct PYINTroughs: Sendable {
  private let sampleRate: Double
  private let shortest: Int
  private let floor: Double
  private let binsPerOctave: Double
  private let binCount: Int
  /// F(i/100), i = 0…100.
  private let distribution: [Double]
  /// e^(−2k), k up to the largest possible number of troughs.
  private let decay: [Double]

  private static let thresholds = 100
  private static let withoutTrough = 0.01

  /// - Parameters:
  ///   - sampleRate: Hz.
  ///   - periods: of the values of d′, samples.
  ///   - floor: Hz, of bin 0.
  ///   - binsPerOctave: of the pitch.
  ///   - binCount: number of bins.
  package init(
    sampleRate: Double, periods: ClosedRange<Int>, floor: Double, binsPerOctave: Double, binCount: Int
  ) {
    self.sampleRate = sampleRate
    shortest = periods.lowerBound
    self.floor = floor
    self.binsPerOctave = binsPerOctave
    self.binCount = binCount
    distribution = (0...Self.thresholds).map { i in
      let x = Self.threshold(i)
      return 1 - pow(1 - x, 18) * (1 + 18 * x)
    }
    decay = (0...periods.count).map { exp(-2 * Double($0)) }
  }

  private static func threshold(_ i: Int) -> Double { i == thresholds ? 1 : Double(i) * 0.01 }

  /// The lowest threshold above a height, 1…100; 101 if there is none.
  private static func lowestThreshold(above height: Double) -> Int {
    guard height < 1 else { return thresholds + 1 }
    guard height >= 0.01 else { return 1 }
    var i = Int(height * 100)
    while threshold(i) <= height { i += 1 }
    while threshold(i - 1) > height { i -= 1 }
    return i
  }

  /// The candidates of a frame.
  /// - Parameters:
  ///   - d: d′ from the shortest period to the longest.
  ///   - observation: receives them; what it held is lost.
  package func observe(_ d: [Double], _ observation: inout PYINObservation) {
    observation.pitches.removeAll(keepingCapacity: true)
    observation.voicing = 0
    let places = Self.troughs(of: d)
    guard !places.isEmpty else { return }
    for (place, probability) in zip(places, probabilities(places.map { d[$0] })) where probability > 0 {
      let period = Double(shortest + place) + Self.shift(d, place)
      let bin = (binsPerOctave * log2(sampleRate / period / floor)).rounded(.toNearestOrEven)
      guard bin < Double(binCount) else { continue }
      let pitch = (bin: max(0, Int(bin)), probability: probability)
      if observation.pitches.last?.bin == pitch.bin { observation.pitches.removeLast() }
      observation.pitches.append(pitch)
    }
    observation.voicing = min(1, observation.pitches.reversed().reduce(0) { $0 + $1.probability })
  }

  /// Places lower than the one before and not higher than the one behind; at the ends there is one neighbour only.
  private static func troughs(of d: [Double]) -> [Int] {
    let last = d.count - 1
    var places: [Int] = []
    if d[0] < d[1] { places.append(0) }
    for i in 1..<last where d[i] < d[i - 1] && d[i] <= d[i + 1] { places.append(i) }
    if d[last] < d[last - 1] { places.append(last) }
    return places
  }

  /// The probability of each trough.
  private func probabilities(_ heights: [Double]) -> [Double] {
    let entries = heights.map { Self.lowestThreshold(above: $0) }
    var probabilities = [Double](repeating: 0, count: heights.count)
    // Thresholds from `level` to before `next` have the same `count` troughs below them.
    var level = entries.reduce(Self.thresholds + 1, min)
    while level <= Self.thresholds {
      var (count, next) = (0, Self.thresholds + 1)
      for entry in entries {
        if entry <= level { count += 1 } else { next = min(next, entry) }
      }
      let first = (1 - decay[1]) / (1 - decay[count])
      let mass = (distribution[next - 1] - distribution[level - 1]) * first
      var rank = 0
      for (i, entry) in entries.enumerated() where entry <= level {
        probabilities[i] += mass * decay[rank]
        rank += 1
      }
      level = next
    }
    var deepest = 0
    for i in heights.indices where heights[i] < heights[deepest] { deepest = i }
    probabilities[deepest] += Self.withoutTrough * distribution[entries[deepest] - 1]
    return probabilities
  }

  /// From a place to the bottom of the parabola through it and its neighbours: 0 at the ends, and where that is a sample or more.
  private static func shift(_ d: [Double], _ place: Int) -> Double {
    guard place > 0 && place < d.count - 1 else { return 0 }
    let curvature = d[place + 1] + d[place - 1] - 2 * d[place]
    let slope = (d[place + 1] - d[place - 1]) / 2
    return abs(slope) < abs(curvature) ? -slope / curvature : 0
  }
}
