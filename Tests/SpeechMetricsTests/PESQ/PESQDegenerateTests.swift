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

  /// A constant has no power in the speech band, but its onset and end do. pesq 0.0.4 scores it as below.
  @Test func constant() throws {
    let x = try speech()
    let direct = [Double](repeating: 1000, count: x.count)
    let result = try pesq.evaluate(reference: x, degraded: direct)
    #expect(abs(result.mosLQO - 1.0566743612289429) < 1e-5)
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

  /// A quarter of a second, all of it speech.
  @Test func shortestInput() throws {
    let x = Array(try speech()[8000..<10000])
    #expect(try pesq.evaluate(reference: x, degraded: x).raw == 4.5)
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

  /// Two seconds late, then in time, then two seconds early: boundaries go half of each difference towards one another, so that the
  /// short utterance in the middle ends before it starts. pesq 0.0.4 scores these integers 3.500047445297241.
  @Test func anUtteranceThatEndsBeforeItStarts() throws {
    func noise(_ count: Int, seed: UInt64, shift: Int64 = 51) -> [Int] {
      var state = seed
      return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(Int64(bitPattern: state) >> shift)
      }
    }
    func burst(_ blocks: Int, seed: UInt64) -> [Int] {
      noise(blocks * 800, seed: seed).enumerated().map { i, x in
        let block = i / 800
        return block * 7 % 5 < 3 || block == 0 || block == blocks - 1 ? x : 0
      }
    }
    func zeros(_ count: Int) -> [Int] { [Int](repeating: 0, count: count) }
    let late = 32_000
    let (first, short, second, anchor) = (
      burst(100, seed: 1), noise(4480, seed: 2), burst(100, seed: 3), burst(240, seed: 4)
    )
    let gap = zeros(6400)
    let reference: [Int] = [zeros(8000), first, gap, short, gap, second, zeros(24_000), anchor, zeros(8000)].flatMap {
      $0
    }
    let (firstLate, secondEarly) = (Array(first.dropLast(late)), Array(second.dropFirst(late)))
    let degraded: [Int] = [
      zeros(8000 + late), firstLate, gap, short, gap, secondEarly, zeros(late + 24_000), anchor, zeros(8000),
    ].flatMap { $0 }
    func samples(_ x: [Int], seed: UInt64) -> [Double] {
      zip(x, noise(x.count, seed: seed, shift: 60)).map { Double($0 + $1) / 32_768 }
    }
    let result = try PESQ(mode: .wideBand, sampleRate: 16_000).evaluate(
      reference: samples(reference, seed: 5), degraded: samples(degraded, seed: 6))
    #expect(abs(result.mosLQO - 3.500047445297241) < 1e-5)
  }
}
