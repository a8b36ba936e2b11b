// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// Something like speech, the same on every machine to the last bits of cos and exp: for counts of instructions, which must not
/// depend on recordings that are prepared elsewhere.
///
/// Four syllables a second, of pulses through three resonances that wander, a hiss after every other one, and a pause; F0 swings
/// between 85 and 165 Hz. A second take of the same, in step with the first, is a little higher and noisier, as a system's would be.
enum SyntheticVoice {
  /// Which of the two.
  enum Take {
    case reference, synthesis

    var pitch: Double { self == .reference ? 1 : 1.04 }
    /// Amplitude, full scale 1.
    var noise: Double { self == .reference ? 1e-4 : 3e-3 }
  }

  /// The recording, full scale ±1.
  static func samples(_ take: Take, sampleRate: Int, seconds: Int) -> [Double] {
    let fs = Double(sampleRate)
    var state: UInt64 = take == .reference ? 1 : 2
    func hiss() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 4_503_599_627_370_496 - 1
    }
    var phase = 0.0
    var memory = [(Double, Double)](repeating: (0, 0), count: 3)
    return (0..<seconds * sampleRate).map { n in
      let time = Double(n) / fs
      let syllable = Int(time * 4)
      let place = time * 4 - Double(syllable)
      let isVoiced = place < 0.68
      let isHiss = !isVoiced && place < 0.88 && syllable % 2 == 1
      phase += take.pitch * (125 + 30 * sin(2.1 * time) + 10 * sin(9 * time)) / fs
      var source = 1e-3 * hiss()
      if phase >= 1 {
        phase -= 1
        if isVoiced { source += 1 }
      }
      let swing = sin(.pi * min(1, place / 0.68))
      var sample = isHiss ? 0.02 * hiss() : 0
      for (k, formant) in [(550.0, 250.0), (1500, 600), (2700, 300)].enumerated() {
        let middle = formant.0 + formant.1 * cos(1.7 * time * Double(k + 1))
        let radius = exp(-.pi * (60 + 40 * Double(k)) / fs)
        let (y1, y2) = memory[k]
        let y = source + 2 * radius * cos(2 * .pi * middle / fs) * y1 - radius * radius * y2
        memory[k] = (y, y1)
        sample += (isVoiced ? swing : 0) * y * (1 - radius) / Double(k + 1)
      }
      return max(-1, min(1, sample + take.noise * hiss()))
    }
  }
}
