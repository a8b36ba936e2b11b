// SPDX-License-Identifier: GPL-3.0-or-later

/// The bootstrap distribution of a mean.
struct Bootstrap {
  /// Means of the resamples less the sample's own, ascending.
  private let shifts: [Double]
  /// Mean of the sample.
  private let mean: Double
  /// Φ⁻¹ of the share of resampled means below the sample's.
  private let bias: Double
  /// A sixth of the skewness of the jackknifed means.
  private let acceleration: Double

  /// Resamples a sample whose values are not all equal.
  ///
  /// Resample b takes its i-th value at the sorted sample's index ⌊r·n/2⁶⁴⌋, where r is the (b·n + i)-th number of
  /// ``SplitMix64`` from its constant seed: so the outcome depends on the values alone.
  init(_ sample: Sample) {
    let n = sample.count
    // Sums are taken of deviations from the mean, which are small: nothing is lost to a large offset.
    let deviations = sample.deviations
    let size = UInt64(n)
    var generator = SplitMix64()
    var shifts = [Double](repeating: 0, count: Interval.resamples)
    deviations.withUnsafeBufferPointer { deviations in
      for b in shifts.indices {
        var sum = 0.0
        for _ in 0..<n { sum += deviations[Int(truncatingIfNeeded: generator.next(below: size))] }
        shifts[b] = sum / Double(n)
      }
    }
    shifts.sort()

    // Scores on a coarse scale tie with their mean often; ties count half. Rounding in the sums must not break a tie,
    // so anything within the sums' error bound is one.
    let greatest = max(abs(deviations[0]), abs(deviations[n - 1]))
    let tie = (Double(n) * greatest + abs(sample.mean)) * 0x1p-52
    let below = Double(shifts.partitionIndex { $0 >= -tie })
    let notAbove = Double(shifts.partitionIndex { $0 > tie })
    let count = Double(Interval.resamples)
    let share = (below + notAbove) / 2 / count

    self.shifts = shifts
    mean = sample.mean
    // Kept half a resample away from 0 and 1, so that |bias| < 3.9.
    bias = Distributions.normalQuantile(min(max(share, 0.5 / count), 1 - 0.5 / count))
    acceleration = Self.acceleration(of: deviations)
  }

  /// â = Σd³ / 6(Σd²)^{3/2} over d = mean of the jackknifed means − jackknifed mean (Efron & Tibshirani, eq. 14.15).
  ///
  /// The mean without value i lies (xᵢ − x̄)/(n − 1) below the mean of all, so d is that, and the factor 1/(n − 1)
  /// cancels. |â| < 1/6, reached by one outlier among many equals.
  private static func acceleration(of deviations: [Double]) -> Double {
    let scale = deviations.reduce(0) { max($0, abs($1)) }
    let d = deviations.map { $0 / scale }
    let squares = compensatedSum(d.map { $0 * $0 })
    let cubes = compensatedSum(d.map { $0 * $0 * $0 })
    return cubes / (6 * squares * squares.squareRoot())
  }

  /// Limits of the interval: the quantiles of the resampled means at
  /// Φ(z₀ + (z₀ + z)/(1 − â(z₀ + z))) for z = Φ⁻¹ of both tails (Efron & Tibshirani, eq. 14.10).
  func bcaLimits(confidence: Double) -> (low: Double, high: Double) {
    let tail = (1 - confidence) / 2
    func limit(_ probability: Double) -> Double {
      let z = bias + Distributions.normalQuantile(probability)
      // |â| < 1/6 leaves the divisor positive for |z| < 6. Only a bias at its bound and a confidence above 96 % together
      // pass that, and then mean the outermost resample.
      let divisor = 1 - acceleration * z
      let adjusted = divisor > 0 ? Distributions.normalProbability(bias + z / divisor) : (z > 0 ? 1 : 0)
      return mean + quantile(adjusted)
    }
    return (limit(tail), limit(1 - tail))
  }

  /// Quantile by linear interpolation between order statistics (Hyndman & Fan 1996, definition 7), as numpy's.
  private func quantile(_ probability: Double) -> Double {
    let position = probability * Double(shifts.count - 1)
    let below = Int(position)
    let above = min(below + 1, shifts.count - 1)
    return shifts[below] + (position - Double(below)) * (shifts[above] - shifts[below])
  }
}

extension [Double] {
  /// Index of the first value that satisfies a predicate which no value satisfies before one that does.
  fileprivate func partitionIndex(where predicate: (Double) -> Bool) -> Int {
    var range = startIndex..<endIndex
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = predicate(self[middle]) ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
    }
    return range.lowerBound
  }
}
