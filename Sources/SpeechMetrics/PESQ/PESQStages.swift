// SPDX-License-Identifier: GPL-3.0-or-later
//
// The stages of PESQ in their order, and a record of what each of them found. The record exists
// because the model is a long chain in which an error early on shows only as a slightly different
// score: tests compare every link.

/// One signal in its buffer: 300 ms of silence, the samples, 300 + 320 ms of silence.
struct PESQSignal: Sendable {
  /// The whole buffer.
  var samples: [Float]
  /// Number of samples of the signal itself.
  let count: Int
  let constants: PESQConstants

  /// Length without the tail: the time axis of the speech detector.
  var length: Int { count + 2 * constants.edge }

  /// The signal divided by `peak` in double precision, between its margins.
  init(_ signal: [Double], peak: Double, constants: PESQConstants) {
    count = signal.count
    self.constants = constants
    samples = [Float](repeating: 0, count: signal.count + 2 * constants.edge + constants.tail)
    for i in 0..<signal.count { samples[constants.edge + i] = Float(signal[i] / peak) }
  }

  /// Makes the buffer `count` long.
  mutating func pad(to count: Int) {
    samples.reserveCapacity(count)
    samples.append(contentsOf: repeatElement(0, count: count - samples.count))
  }
}

/// Every intermediate value of one evaluation that is worth comparing.
package struct PESQStages: Sendable {
  package let levelFactors: [Float]
  package let activity: (reference: PESQSpeechActivity, degraded: PESQSpeechActivity)
  /// Delay of the whole signal from its envelope, in samples.
  package let crudeDelay: Int
  /// Utterances as found, with their search windows and delays.
  package let found: [PESQUtterance]
  /// The same after their boundaries were placed.
  package let bounded: [PESQUtterance]
  /// The same after splitting.
  package let utterances: [PESQUtterance]
  package let splitting: PESQSplittingRecord
  /// Inaudible samples at the beginning and end of the reference.
  package let skippedStart: Int
  package let skippedEnd: Int
  package let firstFrame: Int
  package let lastFrame: Int
  /// Number of frames not counted because the delay jumped back.
  package let skippedFrames: Int
  package let badIntervals: [PESQBadInterval]
  package let disturbanceTotal: Double
  package let asymmetricDisturbanceTotal: Double
  package let result: PESQResult

  init(
    mode: PESQ.Mode, sampleRate: Int, _ reference: [Double], _ degraded: [Double]
  ) throws(PESQError) {
    guard let constants = PESQConstants(sampleRate: sampleRate), mode == .narrowBand || sampleRate == 16000
    else { throw .unsupportedRate(sampleRate) }
    let peak = try Self.commonPeak(reference, degraded, sampleRate: sampleRate)

    var signals = [
      PESQSignal(reference, peak: peak, constants: constants),
      PESQSignal(degraded, peak: peak, constants: constants),
    ]
    // Each step is a function so that its memory is free before the next.
    levelFactors = try Self.levelAndFilter(&signals, mode)
    let alignment = try Self.align(signals)
    activity = alignment.activity
    crudeDelay = alignment.crudeDelay
    found = alignment.found
    bounded = alignment.bounded
    utterances = alignment.utterances
    splitting = alignment.splitting

    // Perceptual model.
    var model = PESQPerceptualModel(&signals, utterances)
    skippedStart = model.skippedStart
    skippedEnd = model.skippedEnd
    firstFrame = model.firstFrame
    lastFrame = model.lastFrame
    guard model.firstFrame <= model.lastFrame else { throw .noAudibleFrames }
    model.compensateFrequencyResponse()
    var disturbance = PESQDisturbance(&model)
    skippedFrames = disturbance.skipDelayJumps(model)
    badIntervals = disturbance.realignBadIntervals(&model)
    disturbance.normalise()
    disturbanceTotal = disturbance.total(disturbance.symmetric, model)
    asymmetricDisturbanceTotal = disturbance.total(disturbance.asymmetric, model)

    let raw = 4.5 - 0.1 * disturbanceTotal - 0.0309 * asymmetricDisturbanceTotal
    let frameSeconds = Double(constants.frame) / Double(sampleRate)
    result = PESQResult(
      raw: raw, mosLQO: PESQAggregation.opinionScore(raw: raw, mode: mode),
      frameDisturbance: disturbance.symmetric.map { Float($0) }, firstFrame: model.firstFrame,
      frameAsymmetricDisturbance: disturbance.asymmetric.map { Float($0) },
      framePeriod: Double(constants.hop) / Double(sampleRate),
      utterances: utterances.map {
        PESQResult.Utterance(
          start: Double($0.start - PESQConstants.edgeFrames) * frameSeconds,
          end: Double($0.end - PESQConstants.edgeFrames) * frameSeconds,
          delay: $0.delay, confidence: $0.confidence)
      })
  }

  /// Level and input filter (P.862 sections 10.1.1 and 10.1.2); the level factors.
  private static func levelAndFilter(
    _ signals: inout [PESQSignal], _ mode: PESQ.Mode
  ) throws(PESQError) -> [Float] {
    let longest = max(signals[0].length, signals[1].length)
    var filter = PESQFrequencyFilter()
    var factors: [Float] = []
    for i in 0..<2 {
      let power = filter.levelPower(of: signals[i], longest: longest)
      guard power > 0, power.isFinite else { throw i == 0 ? .noActiveSpeech : .degradedSilent }
      factors.append(signals[i].align(power: power))
      switch mode {
      case .narrowBand: filter.apply(PESQConstants.receiveCurve, to: &signals[i])
      case .wideBand: signals[i].filterWideBand(PESQConstants.wideBandFilter)
      case .wideBandCorrigendum2: signals[i].filterWideBand(PESQConstants.wideBandFilterCorrigendum2)
      }
    }
    return factors
  }

  private struct Alignment {
    let activity: (reference: PESQSpeechActivity, degraded: PESQSpeechActivity)
    let crudeDelay: Int
    let found, bounded, utterances: [PESQUtterance]
    let splitting: PESQSplittingRecord
  }

  /// Time alignment, on copies that went through a filter of their own.
  private static func align(_ signals: [PESQSignal]) throws(PESQError) -> Alignment {
    var alignment = PESQTimeAlignment(signals[0], signals[1])
    let crudeDelay = alignment.crudeDelay()
    let found = alignment.findUtterances(crudeDelay: crudeDelay)
    guard !found.isEmpty else { throw .noActiveSpeech }
    let bounded = alignment.placeBoundaries(found)
    let utterances = alignment.split(bounded)
    return Alignment(
      activity: alignment.activity, crudeDelay: crudeDelay, found: found, bounded: bounded,
      utterances: utterances, splitting: alignment.splitting)
  }

  /// The largest absolute sample of both signals, by which both are divided.
  private static func commonPeak(
    _ reference: [Double], _ degraded: [Double], sampleRate: Int
  ) throws(PESQError) -> Double {
    let shortest = min(reference.count, degraded.count)
    guard shortest >= sampleRate / 4 else {
      throw .tooShort(seconds: Double(shortest) / Double(sampleRate), minimum: PESQ.minimumSeconds)
    }
    guard let peak = peak(reference) else { throw .notFinite(.reference) }
    guard let other = Self.peak(degraded) else { throw .notFinite(.degraded) }
    guard peak > 0 else { throw .noActiveSpeech }
    guard other > 0 else { throw .degradedSilent }
    return max(peak, other)
  }

  /// The largest magnitude; nil if a sample is not finite. Four at a time, as one waits for the last.
  private static func peak(_ signal: [Double]) -> Double? {
    var (peaks, zeros) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    func take(_ x: SIMD4<Double>) {
      peaks = pointwiseMax(peaks, pointwiseMax(x, -x))
      // Zero times infinity is not a number, and stays one.
      zeros += x * 0
    }
    let whole = signal.count & ~3
    for i in stride(from: 0, to: whole, by: 4) { take(SIMD4(signal[i], signal[i + 1], signal[i + 2], signal[i + 3])) }
    for x in signal[whole...] { take(SIMD4(repeating: x)) }
    return zeros.sum() == 0 ? peaks.max() : nil
  }
}
