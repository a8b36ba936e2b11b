// SPDX-License-Identifier: GPL-3.0-or-later

/// What finds the fundamental frequency of a recording over time.
///
/// A tracker is made for one sample rate, holds tables for it, and is worth keeping for the next recording.
public protocol F0Tracker: Sendable {
  /// The F0 contour of a recording, at the tracker's own frames.
  /// - Parameter waveform: at the tracker's sample rate.
  /// - Throws: `wrongSampleRate`, `tooShort`.
  func track(_ waveform: Waveform) throws(AnalysisError) -> F0Track
}

/// A tracker by name, and the range in which it looks.
public struct F0Method: Sendable, Hashable {
  /// Which tracker.
  public let tracker: Tracker
  /// Lowest F0 to be found, Hz.
  public let floor: Double
  /// Highest F0 to be found, Hz.
  public let ceiling: Double

  /// The trackers there are.
  public enum Tracker: String, Sendable, CaseIterable {
    /// WORLD's Harvest.
    case harvest
    /// WORLD's DIO, refined by StoneMask.
    case dio
    /// Praat's autocorrelation.
    case praat
    /// Probabilistic YIN.
    case pyin
    /// Kaldi's normalised cross-correlation.
    case kaldi
  }

  /// Goes up when any tracker's contours change by a bit: contours kept from before are not found any more.
  public static let revision = 1
  /// Ranges that all trackers take, Hz.
  public static let limits = 40.0...1100.0
  /// Frames of all trackers are this far apart, or as near to it as whole samples come. Seconds.
  public static let framePeriod = 0.005

  /// - Parameters:
  ///   - tracker: which one.
  ///   - floor: lowest F0 to be found, Hz, within `limits`.
  ///   - ceiling: highest F0 to be found, Hz, within `limits` and at least an octave above `floor`.
  public init(_ tracker: Tracker = .harvest, floor: Double = 71, ceiling: Double = 800) {
    precondition(
      Self.limits.contains(floor) && Self.limits.contains(ceiling) && ceiling >= 2 * floor,
      "F0 from \(floor) to \(ceiling) Hz")
    self.tracker = tracker
    self.floor = floor
    self.ceiling = ceiling
  }

  /// The tracker for a sample rate.
  /// - Parameter sampleRate: Hz, 8000–96 000.
  public func make(sampleRate: Int) -> any F0Tracker {
    let (floor, ceiling, period) = (floor, ceiling, Self.framePeriod)
    return switch tracker {
    case .harvest: Harvest(sampleRate: sampleRate, floor: floor, ceiling: ceiling, framePeriod: period)
    case .dio: RefinedDIO(sampleRate: sampleRate, floor: floor, ceiling: ceiling, framePeriod: period)
    case .praat: PraatPitch(sampleRate: sampleRate, floor: floor, ceiling: ceiling, framePeriod: period)
    case .pyin: PYIN(sampleRate: sampleRate, floor: floor, ceiling: ceiling, framePeriod: period)
    case .kaldi: KaldiPitch(sampleRate: sampleRate, floor: floor, ceiling: ceiling, framePeriod: period)
    }
  }
}

extension Harvest: F0Tracker {}
extension PraatPitch: F0Tracker {}
extension PYIN: F0Tracker {}
extension KaldiPitch: F0Tracker {}

/// DIO's contour, refined by StoneMask.
public struct RefinedDIO: F0Tracker {
  private let dio: DIO

  /// - Parameters: as `DIO` has them.
  public init(sampleRate: Int, floor: Double = 71, ceiling: Double = 800, framePeriod: Double = 0.005) {
    dio = DIO(sampleRate: sampleRate, floor: floor, ceiling: ceiling, framePeriod: framePeriod)
  }

  /// The refined contour, every frame period from 0 on.
  public func track(_ waveform: Waveform) throws(AnalysisError) -> F0Track {
    StoneMask.refine(try dio.track(waveform), waveform)
  }
}
