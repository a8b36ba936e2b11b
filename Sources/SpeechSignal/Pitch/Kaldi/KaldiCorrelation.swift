// SPDX-License-Identifier: GPL-3.0-or-later

/// The normalised cross-correlation of one frame, at every whole lag that the states need (step 2 of `KaldiPitch`).
///
/// A hundred samples against as many, at some sixty lags: plain sums take less time than a Fourier transform would, and are
/// exactly zero in digital silence.
struct KaldiCorrelation {
  /// φ with ballast, zeros behind, shape `[rowLength]`.
  private(set) var withBallast: [Double]
  /// φ without ballast; 0 where a window is silent. Shape `[rowLength]`.
  private(set) var withoutBallast: [Double]
  /// Mean of |w|²|w(l)|² over the lags.
  private(set) var meanNorm = 0.0

  /// A window under this share of the frame's energy is what rounding left of a constant.
  private static let dust = 1e-24

  private let signal: [Double]
  private let lags: ClosedRange<Int>
  private var window: [Double]

  /// - Parameters:
  ///   - signal: at 4 kHz; zeros follow.
  ///   - states: which lags to measure.
  init(_ signal: [Double], _ states: KaldiStates) {
    self.signal = signal
    lags = states.measured
    window = [Double](repeating: 0, count: KaldiPitch.windowLength + lags.upperBound)
    withBallast = [Double](repeating: 0, count: states.rowLength)
    withoutBallast = withBallast
  }

  /// B of step 2 for a variance σ².
  static func ballast(_ variance: Double) -> Double {
    let energy = variance * Double(KaldiPitch.windowLength)
    return 7000 * energy * energy
  }

  /// - Parameters:
  ///   - start: first sample of the frame.
  ///   - ballast: B.
  mutating func measure(at start: Int, ballast: Double) {
    let length = KaldiPitch.windowLength
    for k in window.indices { window[k] = start + k < signal.count ? signal[start + k] : 0 }
    let dust = Self.dust * dotProduct(window.span, window.span)
    let mean = window[..<length].reduce(0, +) / Double(length)
    for k in window.indices { window[k] -= mean }
    // A second name for the same storage, to be read while the results are written.
    let window = window
    let first = window.span.extracting(first: length)
    let energy = dotProduct(first, first)
    var norms = 0.0
    for lag in lags {
      let later = window.span.extracting(lag..<lag + length)
      let laterEnergy = dotProduct(later, later)
      let k = lag - lags.lowerBound
      if energy > dust && laterEnergy > dust {
        let (product, norm) = (dotProduct(first, later), energy * laterEnergy)
        norms += norm
        withBallast[k] = product / (norm + ballast).squareRoot()
        withoutBallast[k] = product / norm.squareRoot()
      } else {
        (withBallast[k], withoutBallast[k]) = (0, 0)
      }
    }
    meanNorm = norms / Double(lags.count)
  }
}
