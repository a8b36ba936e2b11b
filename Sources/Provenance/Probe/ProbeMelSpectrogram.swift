// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
public import SpeechSignal

extension PythonProbe {
  /// One sound's mel spectrogram by torchaudio and by ttseval: powers, Slaney's scale and norm, a periodic Hann window as
  /// long as the transform, frames centred on multiples of the hop, ends mirrored, bands from 0 Hz to half the rate.
  public struct MelSpectrogram: Sendable {
    /// Samples per transform.
    public static let fftLength = 1024
    /// Samples from one frame to the next.
    public static let hop = 256
    /// Number of bands.
    public static let bandCount = 80

    /// torchaudio's, shape `[band][frame]`.
    public var theirs: [[Double]]
    /// ttseval's, shape `[band][frame]`.
    public var ours: [[Double]]

    /// Two spectrograms of one sound.
    public init(theirs: [[Double]], ours: [[Double]]) {
      self.theirs = theirs
      self.ours = ours
    }

    /// Greatest difference in dB, over cells within 60 dB of the loudest: below lies what single precision leaves of it. Nil
    /// when the shapes differ or a cell is no positive number.
    public var greatestDifference: Double? {
      guard theirs.map(\.count) == ours.map(\.count), let top = ours.joined().max(), top > 0 else { return nil }
      var worst = 0.0
      for (a, b) in zip(theirs.joined(), ours.joined()) where b > top * 1e-6 {
        guard a.isFinite, a > 0 else { return nil }
        worst = max(worst, abs(10 * log10(a / b)))
      }
      return worst
    }

    /// Passed within 0.01 dB.
    public var check: HealthCheck {
      let name = "torchaudio-mel"
      let (theirShape, ourShape) = ([theirs.count, theirs.first?.count ?? 0], [ours.count, ours.first?.count ?? 0])
      if theirShape != ourShape { return HealthCheck(name, .failed, found: "shape \(theirShape), not \(ourShape)") }
      guard let difference = greatestDifference else {
        return HealthCheck(name, .failed, found: "cells that are no positive number")
      }
      return HealthCheck(name, difference <= 0.01 ? .passed : .failed, found: "off by \(difference.short) dB at most")
    }

    /// ttseval's.
    public static func compute(_ waveform: Waveform) -> [[Double]] {
      guard waveform.count > fftLength / 2 else { return Array(repeating: [], count: bandCount) }
      let rate = waveform.sampleRate
      let bank = MelFilterBank(
        sampleRate: rate, fftLength: fftLength, bandCount: bandCount, low: 0, high: Double(rate) / 2)
      var spectra = ShortTimePower(fftLength: fftLength, window: Window.hann(fftLength), hop: hop)
      let signal = ShortTimePower.reflected(waveform.samples, by: fftLength / 2)
      let frames = spectra.frameCount(signal.count)
      var result = Array(repeating: [Double](repeating: 0, count: frames), count: bandCount)
      var power = [Double](repeating: 0, count: spectra.binCount)
      var bands = [Double](repeating: 0, count: bandCount)
      for frame in 0..<frames {
        var powerSpan = power.mutableSpan
        spectra.power(of: signal.span, frame: frame, into: &powerSpan)
        var bandSpan = bands.mutableSpan
        bank.apply(power.span, into: &bandSpan)
        for band in 0..<bandCount { result[band][frame] = bands[band] }
      }
      return result
    }
  }
}
