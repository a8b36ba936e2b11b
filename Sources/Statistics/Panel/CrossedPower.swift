// SPDX-License-Identifier: GPL-3.0-or-later

// Power of a panel in which L listeners each rate U utterances of both systems R times.
//
// The difference of two systems' MOS varies with what listeners, utterances and single ratings add to one system and not to
// the other; what they add to both cancels:
//
//     Var(Δ̂) = 2·[σ²_SL/L + σ²_SU/U + σ²_e/(L·U·R)]
//
// σ_SL is the standard deviation of the interaction system × listener, σ_SU of system × utterance, σ_e of the rest.
// More ratings help the last term alone; only more listeners and more utterances help the first two. The test is
// t = Δ̂/√Var(Δ̂) with min(L, U) − 1 degrees of freedom, as for the interval of a mean (``ClusteredMean``), so its power
// is the non-central t's, by ``Power``.

/// Size of what makes a panel's ratings differ, as standard deviations in the ratings' unit.
public struct PanelVariation: Sendable, Equatable {
  /// Standard deviation of the interaction of system and listener, at least 0.
  public let systemListener: Double
  /// Standard deviation of the interaction of system and utterance, at least 0.
  public let systemUtterance: Double
  /// Standard deviation of a single rating about what system, listener and utterance make of it, at least 0.
  public let residual: Double

  /// The three standard deviations, none below 0.
  public init(systemListener: Double, systemUtterance: Double, residual: Double) {
    precondition(systemListener >= 0 && systemUtterance >= 0 && residual >= 0, "no standard deviation is below 0")
    self.systemListener = systemListener
    self.systemUtterance = systemUtterance
    self.residual = residual
  }

  /// Variance of the difference of two systems' MOS.
  /// - Parameters:
  ///   - listeners: L, at least one.
  ///   - utterances: U, at least one.
  ///   - repeats: R, ratings by a listener of one utterance of one system, at least one.
  public func varianceOfDifference(listeners: Int, utterances: Int, repeats: Int = 1) -> Double {
    precondition(listeners > 0 && utterances > 0 && repeats > 0, "a panel has listeners and utterances")
    let (l, u) = (Double(listeners), Double(utterances))
    return 2
      * (systemListener * systemListener / l + systemUtterance * systemUtterance / u
        + residual * residual / (l * u * Double(repeats)))
  }

  /// Probability that the two-sided test finds a difference.
  /// - Parameters:
  ///   - difference: of the two systems' true MOS, of either sign.
  ///   - listeners: L, at least two.
  ///   - utterances: U, at least two.
  ///   - repeats: R, at least one.
  ///   - alpha: level of the test, 0…1 exclusive.
  public func power(difference: Double, listeners: Int, utterances: Int, repeats: Int = 1, alpha: Double = 0.05)
    -> Double
  {
    let fewest = min(listeners, utterances)
    let error = varianceOfDifference(listeners: listeners, utterances: utterances, repeats: repeats).squareRoot()
    guard error > 0 else { return difference == 0 ? alpha : 1 }
    return Power.ofTTest(effectSize: difference / error / Double(fewest).squareRoot(), n: fewest, alpha: alpha)
  }

  /// The least number of listeners with which the power is reached, the utterances being given.
  /// - Returns: nil when a thousand do not suffice: more utterances are needed then.
  public func listenersNeeded(
    difference: Double, utterances: Int, repeats: Int = 1, power: Double = Power.usual, alpha: Double = 0.05
  ) -> Int? {
    (2...1000).first {
      self.power(difference: difference, listeners: $0, utterances: utterances, repeats: repeats, alpha: alpha) >= power
    }
  }
}
