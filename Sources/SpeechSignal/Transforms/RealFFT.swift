// SPDX-License-Identifier: GPL-3.0-or-later
internal import CFFTW
internal import Synchronization

/// One bin of a spectrum.
public struct Complex: Sendable, Equatable {
  /// Real part.
  public var re: Double
  /// Imaginary part.
  public var im: Double

  /// A bin from its two parts.
  @inlinable public init(_ re: Double, _ im: Double) {
    self.re = re
    self.im = im
  }

  /// |z|², the bin's power.
  @inlinable public var power: Double { re * re + im * im }
}

/// Bins as numbers, real and imaginary parts in turns.
func doubles(_ bins: UnsafePointer<Complex>) -> UnsafePointer<Double> {
  UnsafeRawPointer(bins).assumingMemoryBound(to: Double.self)
}

/// Bins as numbers, real and imaginary parts in turns.
func doubles(_ bins: UnsafeMutablePointer<Complex>) -> UnsafeMutablePointer<Double> {
  UnsafeMutableRawPointer(bins).assumingMemoryBound(to: Double.self)
}

/// Pairs as numbers, in turns.
func doubles(_ pairs: UnsafeMutablePointer<SIMD2<Double>>) -> UnsafeMutablePointer<Double> {
  UnsafeMutableRawPointer(pairs).assumingMemoryBound(to: Double.self)
}

/// FFTW's planner keeps global tables; executing a plan does not touch them. This lock is the project's one global.
let planner = Mutex<Void>(())

/// A plan, which FFTW lets any thread execute.
struct Plan: @unchecked Sendable {
  let pointer: fftw_plan?
}

private struct Plans: Sendable {
  let forward: Plan
  let inverse: Plan
}

/// The discrete Fourier transform of real signals of one length, by FFTW in double precision.
///
/// Forward: X[k] = Σₙ x[n]·e^(−2πikn/N), unscaled. Inverse: scaled by 1/N, so that it undoes `forward`.
/// Plans are made with `FFTW_ESTIMATE`: no timing takes part, so the same input gives the same bits in every run.
/// The value owns its two aligned buffers and reuses them; keep one per thread.
public struct RealFFT: ~Copyable {
  /// N, the number of samples.
  public let length: Int
  /// N/2 + 1, the number of bins from 0 Hz to half the sample rate.
  public let binCount: Int

  // Raw memory is confined to this file: FFTW wants 16-byte alignment, and both buffers live exactly as long as the plans.
  private let time: UnsafeMutablePointer<Double>
  private let bins: UnsafeMutablePointer<Complex>
  private let plans: Plans

  /// - Parameter length: N ≥ 1; powers of two are fastest.
  public init(length: Int) {
    precondition(length > 0, "a transform has at least one sample")
    self.length = length
    binCount = length / 2 + 1
    let raw = fftw_malloc(length * MemoryLayout<Double>.stride)
    let rawBins = fftw_malloc(binCount * MemoryLayout<Complex>.stride)
    guard let raw, let rawBins else { preconditionFailure("out of memory for a transform of \(length) samples") }
    time = raw.bindMemory(to: Double.self, capacity: length)
    bins = rawBins.bindMemory(to: Complex.self, capacity: binCount)
    time.initialize(repeating: 0, count: length)
    bins.initialize(repeating: Complex(0, 0), count: binCount)
    // `Complex` and `fftw_complex` share their layout: two consecutive doubles.
    let complexBins = UnsafeMutableRawPointer(bins).assumingMemoryBound(to: fftw_complex.self)
    plans = Plans(
      forward: planner.withLock { [time] _ in
        Plan(pointer: fftw_plan_dft_r2c_1d(Int32(length), time, complexBins, FFTW_ESTIMATE))
      },
      inverse: planner.withLock { [time] _ in
        Plan(pointer: fftw_plan_dft_c2r_1d(Int32(length), complexBins, time, FFTW_ESTIMATE))
      })
    precondition(plans.forward.pointer != nil && plans.inverse.pointer != nil, "FFTW has no plan for \(length) samples")
  }

  deinit {
    planner.withLock { [plans] _ in
      fftw_destroy_plan(plans.forward.pointer)
      fftw_destroy_plan(plans.inverse.pointer)
    }
    fftw_free(time)
    fftw_free(bins)
  }

  /// The spectrum of a frame.
  /// - Parameters:
  ///   - frame: at most `length` samples; zeros follow a shorter one.
  ///   - spectrum: receives the first `spectrum.count` ≤ `binCount` bins.
  public mutating func forward(_ frame: Span<Double>, into spectrum: inout MutableSpan<Complex>) {
    precondition(frame.count <= length && spectrum.count <= binCount, "frame or spectrum too long for the transform")
    for i in 0..<frame.count { time[i] = frame[i] }
    (time + frame.count).update(repeating: 0, count: length - frame.count)
    fftw_execute(plans.forward.pointer)
    for k in 0..<spectrum.count { spectrum[k] = bins[k] }
  }

  /// The power spectrum |X[k]|² of a frame under a window.
  /// - Parameters:
  ///   - frame: at most `length` samples; zeros follow a shorter one.
  ///   - window: as many weights as the frame has samples.
  ///   - power: receives the first `power.count` ≤ `binCount` bins.
  public mutating func power(of frame: Span<Double>, window: Span<Double>, into power: inout MutableSpan<Double>) {
    precondition(frame.count == window.count && frame.count <= length, "window and frame differ in length")
    precondition(power.count <= binCount, "more bins asked for than the transform has")
    for i in 0..<frame.count { time[i] = frame[i] * window[i] }
    (time + frame.count).update(repeating: 0, count: length - frame.count)
    fftw_execute(plans.forward.pointer)
    for k in 0..<power.count { power[k] = bins[k].power }
  }

  /// The real signal of a spectrum; bins above N/2 are the conjugates of those given.
  /// - Parameters:
  ///   - spectrum: exactly `binCount` bins.
  ///   - signal: receives the first `signal.count` ≤ `length` samples.
  public mutating func inverse(_ spectrum: Span<Complex>, into signal: inout MutableSpan<Double>) {
    precondition(spectrum.count == binCount && signal.count <= length, "spectrum or signal of another length")
    for k in 0..<binCount { bins[k] = spectrum[k] }
    fftw_execute(plans.inverse.pointer)
    let scale = 1 / Double(length)
    for i in 0..<signal.count { signal[i] = time[i] * scale }
  }

  // The loops of WORLD's analysis fill and empty the buffers themselves, element by element, as part of their arithmetic;
  // a copy in and out would cost them as much as the transform. Pointers do not outlive the value: keep them local.

  /// The N samples that `forwardInPlace` reads and `inverseInPlace` writes.
  package var samples: UnsafeMutablePointer<Double> { time }
  /// The N/2 + 1 bins that `forwardInPlace` writes and `inverseInPlace` reads and destroys.
  package var spectrum: UnsafeMutablePointer<Complex> { bins }
  /// Bins from samples, unscaled; the samples are kept.
  package mutating func forwardInPlace() { fftw_execute(plans.forward.pointer) }
  /// Samples from bins, without the factor 1/N; the bins are destroyed.
  package mutating func inverseInPlace() { fftw_execute(plans.inverse.pointer) }
}
