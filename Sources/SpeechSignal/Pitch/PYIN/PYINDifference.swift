// SPDX-License-Identifier: GPL-3.0-or-later

/// YIN's first three steps for one frame x[0..<N]: the autocorrelation r(τ) = Σ x[n]·x[n + τ], the difference function d(τ),
/// and its normalisation by the cumulative mean, equation (8):
///
///     d′(τ) = d(τ) / ((1/τ)·Σ_{j=1…τ} d(j))
///
/// Departures, librosa's: equation (6) sums over a window of fixed length W, for which the signal is known for W + τ samples. Here
/// the frame is all there is, and d(τ) = 2·(r(0) − r(τ)) − Σ_{n<τ} x[n]². That is the sum of the N − τ squared differences
/// within the frame, plus the energy of its last τ samples (which a true difference would leave out as it does that of the
/// first τ). The longer the period, the farther a dip stays above 0.
///
/// r comes from the power spectrum. The transform is long enough for the periods looked at, shorter than librosa's, which
/// holds all N lags.
struct PYINDifference: ~Copyable {
  /// d′ of the periods looked at, shortest first. No number where the squares of the samples are too large to be one.
  private(set) var values: [Double]

  private let frameLength: Int
  private let periods: ClosedRange<Int>
  private var fft: RealFFT

  /// - Parameters:
  ///   - frameLength: N.
  ///   - periods: in samples, within 1..<N.
  init(frameLength: Int, periods: ClosedRange<Int>) {
    precondition(periods.lowerBound >= 1 && periods.upperBound < frameLength, "\(periods) in \(frameLength) samples")
    self.frameLength = frameLength
    self.periods = periods
    values = [Double](repeating: 0, count: periods.count)
    var length = frameLength + periods.upperBound
    while !Self.isFast(length) { length += 1 }
    fft = RealFFT(length: length)
  }

  /// Whether FFTW likes it: an even number of factors 2, 3 and 5.
  private static func isFast(_ length: Int) -> Bool {
    var rest = length
    for factor in [2, 3, 5] { while rest % factor == 0 { rest /= factor } }
    return rest == 1 && length % 4 == 0
  }

  /// Fills `values`.
  /// - Parameters:
  ///   - signal: holds the whole frame.
  ///   - start: place of the frame's first sample.
  mutating func measure(_ signal: [Double], from start: Int) {
    let samples = fft.samples
    for n in 0..<frameLength { samples[n] = signal[start + n] }
    for n in frameLength..<fft.length { samples[n] = 0 }
    fft.forwardInPlace()
    for k in 0..<fft.binCount { fft.spectrum[k] = Complex(fft.spectrum[k].power, 0) }
    fft.inverseInPlace()

    let scale = 1 / Double(fft.length)
    let whole = samples[0] * scale
    var (head, sum) = (0.0, 0.0)
    for period in 1...periods.upperBound {
      let first = signal[start + period - 1]
      head += first * first
      let difference = 2 * (whole - samples[period] * scale) - head
      sum += difference
      if period >= periods.lowerBound {
        let mean = sum / Double(period)
        // Silence is no difference at all: 0.
        values[period - periods.lowerBound] = difference / (mean + .leastNormalMagnitude)
      }
    }
  }
}
