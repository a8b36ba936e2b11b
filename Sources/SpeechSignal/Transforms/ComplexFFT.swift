// SPDX-License-Identifier: GPL-3.0-or-later
internal import CFFTW
internal import Synchronization

/// The inverse discrete Fourier transform of complex spectra of one length, by FFTW in double precision.
///
/// z[n] = Σₖ Z[k]·e^(+2πikn/N), without the factor 1/N. Its use here is to filter one real signal by two real,
/// zero-phase filters at once: Z = X·(G₁ + iG₂) gives the one output in the real part and the other in the imaginary
/// part, for half the price of two real transforms.
/// Plans are made with `FFTW_ESTIMATE`, as in `RealFFT`, so that bits repeat from run to run. One value per thread.
package struct ComplexFFT: ~Copyable {
  /// N, the number of bins and of samples.
  package let length: Int
  /// The N bins to transform; kept by `inverse`. Behind them is room for 64 more that mean nothing. Valid as long as the value.
  package let bins: UnsafeMutablePointer<Complex>
  /// The N samples of the last `inverse`, and room as behind the bins. Valid as long as the value.
  package let samples: UnsafeMutablePointer<Complex>
  private let plan: Plan

  /// - Parameter length: N ≥ 1.
  package init(length: Int) {
    precondition(length > 0, "a transform has at least one sample")
    self.length = length
    // 64 more, for loops that read and write whole vectors.
    let room = length + 64
    let size = room * MemoryLayout<Complex>.stride
    guard let rawBins = fftw_malloc(size), let rawSamples = fftw_malloc(size) else {
      preconditionFailure("out of memory for a transform of \(length) samples")
    }
    // `Complex` and `fftw_complex` share their layout: two consecutive doubles.
    let (fftwBins, fftwSamples) = (
      rawBins.assumingMemoryBound(to: fftw_complex.self), rawSamples.assumingMemoryBound(to: fftw_complex.self)
    )
    bins = rawBins.assumingMemoryBound(to: Complex.self)
    samples = rawSamples.assumingMemoryBound(to: Complex.self)
    bins.initialize(repeating: Complex(0, 0), count: room)
    samples.initialize(repeating: Complex(0, 0), count: room)
    plan = planner.withLock { [fftwBins, fftwSamples] _ in
      Plan(pointer: fftw_plan_dft_1d(Int32(length), fftwBins, fftwSamples, FFTW_BACKWARD, FFTW_ESTIMATE))
    }
    precondition(plan.pointer != nil, "FFTW has no plan for \(length) samples")
  }

  deinit {
    planner.withLock { [plan] _ in fftw_destroy_plan(plan.pointer) }
    fftw_free(bins)
    fftw_free(samples)
  }

  /// Samples from bins.
  package mutating func inverse() { fftw_execute(plan.pointer) }
}
