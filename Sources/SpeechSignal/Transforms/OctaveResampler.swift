// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import VectorLoops

// Rate conversion as GNU Octave's `resample` (signal package) defines it, for metrics whose own definition asks for
// it: STOI's reference code at 10 kHz. Files are converted by libsoxr, never by this.
//
// The signal is raised by p, low-passed and lowered by q, p/q being the reduced ratio of the rates. The filter is a
// sinc of cutoff f = 1/(2·max(p, q)) cycles per raised sample under a Kaiser window for 60 dB of rejection and a
// roll-off of f/10; its length follows from Kaiser's formula, L = ⌈(60 − 8)/(28.714·f/10)⌉ taps to either side. It is
// scaled to unit sum, then by p. Samples beyond the ends count as zero. (Octave's signal package; Kaiser 1974.)
//
// Only the samples that are kept are computed, each from the one in p taps that meets a sample of the input. Two
// signals go through together, as the halves of a pair do. Of outputs whole periods apart, which share their taps, four are
// made at once, and with each its neighbour, which shares its samples.

/// Converts two signals of one length to another rate with Octave's Kaiser-windowed polyphase filter.
public struct OctaveResampler: Sendable {
  /// p of the reduced ratio p/q = target rate / source rate.
  public let up: Int
  /// q of the reduced ratio.
  public let down: Int
  /// L: taps to either side of the filter's centre, at p times the source rate.
  let halfLength: Int
  /// Outputs after which the taps repeat, an even number, and the samples meanwhile.
  private let period: (outputs: Int, samples: Int)
  /// Taps that meet one output.
  private let tapsPerOutput: Int
  /// Samples that two neighbouring outputs meet together, rounded up to a multiple of four.
  private let reach: Int
  /// Shape `[period × reach]`: for every output of a period its taps, last first, zeros in front of and behind them: of every two
  /// neighbours the rows begin at the same sample.
  private let rows: [Double]

  /// Rejection of the filter in dB; Octave's −3 decades of amplitude.
  private static let rejection = 60.0

  /// Designs the filter: O(max(p, q)) work and memory.
  /// - Parameters:
  ///   - source: Hz, positive.
  ///   - target: Hz, positive.
  public init(from source: Int, to target: Int) {
    precondition(source > 0 && target > 0, "a sample rate is positive")
    let divisor = Self.greatestCommonDivisor(source, target)
    up = target / divisor
    down = source / divisor
    let taps = Self.filter(up: up, down: down)
    halfLength = taps.count / 2
    period = up.isMultiple(of: 2) ? (up, down) : (2 * up, 2 * down)
    tapsPerOutput = (taps.count + up - 1) / up
    // For the loop that takes four taps at a time.
    reach = (tapsPerOutput + (down + up - 1) / up + 3) / 4 * 4
    var rows = [Double](repeating: 0, count: period.outputs * reach)
    for m in 0..<period.outputs {
      let (newest, phase) = (m * down + halfLength).quotientAndRemainder(dividingBy: up)
      let oldest = ((m & ~1) * down + halfLength) / up + 1 - tapsPerOutput
      for (k, tap) in stride(from: phase, to: taps.count, by: up).enumerated() {
        rows[m * reach + newest - k - oldest] = taps[tap]
      }
    }
    self.rows = rows
  }

  /// Both signals at the target rate.
  /// - Parameters:
  ///   - first: shape `[n]`.
  ///   - second: shape `[n]`.
  /// - Returns: two signals of shape `[⌈n·p/q⌉]`.
  public func callAsFunction(_ first: [Double], _ second: [Double]) -> (first: [Double], second: [Double]) {
    precondition(first.count == second.count, "the two signals differ in length")
    if up == down || first.isEmpty { return (first, second) }
    let count = (first.count * up + down - 1) / down
    var low = [Double](repeating: 0, count: count)
    var high = low
    first.withUnsafeBufferPointer { first in
      second.withUnsafeBufferPointer { second in
        fill(0..<count, from: (first, second), offset: 0, total: first.count, &low, &high)
      }
    }
    return (low, high)
  }

  /// One signal at the target rate, of a long one a stretch at a time; the same bits as with another beside it.
  /// - Parameter signal: at the source rate.
  /// - Returns: shape `[⌈n·p/q⌉]`.
  public func callAsFunction(_ signal: Waveform) -> [Double] {
    let total = signal.count
    if up == down || total == 0 { return signal.samples }
    let count = (total * up + down - 1) / down
    var (output, none) = ([Double](repeating: 0, count: count), [Double]())
    let stretch = max(1, Waveform.blockLength / (4 * period.samples)) * 4 * period.outputs
    for begin in stride(from: 0, to: count, by: stretch) {
      let end = min(count, begin + stretch)
      let oldest = max(0, self.oldest(begin))
      let newest = min(total - 1, self.oldest(end - 1) + reach - 1)
      signal.withSamples(min(oldest, newest)..<newest + 1) { samples in
        samples.withUnsafeBufferPointer {
          fill(begin..<end, from: ($0, nil), offset: min(oldest, newest), total: total, &output, &none)
        }
      }
    }
    return output
  }

