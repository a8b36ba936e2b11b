// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechMetrics
import Testing

struct MRSTFTTests {
  /// For a gain g and a reference far above the floor the terms are |1 − g| and |ln g|. The first is taken of the
  /// reference, the second argument of auraloss: a halved copy is .5 away, a doubled one 1.
  @Test(arguments: [0.5, 2])
  func theTermsOfAGain(_ gain: Double) throws {
    let noise = TestSignal.noise(32_000, seed: 5)
    let score = try #require(try MRSTFT().measure(.inStep(noise, noise.map { $0 * gain })).number)
    #expect(abs(score - abs(1 - gain) - log(2)) < 1e-5)
  }

  @Test func silentReferenceHasAReason() throws {
    let noise = TestSignal.noise(32_000, seed: 7)
    #expect(try MRSTFT().measure(.inStep(noise.map { _ in 0 }, noise)) == .undefined(.noEnergy(.reference)))
  }
}
