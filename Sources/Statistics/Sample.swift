// SPDX-License-Identifier: GPL-3.0-or-later

/// Sorted values and their moments, computed with care.
struct Sample {
  /// Ascending; never empty.
  let values: [Double]
  /// Arithmetic mean.
  let mean: Double

  var count: Int { values.count }

  /// Sorts the values and takes their mean.
  /// - Returns: nil when there are none.
  init?(_ unsorted: [Double]) {
    precondition(unsorted.allSatisfy(\.isFinite), "statistics are of finite numbers")
    // Adding zero turns −0 into 0: the two compare equal, so sorting would leave their order to the input.
    let values = unsorted.map { $0 + 0 }.sorted()
    guard let least = values.first, let greatest = values.last else { return nil }
    self.values = values
    // n·x/n need not be x. Equal values have their own value for a mean, and no spread.
    mean = least == greatest ? least : compensatedSum(values) / Double(values.count)
  }

  /// Whether all values are the same.
  var isConstant: Bool { values.first == values.last }

  /// Distance of each value from the mean.
  var deviations: [Double] { values.map { $0 - mean } }

  /// Square root of the sum of squared deviations over n − 1; nil for fewer than two values.
  ///
  /// Two passes, with the rounding error of the mean taken out again (Chan, Golub & LeVeque 1983, eq. 1.7).
  var standardDeviation: Double? {
    guard count > 1 else { return nil }
    let deviations = deviations
    let residue = compensatedSum(deviations)
    let squares = compensatedSum(deviations.map { $0 * $0 }) - residue * residue / Double(count)
    return (max(0, squares) / Double(count - 1)).squareRoot()
  }

  /// Middle value, or the mean of the middle two.
  var median: Double {
    let middle = count / 2
    return count.isMultiple(of: 2) ? (values[middle - 1] + values[middle]) / 2 : values[middle]
  }
}

/// Sum whose error does not grow with the number of terms (Neumaier 1974): what each addition rounds off is kept aside
/// and added at the end.
func compensatedSum(_ terms: [Double]) -> Double {
  var sum = 0.0
  var lost = 0.0
  for term in terms {
    let next = sum + term
    lost += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
  }
  return sum + lost
}
