// SPDX-License-Identifier: GPL-3.0-or-later
internal import CSoxr
public import SpeechSignal

/// Conversion between sample rates, by libsoxr at its "very high quality": linear phase, 28 bits, 0.91 of the lower
/// Nyquist frequency kept within 0.01 dB, double precision throughout.
///
/// Compute from the file's own rate in one step: 24 → 22.05 → 16 kHz is not 24 → 16 kHz.
public enum Resampler {
  /// What stands in a signature.
  public static let name = "soxr-vhq"

  /// The waveform at another rate. A waveform already at that rate comes back as it is.
  ///
  /// Of n samples at rate r come ⌊n/(r/rate) + ½⌋, as from Python's `soxr.resample(x, r, rate, quality="VHQ")`: the delay
  /// of the filter is taken out, sound before and after the waveform is taken for silence. Any thread may call it.
  /// - Parameter rate: Hz, positive.
  public static func convert(_ waveform: Waveform, to rate: Int) -> Waveform {
    precondition(rate > 0, "a sample rate is positive")
    if rate == waveform.sampleRate { return waveform }
    let length = outputLength(waveform.count, from: waveform.sampleRate, to: rate)
    if length == 0 { return Waveform(samples: [], sampleRate: rate) }
    warmUp()
    return Waveform(
      samples: oneShot(waveform.samples, length, from: waveform.sampleRate, to: rate), sampleRate: rate)
  }

  /// ⌊n/(from/to) + ½⌋.
  public static func outputLength(_ count: Int, from: Int, to: Int) -> Int {
    // In double and in this order, as libsoxr computes it: where n·to/from ends in ½ the order decides, and a wrong length
    // would end the program.
    Int(Double(count) / (Double(from) / Double(to)) + 0.5)
  }

  private static func oneShot(_ samples: [Double], _ length: Int, from: Int, to: Int) -> [Double] {
    var format = soxr_io_spec(SOXR_FLOAT64_I, SOXR_FLOAT64_I)
    var quality = soxr_quality_spec(UInt(SOXR_28_BITQ), 0)
    var runtime = soxr_runtime_spec(1)
    var made = 0
    // One sample of room shows when libsoxr should make more than thought.
    var output = [Double](repeating: 0, count: length + 1)
    let failure = soxr_oneshot(
      Double(from), Double(to), 1, samples, samples.count, nil, &output, output.count, &made, &format, &quality,
      &runtime)
    // Neither depends on the samples: no memory, or rates libsoxr cannot bring together.
    if let failure { preconditionFailure("libsoxr, \(from) to \(to) Hz: \(String(cString: failure))") }
    precondition(made == length, "libsoxr made \(made) samples of \(samples.count), not \(length)")
    output.removeLast()
    return output
  }

  /// Where the processor has no AVX, libsoxr shares one table of sines between all its users. It locks that table, but
  /// creates the lock on first use, unguarded: so the first use happens here, once, before any thread can meet another.
  private static let firstUse: Void = { _ = oneShot([0, 0, 0, 0], 2, from: 2, to: 1) }()

  private static func warmUp() { _ = firstUse }
}
