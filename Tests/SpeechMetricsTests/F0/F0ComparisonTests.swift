// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechMetrics
import Testing

struct F0ComparisonTests {
  /// Twenty frames of 100 to 119 Hz, and five of silence.
  private let melody = (0..<20).map { 100 + Double($0) } + [Double](repeating: 0, count: 5)

  private func compare(_ reference: [Double], _ synthesis: [Double]) -> F0Comparison {
    F0Comparison(reference: reference, synthesis: synthesis)
  }

  @Test func aSemitoneIsAHundredCents() throws {
    let comparison = compare(melody, melody.map { $0 * exp2(1.0 / 12) })
    for figure in [comparison.rmseCents, comparison.meanDifferenceCents] {
      #expect(abs(try #require(figure.number) - 100) < 1e-9)
    }
    #expect(abs(try #require(comparison.correlation.number) - 1) < 1e-12)
    #expect(abs(try #require(comparison.rangeRatio.number) - 1) < 1e-12)
    #expect(comparison.grossPitchError == .value(0) && comparison.frameError == .value(0))
    #expect(compare(melody.map { $0 * 2 }, melody).meanDifferenceCents.number.map { $0.rounded() } == -1200)
  }

  @Test func errorsAreCountedByTheirDefinitions() {
    var other = melody
    other[0] = 200  // gross
    other[1] = 0  // voicing
    other[2] = 0  // voicing
    other[24] = 90  // voicing
    let comparison = compare(melody, other)
    #expect(comparison.frameCount == 25 && comparison.reference.count == 18)
    #expect(comparison.grossPitchError == .value(1.0 / 18))
    #expect(comparison.voicingDecisionError == .value(3.0 / 25))
    #expect(comparison.frameError == .value(4.0 / 25))
    #expect(comparison.voicingF1 == .value(36.0 / 39))
    #expect(comparison.rmseHertz == .value((100.0 * 100 / 18).squareRoot()))
  }

  /// More than a fifth is gross, a fifth is not; measured from the reference, so that up and down differ.
  @Test func grossIsMoreThanAFifthOfTheReference() {
    let flat = [Double](repeating: 100, count: 10)
    func share(_ f0: Double) -> SpeechMetrics.Measurement {
      compare(flat, flat.map { _ in f0 }).grossPitchError
    }
    #expect([80, 120].map(share) == [.value(0), .value(0)])
    #expect([79.9, 120.1].map(share) == [.value(1), .value(1)])
  }

  @Test func tenFramesVoicedInBothAreEnough() {
    func voiced(_ count: Int) -> [Double] { (0..<30).map { $0 < count ? 100 + Double($0) : 0 } }
    let few = compare(melody + [0, 0, 0, 0, 0], voiced(9))
    for figure in [
      few.rmseCents, few.rmseHertz, few.correlation, few.grossPitchError, few.meanDifferenceCents, few.rangeRatio,
    ] {
      #expect(figure == .undefined(.tooFewVoicedFrames(9, minimum: 10)))
    }
    #expect(few.voicingDecisionError == .value(11.0 / 30))
    #expect(compare(melody + [0, 0, 0, 0, 0], voiced(10)).rmseCents == .value(0))
    #expect(
      UndefinedReason.tooFewVoicedFrames(9, minimum: 10).description == "9 frames voiced in both, needs 10")
  }

  @Test func whatDoesNotVaryHasNoCorrelation() {
    let flat = melody.map { $0 > 0 ? 100.0 : 0 }
    #expect(compare(flat, melody).correlation == .undefined(.constantF0(.reference)))
    #expect(compare(melody, flat).correlation == .undefined(.constantF0(.synthesis)))
    #expect(compare(flat, melody).rangeRatio == .undefined(.constantF0(.reference)))
    #expect(compare(melody, flat).rangeRatio.number.map { $0 < 1e-12 } == true)
  }

  @Test func nothingVoicedHasNoF1() {
    let nothing = [Double](repeating: 0, count: 20)
    #expect(compare(nothing, nothing).voicingF1 == .undefined(.tooFewVoicedFrames(0, minimum: 1)))
    #expect(compare(nothing, nothing).voicingDecisionError == .value(0))
  }
}
