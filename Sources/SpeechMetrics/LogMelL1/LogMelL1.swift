// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SpeechSignal

// Log-mel distance: the mean absolute difference of two log-mel spectrograms, which vocoder papers report as "mel
// reconstruction error" or "mel L1", and which vocoders are trained on.
//
// J. Kong, J. Kim, J. Bae, "HiFi-GAN", NeurIPS 2020, equation 3, measured with the spectrogram of S. Lee et al., "BigVGAN",
// ICLR 2023: that of `meldataset.py` in the code published with it.
//
// Conventions, those of that code: 1024-point transform, periodic Hann window of 1024, hop 256, whatever the rate; the
// ends mirrored by (1024 − 256)/2 = 384 samples and no centring; magnitude √(re² + im² + 1e-9); 80 bands of Slaney's
// mel scale and area normalisation from 0 Hz to half the sample rate; natural logarithm of max(mel, 1e-5); and the mean
// of |difference| over all bands and frames.
//
// Departures. BigVGAN scales every clip to a peak of .95 before it synthesises from it, and cuts it to whole hops; here
// both signals are taken as they are. Its filters and sums are single precision, ours double: 1e-6 of the result.
// The training loss is 45 times this.

/// Mean absolute log-mel difference with BigVGAN's spectrogram.
public struct LogMelL1: Metric {
  static let fftLength = 1024
  static let hop = 256
  static let bandCount = 80
  /// Added to every bin's power.
  static let powerOffset = 1e-9
  /// The least mel magnitude.
  static let floor = 1e-5
  private static let padding = (fftLength - hop) / 2
  /// The shortest signal that can be mirrored by `padding`, at 8 kHz.
  private static let minimumSeconds = Double(padding + 1) / 8000

  /// There are no options.
  public init() {}

  /// What the metric is.
  public var info: MetricInfo {
    MetricInfo(
      id: "log-mel-l1", revision: 1, name: "Log-mel L1 distance",
      summary: "Mean difference of log-mel spectrograms as vocoders are trained on; depends on the sample rate.",
      scale: .init(
        unit: "", range: 0...Double.infinity, better: .lower, tolerance: 0.01,
        toleranceReason: "about twice what a pair gains or loses when its frames start elsewhere", decimals: 3),
      input: .init(rate: .analysis, timing: .samplesInStep, minimumSeconds: Self.minimumSeconds),
      recipe: [
        "fft:1024", "win:1024hann", "hop:256", "pad:reflect384", "mel:80slaney", "band:0-fs/2", "mag:sqrt(p+1e-9)",
        "ln:max1e-5",
      ],
      citations: [
        """
        S. Lee, W. Ping, B. Ginsburg, B. Catanzaro, S. Yoon: BigVGAN: a universal neural vocoder with large-scale \
        training. ICLR 2023
        """,
        """
        J. Kong, J. Kim, J. Bae: HiFi-GAN: generative adversarial networks for efficient and high fidelity speech \
        synthesis. NeurIPS 2020
        """,
      ],
      isDefault: false)
  }

  /// The distance of a pair.
  /// - Returns: in nepers of mel magnitude; undefined for a silent reference.
  public func score(_ pair: PairAnalysis) throws(MetricError) -> Measurement {
    let signals: SynchronousPair
    do { signals = try input(of: pair) } catch { return .undefined(error) }
    guard min(signals.referenceSound.count, signals.synthesisSound.count) > Self.padding else {
      throw .tooShort(seconds: signals.seconds, minimum: Double(Self.padding + 1) / Double(signals.sampleRate))
    }
    guard !signals.referenceSound.isConstant(0) else { return .undefined(.noEnergy(.reference)) }
    var spectrogram = LogMelSpectrogram(sampleRate: signals.sampleRate)
    let ref = spectrogram(signals.reference)
    let syn = spectrogram(signals.synthesis)
    return .value(zip(ref, syn).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(ref.count))
  }

  /// BigVGAN's spectrogram of signals at one rate.
  struct LogMelSpectrogram: ~Copyable {
    private var stft = ShortTimePower(
      fftLength: LogMelL1.fftLength, window: Window.hann(LogMelL1.fftLength), hop: LogMelL1.hop)
    private let bank: MelFilterBank

    /// - Parameter sampleRate: Hz.
    init(sampleRate: Int) {
      bank = MelFilterBank(
        sampleRate: sampleRate, fftLength: LogMelL1.fftLength, bandCount: LogMelL1.bandCount, low: 0,
        high: Double(sampleRate) / 2)
    }

    /// Shape `[frames × 80]`, frame by frame: ln max(mel, 1e-5).
    mutating func callAsFunction(_ samples: [Double]) -> [Double] {
      let padded = ShortTimePower.reflected(samples, by: LogMelL1.padding)
      let frames = stft.frameCount(padded.count)
      var spectrum = [Double](repeating: 0, count: stft.binCount)
      var bands = [Double](repeating: 0, count: LogMelL1.bandCount)
      var mel: [Double] = []
      mel.reserveCapacity(frames * LogMelL1.bandCount)
      for frame in 0..<frames {
        var power = spectrum.mutableSpan
        stft.power(of: padded.span, frame: frame, into: &power)
        for k in 0..<power.count { power[k] = (power[k] + LogMelL1.powerOffset).squareRoot() }
        var output = bands.mutableSpan
        bank.apply(spectrum.span, into: &output)
        for band in bands { mel.append(log(max(band, LogMelL1.floor))) }
      }
      return mel
    }
  }
}
