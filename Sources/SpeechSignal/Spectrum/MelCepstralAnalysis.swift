// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Mel-cepstral analysis: the mel-cepstrum whose spectrum minimises the unbiased estimator of log spectrum (UELS),
/// E = mean over ω of (P/|H|² − ln(P/|H|²) − 1), P the periodogram, H = exp Σ cₘ·z̃⁻ᵐ; T. Fukada, K. Tokuda, T. Kobayashi,
/// S. Imai: "An adaptive algorithm for mel-cepstral analysis of speech", ICASSP 1992; SPTK's `mcep` as pysptk 1.0.1 ships it.
///
/// It starts from the mel-cepstrum of ln P and takes Newton steps: with r(m), the coefficients of P/|H|² on the warped
/// axis, solve (T + H)·Δ = b, where T is Toeplitz and H Hankel in r, and b = r(m) − (−α)ᵐ. It ends when r(0) changes by less than a
/// share `threshold`.
///
/// Departures from SPTK, none in the result: every map between bins and warped coefficients is linear, and a
/// matrix made once; the equation is solved by Cholesky's method and not by a block Levinson recursion, so a system that is
/// not positive definite is reported by its pivot and not by a 2 × 2 determinant.
public struct MelCepstralAnalysis: Sendable {
  /// What keeps the periodogram from being zero.
  public enum Floor: Sendable, Equatable {
    /// Nothing (SPTK's etype 0).
    case none
    /// This power is added (etype 1).
    case added(Double)
    /// This many dB, a negative number, below the frame's maximum (etype 2).
    case relative(decibels: Double)
  }

  /// Why a frame has no mel-cepstrum.
  public enum Failure: Error, Sendable, Equatable {
    /// The periodogram is zero (or not a number) at this bin.
    case zeroPower(bin: Int)
    /// The normal equation is singular: its pivot of this number.
    case singular(row: Int, pivot: Double)
  }

  /// M.
  public let order: Int
  /// All-pass constant.
  public let alpha: Double
  /// N; spectra have N/2 + 1 bins.
  public let fftLength: Int
  /// Fewest and most Newton steps; a most of 0 stops at the mel-cepstrum of the log periodogram.
  public let iterations: ClosedRange<Int>
  /// Relative change of r(0) at which to stop.
  public let threshold: Double
  /// How zeros in the periodogram are kept out.
  public let floor: Floor

  /// Bins from 0 Hz to half the sample rate.
  public var binCount: Int { fftLength / 2 + 1 }

  /// Per bin a row: to the first estimate; from a mel-cepstrum to ln|H|; from P/|H|² to r(0…2M).
  private let initial: Rows
  private let model: Rows
  private let residual: Rows

  private struct Rows: Sendable {
    /// Vectors of four per row.
    let width: Int
    var values: [SIMD4<Double>]

    init(columns: Int, bins: Int) {
      width = (columns + 3) / 4
      values = Array(repeating: .zero, count: width * bins)
    }

    subscript(bin: Int, column: Int) -> Double {
      get { values[bin * width + column / 4][column % 4] }
      set { values[bin * width + column / 4][column % 4] = newValue }
    }
  }

  /// - Parameters:
  ///   - order: M ≥ 1.
  ///   - alpha: all-pass constant, |α| < 1.
  ///   - fftLength: N, even, at least 2M.
  ///   - iterations: fewest…most Newton steps.
  ///   - threshold: relative change of r(0) at which to stop.
  ///   - floor: how zeros in the periodogram are kept out.
  public init(
    order: Int, alpha: Double, fftLength: Int, iterations: ClosedRange<Int> = 2...30, threshold: Double = 0.001,
    floor: Floor = .none
  ) {
    precondition(order >= 1 && abs(alpha) < 1, "order \(order), α \(alpha)")
    precondition(fftLength >= 2 * order && fftLength % 2 == 0, "order \(order) in \(fftLength) samples")
    precondition(iterations.lowerBound >= 0, "\(iterations) iterations")
    self.order = order
    self.alpha = alpha
    self.fftLength = fftLength
    self.iterations = iterations
    self.threshold = threshold
    self.floor = floor

    let half = fftLength / 2
    var fft = RealFFT(length: fftLength)
    /// Σₙ sequence[n]·cos(2πkn/N) for each bin k.
    func cosines(_ sequence: [Double]) -> [Double] {
      for n in 0..<fftLength { fft.samples[n] = n < sequence.count ? sequence[n] : 0 }
      fft.forwardInPlace()
      return (0...half).map { fft.spectrum[$0].re }
    }
    // A bin between the ends stands for itself and for its mirror image.
    let weights = (0...half).map { ($0 == 0 || $0 == half ? 1.0 : 2.0) / Double(fftLength) }

    var first = FrequencyTransform.columns(count: half + 1, order: order, alpha: alpha)
    for m in 0...order {
      first[0][m] /= 2
      first[half][m] /= 2
    }
    var initial = Rows(columns: order + 1, bins: half + 1)
    for m in 0...order {
      for (k, value) in cosines(first.map { $0[m] }).enumerated() { initial[k, m] = value * weights[k] }
    }
    self.initial = initial

    var model = Rows(columns: order + 1, bins: half + 1)
    for (m, column) in FrequencyTransform.columns(count: order + 1, order: half, alpha: -alpha).enumerated() {
      for (k, value) in cosines(column).enumerated() { model[k, m] = value }
    }
    self.model = model

    let warped = FrequencyTransform.correlationColumns(count: half + 1, order: 2 * order, alpha: alpha)
    var residual = Rows(columns: 2 * order + 1, bins: half + 1)
    for m in 0...2 * order {
      for (k, value) in cosines(warped.map { $0[m] }).enumerated() { residual[k, m] = value * weights[k] }
    }
    self.residual = residual
  }

