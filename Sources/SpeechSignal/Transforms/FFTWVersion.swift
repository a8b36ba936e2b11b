// SPDX-License-Identifier: GPL-3.0-or-later
internal import CFFTW

/// The FFTW that is linked.
public enum FFTWVersion {
  /// Version and the instruction sets it was built for, in its own words, e.g. `fftw-3.3.10-sse2-avx`.
  public static var current: String { String(cString: shim_fftw_version()) }
}
