// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import VectorLoops

/// The discrete Fourier transforms of two real, even sequences at once, which are real and even too: what cepstra are made by.
///
/// An even sequence of N = 2M samples is known by f[0…M], and so is its transform
///   X[k] = f[0] + (−1)ᵏ·f[M] + 2·Σ_{j=1…M−1} f[j]·cos(πjk/M).
/// It takes one transform of M real samples (J. W. Cooley, P. A. W. Lewis, P. D. Welch, "The fast Fourier transform algorithm:
/// programming considerations in the calculation of sine, cosine and Laplace transforms", J. Sound Vib. 12, 1970), here of
///   y[j] = (f[j] + f[M−j]) − 2·sin(πj/M)·(f[j] − f[M−j]),  Y[k] = Σ y[j]·e^(+2πijk/M):
///   X[2k] = Re Y[k],  X[2k+1] = X[2k−1] + Im Y[k],
/// with X[1] summed as it stands. The y of the two sequences are the real and the imaginary part of one complex sequence of M
/// samples: a quarter of the work of a complex transform of N for each.
///
/// The running sum costs accuracy, about √M roundings of the largest term; FFTW's own REDFT00 has none of it and takes six
/// times as long. Sequences should be of about one size: what is rounded in the larger shows in the other. One value per thread.
package struct CosineTransform: ~Copyable {
  /// M; sequences are known by M + 1 values.
  package let half: Int
  /// The M + 1 values of both sequences: those of the one in the first lanes. `transform` replaces them. Valid as long as the value.
  package let values: UnsafeMutablePointer<SIMD2<Double>>
  private var fft: ComplexFFT
  /// 2·sin(πj/M) for j ≤ M/2, each twice, then 2·cos(πj/M).
  private let turns: UnsafeMutablePointer<Double>

  /// - Parameter half: M, even, at least 2.
  package init(half: Int) {
    precondition(half >= 2 && half.isMultiple(of: 2), "a cosine transform of \(half)")
    self.half = half
    fft = ComplexFFT(length: half)
    // One more, for loops that write whole vectors.
    values = .allocate(capacity: half + 2)
    values.initialize(repeating: .zero, count: half + 2)
    turns = .allocate(capacity: 2 * half + 4)
    for j in 0...half / 2 {
      let angle = Double.pi * Double(j) / Double(half)
      (turns + 2 * j).initialize(repeating: 2 * sin(angle), count: 2)
      (turns + 2 * j + half + 2).initialize(repeating: 2 * cos(angle), count: 2)
    }
  }

  deinit {
    values.deallocate()
    turns.deallocate()
  }

  /// X of both sequences in the place of f.
  package mutating func transform() {
    let values = doubles(values)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2) { odd in
      guard let odd = odd.baseAddress else { return }
      VectorLoops.beforeTransform(values, turns, half, doubles(fft.bins), odd)
      fft.inverse()
      VectorLoops.afterTransform(doubles(fft.samples), half, odd, values)
    }
  }
}
