// SPDX-License-Identifier: GPL-3.0-or-later

/// Fundamental frequency by Harvest: M. Morise, "Harvest: A high-performance fundamental frequency estimator from speech
/// signals", Interspeech 2017, pp. 2321–2325; agrees with WORLD's implementation as pyworld 0.3.5 ships it.
///
/// Four steps, one file each:
/// 1. the signal is brought to about 8 kHz (`Decimator`), its mean removed;
/// 2. a bank of band-pass filters proposes candidates, every millisecond (`HarvestBank`, `EventTrain`);
/// 3. candidates are corrected and scored by instantaneous frequency (`HarvestRefinement`);
/// 4. they are joined into one contour and smoothed (`HarvestContour`), and every 5th value is kept.
///
/// Conventions: frame i is at i·T, from 0 to the end of the recording, ⌊duration/T⌋ + 1 frames; 0 Hz is "unvoiced".
/// Departures from WORLD: in the order of arithmetic (each file says which), so that F0 agrees to about 1e-12, but for the rare
/// frame where a decision hangs on the last bit; and a mistake in WORLD's filter bank that makes F0 depend on the level of
/// the recording (`HarvestTopBin`), which is left out unless asked for. At full scale ±1 it shows beside digital silence only,
/// at that of 16-bit integers everywhere.
/// The value holds tables for its sample rate and is worth keeping for the next recording.
public struct Harvest: Sendable {
  /// Hz, of the recordings to come.
  public let sampleRate: Int
  /// Lowest F0 to be found, Hz.
  public let floor: Double
  /// Highest F0 to be found, Hz.
  public let ceiling: Double
  /// Seconds from frame to frame.
  public let framePeriod: Double

  private let decimator: Decimator?
  private let bank: HarvestBank
  private let refinement: HarvestRefinement

  /// Rates that Harvest is made for, Hz.
  public static let sampleRates = 8000...96_000
  private static let workingRate = 8000.0
  private static let largestFactor = 12
  /// Samples of lead-in and lead-out at the decimator, before rounding up to its factor.
  private static let lead = 140.0
  /// Shortest recording, samples: the decimator mirrors nine.
  private static let shortest = 16

  /// - Parameters:
  ///   - sampleRate: Hz, 8000–96 000.
  ///   - floor: lowest F0, Hz, at least 20.
  ///   - ceiling: highest F0, Hz, above `floor` and at most 1500.
  ///   - framePeriod: seconds from frame to frame.
  ///   - dependsOnLevel: whether F0 depends on the level as WORLD's does, by a mistake of its filter bank (`HarvestTopBin`).
  public init(
    sampleRate: Int, floor: Double = 71, ceiling: Double = 800, framePeriod: Double = 0.005,
    dependsOnLevel: Bool = false
  ) {
    precondition(Self.sampleRates.contains(sampleRate), "Harvest at \(sampleRate) Hz")
    precondition(floor >= 20 && ceiling > floor && ceiling <= 1500, "F0 from \(floor) to \(ceiling) Hz")
    precondition(framePeriod > 0, "a frame period of \(framePeriod) s")
    self.sampleRate = sampleRate
    self.floor = floor
    self.ceiling = ceiling
    self.framePeriod = framePeriod
    let factor = min(Int(Double(sampleRate) / Self.workingRate + 0.5), Self.largestFactor)
    decimator = factor > 1 ? Decimator(factor: factor) : nil
    let rate = Double(sampleRate) / Double(max(factor, 1))
    bank = HarvestBank(sampleRate: rate, floor: floor, ceiling: ceiling, hasTopBin: dependsOnLevel)
    refinement = HarvestRefinement(sampleRate: rate, floor: floor, ceiling: ceiling)
  }

  /// The F0 contour of a recording.
  /// - Parameter waveform: at `sampleRate`; its level does not matter, unless `dependsOnLevel` was asked for.
  /// - Throws: `wrongSampleRate`, `tooShort`.
  public func track(_ waveform: Waveform) throws(AnalysisError) -> F0Track {
    try track(waveform, stretch: HarvestBank.stretch)
  }

  /// The same.
  /// - Parameter stretch: how many frames of 1 ms are worked on at a time; that moves the result by rounding only.
  package func track(_ waveform: Waveform, stretch: Int) throws(AnalysisError) -> F0Track {
    precondition(stretch > 0, "a stretch of \(stretch) frames")
    guard waveform.sampleRate == sampleRate else {
      throw .wrongSampleRate(waveform.sampleRate, expected: sampleRate)
    }
    guard waveform.count >= Self.shortest else {
      throw .tooShort(samples: waveform.count, minimum: Self.shortest)
    }
    let contour = millisecondContour(waveform, stretch)
    let count = FrameGrid.count(
      samples: waveform.count, sampleRate: sampleRate, framePeriod: framePeriod)
    let times = FrameGrid.times(count: count, framePeriod: framePeriod)
    return F0Track(times: times, f0: times.map { contour[min(contour.count - 1, Int($0 * 1000 + 0.5))] })
  }

  /// How many Fourier transforms of a length the filter bank makes, forward of real and back of complex sequences.
  package struct Transforms: Sendable {
    package let length: Int
    package let real: Int
    package let complex: Int
  }

  /// The transforms for a recording of so many samples, at most a minute: what `track` can't do without.
  package func transforms(samples: Int) -> [Transforms] {
    let factor = decimator?.factor ?? 1
    return bank.transforms(samples: (samples + factor - 1) / factor)
  }

  /// F0 every millisecond.
  private func millisecondContour(_ waveform: Waveform, _ stretch: Int) -> [Double] {
    let frameCount = FrameGrid.count(samples: waveform.count, sampleRate: sampleRate, framePeriod: 0.001)
    var company = HarvestCompany(frameCount: frameCount)
    var contour = HarvestContour(frameCount: frameCount)
    refinement.refine(signal: decimated(waveform), frameCount: frameCount, bank: bank, stretch: stretch) {
      contour.add(company.add($0))
    }
    return contour.finished()
  }

  private func decimated(_ waveform: Waveform) -> [Double] {
    var signal: [Double]
    if let decimator {
      let lead = Int((Self.lead / Double(decimator.factor)).rounded(.up)) * decimator.factor
      signal = decimator.decimate(waveform, lead: lead)
    } else {
      signal = waveform.samples
    }
    let mean = signal.reduce(0, +) / Double(signal.count)
    for i in signal.indices { signal[i] -= mean }
    return signal
  }
}
