// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// How near a track comes to the truth of a ``KnownPitch``.
///
/// Frames within 25 ms of the sound's beginning and end count for nothing: whether they are voiced is a matter of taste.
public struct PitchAccuracy: Sendable {
  /// Median of the absolute error in cents over the frames that are rightly voiced; nil without any.
  public let medianCents: Double?
  /// Share of these that are off by more than a fifth.
  public let gross: Double
  /// Share of the sounding frames that are unvoiced.
  public let missed: Double
  /// Share of the frames without sound that are voiced.
  public let falseAlarms: Double

  private static let margin = 0.025

  /// Judges a track.
  /// - Parameters:
  ///   - times: seconds, ascending.
  ///   - f0: Hz, 0 where unvoiced, as many.
  public init(_ truth: KnownPitch, times: [Double], f0: [Double]) {
    var (errors, missed, sounding, silent, alarms) = ([Double](), 0, 0, 0, 0)
    for (time, f0) in zip(times, f0) {
      let isNearEdge =
        abs(time - KnownPitch.voiced.lowerBound) < Self.margin || abs(time - KnownPitch.voiced.upperBound) < Self.margin
      guard !isNearEdge else { continue }
      guard let hertz = truth.f0(at: time) else {
        silent += 1
        if f0 > 0 { alarms += 1 }
        continue
      }
      sounding += 1
      if f0 > 0 { errors.append(1200 * abs(log2(f0 / hertz))) } else { missed += 1 }
    }
    errors.sort()
    medianCents = errors.isEmpty ? nil : errors[errors.count / 2]
    gross = errors.isEmpty ? 0 : Double(errors.count { $0 > 1200 * log2(1.2) }) / Double(errors.count)
    self.missed = sounding == 0 ? 0 : Double(missed) / Double(sounding)
    falseAlarms = silent == 0 ? 0 : Double(alarms) / Double(silent)
  }
}
