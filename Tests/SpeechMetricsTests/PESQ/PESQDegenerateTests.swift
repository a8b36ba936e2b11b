// SPDX-License-Identifier: GPL-3.0-or-later

import SpeechMetrics
import Testing

@Suite("PESQ on degenerate and very long input")
struct PESQDegenerateTests {
  private let pesq = PESQ(mode: .narrowBand, sampleRate: 8000)

  private func speech() throws -> [Double] {
    try PESQFixtures.samples("pair1_delay120ms_noise20dB.ref.8k.wav").map(Double.init)
  }

  private func expectError(_ expected: PESQError, _ r: [Double], _ d: [Double]) {
    #expect(throws: expected) { try pesq.evaluate(reference: r, degraded: d) }
  }

  @Test func silence() throws {
    let x = try speech()
    let zeros = [Double](repeating: 0, count: x.count)
    expectError(.noActiveSpeech, zeros, x)
    expectError(.degradedSilent, x, zeros)
    expectError(.noActiveSpeech, zeros, zeros)
    #expect(PESQError.noActiveSpeech.description == "no active speech in the reference")
  }

  @Test func constant() throws {
    let x = try speech()
    // A constant has no power in the speech band, but its onset and end do.
    let direct = [Double](repeating: 1000, count: x.count)
    let result = try pesq.evaluate(reference: x, degraded: direct)
    #expect(result.mosLQO.isFinite && result.mosLQO >= 0.999)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(_ value: Double) throws {
    let x = try speech()
    var bad = x
    bad[1234] = value
    expectError(.notFinite(.reference), bad, x)
    expectError(.notFinite(.degraded), x, bad)
  }

  @Test func tooShort() throws {
    let x = try speech()
    expectError(.tooShort(seconds: 1999 / 8000.0, minimum: 0.25), x, Array(x[..<1999]))
    expectError(.tooShort(seconds: 0, minimum: 0.25), [], x)
    let words = PESQError.tooShort(seconds: 0.1, minimum: 0.25).description
    #expect(words.hasPrefix("shorter than 0.25 s"))
  }

  /// Long enough to be taken, too short to hold an utterance of 0.2 s of speech.
  @Test func shortestInput() throws {
    let x = try speech()
    do {
      let result = try pesq.evaluate(reference: Array(x[8000..<10000]), degraded: Array(x[8000..<10000]))
      #expect(result.raw == 4.5)
    } catch {
      #expect(error == .noActiveSpeech)
    }
  }

  @Test func rates() throws {
    let x = try speech()
    for (mode, rate) in [(PESQ.Mode.wideBand, 8000), (.wideBandCorrigendum2, 8000), (.narrowBand, 44100)] {
      #expect(throws: PESQError.unsupportedRate(rate)) {
        try PESQ(mode: mode, sampleRate: rate).evaluate(reference: x, degraded: x)
      }
    }
  }

  @Test func scaleDoesNotMatter() throws {
    let r = try speech()
    let d = try PESQFixtures.samples("pair1_delay120ms_noise20dB.deg.8k.wav").map(Double.init)
    let score = try pesq.evaluate(reference: r, degraded: d)
    // A common factor leaves the quotients by the peak the same.
    let scaled = try pesq.evaluate(reference: r.map { $0 / 32768 }, degraded: d.map { $0 / 32768 })
    #expect(scaled == score)
    let quieter = try pesq.evaluate(reference: r, degraded: d.map { $0 / 8 })
    #expect(abs(quieter.mosLQO - score.mosLQO) < 1e-3)
  }

  /// The established programs read beyond their tables from 51 utterances on.
  @Test func moreThanFiftyUtterances() throws {
    let speech = try speech()
    let pause = [Double](repeating: 0, count: 4800)
    var r: [Double] = []
    var d: [Double] = []
    for i in 0..<80 {
      r += speech + pause
      // Every pause is up to 5 ms longer than in the reference.
      d += speech + pause + [Double](repeating: 0, count: i % 5 * 8)
    }
    let same = try pesq.evaluate(reference: r, degraded: r)
    #expect(same.raw == 4.5)
    #expect(same.utterances.count >= 80)
    let late = try pesq.evaluate(reference: r, degraded: d)
    #expect(late.utterances.count >= 80)
    #expect(late.mosLQO > 2)
    #expect(late.frameDisturbance.count == late.frameAsymmetricDisturbance.count)
  }
}
