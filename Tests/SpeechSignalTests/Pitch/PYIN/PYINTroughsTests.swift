// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct PYINTroughsTests {
  private static let periods = 5...70
  private static let (sampleRate, floor, binCount) = (8000.0, 120.0, 40)

  /// Threshold by threshold, with few and broad bins, so that some troughs share one and some are too high.
  @Test func everyThresholdCounts() {
    let troughs = PYINTroughs(
      sampleRate: Self.sampleRate, periods: Self.periods, floor: Self.floor, binsPerOctave: 12, binCount: Self.binCount)
    var observation = PYINObservation()
    var (shared, dropped) = (0, 0)
    for seed in 1...200 {
      // From frames with a trough below every threshold to frames with none below any. Not between 0.8 and 1: there a threshold
      // has less than 1e-11 to give, and above 0.9 rounding says whether it has anything.
      let d = SignalGenerator.noise(Self.periods.count, seed: UInt64(seed)).map { noise in
        let height = noise * 0.7 + 0.7 * Double(seed) / 100
        return height < 0.8 ? height : height + 0.2
      }
      troughs.observe(d, &observation)
      let expected = Self.literally(d, &shared, &dropped)
      #expect(observation.pitches.map(\.bin) == expected.map(\.bin))
      for (ours, theirs) in zip(observation.pitches, expected) {
        #expect(abs(ours.probability - theirs.probability) <= 1e-11 * theirs.probability + 1e-15, "seed \(seed)")
      }
      #expect(abs(observation.voicing - min(1, expected.reduce(0) { $0 + $1.probability })) < 1e-12)
    }
    #expect(shared > 20 && dropped > 20, "nothing to see")
  }

  @Test func flatFramesHaveNoPitch() {
    let troughs = PYINTroughs(
      sampleRate: Self.sampleRate, periods: Self.periods, floor: Self.floor, binsPerOctave: 12, binCount: Self.binCount)
    for value in [0, 1, .nan, .infinity] {
      var observation = PYINObservation(pitches: [(bin: 3, probability: 0.5)], voicing: 0.5)
      troughs.observe([Double](repeating: value, count: Self.periods.count), &observation)
      #expect(observation.pitches.isEmpty && observation.voicing == 0)
    }
  }

  private static func literally(
    _ d: [Double], _ shared: inout Int, _ dropped: inout Int
  ) -> [(bin: Int, probability: Double)] {
    let last = d.count - 1
    let places = d.indices.filter { ($0 == 0 || d[$0] < d[$0 - 1]) && ($0 == last || d[$0] <= d[$0 + 1]) }
    var share = [Double](repeating: 0, count: places.count)
    for i in 1...100 {
      let mass = beta(Double(i) * 0.01) - beta(Double(i - 1) * 0.01)
      let below = places.indices.filter { d[places[$0]] < (i == 100 ? 1 : Double(i) * 0.01) }
      let all = below.indices.reduce(0) { $0 + exp(-2 * Double($1)) }
      for (rank, k) in below.enumerated() { share[k] += mass * exp(-2 * Double(rank)) / all }
      if below.isEmpty, let deepest = places.indices.min(by: { d[places[$0]] < d[places[$1]] }) {
        share[deepest] += 0.01 * mass
      }
    }
    var pitches: [Int: Double] = [:]
    for (place, share) in zip(places, share) where share > 0 {
      var period = Double(periods.lowerBound + place)
      if place > 0 && place < last {
        let (a, b) = (d[place - 1] + d[place + 1] - 2 * d[place], (d[place + 1] - d[place - 1]) / 2)
        if abs(b) < abs(a) { period -= b / a }
      }
      let bin = max(0, Int((12 * log2(sampleRate / period / floor)).rounded(.toNearestOrEven)))
      if bin >= binCount { dropped += 1 } else if pitches.updateValue(share, forKey: bin) != nil { shared += 1 }
    }
    return pitches.sorted { $0.key > $1.key }.map { (bin: $0.key, probability: $0.value) }
  }

  /// The beta(2, 18) distribution as at least two successes in nineteen trials.
  private static func beta(_ x: Double) -> Double {
    var (sum, choose) = (0.0, 19.0)
    for j in 2...19 {
      choose *= Double(20 - j) / Double(j)
      sum += choose * pow(x, Double(j)) * pow(1 - x, Double(19 - j))
    }
    return sum
  }
}
