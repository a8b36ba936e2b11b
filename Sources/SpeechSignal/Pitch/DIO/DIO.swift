// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Fundamental frequency by DIO: M. Morise, H. Kawahara, H. Katayose, "Fast and reliable F0 estimation method based on the
/// period extraction of vocal fold vibration of singing voice and speech", AES 35th Int. Conf., 2009; as WORLD's `Dio` in
/// pyworld 0.3.5 with its defaults (two bands an octave, no decimation, allowed range 0.1).
///
/// The signal, freed of what lies below 50 Hz, goes through low-pass filters (Nuttall windows). Where one leaves the fundamental
/// alone, its output is a sinusoid, whose four kinds of interval agree: the candidate of the band is their mean, its badness their
/// spread. Per frame the band of least spread wins; then jumps and short sections go, and what is left is extended forwards and
/// backwards through the other bands' candidates. `StoneMask` refines the result.
///
/// Departures from WORLD in the order of arithmetic only: overlap-save blocks, both filters in one, two bands per complex
/// transform (see `HarvestBank`). WORLD lets one sample too many into the mean and the filters; so does this.
public struct DIO: Sendable {
  /// Hz, of the recordings to come.
  public let sampleRate: Int
  /// Lowest F0 to be found, Hz.
  public let floor: Double
  /// Highest F0 to be found, Hz.
  public let ceiling: Double
  /// Seconds from frame to frame.
  public let framePeriod: Double

  private static let bandsPerOctave = 2.0
  private static let cutOff = 50.0
  static let allowedRange = 0.1
  /// Badness of a candidate that is out of its band's range.
  private static let hopeless = 100_000.0
  static let tiny = 1e-12

  private let boundaries: [Double]
  private let fftLength: Int
  private let reach: Int
  /// Per band the spectrum of its whole filter.
  private let filters: [[Complex]]

  /// - Parameters:
  ///   - sampleRate: Hz, 8000–96 000.
  ///   - floor: lowest F0, Hz, at least 20.
  ///   - ceiling: highest F0, Hz, at least half an octave above.
  ///   - framePeriod: seconds from frame to frame.
  public init(sampleRate: Int, floor: Double = 71, ceiling: Double = 800, framePeriod: Double = 0.005) {
    precondition(Harvest.sampleRates.contains(sampleRate), "DIO at \(sampleRate) Hz")
    precondition(floor >= 20 && ceiling >= 1.5 * floor && ceiling <= 1500, "F0 from \(floor) to \(ceiling) Hz")
    precondition(framePeriod > 0, "a frame period of \(framePeriod) s")
    self.sampleRate = sampleRate
    self.floor = floor
    self.ceiling = ceiling
    self.framePeriod = framePeriod
    let fs = Double(sampleRate)
    let count = 1 + Int(log2(ceiling / floor) * Self.bandsPerOctave)
    boundaries = (0..<count).map { floor * exp2(Double($0 + 1) / Self.bandsPerOctave) }

    let cut = Int(fs / Self.cutOff + 0.5)
    let halves = boundaries.map { Int(fs / $0 / 2 + 0.5) }
    let reach = cut + 2 * halves[0]
    var length = 1024
    while length < 6 * reach { length *= 2 }
    var fft = RealFFT(length: length)
    /// Spectrum of a filter whose tap j delays by j − lead samples.
    func spectrum(_ taps: [Double], lead: Int) -> [Complex] {
      for n in 0..<length { fft.samples[n] = 0 }
      for (j, tap) in taps.enumerated() { fft.samples[(j - lead + length) % length] = tap }
      fft.forwardInPlace()
      return (0..<fft.binCount).map { fft.spectrum[$0] }
    }
    let hann = (1...2 * cut + 1).map { 0.5 - 0.5 * cos(Double($0) * 2 * .pi / Double(2 * cut + 2)) }
    let area = hann.reduce(0, +)
    let lowCut = spectrum(hann.map { -$0 / area }, lead: cut).map { Complex($0.re + 1, $0.im) }
    filters = halves.map { half in
      let window = (0..<4 * half).map { i -> Double in
        let turn = Double(i) / Double(4 * half - 1)
        return 0.355768 - 0.487396 * cos(2 * .pi * turn) + 0.144232 * cos(4 * .pi * turn)
          - 0.012604 * cos(6 * .pi * turn)
      }
      let scale = 1 / Double(length)
      return zip(spectrum(window, lead: 2 * half), lowCut).map { a, b in
        Complex((a.re * b.re - a.im * b.im) * scale, (a.re * b.im + a.im * b.re) * scale)
      }
    }
    self.reach = reach
    fftLength = length
  }

