// SPDX-License-Identifier: GPL-3.0-or-later
//
// The stages of PESQ in their order, and a record of what each of them found. The record exists
// because the model is a long chain in which an error early on shows only as a slightly different
// score: tests compare every link.

internal import SpeechSignal

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
  /// - Parameter capacity: samples of the longer one of the two signals.
  init(_ signal: Waveform, peak: Double, constants: PESQConstants, capacity: Int) {
    count = signal.count
    self.constants = constants
    var samples: [Float] = []
    samples.reserveCapacity(capacity + 2 * constants.edge + constants.tail)
    samples.append(contentsOf: repeatElement(0, count: signal.count + 2 * constants.edge + constants.tail))
    signal.forEachBlock { part, block in
      let begin = constants.edge + part.lowerBound
      // Four divisions at once take as long as one.
      let whole = block.count & ~3
      for i in stride(from: 0, to: whole, by: 4) {
        let values = SIMD4<Float>(SIMD4(block[i], block[i + 1], block[i + 2], block[i + 3]) / peak)
        for l in 0..<4 { samples[begin + i + l] = values[l] }
      }
      for i in whole..<block.count { samples[begin + i] = Float(block[i] / peak) }
    }
    self.samples = samples
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
    mode: PESQ.Mode, sampleRate: Int, _ reference: Waveform, _ degraded: Waveform,
    longestPlain: Int = Waveform.longestPlain
  ) throws(PESQError) {
    guard let constants = PESQConstants(sampleRate: sampleRate), mode == .narrowBand || sampleRate == 16000
    else { throw .unsupportedRate(sampleRate) }
    let peak = try Self.commonPeak(reference, degraded, sampleRate: sampleRate)

    // Each step is a function so that its memory is free before the next.
    var input = PESQInput(
      sounds: [reference, degraded], peak: peak, constants: constants, mode: mode, longestPlain: longestPlain)
    var signals = try input.signals()
    let alignment = try Self.align(&signals, constants, inPlace: input.isLong)
    // Long signals are made a second time: that costs less than a copy of them, of an hour 461 MB.
    if input.isLong { signals = try input.signals() }
    levelFactors = input.factors
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

  private struct Alignment {
    let activity: (reference: PESQSpeechActivity, degraded: PESQSpeechActivity)
    let crudeDelay: Int
    let found, bounded, utterances: [PESQUtterance]
    let splitting: PESQSplittingRecord
  }

  /// Time alignment, on copies that went through a filter of their own, or in place of the signals.
  private static func align(
    _ signals: inout [PESQSignal], _ constants: PESQConstants, inPlace: Bool
  ) throws(PESQError) -> Alignment {
    let lengths = signals.map(\.length)
    let filtered = PESQSignal.filteredForAlignment(&signals, inPlace: inPlace)
    let correlator = PESQFrameCorrelator(
      reference: filtered.reference, degraded: filtered.degraded, source: inPlace ? nil : signals[0],
      length: constants.alignmentLength)
    if inPlace { signals = [] }
    var alignment = PESQTimeAlignment(correlator, lengths: (lengths[0], lengths[1]), constants)
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
    _ reference: Waveform, _ degraded: Waveform, sampleRate: Int
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

  /// The largest magnitude; nil if a sample is not finite.
  private static func peak(_ signal: Waveform) -> Double? {
    var peak: Double? = 0
    signal.forEachBlock { _, block in
      guard let greatest = peak, let another = Self.peak(block) else { return peak = nil }
      peak = max(greatest, another)
    }
    return peak
  }

  /// Four at a time, as one waits for the last.
  private static func peak(_ x: Span<Double>) -> Double? {
    var (least, greatest, zeros) = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
    let whole = x.count & ~3
    for i in stride(from: 0, to: whole, by: 4) {
      let values = SIMD4(x[i], x[i + 1], x[i + 2], x[i + 3])
      least.replace(with: values, where: values .< least)
      greatest.replace(with: values, where: values .> greatest)
      // Zero times infinity is not a number, and stays one.
      zeros += values * 0
    }
    var peak = max(greatest.max(), -least.min())
    for i in whole..<x.count {
      peak = max(peak, abs(x[i]))
      zeros[0] += x[i] * 0
    }
    return zeros.sum() == 0 ? peak : nil
  }
}
