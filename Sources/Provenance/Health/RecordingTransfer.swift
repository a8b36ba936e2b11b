// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation
internal import SpeechSignal

// A resampler seen through speech
// ===============================
// A recording that is no probe holds little at high frequencies and many frequencies at once, so images and aliases cannot be
// told from each other, and where it holds nothing, nothing can be said. What can be done: the recording is brought to the
// rate of OUT by our own resampler, x, and OUT, y, is explained by it as far as a linear filter can:
//
//     H(f) = S_xy(f)/S_xx(f),    γ²(f) = |S_xy|²/(S_xx·S_yy)
//
// with spectra averaged over Hann windows (Welch). |H| is the response where x has energy and γ² is near 1; the part of y
// that is left, Σ(1 − γ²)·S_yy / ΣS_yy, is images, aliases, noise of rounding and everything else that was done.
// A naive resampler is known exactly: done again here, it gives y itself, up to a gain and rounding.

/// What can be said of a resampler from a recording of no special kind.
enum RecordingTransfer {
  static let frame = 2048
  /// Below that of the strongest frequency, nothing is concluded, dB.
  static let range = 40.0
  static let coherence = 0.99
  /// What a resampler may leave unexplained, dB: torchaudio's default leaves −41 of speech, rounding to 16 bits −78, linear
  /// interpolation −5 to −25.
  static let greatestRest = -30.0
  /// Up to where a recording has to have sound, as a part of what is judged.
  static let leastPart = 0.25
  /// More of a recording says nothing more, seconds.
  static let longest = 30.0
  /// A naive resampler done again explains at least that much, dB, and 10 dB more than ours does.
  static let recognised = (signalToNoise: 40.0, margin: 10.0)

  static func check(input: Waveform, output: Waveform, name: String, rates: String) -> HealthCheck {
    let part = input.seconds > longest ? " (looked at: the first \(longest.plain(0)) s)" : ""
    func skipped(_ why: String) -> HealthCheck {
      HealthCheck(
        name, .skipped, found: "\(rates): \(why)\(part)",
        advice: "resample the probe instead: doctor --resampler-probe FILE")
    }
    let rate = output.sampleRate
    let (input, output) = (start(of: input), start(of: output))
    let expected = Resampler.convert(input, to: rate).samples
    guard min(expected.count, output.samples.count) >= 4 * frame else { return skipped("too short to measure") }
    let lag = Lag.find(expected, output.samples)
    let x = Array(expected.dropFirst(max(0, -lag)))
    let y = Array(output.samples.dropFirst(max(0, lag)))
    let ours = signalToNoise(of: y, explainedBy: x)
    // −3 dB is a correlation of 0.6.
    guard ours > 2 else { return skipped("what came out is not what went in") }
    for way in NaiveResampling.allCases {
      for naive in way.variants(input, to: rate, count: expected.count) {
        // Its own delay, half a sample, may have moved the lag by one.
        let fits = Set([0, lag, lag - 1, lag + 1]).map { shift in
          signalToNoise(
            of: Array(output.samples.dropFirst(max(0, shift))), explainedBy: Array(naive.dropFirst(max(0, -shift))))
        }
        guard let fit = fits.max(), fit >= recognised.signalToNoise, fit >= ours + recognised.margin else { continue }
        let kind: ResamplerKind =
          input.sampleRate % rate == 0 ? .unfiltered : way == .linear ? .linear : .hold
        return HealthCheck(
          name, .failed,
          found: "\(rates): \(kind.rawValue): done again here, it gives the same but for \((-fit).plain(0)) dB",
          advice: "use a resampler with a filter: soxr, or torchaudio with lowpass_filter_width=64")
      }
    }
    let transfer = Transfer(x, y, rate: Double(rate))
    guard !transfer.levels.isEmpty, transfer.rest < -3 else { return skipped("too little in common to measure") }
    let edge = Double(min(input.sampleRate, rate)) / 2
    let usable = transfer.levels.filter { $0.hertz <= ResamplerMeter.usablePart * edge }
    let ripple = usable.map { abs($0.decibels - transfer.gain) }.max() ?? 0
    let top = usable.map(\.hertz).max() ?? 0
    guard top >= leastPart * ResamplerMeter.usablePart * edge else {
      return skipped("it has sound up to \(top.plain(0)) Hz only, and a resampler shows its faults above")
    }
    let isFit =
      ripple <= ResamplerMeter.usable.ripple && transfer.rest <= greatestRest
      && abs(transfer.gain) <= ResamplerMeter.greatestGain
    return HealthCheck(
      name, isFit ? .passed : .failed,
      found: "\(rates): a recording, not the probe; where it has sound, up to \(top.plain(0)) Hz, within "
        + "\(ripple.plain(3)) dB; images, aliases and noise \(transfer.rest.plain(1)) dB; delay \(lag) samples, gain "
        + "\(transfer.gain.plain(2)) dB",
      advice: isFit ? nil : "measure with the probe, which tells what is wrong: doctor --resampler-probe FILE")
  }

