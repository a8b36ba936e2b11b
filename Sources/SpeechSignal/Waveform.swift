// SPDX-License-Identifier: GPL-3.0-or-later

/// One channel of sound: `samples` at `sampleRate`.
///
/// Full scale is ±1; values beyond it (float files may hold them) are kept as they are.
public struct Waveform: Sendable, Equatable {
  /// Amplitudes, shape `[n]`, full scale ±1.
  public var samples: [Double]
  /// Hz.
  public var sampleRate: Int

  /// - Parameters:
  ///   - samples: shape `[n]`, full scale ±1.
  ///   - sampleRate: Hz, positive.
  public init(samples: [Double], sampleRate: Int) {
    precondition(sampleRate > 0, "a sample rate is positive")
    self.samples = samples
    self.sampleRate = sampleRate
  }

  /// Duration in seconds.
  public var seconds: Double { Double(samples.count) / Double(sampleRate) }
}
