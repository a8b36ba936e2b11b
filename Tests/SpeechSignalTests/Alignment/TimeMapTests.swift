// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import SpeechSignal
import Testing

@Suite struct TimeMapTests {
  static let hop = 0.005

  /// The staircase along a rising function, from frame to frame.
  static func staircase(_ count: Int, _ course: (Double) -> Double) -> [DynamicTimeWarping.Step] {
    var steps: [DynamicTimeWarping.Step] = []
    for i in 0..<count {
      let to = Int(course(Double(i)).rounded())
      let from = steps.last.map { min($0.second + 1, to) } ?? to
      for j in from...to { steps.append(.init(first: i, second: j)) }
    }
    return steps
  }

  static func map(_ steps: [DynamicTimeWarping.Step], _ first: Double = 0, _ second: Double = 0) -> TimeMap {
    TimeMap(steps, hop: hop, referenceStart: first, synthesisStart: second)
  }

  /// Steps taken at random, so that they run off at right angles for up to a dozen frames.
  static func wandering(_ count: Int, seed: UInt64) -> [DynamicTimeWarping.Step] {
    var steps = [DynamicTimeWarping.Step(first: 0, second: 0)]
    for value in SignalGenerator.noise(count, seed: seed) {
      for _ in 0..<Int(abs(value) * 12) + 1 {
        let previous = steps[steps.count - 1]
        let (i, j) = value < -0.4 ? (1, 0) : value > 0.4 ? (0, 1) : (1, 1)
        steps.append(.init(first: previous.first + i, second: previous.second + j))
      }
    }
    return steps
  }

  @Test func aShiftIsAShift() throws {
    let map = Self.map(Self.staircase(200) { $0 + 30 }, 0.25, 0.75)
    #expect(map.start == 0.25 && map.times.count == 200)
    for time in [-3.0, 0, 0.25, 0.7013, 1.245, 2, 90] { #expect(abs(map(time) - (time + 0.65)) < 1e-12) }
    #expect(map.meanAbsoluteWarp < 1e-12)
  }

  @Test func followsAKnownCourse() throws {
    func course(_ i: Double) -> Double { i + 25 * sin(i / 60) }
    let map = Self.map(Self.staircase(1000, course))
    // Half a frame is lost to the staircase; at the ends the smoothing sees one side only.
    for i in 30..<970 {
      #expect(abs(map(Double(i) * Self.hop) - course(Double(i)) * Self.hop) < 0.003, "frame \(i)")
    }
  }

  @Test func theWarpIsTheMeanDeviationFromTheMedianShift() throws {
    // A tempo of .9: shifts from 0 to 100 frames, 25 away from their median on average.
    let map = Self.map(Self.staircase(1001) { 1.1 * $0 })
    #expect(abs(map.meanAbsoluteWarp - 25 * Self.hop) < 0.001)
  }

  @Test(arguments: 1...10)
  func timeAlwaysRunsAndNeverTooFast(seed: UInt64) throws {
    let map = Self.map(Self.wandering(200, seed: seed))
    let (slowest, fastest) = (map.step / TimeMap.maximumRate, map.step * TimeMap.maximumRate)
    for (one, next) in zip(map.times, map.times.dropFirst()) {
      #expect(next - one > slowest - 1e-9 && next - one < fastest + 1e-9)
    }
  }

  @Test(arguments: 1...10)
  func exchangingTheTwoInvertsIt(seed: UInt64) throws {
    let steps = Self.wandering(200, seed: seed)
    let there = Self.map(steps, 0.1, 0.2)
    let back = Self.map(steps.map { .init(first: $0.second, second: $0.first) }, 0.2, 0.1)
    var errors: [Double] = []
    for i in 0..<there.times.count {
      // Off its ends either goes on at the same pace, whatever the other does there.
      let (time, other) = (there.start + Double(i) * there.step, there.times[i])
      guard other > back.start, other < back.start + Double(back.times.count - 1) * back.step else { continue }
      errors.append(abs(back(other) - time))
    }
    // Both are lines from knot to knot, and the knots of one lie between those of the other.
    #expect(try #require(errors.max()) < Self.hop / 2)
    #expect(errors.reduce(0, +) / Double(errors.count) < Self.hop / 20)
  }

  @Test(arguments: [(100, 0), (0, 100)])
  func aPauseThatOneHasMovesNothingFarFromIt(first: Int, second: Int) throws {
    // In step for 300 frames; then the pause, in one only; then in step again.
    var steps = (0..<300).map { DynamicTimeWarping.Step(first: $0, second: $0) }
    for k in 0..<100 { steps.append(.init(first: first > 0 ? 300 + k : 299, second: second > 0 ? 300 + k : 299)) }
    for k in 0..<300 { steps.append(.init(first: 300 + first + k, second: 300 + second + k)) }
    let map = Self.map(steps)
    for i in 0..<220 { #expect(abs(map.shifts[i]) < 1e-6) }
    let shift = Double(second - first) * Self.hop
    for i in (380 + first)..<(600 + first) { #expect(abs(map.shifts[i] - shift) < 1e-6) }
  }
}
