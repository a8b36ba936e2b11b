// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// From the first to the last speech in a recording.
///
/// Half a second of zeros at each end moves MCD by up to 1 dB, more than systems differ, so frame-wise measures look
/// only here: from the first to the last 20 ms frame whose energy lies within 40 dB of the loudest frame's, widened by
/// 50 ms on either side. The recording's mean is taken off first, so that a DC offset is not speech.
public struct SpeechExtent: Sendable, Equatable {
  /// Samples of the recording, `lowerBound ..< upperBound`.
  public let samples: Range<Int>
  /// Hz.
  public let sampleRate: Int

  static let frameSeconds = 0.020
  static let rangeDecibels = 40.0
  /// What the extent is widened by on either side, seconds.
  package static let marginSeconds = 0.050

  /// Finds the extent; nil when the recording is empty or constant.
  public init?(_ waveform: Waveform) {
    let count = waveform.count
    let frame = max(1, Int((Self.frameSeconds * Double(waveform.sampleRate)).rounded()))
    guard count > 0 else { return nil }
    let mean = waveform.sum { $0 } / Double(count)
    var energies: [Double] = []
    energies.reserveCapacity(count / frame + 1)
    waveform.forEachFrame((count + frame - 1) / frame, length: frame, start: { $0 * frame }) { _, samples in
      var sum = 0.0
      for i in 0..<samples.count { sum += (samples[i] - mean) * (samples[i] - mean) }
      // A cut last frame is measured by its mean, so that it weighs as any other.
      energies.append(sum / Double(samples.count))
    }
    // A constant file leaves only the rounding of its own mean.
    guard let loudest = energies.max(), loudest > 1e-20 * max(1, mean * mean) else { return nil }
    let floor = loudest * pow(10, -Self.rangeDecibels / 10)
    guard let first = energies.firstIndex(where: { $0 >= floor }), let last = energies.lastIndex(where: { $0 >= floor })
    else { return nil }
    let margin = Int((Self.marginSeconds * Double(waveform.sampleRate)).rounded())
    samples = max(0, first * frame - margin)..<min(count, (last + 1) * frame + margin)
    sampleRate = waveform.sampleRate
  }
}
