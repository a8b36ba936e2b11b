// SPDX-License-Identifier: GPL-3.0-or-later

/// The kinds of damage with their strength as a parameter; `Degradation` names the strengths the project uses.
///
/// Samples are signed 16-bit, one channel, in time order. Arithmetic is on whole numbers, or on `Double` with the
/// operations that IEEE 754 rounds exactly (+ − × ÷ √), in a fixed order: the result is the same to the bit on
/// every machine.
public enum Damage {
  /// Adds white, bell-shaped noise.
  ///
  /// - Parameters:
  ///   - samples: the clip.
  ///   - powerRatio: signal power over noise power, both over the whole clip, pauses included: 100 is 20 dB.
  ///   - seed: the start of the noise sequence.
  /// - Returns: as many samples; sums beyond 16 bits are held at the limit. A silent clip comes back unchanged,
  ///   since no noise has a ratio to it.
  public static func noise(_ samples: [Int16], powerRatio: Double, seed: UInt64) -> [Int16] {
    precondition(powerRatio > 0, "a ratio of powers is positive")
    var generator = SplitMix64(seed: seed)
    let noise = samples.map { _ in Double(generator.nextBell()) }
    let signalEnergy = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
    let noiseEnergy = noise.reduce(0.0) { $0 + $1 * $1 }
    guard signalEnergy > 0, noiseEnergy > 0 else { return samples }
    let scale = (signalEnergy / (noiseEnergy * powerRatio)).squareRoot()
    return zip(samples, noise).map { sample, value in rounded(Double(sample) + value * scale) }
  }

  /// Cuts every sample at a part of the clip's own peak, as an overdriven amplifier does.
  ///
  /// - Parameters:
  ///   - samples: the clip.
  ///   - peakDivisor: the limit is the largest magnitude in the clip divided by this, rounded down.
  /// - Returns: as many samples, none beyond the limit; the level is not made up.
  public static func clipping(_ samples: [Int16], peakDivisor: Int) -> [Int16] {
    precondition(peakDivisor > 0, "the divisor of the peak is positive")
    let peak = samples.reduce(0) { max($0, abs(Int($1))) }
    let limit = peak / peakDivisor
    return samples.map { Int16(clamping: min(max(Int($0), -limit), limit)) }
  }

  /// Silences a share of the clip's 20 ms frames, chosen at random.
  ///
  /// The number of lost frames is the share of the frames rounded to the nearest, not left to chance: a short clip
  /// then suffers as much as a long one. The last frame may be shorter than 20 ms and counts as a frame.
  ///
  /// - Parameters:
  ///   - samples: the clip.
  ///   - percent: the share of frames lost, 0 to 100.
  ///   - sampleRate: in hertz, at least 50.
  ///   - seed: decides which frames are lost.
  /// - Returns: as many samples, zeros in the lost frames.
  public static func packetLoss(_ samples: [Int16], percent: Int, sampleRate: Int, seed: UInt64) -> [Int16] {
    precondition((0...100).contains(percent), "a share lies between 0 and 100 percent")
    precondition(sampleRate >= 50, "a 20 ms frame needs a sample")
    let frameLength = sampleRate / 50
    let frameCount = (samples.count + frameLength - 1) / frameLength
    var toLose = (frameCount * percent + 50) / 100
    var generator = SplitMix64(seed: seed)
    var result = samples
    for frame in 0..<frameCount where generator.next(below: frameCount - frame) < toLose {
      toLose -= 1
      let start = frame * frameLength
      for index in start..<min(start + frameLength, samples.count) { result[index] = 0 }
    }
    return result
  }

  /// Puts `count` zeros in front; what follows is the clip itself, so that the result is longer by `count`.
  public static func delay(_ samples: [Int16], by count: Int) -> [Int16] {
    precondition(count >= 0, "a delay cannot be negative")
    return Array(repeating: 0, count: count) + samples
  }

  /// Multiplies every sample by `factor` and rounds to the nearest, ties to even, holding at the 16-bit limits.
  public static func gain(_ samples: [Int16], factor: Double) -> [Int16] {
    samples.map { rounded(Double($0) * factor) }
  }

  private static func rounded(_ value: Double) -> Int16 {
    let nearest = value.rounded(.toNearestOrEven)
    return Int16(min(max(nearest, Double(Int16.min)), Double(Int16.max)))
  }
}
