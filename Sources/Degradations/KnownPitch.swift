// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// A sound whose F0 is known at every moment, to tell trackers from the truth.
///
/// From 0.3 to 1.7 s of two seconds it sounds, faded in and out over 10 ms; before and after there is noise 80 dB below it, as
/// no recording is silent to the last bit. The phase is the exact integral of F0, and harmonics end below the half of the
/// sample rate, so that nothing folds back.
public struct KnownPitch: Sendable {
  /// What it is.
  public let name: String
  /// Ratio of sound to noise, dB; nil for as good as none.
  public let decibels: Double?
  /// F0 in Hz, and its integral in periods, at a time from 0 s on.
  private let course: @Sendable (Double) -> (hertz: Double, periods: Double)
  private let timbre: Timbre

  private enum Timbre: Sendable {
    case sine
    /// Harmonics falling by 6 dB an octave.
    case sawtooth
    /// The same, every other period weaker by this factor.
    case alternating(Double)
  }

  /// When it sounds, seconds.
  public static let voiced = 0.3...1.7
  /// Of the whole, seconds.
  public static let seconds = 2.0
  private static let fade = 0.01

  /// Hz, or nil where nothing sounds.
  public func f0(at time: Double) -> Double? { Self.voiced.contains(time) ? course(time).hertz : nil }

  /// The sound, full scale ±1.
  /// - Parameter sampleRate: Hz.
  public func samples(sampleRate: Int) -> [Double] {
    let fs = Double(sampleRate)
    var samples = (0..<Int(Self.seconds * fs)).map { n -> Double in
      let time = Double(n) / fs
      guard Self.voiced.contains(time) else { return 0 }
      let edge = min(time - Self.voiced.lowerBound, Self.voiced.upperBound - time) / Self.fade
      let (hertz, periods) = course(time)
      return 0.3 * min(1, edge) * wave(periods, harmonics: Int(0.45 * fs / hertz))
    }
    let power = samples.reduce(0) { $0 + $1 * $1 } / ((Self.voiced.upperBound - Self.voiced.lowerBound) * fs)
    let noise = (power * pow(10, -(decibels ?? 80) / 10)).squareRoot()
    var generator = SplitMix64(seed: 1)
    for n in samples.indices { samples[n] += noise * Double(generator.nextBell()) / 65_536 }
    return samples
  }

  private func wave(_ periods: Double, harmonics: Int) -> Double {
    let phase = 2 * Double.pi * periods
    switch timbre {
    case .sine: return sin(phase)
    case .sawtooth: return (1...max(1, harmonics)).reduce(0) { $0 + sin(Double($1) * phase) / Double($1) }
    case .alternating(let factor):
      let weight = Int(periods.rounded(.down)) % 2 == 0 ? 1 : factor
      return weight * (1...max(1, harmonics)).reduce(0) { $0 + sin(Double($1) * phase) / Double($1) }
    }
  }

  /// All there are.
  public static let all: [KnownPitch] = {
    func steady(_ hertz: Double) -> @Sendable (Double) -> (hertz: Double, periods: Double) { { (hertz, hertz * $0) } }
    /// From one F0 to another within the two seconds, evenly in octaves.
    func glide(_ from: Double, _ to: Double) -> @Sendable (Double) -> (hertz: Double, periods: Double) {
      let rate = log(to / from) / seconds
      return { time in (from * exp(rate * time), from * (exp(rate * time) - 1) / rate) }
    }
    /// ± 50 cents, six times a second, evenly in Hz.
    func vibrato(_ hertz: Double) -> @Sendable (Double) -> (hertz: Double, periods: Double) {
      let (depth, turn) = (hertz * (exp2(50.0 / 1200) - 1), 2 * Double.pi * 6)
      return { time in (hertz + depth * cos(turn * time), hertz * time + depth * sin(turn * time) / turn) }
    }
    /// Up an octave and back, every 0.35 s.
    func jumps(_ hertz: Double) -> @Sendable (Double) -> (hertz: Double, periods: Double) {
      { time in
        let (part, rest) = (Int(time / 0.35), time.truncatingRemainder(dividingBy: 0.35))
        let before = Double(part / 2) * 3 * 0.35 + Double(part % 2) * 0.35
        let factor = part % 2 == 0 ? 1.0 : 2.0
        return (hertz * factor, hertz * (before + factor * rest))
      }
    }
    let clean: [KnownPitch] =
      [100.0, 220, 440].map { .init(name: "sine \(Int($0)) Hz", decibels: nil, course: steady($0), timbre: .sine) }
      + [90.0, 130, 220, 400].map {
        .init(name: "sawtooth \(Int($0)) Hz", decibels: nil, course: steady($0), timbre: .sawtooth)
      } + [
        .init(name: "glide 100 to 300 Hz", decibels: nil, course: glide(100, 300), timbre: .sawtooth),
        .init(name: "glide 300 to 100 Hz", decibels: nil, course: glide(300, 100), timbre: .sawtooth),
        .init(name: "vibrato 200 Hz", decibels: nil, course: vibrato(200), timbre: .sawtooth),
        .init(name: "creak 75 Hz", decibels: nil, course: steady(75), timbre: .alternating(0.8)),
        .init(name: "octave jumps 120 Hz", decibels: nil, course: jumps(120), timbre: .sawtooth),
      ]
    let noisy = [30.0, 20, 10, 0].map {
      KnownPitch(name: "glide at \(Int($0)) dB", decibels: $0, course: glide(100, 300), timbre: .sawtooth)
    }
    return clean + noisy
  }()
}
