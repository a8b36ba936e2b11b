// SPDX-License-Identifier: GPL-3.0-or-later

/// The damaged systems the project measures itself on: each turns a natural clip into a worse one of known kind
/// and strength.
public enum Degradation: String, CaseIterable, Sendable {
  case noise20dB = "noise-20db"
  case noise10dB = "noise-10db"
  case noise0dB = "noise-0db"
  case clipping = "clipping"
  case packetLoss = "packet-loss"
  case delay37ms = "delay-37ms"
  case gain12dB = "gain-12db"

  /// Every degradation, in the order in which the tool writes them.
  public static let all = allCases

  /// The system's name, which is also the name of its folder.
  public var name: String { rawValue }

  /// The seed of the clip called `id`, so that each clip has noise and losses of its own, always the same ones.
  public static func seed(clip id: String) -> UInt64 {
    fnv1a(id)
  }

  /// The damaged clip.
  ///
  /// - Parameters:
  ///   - samples: one channel of signed 16-bit samples.
  ///   - sampleRate: in hertz, at least 50; it decides the length of a frame and of the delay.
  ///   - seed: see `seed(clip:)`. The three strengths of noise share one noise sequence, so that they differ in
  ///     strength only.
  /// - Returns: as many samples, except for `delay37ms`, which adds 37 ms (rounded to a sample) in front.
  public func apply(to samples: [Int16], sampleRate: Int, seed: UInt64) -> [Int16] {
    switch self {
    case .noise20dB: return Damage.noise(samples, powerRatio: 100, seed: seed)
    case .noise10dB: return Damage.noise(samples, powerRatio: 10, seed: seed)
    case .noise0dB: return Damage.noise(samples, powerRatio: 1, seed: seed)
    case .clipping: return Damage.clipping(samples, peakDivisor: 4)
    case .packetLoss: return Damage.packetLoss(samples, percent: 10, sampleRate: sampleRate, seed: seed)
    case .delay37ms: return Damage.delay(samples, by: (sampleRate * 37 + 500) / 1000)
    // The constant is 10^(−12 / 20), written out because `pow` is not rounded the same everywhere.
    case .gain12dB: return Damage.gain(samples, factor: 0.251188643150958)
    }
  }
}
