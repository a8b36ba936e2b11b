// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import VectorLoops

/// Mel-cepstrum of a power spectrum: SPTK's `sp2mc` (Tokuda, Kobayashi, Masuko, Imai: "Mel-generalized cepstral analysis",
/// ICSLP 1994; the frequency transform: Oppenheim & Johnson, Proc. IEEE 60, 1972), as pysptk 1.0.1 computes it.
///
/// ln P(ω) → cepstrum c (inverse DFT, c₀ halved) → all-pass transform of constant α, cut at the order M. The lot is
/// linear: one matrix of (M + 1) × bins, made once, times the log spectrum of each frame.
///
/// Convention: c is the whole inverse DFT of N = 2(bins − 1) values, as in pysptk, which transforms the mirrored half along
/// with the first; its share is small (delays above N/2) but there. Natural logarithm of power, so c₀ is the log gain.
public struct MelCepstrum: Sendable {
  /// M; frames have M + 1 coefficients, c₀ first.
  public let order: Int
  /// All-pass constant.
  public let alpha: Double
  /// Bins of a spectrum.
  public let binCount: Int
  /// Row per bin, `width` columns (the M + 1 coefficients, filled up to whole vectors).
  private let matrix: [Double]
  private let width: Int

  /// Columns in one pass over the bins, of `VectorLoops.project`.
  private static let tile = 28

  /// - Parameters:
  ///   - order: M ≥ 1.
  ///   - alpha: all-pass constant, |α| < 1; `alpha(sampleRate:)` gives the mel scale's.
  ///   - binCount: bins of the spectra to come, 2^k + 1 or any other number ≥ 2.
  public init(order: Int, alpha: Double, binCount: Int) {
    precondition(order >= 1 && binCount >= 2 && abs(alpha) < 1, "order \(order), α \(alpha), \(binCount) bins")
    self.order = order
    self.alpha = alpha
    self.binCount = binCount
    let length = 2 * (binCount - 1)
    // What each cepstral coefficient turns into: columns 0…N−1 of the all-pass transform, c₀ halved, and the mirrored half
    // added to the first, since c[N − n] = c[n].
    let columns = FrequencyTransform.columns(count: length, order: order, alpha: alpha)
    var folded = (0..<binCount).map { n -> [Double] in
      n == 0 || n == binCount - 1 ? columns[n] : zip(columns[n], columns[length - n]).map { $0 + $1 }
    }
    for m in folded[0].indices { folded[0][m] *= 0.5 }
    // c[n] = (1/N)·Σₖ wₖ·L[k]·cos(2πkn/N), wₖ = 1 at both ends and 2 between. Per coefficient a cosine transform.
    width = (order + Self.tile) / Self.tile * Self.tile
    var matrix = [Double](repeating: 0, count: binCount * width)
    var fft = RealFFT(length: length)
    for m in 0...order {
      for n in 0..<binCount {
        let half = n == 0 || n == binCount - 1 ? folded[n][m] : folded[n][m] / 2
        fft.samples[n] = half
        if n > 0 { fft.samples[length - n] = half }
      }
      fft.forwardInPlace()
      for k in 0..<binCount {
        let weight = (k == 0 || k == binCount - 1 ? 1.0 : 2.0) / Double(length)
        matrix[k * width + m] = fft.spectrum[k].re * weight
      }
    }
    self.matrix = matrix
  }

  /// Mel-cepstra of an envelope, shape `[frames × (M + 1)]`.
  /// - Parameter envelope: of `binCount` bins.
  public func cepstra(_ envelope: SpectralEnvelope) -> [Double] {
    precondition(envelope.binCount == binCount, "\(envelope.binCount) bins where \(binCount) were announced")
    return cepstra(logPower: envelope.logPower, frameCount: envelope.frameCount)
  }

  /// Mel-cepstra of log power spectra, shape `[frames × (M + 1)]`.
  /// - Parameters:
  ///   - logPower: ln of power, shape `[frames × binCount]`.
  ///   - frameCount: frames.
  public func cepstra(logPower: [Double], frameCount: Int) -> [Double] {
    precondition(logPower.count == frameCount * binCount, "\(logPower.count) values for \(frameCount) × \(binCount)")
    var result = [Double](repeating: 0, count: frameCount * (order + 1))
    // Unchecked access for the one loop that counts: bins × order per frame.
    let project = VectorLoops.project
    withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.tile) { columns in
      logPower.withUnsafeBufferPointer { logPower in
        matrix.withUnsafeBufferPointer { matrix in
          guard let logPower = logPower.baseAddress, let matrix = matrix.baseAddress, let out = columns.baseAddress
          else { return }
          for frame in 0..<frameCount {
            for tile in stride(from: 0, to: width, by: Self.tile) {
              project(matrix + tile, width, logPower + frame * binCount, binCount, out)
              for m in tile...min(order, tile + Self.tile - 1) { result[frame * (order + 1) + m] = out[m - tile] }
            }
          }
        }
      }
    }
    return result
  }

  /// The all-pass constant that bends the frequency axis most like the mel scale, as `pysptk.util.mcepalpha` finds it: of
  /// 0, 0.001 … 0.999 the one whose phase comes nearest (in the mean square, over 1000 frequencies from 0, each curve scaled to end
  /// at 1) to 1000/ln 2·ln(1 + f/1000).
  /// - Parameter sampleRate: Hz.
  public static func alpha(sampleRate: Int) -> Double {
    let count = 1000
    let step = Double(sampleRate) / 2 / Double(count)
    var mel = (0..<count).map { 1000 / log(2) * log(1 + step * Double($0) / 1000) }
    let top = mel[count - 1]
    for i in mel.indices { mel[i] /= top }
    let angles = (0..<count).map { i -> (sin: Double, cos: Double) in
      let omega = Double.pi / Double(count) * Double(i)
      return (sin(omega), cos(omega))
    }
    func error(_ candidate: Int) -> Double {
      let alpha = Double(candidate) * 0.001
      func warped(_ i: Int) -> Double {
        let phase = atan((1 - alpha * alpha) * angles[i].sin / ((1 + alpha * alpha) * angles[i].cos - 2 * alpha))
        return phase < 0 ? phase + .pi : phase
      }
      let end = warped(count - 1)
      var error = 0.0
      for i in 0..<count {
        let distance = mel[i] - warped(i) / end
        error += distance * distance
      }
      return error
    }
    // The error has one minimum over α: the best of every 25th, and then the best of its neighbourhood.
    let near = best(of: stride(from: 0, to: 1000, by: 25), error)
    return Double(best(of: stride(from: max(0, near - 25), to: min(1000, near + 26), by: 1), error)) * 0.001
  }

  private static func best(of candidates: some Sequence<Int>, _ error: (Int) -> Double) -> Int {
    var best = (candidate: 0, error: Double.infinity)
    for candidate in candidates {
      let error = error(candidate)
      if error < best.error { best = (candidate, error) }
    }
    return best.candidate
  }
}
