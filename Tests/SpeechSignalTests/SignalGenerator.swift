// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal

/// Signals with known properties, the same on every machine.
enum SignalGenerator {
  /// White noise, uniform in ±1, from a linear congruential generator (Knuth's MMIX constants).
  static func noise(_ count: Int, seed: UInt64) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int64(bitPattern: state) >> 11) / Double(1 << 52)
    }
  }

  /// Sound that rises and falls as speech does: a buzz of 120 Hz with a moving timbre, in syllables of uneven length and
  /// loudness, with a little breath.
  static func syllables(seconds: Double, sampleRate: Int, seed: UInt64 = 1) -> Waveform {
    let count = Int(seconds * Double(sampleRate))
    let breath = noise(count, seed: seed)
    let shape = noise(200, seed: seed &+ 7)
    var phase = 0.0
    let samples = (0..<count).map { n in
      let t = Double(n) / Double(sampleRate)
      // Syllables follow each other at an uneven pace.
      let position = 4 * t + 0.3 * sin(1.7 * t)
      let syllable = Int(position)
      let loudness = 0.3 + 0.7 * abs(shape[syllable % 200])
      let envelope = loudness * pow(sin(.pi * (position - Double(syllable))), 2)
      phase += 2 * .pi * (120 + 30 * shape[(syllable + 50) % 200]) / Double(sampleRate)
      let brightness = 2 + 6 * abs(shape[(syllable + 100) % 200])
      var buzz = 0.0
      for harmonic in 1...20 { buzz += sin(Double(harmonic) * phase) * exp(-Double(harmonic) / brightness) }
      return 0.2 * envelope * (buzz + 0.2 * breath[n])
    }
    return Waveform(samples: samples, sampleRate: sampleRate)
  }
}
