// SPDX-License-Identifier: GPL-3.0-or-later
//
// PESQ: perceptual evaluation of speech quality.
//
// What it measures. PESQ compares a degraded speech signal with the undegraded reference and
// predicts the mean opinion score that listeners would give the degraded one. Both signals are
// brought to a standard level and filtered as a telephone (narrow band) or a headphone (wide band)
// would; the delay between them is found, for every utterance and for every jump within one; then
// both are turned into loudness over time and Bark frequency, as an ear would, and the differences
// between the two are summed up, in two ways: the disturbance, and the asymmetric disturbance,
// which counts what was added to the signal more heavily than what was left out.
//
// Sources.
//   A. W. Rix, J. G. Beerends, M. P. Hollier, A. P. Hekstra: "Perceptual evaluation of speech
//     quality (PESQ) - a new method for speech quality assessment of telephone networks and
//     codecs", ICASSP 2001 (the model as a whole, and its time alignment).
//   J. G. Beerends, A. P. Hekstra, A. W. Rix, M. P. Hollier: "Perceptual evaluation of speech
//     quality (PESQ), the new ITU standard for end-to-end speech quality assessment, part II -
//     psychoacoustic model", J. Audio Eng. Soc. 50 (2002).
//   ITU-T P.862 (2001); P.862.1 (2003), the narrow-band mapping to MOS-LQO; P.862.2 (2005), wide
//     band, and its Corrigendum 2 (2018), which lowers the wide-band input filter by 12 dB.
//
// Conventions. Sample indices count from the start of a buffer in which 300 ms of silence precede
// the signal. Frames of the speech detector are 4 ms long and count from the same place; perceptual
// frames are 32 ms long, one every 16 ms, and count from the first sample of the signal. A delay d
// means that reference sample n corresponds to degraded sample n + d. Integer division truncates
// towards zero, also of negative delays.
//
// Arithmetic. The stages up to the power spectrum run in single precision, with a particular order
// of rounding: in digital silence the decisions of the alignment rest on rounding noise, and only by
// having the same noise do two programs agree on every signal. Scores agree with those of the
// widely used `pesq` and `pesqc2` packages to about 1e-6 (see the tests).
//
// Departures. The established programs keep utterances in tables of 50 and read beyond them when a
// file has more; here there is no such limit, except that a file of at most 50 utterances is never
// split into more than 50, which is what agreement with those programs requires; a file with more
// than 50 utterances has each of them considered for splitting. The level of a signal of more than 2^22
// samples, 4.4 minutes of wide band, is measured block by block in double precision, to 1e-7 of
// what one transform in single precision gives. There is no limit on the number of
// bad intervals (1000 there). A degraded signal that is silent, or a signal that holds a value that
// is not finite, is an error and never a score.
//
// This is an independent implementation of the published method, not a certified one.

package import SpeechSignal

/// Perceptual evaluation of speech quality: P.862 with P.862.1, or P.862.2.
public struct PESQ: Sendable {
  /// Which recommendation to follow.
  public enum Mode: Sendable, Hashable {
    /// P.862 with the P.862.1 mapping, at 8000 or 16000 Hz.
    case narrowBand
    /// P.862.2 as published in 2005, at 16000 Hz.
    case wideBand
    /// P.862.2 with the input filter of Corrigendum 2 (2018), at 16000 Hz.
    case wideBandCorrigendum2
  }

  /// Shortest signal, in seconds.
  public static let minimumSeconds = 0.25

  /// The recommendation that is followed.
  public let mode: Mode
  /// Hz.
  public let sampleRate: Int

  /// - Parameters:
  ///   - mode: The recommendation to follow.
  ///   - sampleRate: In Hz. A rate the mode does not allow makes every evaluation throw
  ///     ``PESQError/unsupportedRate(_:)``.
  public init(mode: Mode, sampleRate: Int) {
    self.mode = mode
    self.sampleRate = sampleRate
  }

