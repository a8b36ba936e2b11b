// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Fundamental frequency by Kaldi's pitch tracker: P. Ghahremani, B. BabaAli, D. Povey, K. Riedhammer, J. Trmal, S. Khudanpur,
/// "A pitch extraction algorithm tuned for automatic speech recognition", ICASSP 2014, pp. 2494–2498; as Kaldi's
/// `compute-kaldi-pitch-feats` has it, but for floor, ceiling and frame period with its defaults.
///
/// 1. The signal is brought to 4 kHz through a short low-pass at 1 kHz (`KaldiResampling`).
/// 2. Per frame, w being its 100 samples (25 ms) and w(l) those that begin l samples later, both less the mean of w, the
///    normalised cross-correlation is φ(l) = w·w(l) / √(|w|²|w(l)|² + B) (`KaldiCorrelation`). The ballast B = 7000·(100·σ²)²,
///    σ² being the variance of the whole recording, holds φ down where it is quiet.
/// 3. φ is interpolated at the lags L₀ = 1/ceiling, L₀·1.005, L₀·1.005² … up to 1/floor: the states.
/// 4. The path of states with the least sum of 1 − φ·(1 − 10·L) + 0.1·(ln 1.005)²·(step in states)² is the pitch
///    (`KaldiViterbi`). Every frame has one, voiced or not.
/// 5. n, the φ without ballast at the chosen lag, tells how voiced a frame is. With n' = |n| ≤ 1 the log-odds of voicing are
///    r = −5.2 + 5.4·exp(7.5·(n' − 1)) + 4.8·n' − 2·exp(−10·n') + 4.2·exp(20·(n' − 1)), and p = 1/(1 + exp(−r)).
///
/// Conventions. *Voicing*: the paper makes no hard decision, but its p is a probability, and we take the likelier of the two: a frame
/// is voiced where p ≥ 1/2, that is where |n| ≥ 0.805; `contour` has pitch and n of all frames. The decision knows nothing
/// of level: a hum in a pause is voiced. *Level*: the ballast is relative to the recording's own power, so a gain changes nothing, and
/// Kaldi's 16-bit integers and our ±1 give the same pitch. *Times*: frame i is in the middle of w, 12.5 ms + i·T; w(l) reaches a
/// period further. Frames whose w would run past the end are left out. *Range*: 4 kHz and 1 kHz stay as they are for any ceiling, as in
/// Kaldi. The filter is so short that 1100 Hz still passes; above 1600 Hz there would be no lag to interpolate from.
///
/// The program is meant, not `compute_kaldi_pitch` of torchaudio 2.0.2, whose paths are others by mistake (`KaldiViterbi`).
///
/// Departures. Signal and correlations are in double precision, Kaldi's in single: that moves n by about 1e-6. The lags and the path's
/// costs are in single precision as Kaldi's, whose roundings decide between paths of almost the same cost. Frames of
/// nothing but rounding noise (a constant signal) have n = 0 here and any n there.
public struct KaldiPitch: Sendable {
  /// Hz, of the recordings to come.
  public let sampleRate: Int
  /// Lowest pitch, Hz.
  public let floor: Double
  /// Highest pitch, Hz.
  public let ceiling: Double
  /// Seconds from frame to frame, as asked for; `contour` rounds it down to whole samples at 4 kHz, as Kaldi does.
  public let framePeriod: Double

  /// Pitch of every frame, voiced or not.
  public struct Contour: Sendable, Equatable {
    /// Middle of each frame's first window in seconds, shape `[frames]`.
    public let times: [Double]
    /// Hz, never 0, shape `[frames]`.
    public let pitch: [Double]
    /// Normalised cross-correlation at the pitch's lag, without ballast, −1 to 1, shape `[frames]`.
    public let nccf: [Double]
  }

  static let workingRate = 4000
  /// Samples of a frame's window at 4 kHz.
  static let windowLength = 100

  private let sharesCosts: Bool
  private let hop: Int
  private let resampler: KaldiResampler
  private let states: KaldiStates

  /// - Parameters:
  ///   - sampleRate: Hz, 8000–96 000.
  ///   - floor: lowest pitch, Hz, at least 20.
  ///   - ceiling: highest pitch, Hz, above `floor` and at most 1500.
  ///   - framePeriod: seconds from frame to frame, at least 0.25 ms.
  public init(sampleRate: Int, floor: Double = 71, ceiling: Double = 800, framePeriod: Double = 0.005) {
    self.init(sampleRate: sampleRate, floor: floor, ceiling: ceiling, framePeriod: framePeriod, sharesCosts: false)
  }

  /// - Parameter sharesCosts: whether to go wrong as torchaudio does (`KaldiViterbi`), for comparison with it.
  package init(
    sampleRate: Int, floor: Double = 71, ceiling: Double = 800, framePeriod: Double = 0.005, sharesCosts: Bool
  ) {
    precondition(Harvest.sampleRates.contains(sampleRate), "Kaldi's pitch at \(sampleRate) Hz")
    precondition(floor >= 20 && ceiling > floor && ceiling <= 1500, "F0 from \(floor) to \(ceiling) Hz")
    precondition(framePeriod >= 0.00025 && framePeriod <= 60, "a frame period of \(framePeriod) s")
    self.sampleRate = sampleRate
    self.floor = floor
    self.ceiling = ceiling
    self.framePeriod = framePeriod
    self.sharesCosts = sharesCosts
    hop = Int(Double(Float(Self.workingRate) * Float(framePeriod * 1000)) / 1000)
    resampler = KaldiResampler(from: sampleRate, to: Self.workingRate)
    states = KaldiStates(floor: floor, ceiling: ceiling)
  }