  /// The F0 contour of a recording, not yet refined.
  /// - Parameter waveform: at `sampleRate`; its level does not matter.
  /// - Throws: `wrongSampleRate`, `tooShort`.
  public func track(_ waveform: Waveform) throws(AnalysisError) -> F0Track {
    guard waveform.sampleRate == sampleRate else {
      throw .wrongSampleRate(waveform.sampleRate, expected: sampleRate)
    }
    guard waveform.count >= 16 else { throw .tooShort(samples: waveform.count, minimum: 16) }
    let frameCount = FrameGrid.count(
      samples: waveform.count, sampleRate: sampleRate, framePeriod: framePeriod)
    // WORLD's signal has one sample more than the recording, a zero before the mean is taken out.
    var signal = waveform.samples + [0]
    let mean = signal.reduce(0, +) / Double(signal.count)
    for i in signal.indices { signal[i] -= mean }

    var table = DIOCandidates(bandCount: boundaries.count, frameCount: frameCount)
    collect(signal, &table)
    let contour = DIOContour(table: table, framePeriod: framePeriod, floor: floor).contour()
    return F0Track(times: FrameGrid.times(count: frameCount, framePeriod: framePeriod), f0: contour)
  }

  private func collect(_ signal: [Double], _ table: inout DIOCandidates) {
    let (length, binCount) = (fftLength, fftLength / 2 + 1)
    let step = (length - 2 * reach - 2) & ~63
    let blockCount = (signal.count + step - 1) / step
    var real = RealFFT(length: length)
    var complex = ComplexFFT(length: length)
    var blocks: [Complex] = []
    blocks.reserveCapacity(blockCount * binCount)
    for block in 0..<blockCount {
      let start = block * step - reach
      for i in 0..<length {
        let at = start + i
        real.samples[i] = at >= 0 && at < signal.count ? signal[at] : 0
      }
      real.forwardInPlace()
      for k in 0..<binCount { blocks.append(real.spectrum[k]) }
    }
    var first = EventTrain(capacity: signal.count)
    var second = EventTrain(capacity: signal.count)
    for band in stride(from: 0, to: filters.count, by: 2) {
      first.clear()
      second.clear()
      let pair = (filters[band], filters[min(band + 1, filters.count - 1)])
      for block in 0..<blockCount {
        for k in 0..<binCount {
          let (x, g, h) = (blocks[block * binCount + k], pair.0[k], pair.1[k])
          let a = Complex(x.re * g.re - x.im * g.im, x.re * g.im + x.im * g.re)
          let b = Complex(x.re * h.re - x.im * h.im, x.re * h.im + x.im * h.re)
          complex.bins[(length - k) & (length - 1)] = Complex(a.re + b.im, b.re - a.im)
          complex.bins[k] = Complex(a.re - b.im, a.im + b.re)
        }
        complex.inverse()
        let begin = block * step
        EventTrain.detect(
          complex.samples + reach, count: min(step, signal.count - 1 - begin),
          lastHasNoDifference: begin + min(step, signal.count - 1 - begin) == signal.count - 1, offset: Double(begin),
          &first, &second)
      }
      tally(&first, band, &table)
      if band + 1 < filters.count { tally(&second, band + 1, &table) }
    }
  }

  private func tally(_ train: inout EventTrain, _ band: Int, _ table: inout DIOCandidates) {
    train.measure(sampleRate: Double(sampleRate), period: framePeriod * 1000)
    guard train.hasContour else {
      for i in 0..<table.frameCount { table.set(band, i, f0: 0, badness: Self.hopeless / Self.tiny) }
      return
    }
    let (lowest, highest) = (max(boundaries[band] / 2, floor), min(boundaries[band], ceiling))
    train.contour(frames: 0..<table.frameCount, period: framePeriod * 1000) { frames, lines in
      for i in frames {
        let (at, pitch) = (lines + (i - frames.lowerBound), EventTrain.pitch)
        let four = SIMD4(at[0], at[pitch], at[2 * pitch], at[3 * pitch])
        let f0 = four.sum() / 4
        if f0 >= lowest && f0 <= highest {
          let spread = four - f0
          table.set(band, i, f0: f0, badness: ((spread * spread).sum() / 3).squareRoot() / (f0 + Self.tiny))
        } else {
          table.set(band, i, f0: 0, badness: Self.hopeless / Self.tiny)
        }
      }
    }
  }
}
