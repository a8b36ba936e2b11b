// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechMetrics
import Testing

struct SISDRTests {
  /// Whole periods of sine and cosine are orthogonal: the ratio is that of their amplitudes, at any level and sign.
  @Test(arguments: [1, 0.25, -3])
  func isTheRatioOfOrthogonalParts(_ gain: Double) throws {
    let wave = (0..<16_000).map { sin(2 * .pi * 100 * Double($0) / 16_000) }
    let other = (0..<16_000).map { cos(2 * .pi * 100 * Double($0) / 16_000) }
    let estimate = zip(wave, other).map { gain * ($0 + 0.1 * $1) }
    let score = try #require(try SISDR().measure(.inStep(wave, estimate)).number)
    #expect(abs(score - 20) < 1e-9)
  }

  /// The mean counts as signal: it is not taken off.
  @Test func theMeanIsKept() throws {
    let wave = (0..<16_000).map { sin(2 * .pi * 100 * Double($0) / 16_000) }
    let score = try #require(try SISDR().measure(.inStep(wave, wave.map { $0 + 0.1 })).number)
    #expect(abs(score - 10 * log10(0.5 / 0.01)) < 1e-9)
  }

  @Test func aScaledCopyIsIdentical() throws {
    let clip = TestSignal.speechLike(seconds: 2)
    for gain in [1, -1, 0.5, 0.251188643150958] {
      #expect(try SISDR().measure(.inStep(clip, clip.map { $0 * gain })) == .undefined(.identical))
    }
  }

  @Test func silenceHasAReason() throws {
    let clip = TestSignal.speechLike(seconds: 1)
    let zeros = clip.map { _ in 0.0 }
    #expect(try SISDR().measure(.inStep(zeros, clip)) == .undefined(.noEnergy(.reference)))
    #expect(try SISDR().measure(.inStep(clip, zeros)) == .undefined(.noEnergy(.synthesis)))
  }
}
