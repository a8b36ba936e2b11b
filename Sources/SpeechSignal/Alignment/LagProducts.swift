// SPDX-License-Identifier: GPL-3.0-or-later

/// Σ x[n]·y[n + l] over the samples both recordings have, for some neighbouring lags l.
///
/// Long recordings are gone through once, block by block, for all lags together. Each sum is made of eight running sums in the order of
/// `dotProduct`: it has the same bits, however the recordings are kept.
package struct LagProducts {
  /// One per lag, in the order of the lags.
  package let values: [Double]

  private typealias Lanes = SIMD8<Double>

  /// What one lag has so far.
  private struct Running {
    let lag: Int
    /// The next sample of x, and the end of those that come in eights.
    var next: Int
    let wholeEnd: Int
    let end: Int
    var sums = Lanes.zero
  }

  /// - Parameters:
  ///   - x: the first recording.
  ///   - y: the second.
  ///   - lags: l.
  package init(_ x: Waveform, _ y: Waveform, lags: ClosedRange<Int>) {
    var running = lags.map { lag in
      let begin = max(0, -lag)
      let end = max(begin, min(x.count, y.count - lag))
      return Running(lag: lag, next: begin, wholeEnd: begin + (end - begin) / 8 * 8, end: end)
    }
    // Blocks that stay in the second-level cache; they begin where the last ones' eights may have ended.
    let block = 1 << 14
    for begin in stride(from: 0, to: x.count, by: block) {
      let first = max(0, begin - 8)..<min(x.count, begin + block)
      let low = min(y.count, max(0, first.lowerBound + lags.lowerBound))
      let second = low..<min(y.count, max(low, first.upperBound + lags.upperBound))
      x.withSamples(first) { a in
        y.withSamples(second) { b in
          for i in running.indices { Self.advance(&running[i], a, first, b, second.lowerBound) }
        }
      }
    }
    values = running.map { one in
      var sum = one.sums.sum()
      let tail = one.wholeEnd..<one.end
      guard !tail.isEmpty else { return sum }
      x.withSamples(tail) { a in
        y.withSamples(tail.lowerBound + one.lag..<tail.upperBound + one.lag) { b in
          for i in 0..<a.count { sum += a[i] * b[i] }
        }
      }
      return sum
    }
  }

  /// Adds what lies in a block, as far as it makes eights.
  private static func advance(
    _ one: inout Running, _ x: Span<Double>, _ block: Range<Int>, _ y: Span<Double>, _ yBegin: Int
  ) {
    let count = (min(one.wholeEnd, block.upperBound) - one.next) / 8
    guard count > 0 else { return }
    let (i, j) = (one.next - block.lowerBound, one.next + one.lag - yBegin)
    precondition(i >= 0 && j >= 0 && i + 8 * count <= x.count && j + 8 * count <= y.count, "a block too short")
    var sums = one.sums
    // Unchecked access, as in `dotProduct`.
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        guard let p = x.baseAddress, let q = y.baseAddress else { return }
        for k in stride(from: 0, to: 8 * count, by: 8) {
          let a = UnsafeRawPointer(p + i + k).loadUnaligned(as: Lanes.self)
          let b = UnsafeRawPointer(q + j + k).loadUnaligned(as: Lanes.self)
          sums += a * b
        }
      }
    }
    one.sums = sums
    one.next += 8 * count
  }
}