  /// Mel-cepstrum of a windowed frame (SPTK's itype 0), c₀ first.
  /// - Parameter frame: at most N samples.
  public func cepstrum(frame: [Double]) throws(Failure) -> [Double] {
    var fft = RealFFT(length: fftLength)
    var bins = [Complex](repeating: Complex(0, 0), count: binCount)
    var span = bins.mutableSpan
    fft.forward(frame.span, into: &span)
    return try cepstrum(power: bins.map(\.power))
  }

  /// Mel-cepstrum of an amplitude spectrum (itype 3), c₀ first.
  /// - Parameter amplitude: N/2 + 1 bins.
  public func cepstrum(amplitude: [Double]) throws(Failure) -> [Double] {
    try cepstrum(power: amplitude.map { $0 * $0 })
  }

  /// Mel-cepstrum of a periodogram (itype 4), c₀ first.
  /// - Parameter power: N/2 + 1 bins.
  public func cepstrum(power: [Double]) throws(Failure) -> [Double] {
    precondition(power.count == binCount, "\(power.count) bins where \(binCount) were announced")
    var periodogram = power
    switch floor {
    case .none: break
    case .added(let power): for k in periodogram.indices { periodogram[k] += power }
    case .relative(let decibels):
      let least = periodogram.reduce(0, max) * pow(10, decibels / 10)
      for k in periodogram.indices { periodogram[k] = max(periodogram[k], least) }
    }
    if let bin = periodogram.firstIndex(where: { !($0 > 0) }) { throw .zeroPower(bin: bin) }

    var c = [SIMD4<Double>](repeating: .zero, count: initial.width)
    var mean = 0.0
    for k in periodogram.indices {
      let value = log(periodogram[k])
      mean += value * (k == 0 || k == binCount - 1 ? 1 : 2)
      for v in 0..<initial.width { c[v] += initial.values[k * initial.width + v] * value }
    }
    // SPTK's first "r(0)" to compare with is half the log periodogram's mean.
    var previous = mean / Double(fftLength) / 2
    var r = [SIMD4<Double>](repeating: .zero, count: residual.width)
    for iteration in stride(from: 1, through: iterations.upperBound, by: 1) {
      for v in r.indices { r[v] = .zero }
      for k in periodogram.indices {
        var sum = SIMD4<Double>.zero
        for v in 0..<model.width { sum += model.values[k * model.width + v] * c[v] }
        let ratio = periodogram[k] / exp(2 * sum.sum())
        for v in 0..<residual.width { r[v] += residual.values[k * residual.width + v] * ratio }
      }
      let total = r[0][0]
      if iteration >= iterations.lowerBound {
        if abs((total - previous) / total) < threshold { break }
        previous = total
      }
      let step = try newtonStep((0...2 * order).map { r[$0 / 4][$0 % 4] })
      for m in 0...order { c[m / 4][m % 4] += step[m] }
    }
    return (0...order).map { c[$0 / 4][$0 % 4] }
  }

  /// Solves (T + H)·Δ = b, T(i, j) = t(|i − j|), H(i, j) = h(i + j).
  private func newtonStep(_ r: [Double]) throws(Failure) -> [Double] {
    let n = order + 1
    // r(0) is moved from the even Hankel to the even Toeplitz elements, as SPTK has it.
    func toeplitz(_ i: Int) -> Double { i % 2 == 0 ? r[i] + r[0] : r[i] }
    func hankel(_ i: Int) -> Double { i % 2 == 0 ? r[i] - r[0] : r[i] }
    var x = [Double](repeating: 0, count: n)
    var power = 1.0
    for m in 0..<n {
      x[m] = r[m] - power
      power *= -alpha
    }
    // Cholesky: A = L·Lᵀ, row by row; then the two triangular systems.
    var l = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        var sum = toeplitz(i - j) + hankel(i + j)
        for k in 0..<j { sum -= l[i * n + k] * l[j * n + k] }
        if i == j {
          guard sum > 0 else { throw .singular(row: i, pivot: sum) }
          l[i * n + i] = sum.squareRoot()
        } else {
          l[i * n + j] = sum / l[j * n + j]
        }
      }
    }
    for i in 0..<n {
      for k in 0..<i { x[i] -= l[i * n + k] * x[k] }
      x[i] /= l[i * n + i]
    }
    for i in (0..<n).reversed() {
      for k in i + 1..<n { x[i] -= l[k * n + i] * x[k] }
      x[i] /= l[i * n + i]
    }
    return x
  }
}