  /// The sample at which the row of an output begins.
  private func oldest(_ output: Int) -> Int { ((output & ~1) * down + halfLength) / up + 1 - tapsPerOutput }

  /// Some outputs of one or two signals; from a multiple of four periods on.
  /// - Parameters:
  ///   - outputs: which.
  ///   - signals: the stretches that these outputs meet.
  ///   - offset: where the stretches begin. Samples.
  ///   - total: n.
  private func fill(
    _ outputs: Range<Int>, from signals: (UnsafeBufferPointer<Double>, UnsafeBufferPointer<Double>?), offset: Int,
    total: Int, _ low: inout [Double], _ high: inout [Double]
  ) {
    // Raw buffers are confined to this file: the loops below are most of STOI's cost.
    let (dots, p) = (VectorLoops.dotsApart, period.outputs)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 8) { eight in
      rows.withUnsafeBufferPointer { rows in
        guard let eight = eight.baseAddress, let begin = rows.baseAddress, let a = signals.0.baseAddress else { return }
        for block in stride(from: outputs.lowerBound, to: outputs.upperBound, by: 4 * p) {
          // The outputs of a block, four periods, meet samples from the first row's oldest to the last one's newest.
          let isInside = oldest(block) >= 0 && oldest(block + 4 * p - 1) + reach <= total && block + 4 * p <= low.count
          if isInside {
            for m in stride(from: block, to: block + p, by: 2) {
              let (taps, oldest) = (begin + (m - block) * reach, oldest(m) - offset)
              dots(taps, a + oldest, period.samples, reach, eight)
              for k in 0..<4 { (low[m + k * p], low[m + k * p + 1]) = (eight[k], eight[k + 4]) }
              guard let b = signals.1?.baseAddress else { continue }
              dots(taps, b + oldest, period.samples, reach, eight)
              for k in 0..<4 { (high[m + k * p], high[m + k * p + 1]) = (eight[k], eight[k + 4]) }
            }
          } else {
            for m in block..<min(outputs.upperBound, block + 4 * p) {
              let (taps, oldest) = ((m - block) % p * reach, oldest(m) - offset)
              low[m] = Self.dot(rows, taps, signals.0, oldest, reach)
              if let second = signals.1 { high[m] = Self.dot(rows, taps, second, oldest, reach) }
            }
          }
        }
      }
    }
  }

  /// Σ taps[k]·signal[k] near the ends of a signal, beyond which it is zero.
  private static func dot(
    _ rows: UnsafeBufferPointer<Double>, _ taps: Int, _ signal: UnsafeBufferPointer<Double>, _ oldest: Int,
    _ count: Int
  ) -> Double {
    var (even, odd) = (0.0, 0.0)
    for k in max(0, -oldest)..<max(0, -oldest, min(count, signal.count - oldest)) {
      let product = rows[taps + k] * signal[oldest + k]
      if k.isMultiple(of: 2) { even += product } else { odd += product }
    }
    return even + odd
  }

  /// The low-pass of a ratio, scaled to sum `up`.
  private static func filter(up: Int, down: Int) -> [Double] {
    let period = max(up, down)
    let cutoff = 1 / (2 * Double(period))
    let half = Int(((rejection - 8) / (28.714 * (cutoff / 10))).rounded(.up))
    let window = kaiser(half, beta: 0.1102 * (rejection - 8.7))
    // sin(πt/period) repeats, with alternating sign, every `period` taps.
    let sines = (0..<period).map { sin(.pi * Double($0) / Double(period)) }
    let right = (0...half).map { t -> Double in
      if t == 0 { return window[0] }
      let sine = (t / period).isMultiple(of: 2) ? sines[t % period] : -sines[t % period]
      return window[t] * sine * Double(period) / (.pi * Double(t))
    }
    let sum = right[0] + 2 * right.dropFirst().reduce(0, +)
    let scale = Double(up) / sum
    return (-half...half).map { right[abs($0)] * scale }
  }

  /// Right half of a Kaiser window of 2·half + 1 weights, centre first; the centre's weight is I₀(β), not 1: the
  /// filter is scaled afterwards.
  ///
  /// I₀(β√(1 − r²)) by its power series, whose terms are all positive; in 1 − r² it is one polynomial for all weights.
  private static func kaiser(_ half: Int, beta: Double) -> [Double] {
    var coefficients = [1.0]
    while let term = coefficients.last, term > 1e-20 {
      let k = Double(coefficients.count)
      coefficients.append(term * (beta / (2 * k)) * (beta / (2 * k)))
    }
    return (0...half).map { t in
      let r = Double(t) / Double(half)
      return coefficients.reversed().reduce(0) { $0 * (1 - r * r) + $1 }
    }
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }
}
