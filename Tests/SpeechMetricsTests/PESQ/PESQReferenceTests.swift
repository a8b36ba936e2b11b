// SPDX-License-Identifier: GPL-3.0-or-later

import SpeechMetrics
import Testing

@Suite("PESQ against the reference packages")
struct PESQReferenceTests {
  @Test func fixtureIsComplete() {
    let cases = PESQReference.load()?.cases ?? []
    #expect(cases.filter { $0.branch == nil }.count >= 24)
    #expect(Set(cases.compactMap(\.branch)).count >= 15)
  }

  @Test(arguments: PESQReference.load()?.cases ?? [])
  func score(_ c: PESQReference.Case) throws {
    let stages = try c.evaluate()
    let expected = try #require(c.mosLQO)
    #expect(abs(stages.result.mosLQO - expected) <= 1e-5)
  }

  /// The branches are in fact reached, as far as the stages' record shows it.
  @Test(arguments: (PESQReference.load()?.cases ?? []).filter { $0.branch != nil })
  func branchIsReached(_ c: PESQReference.Case) throws {
    let stages = try c.evaluate()
    let frame = c.rate / 250
    switch c.branch {
    case "degraded begins late, search starts before it":
      #expect(stages.found[0].searchStart * frame + stages.found[0].priorDelay < 0)
      #expect(stages.bounded[0].start > 75)
    case "utterances beyond the degraded's end rejected":
      #expect(stages.found.count < 3)
    case "first boundary moved":
      #expect(stages.bounded[0].start > 75)
    case "pause shortened so that utterances overlap":
      #expect(stages.found.count >= 2)
    case "frames before the first utterance, audible late":
      #expect(stages.firstFrame > 0)
    case "degraded dropout: bad interval without energy", "degraded replaced by noise: bad intervals":
      if c.mode == "wb" { #expect(!stages.badIntervals.isEmpty) }
    case "more than 1000 frames":
      #expect(stages.lastFrame >= 1000)
    case "identical":
      #expect(stages.result.raw == 4.5)
    default: break
    }
  }
}
