// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// A smooth power spectrum per frame, kept as its natural logarithm, which is what CheapTrick arrives at and what a
/// mel-cepstrum starts from.
public struct SpectralEnvelope: Sendable, Equatable {
  /// ln of power, shape `[frames × bins]`, frame after frame; bin k is at k·fs/(2(bins − 1)) Hz.
  public var logPower: [Double]
  /// Frames.
  public let frameCount: Int
  /// Bins from 0 Hz to half the sample rate.
  public let binCount: Int

  /// - Parameters:
  ///   - logPower: ln of power, shape `[frames × bins]`.
  ///   - frameCount: frames.
  ///   - binCount: bins from 0 Hz to half the sample rate.
  public init(logPower: [Double], frameCount: Int, binCount: Int) {
    precondition(logPower.count == frameCount * binCount, "\(logPower.count) values for \(frameCount) × \(binCount)")
    self.logPower = logPower
    self.frameCount = frameCount
    self.binCount = binCount
  }

  /// Power of one frame, shape `[bins]`, as WORLD gives it.
  public func power(frame: Int) -> [Double] {
    logPower[frame * binCount..<(frame + 1) * binCount].map { exp($0) }
  }
}