  /// Pitch where voiced.
  /// - Parameter waveform: at `sampleRate`; its level does not matter.
  /// - Returns: Hz, 0 where voicing has a probability under 1/2.
  /// - Throws: `wrongSampleRate`; `tooShort` under 99 samples at 4 kHz, 24.8 ms.
  public func track(_ waveform: Waveform) throws(AnalysisError) -> F0Track {
    let contour = try contour(waveform)
    let f0 = zip(contour.pitch, contour.nccf).map { Self.probabilityOfVoicing(nccf: $1) >= 0.5 ? $0 : 0 }
    return F0Track(times: contour.times, f0: f0)
  }

  /// The probability of voicing that the paper fitted to the Keele database, step 5 above.
  /// - Parameter nccf: of `contour`.
  public static func probabilityOfVoicing(nccf: Double) -> Double {
    let n = min(abs(nccf), 1)
    let logOdds = -5.2 + 5.4 * exp(7.5 * (n - 1)) + 4.8 * n - 2 * exp(-10 * n) + 4.2 * exp(20 * (n - 1))
    return 1 / (1 + exp(-logOdds))
  }

  /// What Kaldi gives: pitch and NCCF of every frame.
  /// - Parameter waveform: at `sampleRate`; its level does not matter.
  /// - Throws: `wrongSampleRate`; `tooShort` under 99 samples at 4 kHz, 24.8 ms.
  public func contour(_ waveform: Waveform) throws(AnalysisError) -> Contour {
    guard waveform.sampleRate == sampleRate else {
      throw .wrongSampleRate(waveform.sampleRate, expected: sampleRate)
    }
    let minimum = (Self.windowLength - 1) * sampleRate / Self.workingRate + 1
    guard waveform.count >= minimum else {
      throw .tooShort(samples: waveform.count, minimum: minimum)
    }
    let signal = resampler(waveform.samples)
    let frameCount = 1 + (signal.samples.count - Self.windowLength) / hop
    let goes = Goes(signal, hop: hop, states)

    let width = states.rowLength
    var correlation = KaldiCorrelation(signal.samples, states)
    var path = KaldiViterbi(states, frameCount: frameCount, sharesCosts: sharesCosts)
    var phi = [Float](repeating: 0, count: states.lags.count)
    var rows: [Double] = []
    rows.reserveCapacity(frameCount * width)
    for frame in 0..<frameCount {
      correlation.measure(at: frame * hop, ballast: goes.ballast(frame))
      let scale = goes.scale(frame, meanNorm: correlation.meanNorm)
      states.interpolate(correlation.withBallast, scale: scale, into: &phi)
      path.advance(phi)
      rows.append(contentsOf: correlation.withoutBallast)
    }

    let chosen = path.best()
    let nccf = rows.withUnsafeBufferPointer { rows in
      chosen.enumerated().map { frame, state in
        rows.baseAddress.map { states.interpolate($0 + frame * width, at: state) } ?? 0
      }
    }
    let times = chosen.indices.map { Double($0 * hop + Self.windowLength / 2) / Double(Self.workingRate) }
    return Contour(times: times, pitch: chosen.map { states.pitch(at: $0) }, nccf: nccf)
  }
}

/// Kaldi takes a recording in two goes: all frames that lie, with their longest lag, in what the filter yields before it runs
/// into the end; then the rest, which zeros follow. The first go knows only its own part's power. If it had fewer than 500 frames,
/// these are scaled to the whole's in the end, if that differs by more than 2 %.
private struct Goes {
  private static let rescaledFrames = 500
  private static let tolerance = 0.01

  private let firstCount: Int
  private let firstBallast: Double
  private let ballast: Double
  private let isRescaled: Bool

  init(_ signal: KaldiResampler.Signal, hop: Int, _ states: KaldiStates) {
    let reach = KaldiPitch.windowLength + states.measured.upperBound
    firstCount = signal.wholeCount >= reach ? (signal.wholeCount - reach) / hop + 1 : 0
    let first = Self.variance(signal.samples[..<min(signal.wholeCount, signal.samples.count)])
    let whole = Self.variance(signal.samples[...])
    firstBallast = KaldiCorrelation.ballast(first)
    ballast = KaldiCorrelation.ballast(whole)
    isRescaled = firstCount < Self.rescaledFrames && abs(first - whole) > Self.tolerance * (first + whole)
  }

  /// B of a frame.
  func ballast(_ frame: Int) -> Double { frame < firstCount ? firstBallast : ballast }

  /// What φ is multiplied by.
  /// - Parameter meanNorm: of the frame.
  func scale(_ frame: Int, meanNorm: Double) -> Double {
    guard isRescaled && frame < firstCount else { return 1 }
    return ((firstBallast + meanNorm) / (ballast + meanNorm)).squareRoot()
  }

  private static func variance(_ samples: ArraySlice<Double>) -> Double {
    guard !samples.isEmpty else { return 0 }
    let count = Double(samples.count)
    let mean = samples.reduce(0, +) / count
    return samples.reduce(0) { $0 + $1 * $1 } / count - mean * mean
  }
}
