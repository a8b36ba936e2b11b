// SPDX-License-Identifier: GPL-3.0-or-later
//
// Time alignment: a delay for the whole signal, utterances of the reference each with a delay of its
// own, and the boundaries between them (Rix et al. 2001, section 3; P.862 section 10.1.3).

internal import Foundation

/// A stretch of the reference with one delay. Frames are those of the speech detector.
package struct PESQUtterance: Sendable, Equatable {
  /// Frames in which the envelope search looked for the utterance.
  package var searchStart = 0
  package var searchEnd = 0
  /// First frame, and first frame after.
  package var start = 0
  package var end = 0
  /// Delay by envelope, a multiple of the frame, and delay in samples.
  package var priorDelay = 0
  package var delay = 0
  package var confidence: Float = 0
}

/// How often splitting came upon an end of the degraded signal.
package struct PESQSplittingRecord: Sendable, Equatable {
  /// The last frame of an alignment from the end was moved back.
  package var lastFrameCuts = 0
  /// The beginning of the first part, or the end of the second, was moved.
  package var startLimits = 0
  package var endLimits = 0
}

/// The aligner of one pair of signals.
struct PESQTimeAlignment: Sendable {
  let constants: PESQConstants
  let activity: (reference: PESQSpeechActivity, degraded: PESQSpeechActivity)
  /// What splitting met with.
  var splitting = PESQSplittingRecord()
  /// Length of the degraded signal with margins.
  let degradedLength: Int
  var envelopes: PESQEnvelopeSearch
  var correlator: PESQFrameCorrelator
  let hann: [Float]

  /// Silence or speech looked at around an utterance, and least length of one, in frames.
  private static let margin = 75
  private static let shortestUtterance = 50

  /// - Parameters:
  ///   - correlator: of the two filtered signals.
  ///   - lengths: of reference and degraded, without their tails.
  ///   - constants: of their rate.
  init(_ correlator: PESQFrameCorrelator, lengths: (Int, Int), _ constants: PESQConstants) {
    self.constants = constants
    self.correlator = correlator
    degradedLength = lengths.1
    activity = (
      PESQSpeechActivity(correlator.reference, length: lengths.0, frame: constants.frame),
      PESQSpeechActivity(correlator.degraded, length: lengths.1, frame: constants.frame)
    )
    envelopes = PESQEnvelopeSearch(
      reference: activity.reference.envelope, degraded: activity.degraded.envelope,
      frame: constants.frame)
    hann = PESQFourier.hann(constants.alignmentLength)
  }

  /// Delay of the degraded signal as a whole, in samples.
  mutating func crudeDelay() -> Int { envelopes.crudeDelay() }

  /// Utterances of the reference that the degraded signal, shifted by `crudeDelay`, covers.
  mutating func findUtterances(crudeDelay: Int) -> [PESQUtterance] {
    let power = activity.reference.power
    let last = power.count - 1
    let low = Self.shortestUtterance - crudeDelay / constants.frame
    let high = (degradedLength - crudeDelay) / constants.frame - Self.shortestUtterance
    var utterances: [PESQUtterance] = []
    var start: Int?
    for i in 0...last {
      if power[i] > 0, start == nil { start = i }
      guard let s = start, power[i] == 0 || i == last else { continue }
      start = nil
      guard i - s >= Self.shortestUtterance, s < high, i > low else { continue }
      var utterance = PESQUtterance()
      utterance.searchStart = max(s - Self.margin, 0)
      utterance.searchEnd = min(i + Self.margin, last)
      (utterance.start, utterance.end) = (s, i)
      align(&utterance, crudeDelay: crudeDelay)
      utterances.append(utterance)
    }
    return utterances
  }

  private mutating func align(_ utterance: inout PESQUtterance, crudeDelay: Int) {
    let prior = envelopes.delay(
      of: utterance.searchStart..<utterance.searchEnd, prior: crudeDelay)
    var histogram = newHistogram()
    correlator.begin(window: hann)
    let length = constants.alignmentLength
    var a = utterance.searchStart * constants.frame
    var b = a + prior
    if b < 0 { (a, b) = (-prior, 0) }
    while b + length <= degradedLength, a + length <= utterance.searchEnd * constants.frame,
      correlator.correlate(a, b, remembered: false)
    {
      histogram.add(correlator)
      a += length / 4
      b += length / 4
    }
    histogram.smooth(&correlator.fourier)
    let peak = histogram.peak
    utterance.priorDelay = prior
    utterance.delay = prior + peak.lag
    utterance.confidence = peak.confidence
  }

  func newHistogram() -> PESQDelayHistogram {
    PESQDelayHistogram(length: constants.alignmentLength, halfWidth: constants.kernelHalfWidth)
  }

  /// Extends the utterances so that they cover the reference without overlap in the degraded signal.
  func placeBoundaries(_ found: [PESQUtterance]) -> [PESQUtterance] {
    var u = found
    let frame = constants.frame
    let edge = PESQConstants.edgeFrames
    let last = u.count - 1
    u[0].start = edge
    u[last].end = activity.reference.power.count - edge
    for j in 1..<max(u.count, 1) {
      let middle = (u[j].start + u[j - 1].end) / 2
      u[j].start = middle
      u[j - 1].end = middle
    }
    if u[0].start * frame + u[0].delay < constants.edge {
      u[0].start = edge + (frame - 1 - u[0].delay) / frame
    }
    if u[last].end * frame + u[last].delay > degradedLength - constants.edge {
      u[last].end = (degradedLength - u[last].delay) / frame - edge
    }
    for j in 1..<max(u.count, 1) {
      let start = u[j].start * frame + u[j].delay
      let end = u[j - 1].end * frame + u[j - 1].delay
      guard start < end else { continue }
      let middle = (start + end) / 2
      u[j].start = (frame - 1 + middle - u[j].delay) / frame
      u[j - 1].end = (middle - u[j - 1].delay) / frame
    }
    return u
  }
}

extension PESQFourier {
  /// The periodic Hann window.
  static func hann(_ length: Int) -> [Float] {
    (0..<length).map { Float(0.5 * (1 - cos(2 * .pi * Double($0) / Double(length)))) }
  }
}
