// SPDX-License-Identifier: GPL-3.0-or-later

/// The fundamental frequency of a recording over time, one value a frame.
///
/// Frame i stands at `times[i]`; `f0[i]` is in Hz, and 0 Hz means "unvoiced", as everywhere in WORLD.
public struct F0Track: Sendable, Equatable {
  /// Middle of each frame in seconds, ascending, shape `[frames]`.
  public var times: [Double]
  /// Hz, 0 where unvoiced, shape `[frames]`.
  public var f0: [Double]

  /// - Parameters:
  ///   - times: seconds, shape `[frames]`.
  ///   - f0: Hz, 0 where unvoiced, as many as `times`.
  public init(times: [Double], f0: [Double]) {
    precondition(times.count == f0.count, "\(times.count) times for \(f0.count) values of F0")
    self.times = times
    self.f0 = f0
  }

  /// F0 at given times, each that of the nearest frame, of two equally near ones the earlier; unvoiced without frames.
  /// - Parameter instants: seconds, ascending.
  /// - Returns: Hz, 0 where unvoiced, shape `[instants]`.
  public func f0(at instants: [Double]) -> [Double] {
    var i = 0
    return instants.map { time in
      while i + 1 < times.count, abs(times[i + 1] - time) < abs(times[i] - time) { i += 1 }
      return i < f0.count ? f0[i] : 0
    }
  }
}

/// Why a recording has no F0 track or spectral envelope.
public enum AnalysisError: Error, Sendable, Equatable {
  /// The waveform has another rate than the analysis was made for (Hz).
  case wrongSampleRate(Int, expected: Int)
  /// The recording is shorter than the analysis needs (samples).
  case tooShort(samples: Int, minimum: Int)
}

/// The grid of frames that WORLD lays over a recording: 0, T, 2T … up to its end.
package enum FrameGrid {
  /// Number of frames of `framePeriod` seconds in `sampleCount` samples: ⌊duration/T⌋ + 1.
  package static func count(samples sampleCount: Int, sampleRate: Int, framePeriod: Double) -> Int {
    Int(1000 * Double(sampleCount) / Double(sampleRate) / (framePeriod * 1000)) + 1
  }

  /// Times of the frames in seconds.
  package static func times(count: Int, framePeriod: Double) -> [Double] {
    (0..<count).map { Double($0) * (framePeriod * 1000) / 1000 }
  }
}
