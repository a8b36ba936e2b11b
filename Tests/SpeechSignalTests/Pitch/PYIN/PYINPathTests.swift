// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct PYINPathTests {
  /// Every state against every state, the way librosa does it, on frames that no recording has: sure of one bin and then of another
  /// far away, so that the impossible has to happen.
  @Test(arguments: [(40, 3), (41, 0), (12, 20), (30, 10)])
  func isTheLikeliestOfAllPaths(binCount: Int, reach: Int) {
    var (leaps, unvoiced) = (0, 0)
    for seed in 1...3 {
      let frames = Self.observations(900, binCount: binCount, seed: UInt64(seed))
      var path = PYINPath(PYINTransitions(binCount: binCount, reach: reach))
      for frame in frames { path.advance(frame) }
      let best = path.best()
      let wrong = zip(best, Self.viterbi(frames, binCount: binCount, reach: reach)).count { $0 != $1 }
      #expect(best.count == frames.count && wrong == 0, "seed \(seed)")
      for case (let a?, let b?) in zip(best, best.dropFirst()) where abs(a - b) > reach { leaps += 1 }
      unvoiced += best.count { $0 == nil }
    }
    #expect((leaps > 0 || reach >= binCount) && unvoiced > 100, "nothing to see")
  }

  @Test func noFramesHaveNoPath() {
    #expect(PYINPath(PYINTransitions(binCount: 12, reach: 2)).best().isEmpty)
  }

  /// Runs of frames: sure of a bin, unsure of three near it, or silent.
  private static func observations(_ count: Int, binCount: Int, seed: UInt64) -> [PYINObservation] {
    let random = SignalGenerator.noise(8 * count, seed: seed).map { ($0 + 1) / 2 }
    var (kind, middle) = (0, 0)
    return (0..<count).map { frame in
      let r = random[8 * frame..<8 * frame + 8].map { $0 }
      if r[0] < 0.1 { (kind, middle) = (Int(r[1] * 4), Int(r[2] * Double(binCount))) }
      switch kind {
      case 0: return PYINObservation()
      case 1: return PYINObservation(pitches: [(bin: middle, probability: 1)], voicing: 1)
      default:
        let bins = Set((3..<6).map { max(0, min(binCount - 1, middle + Int(r[$0] * 5) - 2)) }).sorted(by: >)
        let pitches = zip(bins, r[5...]).map { (bin: $0, probability: $1 / 3) }
        return PYINObservation(pitches: pitches, voicing: pitches.reduce(0) { $0 + $1.probability })
      }
    }
  }

  private static func viterbi(_ frames: [PYINObservation], binCount: Int, reach: Int) -> [Int?] {
    let (tiny, count) = (Double.leastNormalMagnitude, 2 * binCount)
    var way = [Double](repeating: 0, count: count * count)
    for from in 0..<binCount {
      let row = (0..<binCount).map { Double(max(0, reach + 1 - abs($0 - from))) / Double(reach + 1) }
      let sum = row.reduce(0, +)
      for (to, weight) in row.enumerated() {
        for (a, b) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
          let share = (a == b ? 0.99 : 0.01) * (weight / sum)
          way[(b * binCount + to) * count + a * binCount + from] = log(share + tiny)
        }
      }
    }
    var values = [Double](repeating: -log(Double(count)), count: count)
    var origins: [[Int]] = []
    for (index, frame) in frames.enumerated() {
      var seen = [Double](repeating: 0, count: binCount)
      for (bin, probability) in frame.pitches { seen[bin] = probability }
      seen += [Double](repeating: (1 - frame.voicing) / Double(binCount), count: binCount)
      var next = values
      var origin = [Int](repeating: 0, count: count)
      for state in 0..<count {
        if index > 0 {
          let row = state * count
          for k in 1..<count where values[k] + way[row + k] > values[origin[state]] + way[row + origin[state]] {
            origin[state] = k
          }
          next[state] = values[origin[state]] + way[row + origin[state]]
        }
        next[state] += log(seen[state] + tiny)
      }
      values = next
      origins.append(origin)
    }
    var states = [values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }]
    for origin in origins.dropFirst().reversed() { states.append(origin[states[states.count - 1]]) }
    return states.reversed().map { $0 < binCount ? $0 : nil }
  }
}