  /// Scores `degraded` against `reference`.
  ///
  /// The level of either signal and their common scale do not matter; their lengths may differ.
  /// Memory grows linearly with the length, and so does time, but for an unbroken utterance whose delay jumps again and again:
  /// each part of it is searched anew.
  ///
  /// - Parameters:
  ///   - reference: The undegraded speech, one channel, at ``sampleRate``.
  ///   - degraded: The speech to be judged, at the same rate.
  /// - Throws: ``PESQError`` if the rate is not one of the mode's, a signal is shorter than 0.25 s
  ///   or not finite, or no score is defined because a signal is silent.
  public func evaluate(reference: [Double], degraded: [Double]) throws(PESQError) -> PESQResult {
    try stages(reference: reference, degraded: degraded).result
  }

  /// The same of recordings at ``sampleRate``, long ones of which may be packed: beside them it takes, in wide band, nine bytes a sample
  /// of the longer one.
  package func evaluate(reference: Waveform, degraded: Waveform) throws(PESQError) -> PESQResult {
    try PESQStages(mode: mode, sampleRate: sampleRate, reference, degraded).result
  }

  /// As ``evaluate(reference:degraded:)``, with the intermediate values of every stage.
  ///
  /// - Parameter longestPlain: Samples up to which time matters more than memory; another than the usual number in tests only.
  package func stages(
    reference: [Double], degraded: [Double], longestPlain: Int = Waveform.longestPlain
  ) throws(PESQError) -> PESQStages {
    func waveform(_ samples: [Double]) -> Waveform { Waveform(samples: samples, sampleRate: max(1, sampleRate)) }
    return try PESQStages(
      mode: mode, sampleRate: sampleRate, waveform(reference), waveform(degraded), longestPlain: longestPlain)
  }
}

/// What PESQ finds out about a pair of signals.
public struct PESQResult: Sendable, Equatable {
  /// A stretch of the reference to which one delay applies.
  public struct Utterance: Sendable, Equatable {
    /// Beginning, in seconds of the reference.
    public let start: Double
    /// End, in seconds of the reference; neighbours may overlap a little.
    public let end: Double
    /// By how many samples the degraded signal is late.
    public let delay: Int
    /// How sharply the delay stands out, 0 to 1.
    public let confidence: Float
  }

  /// The score of P.862 before the mapping: -0.5 to 4.5 for speech, down to -1.4 for what is none.
  public let raw: Double
  /// The mean opinion score of P.862.1 or P.862.2, about 1 to 4.64.
  public let mosLQO: Double
  /// Disturbance of each frame as it enters the aggregation, 0 to 45.
  public let frameDisturbance: [Float]
  /// The first frame that counts; those before lie in silence that both signals begin with or that only one has.
  public let firstFrame: Int
  /// Asymmetric disturbance of each frame, likewise.
  public let frameAsymmetricDisturbance: [Float]
  /// Seconds from one frame to the next.
  public let framePeriod: Double
  /// The stretches between which the delay may change, in order of time.
  public let utterances: [Utterance]
}

/// Why PESQ has no score for a pair of signals.
public enum PESQError: Error, Equatable, Sendable {
  /// One of the two signals.
  public enum Signal: String, Sendable {
    /// The undegraded speech.
    case reference
    /// The speech to be judged.
    case degraded
  }

  /// The rate, in Hz, is not one of the mode's.
  case unsupportedRate(Int)
  /// A signal lasts `seconds`; 0.25 s are needed.
  case tooShort(seconds: Double, minimum: Double)
  /// A sample of the signal is NaN or infinite.
  case notFinite(Signal)
  /// The reference is silent, or has no stretch of speech of 0.2 s that the degraded covers.
  case noActiveSpeech
  /// The degraded signal has no power in the speech band.
  case degradedSilent
  /// So little of the reference is audible that no perceptual frame is left to be scored.
  case noAudibleFrames
}

extension PESQError: CustomStringConvertible {
  /// The reason in words.
  public var description: String {
    switch self {
    case .unsupportedRate(let rate):
      "\(rate) Hz is not a rate of this mode (narrow band: 8000, 16000 Hz; wide band: 16000 Hz)"
    case .tooShort(let seconds, let minimum):
      "shorter than \(minimum) s (\(seconds) s)"
    case .notFinite(let signal): "the \(signal.rawValue) signal holds values that are not finite"
    case .noActiveSpeech: "no active speech in the reference"
    case .degradedSilent: "the degraded signal is silent"
    case .noAudibleFrames: "no audible frame in the reference"
    }
  }
}
