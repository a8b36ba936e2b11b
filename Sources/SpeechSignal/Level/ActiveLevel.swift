// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Active speech level by ITU-T P.56, method B: the level while somebody speaks, pauses left out.
///
/// The envelope is |x| through two first-order averages of 30 ms. For each of a row of thresholds, 6 dB apart, the
/// time is counted during which the envelope is above it, or was so within the last 200 ms (the hangover). The active
/// level is where the level over that time lies 15.9 dB (the margin) above the threshold itself, interpolated in dB.
/// Departure: thresholds are laid below the file's own peak and not below full scale, so that a quiet float file is
/// measured as well as a loud one; and the file's mean is taken off first, as an offset is not heard.
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
    let mean = waveform.sum { $0 } / Double(max(1, waveform.count))
    let peak = waveform.greatest { abs($0 - mean) }
    guard peak > 0 else { return nil }
    let smoothing = exp(-1 / (Double(waveform.sampleRate) * Self.timeConstant))
    let hangover = Int((Self.hangover * Double(waveform.sampleRate)).rounded(.up))

    var times = ActiveTimes(hangover: hangover)
    var average = 0.0
    var envelope = 0.0
    var energy = 0.0
    waveform.forEachBlock { _, samples in
      for i in 0..<samples.count {
        let x = abs(samples[i] - mean) / peak
        energy += x * x
        average = smoothing * average + (1 - smoothing) * x
        envelope = smoothing * envelope + (1 - smoothing) * average
        times.advance(envelope)
      }
    }

    guard let crossing = Self.crossing(energy: energy, active: times.finish()) else { return nil }
    decibels = crossing + 20 * log10(peak)
    activity = energy / pow(10, crossing / 10) / Double(waveform.count)
  }

  /// The level, relative to the peak, at which it stands `margin` above its own threshold.
  private static func crossing(energy: Double, active: [Int]) -> Double? {
    var previous: (level: Double, excess: Double)?
    // From the highest threshold down, the level over active time falls and its distance from the threshold grows.
    for (j, count) in active.enumerated() where count > 0 {
      let level = 10 * log10(energy / Double(count))
      let excess = level + 20 * Double(j) * log10(2) - margin
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

/// For how many samples the envelope is above each threshold, or was so within the hangover; threshold j is 2^−j.
///
/// The envelope moves slowly, so it is only compared with the two thresholds around it, and time is added up where it
/// crosses one: all of the time above, and of each gap below as much as the hangover bridges.
private struct ActiveTimes {
  private let hangover: Int
  private var active = [Int](repeating: 0, count: ActiveLevel.thresholdCount)
  /// The sample at which a threshold was last crossed; nil before the first time above it.
  private var crossed = [Int?](repeating: nil, count: ActiveLevel.thresholdCount)
  /// The first threshold the envelope reaches; `thresholdCount` when it is below all.
  private var reached = ActiveLevel.thresholdCount
  private var above: Double
  private var below: Double
  private var now = 0

  init(hangover: Int) {
    self.hangover = hangover
    // Below all: only a rise to the lowest threshold matters.
    above = Self.threshold(ActiveLevel.thresholdCount - 1)
    below = 0
  }

  private static func threshold(_ j: Int) -> Double { j < 0 ? .infinity : pow(2, -Double(j)) }

  mutating func advance(_ envelope: Double) {
    if envelope >= above || envelope < below { cross(envelope) }
    now += 1
  }

  private mutating func cross(_ envelope: Double) {
    while reached > 0, envelope >= Self.threshold(reached - 1) {
      reached -= 1
      if let left = crossed[reached] { active[reached] += min(now - left, hangover) }
      crossed[reached] = now
    }
    while reached < active.count, envelope < Self.threshold(reached) {
      active[reached] += now - (crossed[reached] ?? now)
      crossed[reached] = now
      reached += 1
    }
    above = Self.threshold(reached - 1)
    below = reached < active.count ? Self.threshold(reached) : 0
  }

  /// The samples counted for each threshold, the highest first.
  mutating func finish() -> [Int] {
    for j in active.indices {
      guard let since = crossed[j] else { continue }
      active[j] += j >= reached ? now - since : min(now - since, hangover)
    }
    return active
  }
}
