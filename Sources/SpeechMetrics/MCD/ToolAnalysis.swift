// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
package import SpeechSignal

// How other tools see a recording: the frames from which ESPnet, pymcd and VERSA compute MCD and F0 errors. What each fixes:
//
// ESPnet, MCD (`evaluate_mcd.py`): samples as 16-bit integers; frames of 1024 samples every 256 under a Hamming window of
//   energy 1, none padded; SPTK's `mcep` (unbiased estimation of the log spectrum) with 1e-6 added to the periodogram, order and α by rate.
// ESPnet, F0 (`evaluate_f0.py`): Harvest 40 to 800 Hz and CheapTrick with a transform of 1024, every 256 samples; `sp2mc` of
//   the same order and α.
// pymcd 0.2.1: at 22 050 Hz, `wav2world`: DIO and StoneMask (71 to 800 Hz), CheapTrick with a transform of 512, every 5 ms;
//   then `mcep` of order 13, α = 0.65, told to take the power spectrum for an amplitude (itype 3), with 1e-8 added and no Newton
//   step. So its cepstra are those of the power squared: twice the size they would have, and its decibels twice as many.
// VERSA (`mcd_f0`): samples × 32767 through a high-pass filter of 255 taps (70 Hz); Harvest 40 to 800 Hz, CheapTrick with a
//   transform of 1024, every 5 ms; `sp2mc` of order 39 with α = 0.466, at every rate.
//
// A transform of fixed length sets a lower bound to F0: frames below 3·fs/(N − 3) are analysed as unvoiced (47 Hz at 16 kHz
// and 141 Hz at 48 kHz for 1024 points, 130 Hz for pymcd). That is how the tools are.
//
// Departure: ESPnet reads 16-bit integers, so that it rounds a file of higher resolution; here such a file keeps it.

