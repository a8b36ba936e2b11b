// SPDX-License-Identifier: GPL-3.0-or-later
package import SpeechSignal

/// A voice made of whole numbers, and a damaged copy of it: the same samples on every machine.
///
/// A pulse train whose period glides, noise where consonants would be, both through three two-pole resonators in fixed point;
/// no `sin`, no `exp`, no rounding. 1.8 s at 16 kHz, peak at about half of full scale, five syllables and pauses.
///
/// The copy has its pitch raised by 1 % in one syllable and by 30 % in another, one syllable is whispered, the resonators are
/// shifted, and noise lies under it: every metric has something to find, and the two still run in step.
package enum KnownVoice {
  /// Hz.
  package static let sampleRate = 16_000

  /// The voice.
  package static let reference = Waveform(samples: integers(isCopy: false).map(scaled), sampleRate: sampleRate)
  /// The damaged copy.
  package static let copy = Waveform(samples: integers(isCopy: true).map(scaled), sampleRate: sampleRate)

  private static func scaled(_ integer: Int) -> Double { Double(integer) / 32768 }

  /// Samples of a syllable, and F0 at its start and its end in 1/16 Hz; 0 for noise.
  private static let syllables: [(start: Int, count: Int, from: Int, to: Int)] = [
    (2400, 3600, 110 * 16, 150 * 16), (6400, 1600, 0, 0), (8000, 4400, 170 * 16, 130 * 16),
    (14_400, 4800, 140 * 16, 190 * 16), (19_800, 4400, 150 * 16, 100 * 16),
  ]

  /// Resonators: frequency and bandwidth as 2ρ·cos θ and ρ² in 1/16384, for 500, 1500, 2500 Hz or so.
  private static let resonators = [(31_646, 15_900), (26_600, 15_600), (17_700, 15_100)]

  private static func integers(isCopy: Bool) -> [Int] {
    let count = 28_800
    var random: UInt32 = isCopy ? 362_436_069 : 88_675_123
    func noise() -> Int {
      random ^= random << 13
      random ^= random >> 17
      random ^= random << 5
      return Int(random >> 20) - 2048
    }
    var excitation = [Int](repeating: 0, count: count)
    for (index, syllable) in syllables.enumerated() {
      let isWhispered = syllable.from == 0 || isCopy && index == 4
      var phase = 0
      for i in 0..<syllable.count {
        // Rises and falls over 800 samples, in 1/1024.
        let envelope = min(1024, i * 1024 / 800, (syllable.count - i) * 1024 / 800)
        var value = 0
        if isWhispered {
          value = noise() / 2
        } else {
          var f0 = syllable.from + (syllable.to - syllable.from) * i / syllable.count
          if isCopy { f0 = f0 * (index == 3 ? 1300 : index == 2 ? 1010 : 1000) / 1000 }
          phase += f0
          if phase >= sampleRate * 16 {
            phase -= sampleRate * 16
            value = 24_000
          }
          value += noise() / 64
        }
        excitation[syllable.start + i] = value * envelope / 1024
      }
    }
    var sound = excitation
    for (index, resonator) in resonators.enumerated() {
      let first = resonator.0 - (isCopy ? 60 * (index + 1) : 0)
      var (last, before) = (0, 0)
      for i in sound.indices {
        let value = sound[i] / 4 + (first * last - resonator.1 * before) / 16_384
        (before, last) = (last, value)
        sound[i] = value
      }
    }
    let peak = sound.reduce(1) { max($0, abs($1)) }
    return sound.map { value in value * 16_384 / peak + noise() / (isCopy ? 128 : 1024) }
  }
}
