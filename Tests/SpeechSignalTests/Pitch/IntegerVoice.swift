// SPDX-License-Identifier: GPL-3.0-or-later
import SpeechSignal

/// A voice made by integer arithmetic alone, the same here and in Tests/Oracles/world_oracle.py (see there for the recipe).
enum IntegerVoice {
  static func pcm(rate: Int, base: Int, seconds: Int = 1) -> [Int16] {
    var (state, phase, low, r1, r2) = (UInt64(1), 0, 0, 0, 0)
    return (0..<rate * seconds).map { n in
      state = next(state)
      let hiss = Int(state >> 48) - 32768
      let time = n * 1000 / rate
      let place = time % 440
      let sweep = abs(time % 500 - 250)
      phase += ((base + floorDivide(base * (sweep - 125), 600)) << 32) / (rate * 1000)
      var pulse = 0
      if phase >> 32 != 0 {
        phase &= 0xFFFF_FFFF
        pulse = 24000
      }
      // Shifts of negative numbers round down, as Python's // and >> do.
      let x = place < 300 ? pulse + (hiss >> 8) : place < 380 ? hiss >> 4 : hiss >> 12
      low += (x - low) >> 1
      let y = low + ((28000 * r1 - 15400 * r2) >> 14)
      (r1, r2) = (y, r1)
      return Int16(max(-32768, min(32767, y >> 1)))
    }
  }

  static func waveform(_ pcm: [Int16], rate: Int) -> Waveform {
    Waveform(samples: pcm.map { Double($0) / 32768 }, sampleRate: rate)
  }

  /// Powers between 2⁻¹⁶ and 1, exact in binary.
  static func spectrum(bins: Int, seed: Int) -> [Double] {
    var state = UInt64(seed)
    return (0..<bins).map { _ in
      state = next(state)
      return Double(Int(state >> 48) + 1) / 65536
    }
  }

  private static func next(_ state: UInt64) -> UInt64 {
    state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
  }

  private static func floorDivide(_ a: Int, _ b: Int) -> Int { (a - (a % b + b) % b) / b }
}