/// An analysis that another tool makes of a recording.
package enum ToolAnalysis: Hashable, Sendable {
  /// ESPnet's for MCD.
  case espnet
  /// ESPnet's for F0.
  case espnetPitch
  /// pymcd's.
  case pymcd
  /// VERSA's.
  case versa

  /// An analysis and the sample rate it is made at.
  struct AtRate: Hashable {
    let analysis: ToolAnalysis
    /// Hz.
    let sampleRate: Int
  }

  /// Frames of the whole recording.
  /// - Parameter waveform: full scale ±1.
  /// - Throws: `unsupportedRate` for a rate the tool has no parameters for; `notFinite` where its normal equation is singular,
  ///   which is an error in the tool as well.
  package func frames(_ waveform: Waveform) throws(MetricError) -> ToolFrames {
    let rate = waveform.sampleRate
    guard Harvest.sampleRates.contains(rate) else { throw .unsupportedRate(rate) }
    switch self {
    case .espnet: return try Self.espnetFrames(waveform, try Self.espnetParameters(rate))
    case .espnetPitch:
      let (order, alpha) = try Self.espnetParameters(rate)
      let period = 256 / Double(rate)
      return Self.worldFrames(scaled(waveform, by: 32_768), period: period, order: order, alpha: alpha)
    case .pymcd: return try Self.pymcdFrames(waveform)
    case .versa:
      let filter = HighPass(tapCount: 255, cutoff: 70 / Double(rate / 2))
      var filtered = scaled(waveform, by: 32_767)
      filtered.samples = filter.apply(filtered.samples)
      return Self.worldFrames(filtered, period: 0.005, order: 39, alpha: 0.466)
    }
  }

  /// ESPnet's order and all-pass constant.
  static func espnetParameters(_ sampleRate: Int) throws(MetricError) -> (order: Int, alpha: Double) {
    switch sampleRate {
    case 16_000: (23, 0.42)
    case 22_050: (34, 0.45)
    case 24_000: (34, 0.46)
    case 44_100: (39, 0.53)
    case 48_000: (39, 0.55)
    default: throw .unsupportedRate(sampleRate)
    }
  }

  private func scaled(_ waveform: Waveform, by factor: Double) -> Waveform {
    Waveform(samples: waveform.samples.map { $0 * factor }, sampleRate: waveform.sampleRate)
  }

  private static func espnetFrames(
    _ waveform: Waveform, _ parameters: (order: Int, alpha: Double)
  ) throws(MetricError) -> ToolFrames {
    let hamming = (0..<1024).map { 0.54 - 0.46 * cos(2 * .pi * Double($0) / 1023) }
    // SPTK's windows have the energy 1, beside which the 1e-6 below is small, but not in digital silence.
    let norm = hamming.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let window = hamming.map { $0 / norm }
    var spectra = ShortTimePower(fftLength: 1024, window: window, hop: 256)
    let mel = MelCepstralAnalysis(
      order: parameters.order, alpha: parameters.alpha, fftLength: 1024, floor: .added(1e-6))
    let samples = waveform.samples.map { $0 * 32_768 }
    var power = [Double](repeating: 0, count: mel.binCount)
    var cepstra: [Double] = []
    for frame in 0..<spectra.frameCount(samples.count) {
      var span = power.mutableSpan
      spectra.power(of: samples.span, frame: frame, into: &span)
      do { cepstra += try mel.cepstrum(power: power) } catch { throw .notFinite }
    }
    return ToolFrames(cepstra: cepstra, width: parameters.order + 1)
  }

  private static func pymcdFrames(_ waveform: Waveform) throws(MetricError) -> ToolFrames {
    let raw = (try? DIO(sampleRate: waveform.sampleRate).track(waveform)) ?? F0Track(times: [], f0: [])
    let track = StoneMask.refine(raw, waveform)
    let mel = MelCepstralAnalysis(order: 13, alpha: 0.65, fftLength: 512, iterations: 0...0, floor: .added(1e-8))
    var cepstra: [Double] = []
    var failed = false
    forEachSpectrum(waveform, track, fftLength: 512) { logPower in
      if let cepstrum = try? mel.cepstrum(amplitude: logPower.map { exp($0) }) {
        cepstra += cepstrum
      } else {
        failed = true
      }
    }
    if failed { throw .notFinite }
    return ToolFrames(cepstra: cepstra, width: 14, f0: track.f0)
  }

  /// Frames by Harvest, CheapTrick and `sp2mc`.
  private static func worldFrames(_ waveform: Waveform, period: Double, order: Int, alpha: Double) -> ToolFrames {
    let harvest = Harvest(
      sampleRate: waveform.sampleRate, floor: 40, ceiling: 800, framePeriod: period, dependsOnLevel: true)
    let track = (try? harvest.track(waveform)) ?? F0Track(times: [], f0: [])
    let mel = MelCepstrum(order: order, alpha: alpha, binCount: 513)
    var cepstra: [Double] = []
    var power: [Double] = []
    forEachSpectrum(waveform, track, fftLength: 1024) { logPower in
      cepstra += mel.cepstra(logPower: logPower, frameCount: 1)
      // Of the whole circle: every bin but the first and the last stands for two.
      power.append(2 * logPower.reduce(0) { $0 + exp($1) } - exp(logPower[0]) - exp(logPower[logPower.count - 1]))
    }
    return ToolFrames(cepstra: cepstra, width: order + 1, f0: track.f0, power: power)
  }

  private static func forEachSpectrum(
    _ waveform: Waveform, _ track: F0Track, fftLength: Int, _ body: ([Double]) -> Void
  ) {
    let cheapTrick = CheapTrick(sampleRate: waveform.sampleRate, fftLength: fftLength)
    // It throws for another rate than its own and for no samples at all, where there are no frames.
    try? cheapTrick.forEachChunk(waveform, track) { chunk in
      for start in stride(from: 0, to: chunk.count, by: cheapTrick.binCount) {
        body(Array(chunk[start..<start + cheapTrick.binCount]))
      }
    }
  }
}

/// What a tool has of a recording: a mel-cepstrum per frame, and more where its recipe asks for it.
package struct ToolFrames: Sendable {
  /// Shape `[frames × width]`, c₀ first.
  package let cepstra: [Double]
  /// Coefficients per frame.
  package let width: Int
  /// Hz, 0 where unvoiced, shape `[frames]`; empty where F0 takes no part.
  package var f0: [Double] = []
  /// Power of the spectral envelope, shape `[frames]`; empty where it takes no part.
  package var power: [Double] = []

  /// Frames.
  package var count: Int { cepstra.count / width }

  /// The cepstra from some coefficient on of the frames chosen, shape `[chosen × (width − first)]`.
  func rows(_ frames: some Sequence<Int>, from first: Int = 0) -> [Double] {
    frames.flatMap { cepstra[$0 * width + first..<($0 + 1) * width] }
  }
}
