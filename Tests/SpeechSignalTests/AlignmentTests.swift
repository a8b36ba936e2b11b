// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct DynamicTimeWarpingTests {
  /// The cheapest path by trying them all.
  static func exhaustive(_ a: [Double], _ b: [Double]) -> Double {
    func cost(_ i: Int, _ j: Int) -> Double {
      let here = abs(a[i] - b[j])
      if i == 0, j == 0 { return here }
      var best = Double.infinity
      if i > 0, j > 0 { best = min(best, cost(i - 1, j - 1)) }
      if i > 0 { best = min(best, cost(i - 1, j)) }
      if j > 0 { best = min(best, cost(i, j - 1)) }
      return best + here
    }
    return cost(a.count - 1, b.count - 1)
  }

  @Test(arguments: 1...20)
  func pathIsTheCheapest(seed: UInt64) {
    let a = SignalGenerator.noise(6, seed: seed)
    let b = SignalGenerator.noise(5 + Int(seed % 3), seed: seed + 100)
    let path = DynamicTimeWarping.path(a, b, dimension: 1)
    let cost = path.reduce(0) { $0 + abs(a[$1.first] - b[$1.second]) }
    #expect(abs(cost - Self.exhaustive(a, b)) < 1e-12)
    #expect(path.first?.first == 0 && path.first?.second == 0)
    #expect(path.last?.first == a.count - 1 && path.last?.second == b.count - 1)
    for (one, next) in zip(path, path.dropFirst()) {
      let step = (next.first - one.first, next.second - one.second)
      #expect(step == (1, 1) || step == (1, 0) || step == (0, 1))
    }
  }

  @Test func tiesGoDiagonalFirst() {
    let path = DynamicTimeWarping.path([0, 0, 0], [0, 0, 0], dimension: 1)
    #expect(path.map(\.first) == [0, 1, 2] && path.map(\.second) == [0, 1, 2])
  }

  @Test func distanceIsEuclideanOverTheWholeFrame() {
    // (0,0)→(3,4): both of the first's frames meet the one of the second.
    let path = DynamicTimeWarping.path([0, 0, 3, 4], [3, 4], dimension: 2)
    #expect(path.map(\.first) == [0, 1] && path.map(\.second) == [0, 0])
  }

  @Test func emptySequencesHaveNoPath() {
    #expect(DynamicTimeWarping.path([], [1], dimension: 1).isEmpty)
  }
}

@Suite struct DelayTests {
  static let speech = SignalGenerator.syllables(seconds: 3, sampleRate: 16_000)

  /// The speech, `shift` samples later; what falls off one end is gone, zeros come in at the other.
  static func shifted(_ shift: Int) -> [Double] {
    let zeros = [Double](repeating: 0, count: abs(shift))
    return shift >= 0 ? zeros + speech.samples : Array(speech.samples.dropFirst(-shift)) + zeros
  }

  @Test(arguments: [0, 1, -1, 37, 592, -592, 4000, -4000, 8000, -8000, 12_345])
  func findsAShiftToTheSample(shift: Int) {
    let synthesis = Waveform(samples: Self.shifted(shift), sampleRate: 16_000)
    #expect(Delay.estimate(reference: Self.speech, synthesis: synthesis) == shift)
  }

  @Test func findsItUnderNoiseAsLoudAsTheSpeechAtAnotherLevelAndInvertedPolarity() {
    let noise = SignalGenerator.noise(60_000, seed: 9)
    let samples = Self.shifted(777).enumerated().map { -0.1 * ($1 + 0.1 * noise[$0]) }
    let synthesis = Waveform(samples: samples, sampleRate: 16_000)
    #expect(Delay.estimate(reference: Self.speech, synthesis: synthesis) == 777)
  }

  @Test func constantsHaveNoDelay() {
    let silence = Waveform(samples: [Double](repeating: 0, count: 16_000), sampleRate: 16_000)
    #expect(Delay.estimate(reference: Self.speech, synthesis: silence) == 0)
    #expect(Delay.estimate(reference: silence, synthesis: Self.speech) == 0)
  }
}

@Suite struct WarpPathTests {
  static func frames(_ samples: [Double]) -> LogMelFrames {
    let waveform = Waveform(samples: samples, sampleRate: 16_000)
    return LogMelFrames(waveform, extent: SpeechExtent(waveform))
  }

  @Test func aShiftIsNoWarp() throws {
    let path = try #require(WarpPath(Self.frames(DelayTests.speech.samples), Self.frames(DelayTests.shifted(1600))))
    #expect(abs(path.medianShift - 0.1) < 0.006)
    #expect(path.meanDeviation < 0.003)
  }

  @Test func anotherTempoIsAWarp() throws {
    let slow = SignalGenerator.syllables(seconds: 3, sampleRate: 16_000 * 11 / 10)
    let path = try #require(WarpPath(Self.frames(DelayTests.speech.samples), Self.frames(slow.samples)))
    #expect(path.meanDeviation > 0.05)
  }

  @Test func silenceHasNoPath() {
    #expect(WarpPath(Self.frames(DelayTests.speech.samples), Self.frames([Double](repeating: 0, count: 16_000))) == nil)
  }
}
