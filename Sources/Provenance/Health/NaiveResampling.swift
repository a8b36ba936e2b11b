// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
package import SpeechSignal

/// The ways of resampling that do without a filter, made here to be recognised elsewhere.
public enum NaiveResampling: String, Sendable, CaseIterable {
  /// A straight line between neighbours: the response sinc²(f/r) around every multiple of the rate r of IN, which droops in
  /// the pass-band and leaves images.
  case linear = "linear interpolation"
  /// The nearest sample, or the last one: the response sinc(f/r).
  case hold = "the nearest sample, repeated or left out"

  /// Which moment of IN a sample of OUT is.
  package enum Grid: CaseIterable {
    /// m·r/s: the first samples coincide.
    case start
    /// (m + ½)·r/s − ½: both recordings cover the same time, as pictures are scaled.
    case centre
    /// m·(N − 1)/(M − 1): the first samples coincide, and the last ones.
    case ends
  }

  /// IN at another rate, of `count` samples.
  package func apply(
    _ input: Waveform, to rate: Int, count: Int, grid: Grid, rounding: FloatingPointRoundingRule = .down
  )
    -> [Double]
  {
    let x = input.samples
    guard let last = x.indices.last else { return [] }
    let ratio = Double(input.sampleRate) / Double(rate)
    return (0..<count).map { m in
      let place =
        switch grid {
        case .start: Double(m * input.sampleRate) / Double(rate)
        case .centre: (Double(m) + 0.5) * ratio - 0.5
        case .ends: count > 1 ? Double(m) * Double(last) / Double(count - 1) : 0
        }
      switch self {
      case .hold: return x[min(max(0, Int(place.rounded(rounding))), last)]
      case .linear:
        let left = min(max(0, place), Double(last))
        let i = min(Int(left), last)
        let part = left - Double(i)
        return part == 0 ? x[i] : x[i] * (1 - part) + x[min(i + 1, last)] * part
      }
    }
  }

  /// Every way to do it, of one length.
  func variants(_ input: Waveform, to rate: Int, count: Int) -> [[Double]] {
    Grid.allCases.flatMap { grid in
      switch self {
      case .linear: [apply(input, to: rate, count: count, grid: grid)]
      case .hold:
        [FloatingPointRoundingRule.down, .toNearestOrAwayFromZero].map {
          apply(input, to: rate, count: count, grid: grid, rounding: $0)
        }
      }
    }
  }
}
