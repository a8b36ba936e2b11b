// SPDX-License-Identifier: GPL-3.0-or-later
internal import CSndfile
internal import CSoxr

/// Versions of the C libraries that decode and resample, as linked.
public enum AudioLibraryVersions {
  /// In libsndfile's own words, e.g. `libsndfile-1.2.0`.
  public static var libsndfile: String { String(cString: sf_version_string()) }
  /// In libsoxr's own words, e.g. `libsoxr-0.1.3`.
  public static var libsoxr: String { String(cString: soxr_version()) }
}
