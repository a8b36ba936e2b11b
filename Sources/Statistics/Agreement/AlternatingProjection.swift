// SPDX-License-Identifier: GPL-3.0-or-later

// Quality freed from listeners' habits: ITU-T P.910 (07/2022) Annex E, after Li, Bampis, Janowski & Katsavounidis 2020, "A simple
// model for subject behavior in subjective experiments" (Human Vision and Electronic Imaging).
//
//     x_ij = ψ_j + b_i + σ_i·ε      item j's quality, listener i's bias and inconsistency, ε standard normal
//
// Maximum likelihood by alternating projection. From ψ the items' means and b the listeners' mean distance from them:
//
//     σ_i ← standard deviation of i's residuals (divisor: their number)
//     ψ_j ← Σ_i (x_ij − b_i)/σ_i² / Σ_i 1/σ_i²
//     b_i ← mean over j of x_ij − ψ_j
//
// until ψ moves by less than 1e-8 (Euclidean norm), at most 1,000 times. At the end b is given mean 0 and ψ takes up the
// rest.
//
// * σ has a floor in the weights: the likelihood is unbounded as one σ tends to 0, the listener's own scores then being taken
//   for the truth. With few votes an item this does happen: on the votes of VCC 2020, five a clip, listeners' σ fall to
//   4e-8 without one. A score rounded to steps of h strays from what was meant by h/√12 at least, so that is the floor, with h
//   the least distance of two different scores. A floor of 1e-4 gives what sureal gives, whose weights are
//   1/(σ² + 1e-8). `inconsistency` itself is as found; listeners below the floor are named.
// * When listeners and items fall apart into groups that share neither, any constant can pass between the groups' b and ψ:
//   no scale joins them, so that is refused.
// * Error of ψ_j is 1/√(Σ_i 1/σ_i²), of b_i σ_i/√n_i: the model's own, with σ taken as known. It is that of the items at
//   hand, for these listeners; it says nothing of other listeners, as ``ClusteredMean`` does.

/// Items' quality and listeners' bias and inconsistency.
public struct AlternatingProjection: Sendable, Equatable {
  /// ψ by item's index, in the ratings' unit; nil for an index without ratings.
  public let quality: [Double?]
  /// The model's standard error of each ψ.
  public let qualityError: [Double?]
  /// b by listener's index, in the ratings' unit, of mean 0; nil for an index without ratings.
  public let bias: [Double?]
  /// σ by listener's index, in the ratings' unit; nil for an index without ratings.
  public let inconsistency: [Double?]
  /// Times that ψ was found.
  public let iterations: Int
  /// Whether ψ had settled by then.
  public let converged: Bool

  /// The least σ that listeners were weighted by, in the ratings' unit.
  public let floor: Double

  /// Listeners whose σ lies below ``floor``: their residuals say nothing, and their weight is the floor's.
  public var flooredListeners: [Int] { inconsistency.indices.filter { (inconsistency[$0] ?? .infinity) < floor } }

  /// Why there is none.
  public enum Failure: Error, Equatable {
    /// No ratings.
    case empty
    /// Listeners and items fall apart into that many groups that share neither.
    case disconnected(groups: Int)
  }

  /// Fits the model; ratings may be missing or repeated.
  /// - Parameter floor: the least σ to weight a listener by, above 0, in the ratings' unit; nil takes ``rounding(of:)``.
  public init(_ ratings: CrossedRatings, floor: Double? = nil) throws(Failure) {
    guard ratings.count > 0 else { throw .empty }
    let groups = Self.groups(ratings)
    guard groups == 1 else { throw .disconnected(groups: groups) }
    self.floor = floor ?? Self.rounding(of: ratings)
    var fit = Fit(ratings, floor: self.floor)
    var (steps, moved) = (0, Double.infinity)
    while moved >= 1e-8, steps < 1000 {
      moved = fit.step()
      steps += 1
    }
    iterations = steps
    converged = moved < 1e-8
    let heard = Set(ratings.listeners)
    let mean = compensatedSum(heard.sorted().map { fit.bias[$0] }) / Double(heard.count)
    let rated = Set(ratings.items)
    quality = fit.quality.indices.map { rated.contains($0) ? fit.quality[$0] + mean : nil }
    qualityError = fit.precision.indices.map { rated.contains($0) ? 1 / fit.precision[$0].squareRoot() : nil }
    bias = fit.bias.indices.map { heard.contains($0) ? fit.bias[$0] - mean : nil }
    inconsistency = fit.deviation.indices.map { heard.contains($0) ? fit.deviation[$0] : nil }
  }

  /// h/√12, h the least distance of two different scores; at least 1e-4.
  public static func rounding(of ratings: CrossedRatings) -> Double {
    let values = Set(ratings.scores).sorted()
    let step = zip(values.dropFirst(), values).map { $0 - $1 }.min() ?? 0
    return max(1e-4, step / 12.0.squareRoot())
  }

  private struct Fit {
    let ratings: CrossedRatings
    let floor: Double
    var quality: [Double]
    var bias: [Double]
    var deviation: [Double]
    /// Σ 1/σ² over an item's ratings.
    var precision: [Double]

    init(_ ratings: CrossedRatings, floor: Double) {
      self.ratings = ratings
      self.floor = floor
      quality = ratings.scoresByItem.map { $0.isEmpty ? 0 : compensatedSum($0) / Double($0.count) }
      bias = [Double](repeating: 0, count: ratings.listenerBound)
      deviation = bias
      precision = [Double](repeating: 0, count: quality.count)
      findBias()
    }

    /// One round; returns how far ψ moved.
    mutating func step() -> Double {
      let weights = findDeviation().map { 1 / (max($0, floor) * max($0, floor)) }
      var sums = [Double](repeating: 0, count: quality.count)
      precision = sums
      for k in ratings.scores.indices {
        let (item, listener) = (ratings.items[k], ratings.listeners[k])
        sums[item] += weights[listener] * (ratings.scores[k] - bias[listener])
        precision[item] += weights[listener]
      }
      let before = quality
      for item in quality.indices where precision[item] > 0 { quality[item] = sums[item] / precision[item] }
      findBias()
      return zip(before, quality).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    private mutating func findBias() {
      bias = meansByListener { ratings.scores[$0] - quality[ratings.items[$0]] }
    }

    private mutating func findDeviation() -> [Double] {
      let means = meansByListener(residual)
      deviation = meansByListener { k in
        let distance = residual(k) - means[ratings.listeners[k]]
        return distance * distance
      }.map { $0.squareRoot() }
      return deviation
    }

    private func residual(_ k: Int) -> Double {
      ratings.scores[k] - quality[ratings.items[k]] - bias[ratings.listeners[k]]
    }

    private func meansByListener(_ value: (Int) -> Double) -> [Double] {
      var sums = [Double](repeating: 0, count: ratings.listenerBound)
      var counts = sums
      for k in ratings.scores.indices {
        sums[ratings.listeners[k]] += value(k)
        counts[ratings.listeners[k]] += 1
      }
      return zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
    }
  }

  /// How many groups of listeners and items there are that no rating joins.
  static func groups(_ ratings: CrossedRatings) -> Int {
    let listeners = ratings.listenerBound
    var parent = Array(0..<listeners + ratings.itemBound)
    func root(_ node: Int) -> Int {
      var node = node
      while parent[node] != node {
        parent[node] = parent[parent[node]]
        node = parent[node]
      }
      return node
    }
    for (listener, item) in zip(ratings.listeners, ratings.items) {
      let (a, b) = (root(listener), root(listeners + item))
      parent[a] = b
    }
    return Set(ratings.listeners.map(root)).count
  }
}
