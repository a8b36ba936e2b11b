// SPDX-License-Identifier: GPL-3.0-or-later

// The sign-flip test: is the mean of paired differences farther from 0 than chance would put it?
//
// Were both halves of every pair alike, each difference could as well have had the other sign (Fisher 1935, "The Design
// of Experiments", §21). So the observed |mean| is compared with those of all 2ⁿ choices of signs; p is the share at
// least as great. It asks nothing of the shape of the scores but that symmetry, which holds by construction when a and b
// are two tries of one system, and it judges the mean that is printed, not ranks.
//
// Exact up to 20 differences, a million sums. Above, B = 100,000 choices are drawn and
//
//     p = (k + 1)/(B + 1),   k the number of drawn means at least as far from 0
//
// so that no p is ever 0 and the test stays valid with drawn signs (Phipson & Smyth 2010, "Permutation p-values should
// never be zero", SAGMB 9, eq. 2). The standard error of such a p is √(p(1 − p)/B): .0007 at .05, .0003 at .01.
//
// * Differences of 0 are left out first: flipping them changes no sum. So "20" and "above" count pairs that differ.
// * What is flipped is |d|, in ascending order: the sums are the same whatever the signs were. Hence p depends neither
//   on the order of the pairs nor on which half is called a.
// * Draw b gives the i-th of those differences a plus where bit i mod 64 is set in the (⌊i/64⌋·B + b)-th number of
//   ``SplitMix64`` from its constant seed; b, i, bits and numbers are counted from 0.
// * Rounding must not tell apart sums that are equal on paper, as those of scores on a grid often are: a sum counts as at
//   least as far from 0 when it is within n·2⁻⁵²·Σ|d| of the observed one.
//
// Cost. Eight differences at a time have but 256 sums, so a draw adds one number from a table for each eight: n·B/8
// additions, 7 ms for 1,000 pairs and 36 ms for 5,000. That is the limit, so that a dozen metrics are judged in half a
// second: beyond 5,000 differing pairs p is Student's t test's. The sum of that many signed terms is normal but for
// O(1/n), and √(p(1 − p)/B) would be the greater error.
//
// Few pairs cannot be significant: the least p of n pairs is 2/2ⁿ, so p < .05 takes 6 and p < .01 takes 8.

/// Sign-flip permutation test of the mean of paired differences against 0, two-sided.
public struct SignFlip: Sendable, Equatable {
  /// The probability of a mean at least as far from 0 if signs are as good as drawn: 0…1; 1 without differences.
  public let p: Double
  /// How it was found.
  public let method: Method

  /// A way to find p.
  public enum Method: String, Sendable, CaseIterable {
    /// All choices of signs.
    case exact
    /// Drawn choices of signs.
    case drawn
    /// Student's t, the limit for many differences.
    case studentT = "t"
  }

  /// The most differences other than 0 for which all choices of signs are gone through.
  public static let exactLimit = 20

  /// The most differences other than 0 for which choices of signs are drawn.
  public static let drawnLimit = 5000

  /// B, how many choices of signs are drawn.
  public static let draws = 100_000

  /// The least number of pairs whose p can be below a level: p is no less than 2/2ⁿ.
  /// - Parameter level: 0…1 exclusive.
  public static func fewestPairs(level: Double) -> Int {
    var (pairs, least) = (1, 1.0)
    while least >= level { (pairs, least) = (pairs + 1, least / 2) }
    return pairs
  }

  /// Tests differences, in any order and any unit.
  public init(_ differences: [Double]) { self.init(Sample(differences)) }

  /// Tests a sample; nil is one without differences.
  init(_ sample: Sample?) {
    let values = sample?.values ?? []
    let magnitudes = values.map(abs).filter { $0 > 0 }.sorted()
    if magnitudes.count > Self.drawnLimit, let test = sample.flatMap(PairedT.init) {
      p = test.p
      method = .studentT
      return
    }
    let total = compensatedSum(magnitudes)
    let least = abs(compensatedSum(values)) - Double(magnitudes.count) * 0x1p-52 * total
    if magnitudes.count <= Self.exactLimit {
      p = Self.shareOfAll(magnitudes, reaching: least)
      method = .exact
    } else {
      p = Double(Self.countOfDrawn(magnitudes, reaching: least) + 1) / Double(Self.draws + 1)
      method = .drawn
    }
  }

  /// Share of all choices of signs whose sum is at least that far from 0.
  private static func shareOfAll(_ magnitudes: [Double], reaching least: Double) -> Double {
    let middle = magnitudes.count / 2
    let front = signedSums(magnitudes[..<middle])
    let back = signedSums(magnitudes[middle...])
    var count = 0
    for first in front {
      for second in back where abs(first + second) >= least { count += 1 }
    }
    return Double(count) / Double(front.count * back.count)
  }

  /// The sums of all 2ⁿ choices of signs; bit i of an index is set where the i-th term has a plus.
  private static func signedSums(_ terms: ArraySlice<Double>) -> [Double] {
    terms.reduce(into: [0]) { sums, term in sums = sums.map { $0 - term } + sums.map { $0 + term } }
  }

  /// How many of the drawn choices of signs have a sum at least that far from 0.
  private static func countOfDrawn(_ magnitudes: [Double], reaching least: Double) -> Int {
    var generator = SplitMix64()
    var sums = [Double](repeating: 0, count: draws)
    for start in stride(from: 0, to: magnitudes.count, by: 64) {
      // Terms beyond the last are 0 and may have any sign.
      let terms = (start..<start + 64).map { $0 < magnitudes.count ? magnitudes[$0] : 0 }
      let tables = stride(from: 0, to: 64, by: 8).flatMap { signedSums(terms[$0..<$0 + 8]) }
      tables.withUnsafeBufferPointer { tables in
        sums.withUnsafeMutableBufferPointer { sums in
          for draw in sums.indices {
            let signs = generator.next()
            @inline(__always) func part(_ byte: Int) -> Double {
              tables[byte << 8 | Int(truncatingIfNeeded: signs >> UInt64(byte << 3) & 0xFF)]
            }
            // In pairs, so that no addition waits for all before it.
            sums[draw] += ((part(0) + part(1)) + (part(2) + part(3))) + ((part(4) + part(5)) + (part(6) + part(7)))
          }
        }
      }
    }
    return sums.reduce(0) { $0 + (abs($1) >= least ? 1 : 0) }
  }
}
