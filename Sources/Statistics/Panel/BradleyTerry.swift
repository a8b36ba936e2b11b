// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

// One scale from pairwise preferences: P(i beats j) = 1/(1 + e^(θj − θi)) (Bradley & Terry 1952, "Rank analysis of incomplete
// block designs I", Biometrika 39), abilities in logits with sum 0, by maximum likelihood.
//
// The maximum exists and is unique when the systems can't be split in two groups of which one never beats the other
// (Ford 1957, "Solution of a ranking problem from binary comparisons", Am. Math. Monthly 64): when the graph with an arrow from every winner to
// every loser is strongly connected. Otherwise some ability runs off to infinity, and a number that is printed all the same is
// nothing but where the iteration was stopped: so it is refused.
//
// Newton's method on the concave likelihood, with halved steps; the sum is held at 0 by adding 1 to all of the Hessian.

/// Abilities of systems, from how often each was preferred to each other.
public struct BradleyTerry: Sendable, Equatable {
  /// θ by system, in logits; their sum is 0.
  public let abilities: [Double]
  /// Standard error of each θ about the mean of all, in logits, judgements counting as independent.
  public let errors: [Double]

  /// Why there is no maximum.
  public enum Failure: Error, Equatable {
    /// Fewer than two systems.
    case tooFew
    /// Nothing of `unbeaten` was ever beaten by anything of the rest: its distance is unbounded.
    case notStronglyConnected(unbeaten: [Int])
  }

  /// Fits abilities.
  /// - Parameter wins: `wins[i][j]`, how often i was preferred to j: a square table, none below 0, its diagonal
  ///   passed over. A tie may count as half a win of each.
  public init(wins: [[Double]]) throws(Failure) {
    let count = wins.count
    precondition(wins.allSatisfy { $0.count == count && $0.allSatisfy { $0 >= 0 && $0.isFinite } }, "a square table")
    guard count > 1 else { throw .tooFew }
    if let unbeaten = Self.unbeatenGroup(wins) { throw .notStronglyConnected(unbeaten: unbeaten) }
    var theta = [Double](repeating: 0, count: count)
    var likelihood = Self.likelihood(theta, wins)
    for _ in 0..<200 {
      let (gradient, information) = Self.derivatives(theta, wins)
      let step = LinearSystem.solve(information, gradient)
      var scale = 1.0
      var next = zip(theta, step).map { $0 + $1 }
      while Self.likelihood(next, wins) < likelihood - 1e-12 * abs(likelihood), scale > 1e-6 {
        scale /= 2
        next = zip(theta, step).map { $0 + scale * $1 }
      }
      theta = next
      likelihood = Self.likelihood(theta, wins)
      if step.allSatisfy({ abs($0) < 1e-13 }) { break }
    }
    let mean = compensatedSum(theta) / Double(count)
    abilities = theta.map { $0 - mean }
    let information = Self.derivatives(theta, wins).information
    errors = (0..<count).map { index in
      // The covariance is the inverse less what holds the sum, 1/n² everywhere.
      let unit = (0..<count).map { $0 == index ? 1.0 : 0 }
      let variance = LinearSystem.solve(information, unit)[index] - 1 / Double(count * count)
      return max(0, variance).squareRoot()
    }
  }

  private static func likelihood(_ theta: [Double], _ wins: [[Double]]) -> Double {
    var sum = 0.0
    for i in theta.indices {
      for j in theta.indices where i != j && wins[i][j] > 0 { sum -= wins[i][j] * log1p(exp(theta[j] - theta[i])) }
    }
    return sum
  }

  private static func derivatives(_ theta: [Double], _ wins: [[Double]]) -> (
    gradient: [Double], information: [[Double]]
  ) {
    let count = theta.count
    var gradient = [Double](repeating: 0, count: count)
    var information = [[Double]](repeating: Array(repeating: 1, count: count), count: count)
    for i in 0..<count {
      for j in 0..<count where i != j {
        let p = 1 / (1 + exp(theta[j] - theta[i]))
        let n = wins[i][j] + wins[j][i]
        gradient[i] += wins[i][j] - n * p
        information[i][i] += n * p * (1 - p)
        information[i][j] -= n * p * (1 - p)
      }
    }
    return (gradient, information)
  }

  /// A group that nothing outside of it beats; nil when there is none.
  private static func unbeatenGroup(_ wins: [[Double]]) -> [Int]? {
    // Who can be reached from a system by following defeats upwards: all that beat it, and that beat those.
    for start in wins.indices {
      var reached: Set = [start]
      var open = [start]
      while let loser = open.popLast() {
        for winner in wins.indices where winner != loser && wins[winner][loser] > 0 && reached.insert(winner).inserted {
          open.append(winner)
        }
      }
      if reached.count < wins.count { return reached.sorted() }
    }
    return nil
  }
}