  private static func start(of sound: Waveform) -> Waveform {
    let count = Int(longest * Double(sound.sampleRate))
    return sound.samples.count <= count
      ? sound : Waveform(samples: Array(sound.samples.prefix(count)), sampleRate: sound.sampleRate)
  }

  /// 10·log₁₀ of the energy of g·x over that of y − g·x, for the best gain g.
  static func signalToNoise(of y: [Double], explainedBy x: [Double]) -> Double {
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) {
      xx += a * a
      xy += a * b
      yy += b * b
    }
    guard xx > 0, yy > 0 else { return -.infinity }
    let signal = xy * xy / xx
    return 10 * log10(signal / max(yy - signal, yy * 1e-15))
  }
}

/// Averaged spectra of two signals in step.
private struct Transfer {
  /// |H| where it can be said, dB.
  var levels: [(hertz: Double, decibels: Double)] = []
  /// Of the strongest frequencies, dB.
  var gain = 0.0
  /// What of y is not x through a filter, dB.
  var rest: Double

  init(_ x: [Double], _ y: [Double], rate: Double) {
    let length = RecordingTransfer.frame
    var fft = RealFFT(length: length)
    let window = Window.hann(length)
    var a = [Complex](repeating: Complex(0, 0), count: fft.binCount)
    var b = a
    var cross = a
    var xx = [Double](repeating: 0, count: fft.binCount)
    var yy = xx
    for start in stride(from: 0, through: min(x.count, y.count) - length, by: length / 2) {
      let first = window.indices.map { window[$0] * x[start + $0] }
      let second = window.indices.map { window[$0] * y[start + $0] }
      var spanA = a.mutableSpan
      fft.forward(first.span, into: &spanA)
      var spanB = b.mutableSpan
      fft.forward(second.span, into: &spanB)
      for k in a.indices {
        xx[k] += a[k].power
        yy[k] += b[k].power
        cross[k].re += a[k].re * b[k].re + a[k].im * b[k].im
        cross[k].im += a[k].re * b[k].im - a[k].im * b[k].re
      }
    }
    let floor = (xx.max() ?? 0) * pow(10, -RecordingTransfer.range / 10)
    var unexplained = 0.0
    var (sum, weight) = (0.0, 0.0)
    for k in xx.indices {
      unexplained += xx[k] > 0 ? max(0, yy[k] - cross[k].power / xx[k]) : yy[k]
      guard xx[k] > floor, yy[k] > 0, cross[k].power > RecordingTransfer.coherence * xx[k] * yy[k] else { continue }
      let level = 10 * log10(cross[k].power / (xx[k] * xx[k]))
      levels.append((Double(k) * rate / Double(length), level))
      sum += xx[k] * level
      weight += xx[k]
    }
    gain = weight > 0 ? sum / weight : 0
    let total = yy.reduce(0, +)
    rest = total > 0 ? 10 * log10(max(unexplained, total * 1e-15) / total) : 0
  }
}
