// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import SpeechMetrics
import Testing

/// stages.json: intermediate values of a prototype that agreed with the packages to 1e-6.
struct PESQStageFixture: Decodable, Sendable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let pair: String
    let mode: String
    let referenceWav: String
    let degradedWav: String
    let packageMosLqo: Double
    let levelAlignmentFactor: [Float]
    let crudeDelaySamples: Int
    let utterancesBeforeSplit: [[Double]]
    let utteranceBoundsBeforeSplit: [[Int]]
    let utterancesStartFrameEndFrameDelaySamples: [[Int]]
    let skipStartSamples: Int
    let skipEndSamples: Int
    let firstFrame: Int
    let lastFrame: Int
    let skippedFrames: Int
    let badIntervals: [[Double]]
    let disturbancePerFrame: [Double]
    let asymmetricDisturbancePerFrame: [Double]
    let disturbanceTotal: Double
    let asymmetricDisturbanceTotal: Double
    let rawScore: Double
    let mosLqo: Double

    var testDescription: String { "\(pair) \(mode)" }
  }

  let cases: [Case]

  static func load() -> PESQStageFixture? {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try? decoder.decode(PESQStageFixture.self, from: PESQFixtures.data("stages.json"))
  }
}

@Suite("PESQ stages")
struct PESQStageTests {
  @Test func fixtureIsComplete() {
    #expect(PESQStageFixture.load()?.cases.count == 12)
  }

  /// Relative comparison; tabulated values have seven digits.
  private func near(_ a: Double, _ b: Double, _ relative: Double = 2e-5, _ absolute: Double = 2e-6) -> Bool {
    abs(a - b) <= relative * abs(b) + absolute
  }

  @Test(arguments: PESQStageFixture.load()?.cases ?? [])
  func everyStage(_ c: PESQStageFixture.Case) throws {
    let mode = c.mode.contains("Cor") ? "c2" : String(c.mode.prefix(2))
    func signal(_ path: String) throws -> [Double] {
      try PESQFixtures.samples((path as NSString).lastPathComponent).map(Double.init)
    }
    let pesq = PESQ(mode: pesqMode(mode), sampleRate: c.mode.contains("16000") ? 16000 : 8000)
    let stages = try pesq.stages(reference: signal(c.referenceWav), degraded: signal(c.degradedWav))

    for (a, b) in zip(stages.levelFactors, c.levelAlignmentFactor) {
      #expect(near(Double(a), Double(b), 1e-6))
    }
    #expect(stages.crudeDelay == c.crudeDelaySamples)
    #expect(stages.found.count == c.utterancesBeforeSplit.count)
    for (u, e) in zip(stages.found, c.utterancesBeforeSplit) {
      let integers = [u.searchStart, u.searchEnd, u.priorDelay, u.delay]
      #expect(integers == e.prefix(4).map { Int($0) })
      #expect(near(Double(u.confidence), e[4]))
    }
    #expect(stages.bounded.map { [$0.start, $0.end] } == c.utteranceBoundsBeforeSplit)
    #expect(
      stages.utterances.map { [$0.start, $0.end, $0.delay] }
        == c.utterancesStartFrameEndFrameDelaySamples)
    #expect(stages.skippedStart == c.skipStartSamples)
    #expect(stages.skippedEnd == c.skipEndSamples)
    #expect(stages.firstFrame == c.firstFrame)
    #expect(stages.lastFrame == c.lastFrame)
    #expect(stages.skippedFrames == c.skippedFrames)
    #expect(stages.badIntervals.count == c.badIntervals.count)
    for (b, e) in zip(stages.badIntervals, c.badIntervals) {
      #expect([b.frames.lowerBound, b.frames.upperBound, b.lag] == e.prefix(3).map { Int($0) })
      #expect(near(b.correlation, e[3]))
    }
    let result = stages.result
    #expect(result.frameDisturbance.count == c.disturbancePerFrame.count)
    for (a, b) in zip(result.frameDisturbance, c.disturbancePerFrame) {
      #expect(near(Double(a), b, 2e-5, 1e-5))
    }
    for (a, b) in zip(result.frameAsymmetricDisturbance, c.asymmetricDisturbancePerFrame) {
      #expect(near(Double(a), b, 2e-5, 1e-5))
    }
    #expect(near(stages.disturbanceTotal, c.disturbanceTotal))
    #expect(near(stages.asymmetricDisturbanceTotal, c.asymmetricDisturbanceTotal))
    #expect(near(result.raw, c.rawScore, 0, 3e-6))
    #expect(near(result.mosLQO, c.mosLqo, 0, 2e-6))
    #expect(near(result.mosLQO, c.packageMosLqo, 0, 2e-6))
  }
}
