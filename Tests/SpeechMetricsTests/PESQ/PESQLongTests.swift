// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import SpeechMetrics
import Testing

/// How long signals are worked on: the level block by block, the signals made twice.
@Suite("PESQ of long signals")
struct PESQLongTests {
  /// Of each mode the first case. Those of a stretched voice are none: how its utterances are split hangs on the last bits, and a level
  /// changed by 3·10⁻⁷ of itself moves the score by up to .11, however long the signals.
  static let cases = ["nb 8000", "nb 16000", "(2005)", "(Cor. 2)"].compactMap { mode in
    PESQStageFixture.load()?.cases.first { $0.mode.contains(mode) }
  }

  /// - Parameter swapped: the reference is the longer one, rather than the degraded signal.
  @Test(arguments: cases, [false, true])
  func isPESQ(_ c: PESQStageFixture.Case, swapped: Bool) throws {
    let mode = c.mode.contains("Cor") ? "c2" : String(c.mode.prefix(2))
    let model = PESQ(mode: pesqMode(mode), sampleRate: c.mode.contains("16000") ? 16_000 : 8000)
    // Silence behind a clip makes the one transform as long as a block: what a short one leaves of a steep filter is another.
    let silence = [Double](repeating: 0, count: 900_000)
    func signal(_ path: String) throws -> [Double] {
      try PESQFixtures.samples((path as NSString).lastPathComponent).map(Double.init) + silence
    }
    var (reference, degraded) = (try signal(c.referenceWav), try signal(c.degradedWav))
    if swapped { swap(&reference, &degraded) }
    #expect((reference.count > degraded.count) == swapped)
    let usual = try model.stages(reference: reference, degraded: degraded)
    let long = try model.stages(reference: reference, degraded: degraded, longestPlain: 0)
    for (a, b) in zip(usual.levelFactors, long.levelFactors) { #expect(abs(a - b) <= 5e-7 * a) }
    #expect(long.crudeDelay == usual.crudeDelay)
    #expect(long.utterances.map(\.delay) == usual.utterances.map(\.delay))
    #expect(long.badIntervals.map(\.frames) == usual.badIntervals.map(\.frames))
    #expect(abs(long.result.mosLQO - usual.result.mosLQO) < 2e-5)
  }
}
