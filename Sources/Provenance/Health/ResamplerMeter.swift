// SPDX-License-Identifier: GPL-3.0-or-later
public import AudioFiles
internal import Foundation
public import SpeechSignal

/// Judges resamplers, by any tool, from what went in and what came out.
///
/// Of the probe, all is measured. Good is a pass-band within 0.1 dB (a tenth of what a listener hears, and little beside the
/// 1 dB by which good systems differ in log-spectral distance) up to 0.9 of the edge, and 60 dB of rejection (below the
/// noise of most recordings). Usable is what keeps within 0.5 dB and 40 dB up to 0.75 of the edge: short filters that are
/// soft above, as torchaudio's default (0.13 dB and 44 dB there, 2.4 dB and 14 dB at 0.9), move spectral metrics near the edge
/// and pass, with a word. All others fail. A gain beyond 0.5 dB or a turned sign fails; a delay is told but does not, as
/// comparisons find it.
public enum ResamplerMeter {
  /// Greatest deviation and least rejection up to 0.9 of the edge of a good resampler, dB.
  public static let good = (ripple: 0.1, rejection: 60.0)
  /// The same up to 0.75 of the edge of a usable one, dB.
  public static let usable = (ripple: 0.5, rejection: 40.0)
  static let usablePart = 0.75
  static let greatestGain = 0.5

  /// Pairs of rates that speech is converted between, Hz.
  public static let usualRates = [
    (48_000, 16_000), (44_100, 16_000), (24_000, 22_050), (22_050, 24_000), (16_000, 48_000),
  ]

  /// What to put through a resampler: the sweep of `PythonProbe`, two seconds.
  /// - Parameter sampleRate: Hz.
  public static func probe(sampleRate: Int) -> Waveform { PythonProbe.sweep(seconds: 2, sampleRate: sampleRate) }

  /// Whether a waveform is a probe, of any length and rate, but for rounding.
  public static func isProbe(_ waveform: Waveform) -> Bool {
    let probe = PythonProbe.sweep(seconds: waveform.seconds, sampleRate: waveform.sampleRate)
    guard waveform.seconds >= 0.5, probe.samples.count == waveform.count else { return false }
    let greatest = zip(probe.samples, waveform.samples).reduce(0) { max($0, abs($1.0 - $1.1)) }
    return greatest <= 2.0 / 32768
  }

  /// Ours, between the usual rates: `resampler-48000-16000` and so on. Each has to be good.
  /// - Parameter convert: the resampler.
  public static func ownChecks(
    _ convert: (Waveform, _ rate: Int) -> Waveform = { Resampler.convert($0, to: $1) }
  ) -> [HealthCheck] {
    usualRates.map { from, to in
      let probe = probe(sampleRate: from)
      var check = check(input: probe, output: convert(probe, to), name: "resampler-\(from)-\(to)")
      if check.outcome == .passed, check.advice != nil { check.outcome = .failed }
      if check.outcome != .passed { check.advice = "libsoxr does not do what it promises: install it again" }
      return check
    }
  }

  /// Judges a resampler.
  /// - Parameters:
  ///   - input: what went in: the probe, or any recording, of which less can be said.
  ///   - output: what came out.
  ///   - name: of the check.
  /// - Returns: passed with advice where it is usable and not good; skipped where nothing can be said, with the reason.
  public static func check(input: Waveform, output: Waveform, name: String = "resampled") -> HealthCheck {
    let rates = "\(input.sampleRate) → \(output.sampleRate) Hz"
    guard input.sampleRate != output.sampleRate else {
      return HealthCheck(name, .skipped, found: "\(rates): nothing was resampled")
    }
    guard isProbe(input) else {
      return RecordingTransfer.check(input: input, output: output, name: name, rates: rates)
    }
    guard let measured = ResamplerMeasurement(sweep: input, output: output) else {
      return HealthCheck(
        name, .failed, found: "\(rates): the probe is not found in what came out",
        advice: "resample the whole probe, with nothing done to it before or after")
    }
    // What was cut off may be the very part that shows what is wrong.
    let late = max(0, measured.delaySamples) / Double(output.sampleRate)
    guard output.seconds - late >= 0.98 * input.seconds else {
      return HealthCheck(
        name, .failed,
        found: "\(rates): \((output.seconds - late).plain(3)) s came out of a probe of \(input.seconds.plain(3)) s"
          + (late > 0.01 ? ", \(late.plain(3)) s late" : ""),
        advice: "resample the whole probe, with nothing done to it before or after")
    }
    return check(measured, kind: ResamplerKind(measured, of: input, output), name: name, rates: rates)
  }

  private static func check(
    _ measured: ResamplerMeasurement, kind: ResamplerKind?, name: String, rates: String
  ) -> HealthCheck {
    func rejection(_ part: Double) -> String {
      guard let value = measured.rejection(to: part) else { return "nothing to reject" }
      return value >= -ResamplerMeasurement.floor
        ? "rejection over \((-ResamplerMeasurement.floor).plain(0)) dB" : "rejection \(value.plain(1)) dB"
    }
    func band(_ part: Double) -> String {
      "within \(measured.ripple(to: part).plain(3)) dB and \(rejection(part)) up to \(part.plain(2)) of Nyquist"
    }
    let place =
      "delay \(measured.delaySamples.plain(2)) samples (\(measured.delayMilliseconds.plain(3)) ms), "
      + "gain \(measured.gain.plain(2)) dB" + (measured.isInverted ? ", sign turned" : "")
    let bands = [ResamplerMeasurement.passBandPart, usablePart]
    if let kind {
      return HealthCheck(
        name, .failed, found: "\(rates): \(kind.rawValue); \(band(bands[1])); \(place)",
        advice: "use a resampler with a filter: soxr, or torchaudio with lowpass_filter_width=64")
    }
    guard abs(measured.gain) <= greatestGain, !measured.isInverted else {
      return HealthCheck(
        name, .failed, found: "\(rates): changes the sound's level or sign; \(band(bands[0])); \(place)",
        advice: "leave level and sign alone")
    }
    if measured.keeps(good, to: bands[0]) {
      return HealthCheck(name, .passed, found: "\(rates): good; \(band(bands[0])); \(place)")
    }
    let found = "\(band(bands[1])), \(band(bands[0])); \(place)"
    if measured.keeps(usable, to: bands[1]) {
      return HealthCheck(
        name, .passed, found: "\(rates): usable, soft near the edge; \(found)",
        advice:
          "scores that look at the highest octave move; a longer filter (soxr VHQ, lowpass_filter_width=64) does not")
    }
    return HealthCheck(
      name, .failed, found: "\(rates): a poor filter; \(found)", advice: "use a longer filter, e.g. soxr VHQ")
  }
}

extension ResamplerMeasurement {
  func keeps(_ limits: (ripple: Double, rejection: Double), to part: Double) -> Bool {
    ripple(to: part) <= limits.ripple && (rejection(to: part) ?? .infinity) >= limits.rejection
  }
}

extension Double {
  /// Fixed decimals, with a point in every language, and no −0.
  func plain(_ decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", locale: nil, self)
    return text.hasPrefix("-") && !text.contains(where: { "123456789".contains($0) }) ? String(text.dropFirst()) : text
  }
}
