// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Fundamental frequency by pYIN: M. Mauch, S. Dixon, "pYIN: a fundamental frequency estimator using probabilistic threshold
/// distributions", ICASSP 2014, pp. 659–663, on top of A. de Cheveigné, H. Kawahara, "YIN, a fundamental frequency estimator
/// for speech and music", JASA 111(4), 2002, pp. 1917–1930; agrees with librosa 0.11's `pyin` in double precision.
///
/// Three steps, one file each:
/// 1. per frame YIN's difference between the signal and itself τ samples later, divided by its own running mean
///    (`PYINDifference`); it is near 0 where τ is a period and near 1 elsewhere;
/// 2. where YIN takes the first dip below one threshold, pYIN takes every threshold in turn, each with its probability (a beta
///    distribution), and so gives each dip a probability of being the period (`PYINTroughs`). What is missing to 1 is the
///    probability that the frame is unvoiced;
/// 3. a hidden Markov model of pitch bins, each of them voiced or unvoiced, finds the likeliest way through the frames
///    (`PYINPath`). F0 is the frequency of the bin: the result is a multiple of a tenth of a semitone above `floor`.
///
/// Conventions: frames of 2048 samples at 22.05 kHz, at other rates the even number nearest to 2048·fs/22050. The hop is the whole
/// number of samples nearest to T·fs, half-way to the even one (110 at 22.05 kHz and 220 at 44.1 kHz for 5 ms, so that both
/// have the same frames). Frame i is centred on sample i·hop, zeros to both sides of the recording; ⌊n/hop⌋ + 1 frames.
/// 0 Hz is "unvoiced". Parameters are librosa's defaults: 100 thresholds with a beta(2, 18) distribution, the Boltzmann parameter
/// 2, 35.92 octaves a second at most, .01 to switch voicing, .01 for the deepest dip above a threshold.
///
/// Departures from the papers are librosa's (each file names its own). Since 0.11 librosa has no window length apart from the
/// frame's: it ignores `win_length`, and so there is none here.
/// Departures from librosa are in the order of arithmetic. Where a frame is empty but for a click, the difference is a constant
/// plus the rounding noise of the transform, and either may find a dip in it. A recording in which no two samples are a period
/// apart is refused. What has no pitch need not be unvoiced in either: a constant is voiced, near `ceiling`.
/// The value holds tables for its sample rate and is worth keeping for the next recording.
public struct PYIN: Sendable {
  /// Hz, of the recordings to come.
  public let sampleRate: Int
  /// Lowest F0 to be found, Hz.
  public let floor: Double
  /// Highest F0 to be found, Hz.
  public let ceiling: Double
  /// Seconds from frame to frame that were asked for.
  public let framePeriod: Double
  /// Samples from frame to frame.
  public let hop: Int
  /// Samples in a frame, an even number.
  public let frameLength: Int

  private let troughs: PYINTroughs
  private let transitions: PYINTransitions
  /// Periods to be looked at, samples.
  private let periods: ClosedRange<Int>

  private static let binsPerOctave = 120.0
  /// Octaves a second.
  private static let fastest = 35.92

  /// - Parameters:
  ///   - sampleRate: Hz, 8000–96 000.
  ///   - floor: lowest F0, Hz, at least 20.
  ///   - ceiling: highest F0, Hz, at least half an octave above and at most 1500.
  ///   - framePeriod: seconds from frame to frame, at least one sample.
  public init(sampleRate: Int, floor: Double = 71, ceiling: Double = 800, framePeriod: Double = 0.005) {
    precondition(Harvest.sampleRates.contains(sampleRate), "pYIN at \(sampleRate) Hz")
    precondition(floor >= 20 && ceiling >= 1.5 * floor && ceiling <= 1500, "F0 from \(floor) to \(ceiling) Hz")
    precondition(framePeriod > 0 && framePeriod <= 1, "a frame period of \(framePeriod) s")
    let fs = Double(sampleRate)
    self.sampleRate = sampleRate
    self.floor = floor
    self.ceiling = ceiling
    self.framePeriod = framePeriod
    frameLength = 2 * Int((1024 * fs / 22_050).rounded())
    hop = max(1, Int((framePeriod * fs).rounded(.toNearestOrEven)))
    periods = Int(fs / ceiling)...Int((fs / floor).rounded(.up))
    let binCount = Int(Self.binsPerOctave * log2(ceiling / floor)) + 1
    let semitones = Int((Self.fastest * 12 * Double(hop) / fs).rounded(.toNearestOrEven))
    troughs = PYINTroughs(
      sampleRate: fs, periods: periods, floor: floor, binsPerOctave: Self.binsPerOctave, binCount: binCount)
    // Ten bins a semitone, half of the way to either side.
    transitions = PYINTransitions(binCount: binCount, reach: semitones * 5)
  }

  /// The F0 contour of a recording.
  /// - Parameter waveform: at `sampleRate`; its level does not matter, but for levels whose squares are no normal numbers.
  /// - Returns: a track with the times i·`hop`/`sampleRate`.
  /// - Throws: `wrongSampleRate`; `tooShort` if not even two samples are a shortest period apart.
  public func track(_ waveform: Waveform) throws(AnalysisError) -> F0Track {
    guard waveform.sampleRate == sampleRate else {
      throw .wrongSampleRate(waveform.sampleRate, expected: sampleRate)
    }
    let count = waveform.count
    guard count > periods.lowerBound else { throw .tooShort(samples: count, minimum: periods.lowerBound + 1) }
    let frameCount = count / hop + 1
    let silence = [Double](repeating: 0, count: frameLength / 2)
    let padded = silence + waveform.samples + silence

    var difference = PYINDifference(frameLength: frameLength, periods: periods)
    var path = PYINPath(transitions)
    var observation = PYINObservation()
    for frame in 0..<frameCount {
      difference.measure(padded, from: frame * hop)
      troughs.observe(difference.values, &observation)
      path.advance(observation)
    }
    let f0 = path.best().map { bin in bin.map { floor * exp2(Double($0) / Self.binsPerOctave) } ?? 0 }
    return F0Track(times: (0..<frameCount).map { Double($0 * hop) / Double(sampleRate) }, f0: f0)
  }
}
