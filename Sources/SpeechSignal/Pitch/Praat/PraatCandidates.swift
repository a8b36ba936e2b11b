// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// One way in which a frame can be voiced.
package struct PraatCandidate {
  /// Hz.
  package let frequency: Double
  /// R of the essay in `PraatPitch`.
  package let strength: Double

  package init(frequency: Double, strength: Double) {
    self.frequency = frequency
    self.strength = strength
  }
}

/// The voiced candidates of a frame: the maxima of its r, Boersma 1993, step 3.11.
///
/// Praat refines all maxima. Here those are left out that are above the ceiling whatever comes of it, after they have
/// had their chance to take the place of a weaker one.
struct PraatCandidates: Sendable {
  private let sampleRate: Double
  private let ceiling: Double
  /// Maxima are looked for at lags below this one.
  private let longestLag: Int
  private let capacity: Int
  /// For the heights by which candidates compete.
  private let coarse: LagInterpolator
  private let fine: LagInterpolator

  /// Praat's number of candidates, less the unvoiced one.
  private static let capacity = 14
  private static let octaveCost = 0.01
  private static let leastHeight = 0.5 * PraatPitch.voicingThreshold
  private static let shortestLag = 2

  private struct Maximum {
    let lag: Int
    /// Where a parabola through three points has its top, lags.
    let top: Double
  }

  init(sampleRate: Int, floor: Double, ceiling: Double, correlation: PraatCorrelation) {
    self.sampleRate = Double(sampleRate)
    self.ceiling = ceiling
    longestLag = min(correlation.longestLag, correlation.lastLag)
    capacity = max(Self.capacity, Int(ceiling / floor) - 1)
    let lastLag = correlation.lastLag
    coarse = LagInterpolator(depth: 30, lastLag: lastLag, longest: longestLag - 1)
    fine = LagInterpolator(depth: PraatCorrelation.depth, lastLag: lastLag, longest: longestLag - 1)
  }

  /// The candidates of a frame, below the ceiling, in no particular order.
  func find(in frame: borrowing PraatFrame) -> [PraatCandidate] {
    let r = frame.r
    var maxima: [Maximum] = []
    for lag in Self.shortestLag..<max(Self.shortestLag, longestLag) {
      guard r[lag] > Self.leastHeight && r[lag] > r[lag - 1] && r[lag] >= r[lag + 1] else { continue }
      let slope = 0.5 * (r[lag + 1] - r[lag - 1])
      let curvature = (r[lag] - r[lag - 1]) + (r[lag] - r[lag + 1])
      maxima.append(Maximum(lag: lag, top: Double(lag) + slope / curvature))
    }
    if maxima.count > capacity { maxima = strongest(maxima, r) }
    return maxima.compactMap { maximum in
      guard Double(maximum.lag + 1) * ceiling > sampleRate else { return nil }
      let (lag, height) = fine.maximum(r, at: maximum.lag)
      let frequency = sampleRate / lag
      guard frequency < ceiling else { return nil }
      let strength = Self.bounded(height) - Self.octaveCost * log2(ceiling / frequency)
      return PraatCandidate(frequency: frequency, strength: strength)
    }
  }

  /// As many as there is room for, by height at the parabola's top and by octave.
  private func strongest(_ maxima: [Maximum], _ r: UnsafePointer<Double>) -> [Maximum] {
    let ranked = maxima.map { maximum in
      let lag = Int(maximum.top)
      let height = coarse.polynomial(r, from: lag).value(maximum.top - Double(lag))
      return (maximum: maximum, strength: Self.bounded(height) - Self.octaveCost * log2(maximum.top))
    }
    return ranked.sorted { $0.strength > $1.strength }.prefix(capacity).map(\.maximum)
  }

  private static func bounded(_ height: Double) -> Double { height > 1 ? 1 / height : height }
}
