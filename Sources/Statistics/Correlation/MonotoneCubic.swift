// SPDX-License-Identifier: GPL-3.0-or-later

// The mapping of ITU-T P.1401 (§7.3): a third-order polynomial from a metric's scale to that of MOS, monotone over the
// range of the data, of least squares. Without the condition a cubic bends back at its ends and would reward a metric for ranking
// clips wrongly.
//
// With t the metric's range brought to −1…1, the slope q(t) = p′(t) is a parabola that must be nowhere below 0 on −1…1.
// The problem is convex: one optimum, at which one of these holds, each of them ordinary least squares. All that are feasible
// are tried and the best is kept.
//
//     q free                      (feasible when q ≥ 0 throughout, and then it is the answer)
//     q = (1 + t)(α + βt)         zero at the left end
//     q = (1 − t)(α + βt)         zero at the right end
//     q = α(1 − t²)               zero at both ends
//     q = α(t − t₀)²              touching 0 inside: t₀ by search, each try a regression on one column
//     q = 0                       no slope: the mean
//
// * Beyond the range a cubic is free to turn, so predictions outside take the value at the nearer end.
// * A metric of which less is better is fitted with falling slope: it is turned round first.
// * d = 4 coefficients are spent (``PredictionError``), also where a condition binds.

/// A monotone polynomial of third order.
public struct MonotoneCubic: Sendable, Equatable {
  /// c₀…c₃ of p(t) = Σ cₖtᵏ, t the position in ``domain`` from −1 to 1.
  public let coefficients: [Double]
  /// The metric's range that was fitted.
  public let domain: ClosedRange<Double>
  /// Sum of squared errors of the fit.
  public let squaredError: Double

  /// d, the coefficients of a third-order polynomial.
  public static let parameters = 4

  /// Fits y to x.
  /// - Parameters:
  ///   - x: the metric, finite.
  ///   - y: MOS, finite, as many.
  ///   - rising: whether the mapping may only rise; otherwise it may only fall.
  /// - Returns: nil for fewer than four different x: a cubic would be arbitrary.
  public init?(_ x: [Double], _ y: [Double], rising: Bool) {
    precondition(x.count == y.count && (x + y).allSatisfy(\.isFinite), "pairs of finite numbers")
    guard Set(x).count >= Self.parameters, let least = x.min(), let greatest = x.max() else { return nil }
    domain = least...greatest
    let domain = domain
    let t = x.map { Self.position($0, in: domain) }
    let targets = rising ? y : y.map { -$0 }
    let best = Self.fit(t, targets)
    coefficients = rising ? best.coefficients : best.coefficients.map { -$0 }
    squaredError = best.squaredError
  }

  /// The MOS that a value of the metric predicts.
  public func callAsFunction(_ x: Double) -> Double {
    let t = Self.position(min(max(x, domain.lowerBound), domain.upperBound), in: domain)
    return coefficients.reversed().reduce(0) { $0 * t + $1 }
  }

  private static func position(_ x: Double, in domain: ClosedRange<Double>) -> Double {
    let half = domain.upperBound / 2 - domain.lowerBound / 2
    return (x - domain.lowerBound) / half - 1
  }

  private struct Candidate {
    let coefficients: [Double]
    let squaredError: Double
  }

  /// The best rising cubic.
  private static func fit(_ t: [Double], _ y: [Double]) -> Candidate {
    if let free = candidate([[0, 1], [0, 0, 1], [0, 0, 0, 1]], t, y), isRising(free) { return free }
    var candidates = [
      candidate([[0, 1, 0.5], [0, 0, 0.5, 1.0 / 3]], t, y),  // ∫(1 + t), ∫(1 + t)t
      candidate([[0, 1, -0.5], [0, 0, 0.5, -1.0 / 3]], t, y),  // ∫(1 − t), ∫(1 − t)t
      candidate([[0, 1, 0, -1.0 / 3]], t, y),  // ∫(1 − t²)
      candidate([], t, y),
    ].compactMap(\.self)
    let touching = { (zero: Double) in candidate([[0, zero * zero, -zero, 1.0 / 3]], t, y) }
    let steps = 400
    let tries = (0...steps).map { -1 + 2 * Double($0) / Double(steps) }
    let errors = tries.map { touching($0).map { isRising($0) ? $0.squaredError : .infinity } ?? .infinity }
    // The error as a function of t₀ may have more than one dip.
    for k in tries.indices where errors[k].isFinite {
      let (left, right) = (max(0, k - 1), min(steps, k + 1))
      guard errors[k] <= errors[left], errors[k] <= errors[right] else { continue }
      var (low, high) = (tries[left], tries[right])
      let error = { (zero: Double) in touching(zero)?.squaredError ?? .infinity }
      for _ in 0..<60 {
        let (a, b) = (low + 0.381966 * (high - low), low + 0.618034 * (high - low))
        if error(a) < error(b) { high = b } else { low = a }
      }
      if let found = touching((low + high) / 2) { candidates.append(found) }
    }
    return candidates.filter(isRising).min { $0.squaredError < $1.squaredError }
      ?? Candidate(coefficients: [0, 0, 0, 0], squaredError: .infinity)
  }

  /// Least squares on a constant and polynomials given by their coefficients.
  private static func candidate(_ terms: [[Double]], _ t: [Double], _ y: [Double]) -> Candidate? {
    let polynomials = [[1.0]] + terms
    let columns = polynomials.map { term in t.map { t in term.reversed().reduce(0) { $0 * t + $1 } } }
    guard let weights = LinearSystem.leastSquares(columns, y) else { return nil }
    var coefficients = [0.0, 0, 0, 0]
    for (weight, term) in zip(weights, polynomials) {
      for (power, coefficient) in term.enumerated() { coefficients[power] += weight * coefficient }
    }
    let errors = zip(t, y).map { t, y in
      let error = y - coefficients.reversed().reduce(0) { $0 * t + $1 }
      return error * error
    }
    return Candidate(coefficients: coefficients, squaredError: compensatedSum(errors))
  }

  /// Whether the slope is nowhere below 0 on −1…1, but for rounding.
  private static func isRising(_ candidate: Candidate) -> Bool {
    let c = candidate.coefficients
    let slope = { (t: Double) in c[1] + 2 * c[2] * t + 3 * c[3] * t * t }
    let bend = c[3] == 0 ? 2 : -c[2] / (3 * c[3])
    let least = ([-1, 1] + (abs(bend) < 1 ? [bend] : [])).map(slope).min() ?? 0
    return least >= -1e-9 * (abs(c[1]) + abs(c[2]) + abs(c[3]))
  }
}
