// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechMetrics
import Testing

struct LSDTests {
  /// Bins of noise that lie above the floor differ by the gain; a few lie below it, and differ by less.
  @Test func aGainIsItself() throws {
    let noise = TestSignal.noise(32_000, seed: 5)
    let score = try #require(try LSD().measure(.inStep(noise, noise.map { $0 * pow(10, 3.0 / 20) })).number)
    #expect(score <= 3 && score > 2.99)
  }

  /// The whole floor's range and no more: a loud signal against nothing.
  @Test func nothingIsFurtherThanTheFloor() throws {
    let noise = TestSignal.noise(32_000, seed: 6)
    let score = try #require(try LSD().measure(.inStep(noise, noise.map { _ in 0 })).number)
    #expect(score < 50 && score > 30)
  }

  @Test func silentReferenceHasAReason() throws {
    let noise = TestSignal.noise(32_000, seed: 7)
    #expect(try LSD().measure(.inStep(noise.map { _ in 0 }, noise)) == .undefined(.noEnergy(.reference)))
  }
}
