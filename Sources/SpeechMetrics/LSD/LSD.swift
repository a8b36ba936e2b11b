// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SpeechSignal

// Log-spectral distance: the root mean square difference of two short-time log spectra, averaged over frames. It counts
// every bin alike, up to half the sample rate, whether or not anybody hears it.
//
// A. H. Gray, J. D. Markel, "Distance measures for speech processing", IEEE Trans. ASSP 24(5), 1976: the rms log
// spectral measure d₂. Discrete, over frames and with a floor, as in I. Cohen, "Relaxed statistical model for speech
// enhancement and a priori SNR estimation", IEEE Trans. Speech Audio Process. 13(5), 2005, section on evaluation:
//   LSD = mean over frames t of √( mean over bins k = 0 … N/2 of (L(X[t,k]) − L(Y[t,k]))² )  dB,
//   L(X) = max(20·log10|X|, δ),   δ = max over t, k of 20·log10|X[t,k]| of the reference, − 50 dB.
//
// Conventions. Frames of 32 ms every 16 ms, each rounded to whole samples (512 and 256 at 16 kHz, 706 and 353 at 22.05
// kHz); periodic Hann window; the transform is as long as the frame; only frames that lie wholly within the signal; one
// floor δ, the reference's, for both signals.
//
// The floor is what makes the number mean something: without it the bins of pauses and beyond a codec's cutoff, where
// both recordings hold rounding noise or zeros, outweigh speech. Papers that floor elsewhere, that use natural logarithms
// or log10 of power without the factor 10, or that scale the synthesis first, give other numbers: compare within one
// tool only.

/// Log-spectral distance in dB over 32 ms frames.
public struct LSD: Metric {
  static let frameSeconds = 0.032
  static let hopSeconds = 0.016
  /// The floor below the loudest bin of the reference, dB.
  static let dynamicRange = 50.0

  /// LSD has no options.
  public init() {}

  /// What LSD is.
  public var info: MetricInfo {
    MetricInfo(
      id: "lsd", revision: 1, name: "Log-spectral distance",
      summary: "How far apart the spectra are, in dB, every bin counted alike; also punishes what nobody hears.",
      scale: .init(
        unit: "dB", range: 0...Double.infinity, better: .lower, tolerance: 0.1,
        toleranceReason: "about twice what a pair gains or loses when its frames start elsewhere", decimals: 2),
      input: .init(rate: .analysis, timing: .samplesInStep, minimumSeconds: Self.frameSeconds),
      recipe: ["frame:32ms", "hop:16ms", "window:hann", "fft:frame", "floor:ref-max-50dB", "mean:rms-bins,frames"],
      citations: [
        """
        A. H. Gray, J. D. Markel: Distance measures for speech processing. IEEE Trans. Acoust., Speech, Signal \
        Process. 24(5), 380–391, 1976
        """,
        """
        I. Cohen: Relaxed statistical model for speech enhancement and a priori SNR estimation. IEEE Trans. Speech \
        Audio Process. 13(5), 870–881, 2005
        """,
      ],
      isDefault: false)
  }

  /// The distance of a pair.
  /// - Returns: dB; undefined for a silent reference.
  public func score(_ pair: PairAnalysis) throws(MetricError) -> Measurement {
    let signals: SynchronousPair
    do { signals = try input(of: pair) } catch { return .undefined(error) }
    let rate = Double(signals.sampleRate)
    let length = Int((Self.frameSeconds * rate).rounded())
    let hop = max(1, Int((Self.hopSeconds * rate).rounded()))
    guard length > 0, signals.referenceSound.count >= length, signals.synthesisSound.count >= length else {
      throw .tooShort(seconds: signals.seconds, minimum: Self.frameSeconds)
    }
    var stft = ShortTimePower(fftLength: length, window: Window.hann(length), hop: hop)
    return Self.distance(signals, &stft)
  }

  private static func distance(_ signals: SynchronousPair, _ stft: inout ShortTimePower) -> Measurement {
    let natural = signals.reference
    let (bins, frames) = (stft.binCount, stft.frameCount(natural.count))
    var power = [Double](repeating: 0, count: bins)
    var reference: [Double] = []
    reference.reserveCapacity(frames * bins)
    for frame in 0..<frames {
      var row = power.mutableSpan
      stft.power(of: natural.span, frame: frame, into: &row)
      reference += power
    }
    let loudest = reference.max() ?? 0
    guard loudest > 0 else { return .undefined(.noEnergy(.reference)) }
    let floor = loudest * pow(10, -dynamicRange / 10)
    let made = signals.synthesis
    var total = 0.0
    for frame in 0..<frames {
      var row = power.mutableSpan
      stft.power(of: made.span, frame: frame, into: &row)
      var squares = 0.0
      for k in 0..<bins {
        let difference = log(max(reference[frame * bins + k], floor) / max(power[k], floor))
        squares += difference * difference
      }
      total += (squares / Double(bins)).squareRoot()
    }
    return .value(total / Double(frames) * 10 / log(10))
  }
}
