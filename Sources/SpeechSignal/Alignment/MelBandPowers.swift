// SPDX-License-Identifier: GPL-3.0-or-later

/// Power in mel bands under one Hann window after another: what the alignments look at.
struct MelBandPowers: ~Copyable {
  /// Samples in a window.
  let length: Int
  private let window: [Double]
  private let bank: MelFilterBank
  private var fft: RealFFT
  private let bandCount: Int

  /// - Parameters:
  ///   - sampleRate: Hz, of the recordings to come.
  ///   - seconds: of a window; its transform is the next power of two.
  ///   - bandCount: number of bands.
  ///   - range: where they lie, Hz, as far as 95 % of half the rate.
  init(sampleRate: Int, seconds: Double, bandCount: Int, range: ClosedRange<Double>) {
    length = Int((seconds * Double(sampleRate)).rounded())
    var fftLength = 1
    while fftLength < length { fftLength *= 2 }
    fft = RealFFT(length: fftLength)
    window = Window.hann(length)
    bank = MelFilterBank(
      sampleRate: sampleRate, fftLength: fftLength, bandCount: bandCount, low: range.lowerBound,
      high: min(range.upperBound, 0.475 * Double(sampleRate)))
    self.bandCount = bandCount
  }

  /// Calls `body` with the number and the band powers of windows that begin at ascending samples; those beyond the recording's end are 0.
  mutating func forEach(
    _ count: Int, of waveform: Waveform, start: (Int) -> Int, _ body: (Int, Span<Double>) -> Void
  ) {
    let window = window
    var power = [Double](repeating: 0, count: fft.binCount)
    var bands = [Double](repeating: 0, count: bandCount)
    waveform.forEachFrame(count, length: length, start: start) { frame, samples in
      var spectrum = power.mutableSpan
      fft.power(of: samples, window: window.span.extracting(first: samples.count), into: &spectrum)
      var output = bands.mutableSpan
      bank.apply(power.span, into: &output)
      body(frame, bands.span)
    }
  }
}
