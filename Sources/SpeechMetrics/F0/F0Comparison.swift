// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SpeechSignal

// Two F0 contours, frame by frame: what all F0 metrics are made of.
//
// Gross pitch error: T. Nakatani, S. Amano, T. Irino, K. Ishizuka, T. Kondo, "A method for fundamental frequency
// estimation and voicing decision: Application to infant utterances recorded in real acoustical environments", Speech
// Communication 50(3), 2008, with the voicing decision error; their sum per frame, the F0 frame error: W. Chu, A. Alwan,
// "Reducing F0 frame error of F0 tracking algorithms under noisy conditions with an unvoiced/voiced classification
// frontend", ICASSP 2009.
//
// With f and f̂ the F0 of reference and synthesis in a frame, 0 where unvoiced, N the number of frames, and B those in which
// both are voiced:
//   RMSE (cents) = √ mean over B of (1200·log2(f̂/f))²;   RMSE (Hz) = √ mean over B of (f̂ − f)²
//   mean difference = mean over B of 1200·log2(f̂/f)
//   correlation = Pearson's of ln f and ln f̂ over B
//   GPE = |{B: |f̂ − f| > 0.2·f}| / |B|
//   VDE = |{frames: exactly one is voiced}| / N
//   FFE = (gross errors + voicing errors) / N
//   F1 of voicing = 2·|B| / (2·|B| + voicing errors)
//   range ratio = s(ln f̂)/s(ln f), s the standard deviation (divided by n) over a side's own voiced frames
//
// Conventions. What speaks of B is undefined when it has fewer than 10 frames: 50 ms of voice say nothing of a melody.
// Unvoiced frames are never taken for 0 Hz, and time is never warped by F0 itself: both are in use, and both give numbers
// that mean nothing (warping F0 onto F0 makes a correlation of .95 out of .73).

/// F0 of two recordings in step, and what the F0 metrics make of it.
package struct F0Comparison: Sendable {
  /// N: frames compared.
  package let frameCount: Int
  /// Frames in which exactly one side is voiced.
  package let voicingErrors: Int
  /// F0 of the reference where both are voiced, Hz, shape `[B]`.
  package let reference: [Double]
  /// F0 of the synthesis in the same frames, Hz, shape `[B]`.
  package let synthesis: [Double]
  /// Standard deviation of ln F0 over each side's own voiced frames.
  private let range: (reference: Double, synthesis: Double)

  /// Frames voiced in both without which F0 is not compared.
  package static let minimum = 10
  /// Deviation from the reference's F0 beyond which an error is gross.
  package static let gross = 0.2
  /// A standard deviation of ln F0 that is rounding and no more.
  private static let noVariation = 1e-12

  /// Compares the F0 of paired frames.
  /// - Throws: `tooShortForF0`.
  init(_ pairs: FramePairs, by method: F0Method) throws(UndefinedReason) {
    let (f0, estimate) = try pairs.f0(by: method)
    self.init(
      reference: pairs.steps.map { f0[$0.first] }, synthesis: pairs.steps.map { estimate[$0.second] },
      own: (f0[pairs.referenceFrames], estimate[pairs.synthesisFrames]))
  }

  /// Compares two contours, equally long.
  /// - Parameters:
  ///   - f0: of the reference, Hz, 0 where unvoiced.
  ///   - estimate: of the synthesis, likewise.
  package init(reference f0: [Double], synthesis estimate: [Double]) {
    self.init(reference: f0, synthesis: estimate, own: (f0[...], estimate[...]))
  }

  /// - Parameter own: the contours that were paired, each frame once: a path may visit one several times.
  private init(
    reference f0: [Double], synthesis estimate: [Double], own: (ArraySlice<Double>, ArraySlice<Double>)
  ) {
    precondition(f0.count == estimate.count, "\(f0.count) frames against \(estimate.count)")
    let frames = zip(f0, estimate)
    let both = frames.filter { $0 > 0 && $1 > 0 }
    frameCount = f0.count
    voicingErrors = frames.count { ($0 > 0) != ($1 > 0) }
    reference = both.map(\.0)
    synthesis = both.map(\.1)
    let logs = [own.0, own.1].map { contour in contour.filter { $0 > 0 }.map { log($0) } }
    range = (Self.deviation(logs[0]), Self.deviation(logs[1]))
  }

  /// Root mean square of the difference, cents.
  package var rmseCents: Measurement { ofBothVoiced { Self.rootMeanSquare(cents) } }

  /// Root mean square of the difference, Hz.
  package var rmseHertz: Measurement { ofBothVoiced { Self.rootMeanSquare(zip(reference, synthesis).map { $1 - $0 }) } }

  /// How much higher the synthesis is, cents.
  package var meanDifferenceCents: Measurement { ofBothVoiced { Self.mean(cents) } }

  /// Share of gross errors among the frames voiced in both.
  package var grossPitchError: Measurement { ofBothVoiced { Double(grossErrors) / Double(reference.count) } }

  /// Share of all frames in which exactly one side is voiced.
  package var voicingDecisionError: Measurement { .value(Double(voicingErrors) / Double(frameCount)) }

  /// Share of all frames with either error.
  package var frameError: Measurement { .value(Double(grossErrors + voicingErrors) / Double(frameCount)) }

  /// F1 of "voiced", the reference being right; undefined when nothing is voiced on either side.
  package var voicingF1: Measurement {
    let weighed = 2 * reference.count + voicingErrors
    return weighed == 0
      ? .undefined(.tooFewVoicedFrames(0, minimum: 1)) : .value(Double(2 * reference.count) / Double(weighed))
  }

  /// Pearson's correlation of ln F0.
  package var correlation: Measurement {
    let (x, y) = (reference.map { log($0) }, synthesis.map { log($0) })
    return ofBothVoiced(varying: (Self.deviation(x), Self.deviation(y))) { deviations in
      let (meanX, meanY) = (Self.mean(x), Self.mean(y))
      let covariance = Self.mean(zip(x, y).map { ($0 - meanX) * ($1 - meanY) })
      return min(1, max(-1, covariance / (deviations.0 * deviations.1)))
    }
  }

  /// Standard deviation of the synthesis' ln F0 over the reference's.
  package var rangeRatio: Measurement {
    ofBothVoiced(varying: (range.reference, .infinity)) { _ in range.synthesis / range.reference }
  }

  private var cents: [Double] { zip(reference, synthesis).map { 1200 * log2($1 / $0) } }

  private var grossErrors: Int { zip(reference, synthesis).count { abs($1 - $0) > Self.gross * $0 } }

  private func ofBothVoiced(_ quantity: () -> Double) -> Measurement {
    reference.count < Self.minimum
      ? .undefined(.tooFewVoicedFrames(reference.count, minimum: Self.minimum)) : .value(quantity())
  }

  /// The same for what divides by standard deviations.
  private func ofBothVoiced(
    varying deviations: (Double, Double), _ quantity: ((Double, Double)) -> Double
  ) -> Measurement {
    if reference.count >= Self.minimum {
      if deviations.0 < Self.noVariation { return .undefined(.constantF0(.reference)) }
      if deviations.1 < Self.noVariation { return .undefined(.constantF0(.synthesis)) }
    }
    return ofBothVoiced { quantity(deviations) }
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private static func rootMeanSquare(_ values: [Double]) -> Double { mean(values.map { $0 * $0 }).squareRoot() }

  /// Standard deviation, divided by n; 0 for no values.
  private static func deviation(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let centre = mean(values)
    return rootMeanSquare(values.map { $0 - centre })
  }
}
