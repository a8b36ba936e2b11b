// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Active speech level by ITU-T P.56, method B: the level while somebody speaks, pauses left out.
///
/// The envelope is |x| through two first-order averages of 30 ms. For each of a row of thresholds, 6 dB apart, the
/// time is counted during which the envelope is above it, or was so within the last 200 ms (the hangover). The active
/// level is where the level over that time lies 15.9 dB (the margin) above the threshold itself, interpolated in dB.
/// Departure: thresholds are laid below the file's own peak and not below full scale, so that a quiet float file is
/// measured as well as a loud one.
public struct ActiveLevel: Sendable, Equatable {
  /// dB relative to a full-scale square wave (mean square 1).
  public let decibels: Double
  /// Share of the time in which speech is active, 0–1.
  public let activity: Double

  static let timeConstant = 0.03
  static let hangover = 0.2
  static let margin = 15.9
  static let thresholdCount = 16

  /// Measures a recording; nil when it holds no signal.
  public init?(_ waveform: Waveform) {
    let peak = waveform.samples.reduce(0) { max($0, abs($1)) }
    guard peak > 0 else { return nil }
    let smoothing = exp(-1 / (Double(waveform.sampleRate) * Self.timeConstant))
    let hangover = Int64((Self.hangover * Double(waveform.sampleRate)).rounded(.up))

    // Threshold j is 2^-j of the peak, one lane each; the counters are as wide so that one mask serves both.
    var thresholds = SIMD16<Double>()
    for j in 0..<Self.thresholdCount { thresholds[j] = pow(2, -Double(j)) }
    var active = SIMD16<Int64>(repeating: 0)
    var sinceAbove = SIMD16<Int64>(repeating: hangover)
    let one = SIMD16<Int64>(repeating: 1)
    var average = 0.0
    var envelope = 0.0
    var energy = 0.0
    for sample in waveform.samples {
      let x = abs(sample) / peak
      energy += x * x
      average = smoothing * average + (1 - smoothing) * x
      envelope = smoothing * envelope + (1 - smoothing) * average
      sinceAbove &+= one
      sinceAbove.replace(with: 0, where: SIMD16(repeating: envelope) .>= thresholds)
      active &+= SIMD16(repeating: 0).replacing(with: one, where: sinceAbove .<= hangover)
    }

    guard let crossing = Self.crossing(energy: energy, active: active, thresholds: thresholds) else { return nil }
    decibels = crossing + 20 * log10(peak)
    activity = energy / pow(10, crossing / 10) / Double(waveform.samples.count)
  }

  /// The level, relative to the peak, at which it stands `margin` above its own threshold.
  private static func crossing(energy: Double, active: SIMD16<Int64>, thresholds: SIMD16<Double>) -> Double? {
    var previous: (level: Double, excess: Double)?
    // From the highest threshold down, the level over active time falls and its distance from the threshold grows.
    for j in 0..<thresholdCount where active[j] > 0 {
      let level = 10 * log10(energy / Double(active[j]))
      let excess = level - 20 * log10(thresholds[j]) - margin
      if excess >= 0 {
        guard let before = previous, excess > before.excess else { return level }
        let share = -before.excess / (excess - before.excess)
        return before.level + share * (level - before.level)
      }
      previous = (level, excess)
    }
    return previous?.level
  }
}
