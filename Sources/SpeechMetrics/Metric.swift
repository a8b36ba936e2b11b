// SPDX-License-Identifier: GPL-3.0-or-later

/// A speech-quality metric: one number for one pair of recordings.
///
/// This is the protocol a newcomer meets. A metric is one folder: its maths here, its test beside it in
/// `Tests/SpeechMetricsTests/<Name>`, its page in `SpeechMetrics.docc`, and one line in ``MetricCatalogue/all``.
/// Help, columns, stored rows and `ttseval metrics` are derived from ``info``.
///
/// A metric is a pure function: it reads no file or clock, logs nothing, and never resamples unless its own
/// definition does. The same pair gives the same bits on processors with the same vector operations.
public protocol Metric: Sendable {
  /// What the metric is, and what it needs.
  var info: MetricInfo { get }

  /// Scores one pair.
  /// - Parameter pair: the two signals and everything derived from them.
  /// - Returns: a finite value, or `undefined` with the reason.
  /// - Throws: ``MetricError`` when the input breaks what ``info`` asks for.
  func score(_ pair: PairAnalysis) throws(MetricError) -> Measurement

  /// Frame by frame, what a pair's score is made of: one trace per kind in ``MetricInfo/traces``.
  ///
  /// Asked only for a pair that has a value. A metric that has no such view leaves this out.
  func traces(_ pair: PairAnalysis) throws(MetricError) -> [Trace]
}

extension Metric {
  /// None.
  public func traces(_ pair: PairAnalysis) throws(MetricError) -> [Trace] { [] }
}

/// What a metric says of a pair. Never NaN, 0 or 1e-5 in place of "can't say".
public enum Measurement: Sendable, Equatable {
  /// A finite number in the metric's unit.
  case value(Double)
  /// The definition gives no number here; counted, never averaged.
  case undefined(UndefinedReason)
}

/// Why a definition gives no number for a pair.
public enum UndefinedReason: Error, Sendable, Equatable, CustomStringConvertible {
  /// The two recordings do not run in step, and this metric compares them sample by sample.
  case freeRunning
  /// One recording is shorter than a frame of the F0 tracker.
  case tooShortForF0(Side)
  /// Too little speech is left after the metric's own silence removal.
  case tooFewFrames(Int, minimum: Int)
  /// Too few frames are voiced in both recordings to compare their F0.
  case tooFewVoicedFrames(Int, minimum: Int)
  /// F0 is the same throughout this recording, and the metric divides by its variation.
  case constantF0(Side)
  /// The metric divides by the energy of this signal, and there is none.
  case noEnergy(Side)
  /// A file's own rate is below what the metric is defined for. Hz.
  case rateBelow(Int, minimum: Int)
  /// The definition finds no active speech on this side.
  case noActiveSpeech(Side)
  /// The two signals are identical, for which this metric is infinite.
  case identical
  /// Numbers of frames, of the reference and of the synthesis, too unlike for a recipe that pairs frames by number.
  case unlikeLengths(Int, Int)

  /// The reason in words, as tables and stored rows give it.
  public var description: String {
    switch self {
    case .freeRunning: "free-running; use --align warp"
    case .tooShortForF0(let side): "the \(side) is shorter than a frame of the F0 tracker"
    case .tooFewFrames(let count, let minimum): "\(count) frames of speech, needs \(minimum)"
    case .tooFewVoicedFrames(let count, let minimum): "\(count) frames voiced in both, needs \(minimum)"
    case .constantF0(let side): "F0 does not vary in the \(side)"
    case .noEnergy(let side): "no energy in the \(side)"
    case .rateBelow(let rate, let minimum): "\(rate) Hz, needs \(minimum) Hz"
    case .noActiveSpeech(let side): "no active speech in the \(side)"
    case .identical: "the signals are identical where both have sound"
    case .unlikeLengths(let reference, let synthesis):
      "\(reference) and \(synthesis) frames, too unlike to be paired by number"
    }
  }
}

/// One half of a pair.
public enum Side: String, Sendable, Equatable, CustomStringConvertible {
  /// The natural recording.
  case reference
  /// What the system made.
  case synthesis

  /// `reference` or `synthesis`.
  public var description: String { rawValue }
}

/// Why a metric could not run on a pair at all.
public enum MetricError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The shorter of the two signals is shorter than the metric's shortest input. Seconds.
  case tooShort(seconds: Double, minimum: Double)
  /// The pair was analysed at a rate the metric is not defined for. Hz.
  case unsupportedRate(Int)
  /// A computation left the finite numbers, which is a defect: it is reported, never stored as a score.
  case notFinite

  /// The failure in words.
  public var description: String {
    switch self {
    case .tooShort(let seconds, let minimum):
      "\(Self.milliseconds(seconds)) ms is shorter than the \(Self.milliseconds(minimum)) ms this metric needs"
    case .unsupportedRate(let rate): "not defined at \(rate) Hz"
    case .notFinite: "the computation gave no finite number"
    }
  }

  private static func milliseconds(_ seconds: Double) -> String {
    let tenths = (seconds * 10_000).rounded()
    return tenths.truncatingRemainder(dividingBy: 10) == 0 ? "\(Int(tenths / 10))" : "\(tenths / 10)"
  }
}
