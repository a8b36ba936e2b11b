// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechMetrics
import Testing

struct LogMelL1Tests {
  /// Noise at full scale is far above both floors, so that a gain is its logarithm.
  @Test func aGainIsItsLogarithm() throws {
    let noise = TestSignal.noise(32_000, seed: 5)
    let score = try #require(try LogMelL1().measure(.inStep(noise, noise.map { $0 / 2 })).number)
    #expect(abs(score - log(2)) < 1e-5)
  }

  /// Below the floor of 1e-5 there is nothing to hear: two whispers differ less than their levels do.
  @Test func theFloorHolds() throws {
    let whisper = TestSignal.noise(32_000, seed: 6).map { $0 * 1e-7 }
    let score = try #require(try LogMelL1().measure(.inStep(whisper, whisper.map { $0 / 8 })).number)
    #expect(score < 0.1)
  }

  @Test func silentReferenceHasAReason() throws {
    let noise = TestSignal.noise(32_000, seed: 7)
    #expect(try LogMelL1().measure(.inStep(noise.map { _ in 0 }, noise)) == .undefined(.noEnergy(.reference)))
  }
}
