// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

// Scale-invariant signal-to-distortion ratio: how far the waveform itself, sample by sample, lies from the reference.
// It asks for the same phase, which a vocoder does not keep and need not keep: a fine one scores below 0 dB. Of use for
// enhancement, separation and codecs that code waveforms.
//
// J. Le Roux, S. Wisdom, H. Erdogan, J. R. Hershey, "SDR – half-baked or well done?", ICASSP 2019, the SI-SDR defined there:
// with reference s and synthesis ŝ, both of shape [n],
//   α = ⟨ŝ, s⟩/‖s‖²,   SI-SDR = 10·log10(‖α·s‖²/‖α·s − ŝ‖²) dB.
//
// Conventions. No mean is taken off (the paper assumes none; torchmetrics calls this `zero_mean=False`).
//
// Departures. torchmetrics adds the machine epsilon of its number format to all three quotients; here nothing is added,
// which differs by less than 1e-9 dB for anything recorded. Where the residual is rounding and no more (280 dB down:
// the synthesis is the reference, scaled or not), the ratio is infinite and the outcome is `undefined`. A synthesis that
// is exactly orthogonal to the reference has −∞ dB, which no recording is; it is reported as a failure (`notFinite`).

/// Scale-invariant signal-to-distortion ratio in dB (Le Roux et al. 2019).
public struct SISDR: Metric {
  /// The ratio above which the residual is nothing but rounding, dB: 2⁻⁵³ is −319 dB, and sums lose some of it.
  static let ceiling = 280.0

  /// SI-SDR has no options.
  public init() {}

  /// What SI-SDR is.
  public var info: MetricInfo {
    MetricInfo(
      id: "si-sdr", revision: 1, name: "Scale-invariant signal-to-distortion ratio",
      summary: "How closely the waveform follows the reference, phase included; says nothing of vocoded or TTS speech.",
      scale: .init(
        unit: "dB", range: -Double.infinity...Self.ceiling, better: .higher, tolerance: 0.1,
        toleranceReason: "1 % of the residual's amplitude; ten times what cutting 6 ms off a clip moves",
        decimals: 2),
      input: .init(rate: .analysis, timing: .samplesInStep, minimumSeconds: 0.02),
      recipe: ["zero_mean:no", "eps:0"],
      citations: [
        "J. Le Roux, S. Wisdom, H. Erdogan, J. R. Hershey: SDR – half-baked or well done? ICASSP 2019, 626–630"
      ],
      isDefault: false)
  }

  /// The ratio of a pair.
  /// - Returns: dB; undefined for a signal without energy and for identical signals.
  public func score(_ pair: PairAnalysis) throws(MetricError) -> Measurement {
    let signals: SynchronousPair
    do { signals = try input(of: pair) } catch { return .undefined(error) }
    guard signals.seconds > 0 else { throw .tooShort(seconds: 0, minimum: info.input.minimumSeconds) }
    return Self.ratio(of: signals.synthesis, to: signals.reference)
  }

  /// The definition above.
  static func ratio(of synthesis: [Double], to reference: [Double]) -> Measurement {
    var (powerRef, powerSyn, product) = (0.0, 0.0, 0.0)
    for (s, estimate) in zip(reference, synthesis) {
      powerRef += s * s
      powerSyn += estimate * estimate
      product += s * estimate
    }
    guard powerRef > 0 else { return .undefined(.noEnergy(.reference)) }
    guard powerSyn > 0 else { return .undefined(.noEnergy(.synthesis)) }
    let alpha = product / powerRef
    // The residual itself, not ‖ŝ‖² − ‖αs‖²: that difference would be lost to rounding above 150 dB.
    var residual = 0.0
    for (s, estimate) in zip(reference, synthesis) {
      let difference = alpha * s - estimate
      residual += difference * difference
    }
    let decibels = 10 * log10(alpha * alpha * powerRef / residual)
    return decibels > ceiling ? .undefined(.identical) : .value(decibels)
  }
}
