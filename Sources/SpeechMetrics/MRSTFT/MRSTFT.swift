// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SpeechSignal

// Multi-resolution STFT distance: spectral convergence plus log-magnitude difference, averaged over three resolutions
// of the short-time Fourier transform. A training loss of vocoders that is also reported as a score.
//
// R. Yamamoto, E. Song, J.-M. Kim, "Parallel WaveGAN", ICASSP 2020, equations 3 to 6, after S. Ö. Arık et al., "Fast
// spectrogram inversion using multi-head convolutional neural networks", IEEE Signal Process. Lett. 2019; with the
// defaults of auraloss' `MultiResolutionSTFTLoss` (C. J. Steinmetz, J. D. Reiss, DMRN+15, 2020).
//
// Conventions. Three transforms of 1024, 2048 and 512 points, hops 120, 240 and 50, periodic Hann windows of 600, 1200
// and 240 samples in the frames' middle, whatever the rate; frames centred, the ends mirrored by half a transform;
// magnitude √max(re² + im², 1e-8). With X of the synthesis and Y of the reference, a resolution gives
//   ‖Y − X‖_F/‖Y‖_F + mean|ln X − ln Y|,
// and the score is the mean of the three. auraloss is called `loss(input, target)` and divides by the norm of the
// second, the target: Y is the reference here, as there and in the paper.
//
// Departures. auraloss computes in single precision, this in double: 1e-6 of the result.

/// Multi-resolution STFT distance with auraloss' defaults.
public struct MRSTFT: Metric {
  /// One resolution, in samples.
  struct Resolution {
    let fftLength: Int
    let hop: Int
    let window: Int
  }

  static let resolutions = [
    Resolution(fftLength: 1024, hop: 120, window: 600),
    Resolution(fftLength: 2048, hop: 240, window: 1200),
    Resolution(fftLength: 512, hop: 50, window: 240),
  ]
  /// The least power of a bin.
  static let powerFloor = 1e-8
  /// Samples: one more than the longest transform's mirrored half.
  private static let minimumSamples = 1025

  /// There are no options.
  public init() {}

  /// What the metric is.
  public var info: MetricInfo {
    MetricInfo(
      id: "mr-stft", revision: 1, name: "Multi-resolution STFT distance",
      summary: "Spectral convergence plus log-magnitude difference, as vocoders are trained on; depends on the rate.",
      scale: .init(
        unit: "", range: 0...Double.infinity, better: .lower, tolerance: 0.01,
        toleranceReason: "about twice what a pair gains or loses when its frames start elsewhere", decimals: 3),
      input: .init(
        rate: .analysis, timing: .samplesInStep, minimumSeconds: Double(Self.minimumSamples) / 8000),
      recipe: [
        "fft:1024,2048,512", "hop:120,240,50", "win:600,1200,240hann", "center:reflect", "mag:sqrt(max(p,1e-8))",
        "terms:sc+ln-l1",
      ],
      citations: [
        """
        R. Yamamoto, E. Song, J.-M. Kim: Parallel WaveGAN: a fast waveform generation model based on generative \
        adversarial networks with multi-resolution spectrogram. ICASSP 2020, 6199–6203
        """,
        "C. J. Steinmetz, J. D. Reiss: auraloss: audio-focused loss functions in PyTorch. DMRN+15, 2020",
      ],
      isDefault: false)
  }

  /// The distance of a pair.
  /// - Returns: the mean over resolutions; undefined for a silent reference.
  public func score(_ pair: PairAnalysis) throws(MetricError) -> Measurement {
    let signals: SynchronousPair
    do { signals = try input(of: pair) } catch { return .undefined(error) }
    guard min(signals.referenceSound.count, signals.synthesisSound.count) >= Self.minimumSamples else {
      throw .tooShort(seconds: signals.seconds, minimum: Double(Self.minimumSamples) / Double(signals.sampleRate))
    }
    guard !signals.referenceSound.isConstant(0) else { return .undefined(.noEnergy(.reference)) }
    let sum = Self.resolutions.reduce(0) { $0 + Self.distance(signals, at: $1) }
    return .value(sum / Double(Self.resolutions.count))
  }

  /// The distance at one resolution.
  static func distance(_ signals: SynchronousPair, at resolution: Resolution) -> Double {
    let reference = ShortTimePower.reflected(signals.reference, by: resolution.fftLength / 2)
    let synthesis = ShortTimePower.reflected(signals.synthesis, by: resolution.fftLength / 2)
    var stft = ShortTimePower(
      fftLength: resolution.fftLength, window: Window.hann(resolution.window), hop: resolution.hop)
    var x = [Double](repeating: 0, count: stft.binCount)
    var y = x
    var (residual, norm, logDifference) = (0.0, 0.0, 0.0)
    let frames = stft.frameCount(reference.count)
    for frame in 0..<frames {
      var powerX = x.mutableSpan
      var powerY = y.mutableSpan
      stft.power(of: synthesis.span, frame: frame, into: &powerX)
      stft.power(of: reference.span, frame: frame, into: &powerY)
      for k in 0..<x.count {
        let (px, py) = (max(x[k], powerFloor), max(y[k], powerFloor))
        let difference = py.squareRoot() - px.squareRoot()
        residual += difference * difference
        norm += py
        logDifference += abs(log(px / py))
      }
    }
    // ln of a magnitude is half the ln of its power.
    return (residual / norm).squareRoot() + logDifference / 2 / Double(frames * x.count)
  }
}
