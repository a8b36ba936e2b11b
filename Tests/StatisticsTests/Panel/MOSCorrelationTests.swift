// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Statistics
import Testing

@Suite struct MOSCorrelationTests {
  /// A metric of the golden panel's clips: the clip's MOS with noise of its own.
  private static func metric(noise: Double, seed: UInt64) -> [Double?] {
    var generator = SplitMix64(seed: seed)
    let clips = Votes.golden.clips
    return (0..<24).map { item in
      let votes = clips.scores.indices.filter { clips.items[$0] == item }.map { clips.scores[$0] }
      let uniform = Double(generator.next() >> 11) * 0x1p-53 - 0.5
      return votes.reduce(0, +) / Double(votes.count) + noise * uniform
    }
  }

  private static let clusters = (0..<24).map { $0 % 8 }

  @Test func coefficientsAreThoseOfTheMOS() throws {
    let metric = Self.metric(noise: 1, seed: 1)
    let found = try #require(MOSCorrelation(Votes.golden.clips, metric: metric, clusters: Self.clusters))
    let mos = Self.metric(noise: 0, seed: 1).compactMap(\.self)
    #expect(found.correlation == Correlation(metric.compactMap(\.self), mos))
    #expect(found.correlation.n == 24)
  }

  @Test func theIntervalIsTheJackknifes() throws {
    // By the definition, with the coefficient taken anew for each listener and each utterance that is left out.
    let metric = Self.metric(noise: 1, seed: 2)
    let clips = Votes.golden.clips
    func z(without skip: (Int) -> Bool, items: [Int]) throws -> Double {
      let means = items.map { item -> Double in
        let votes = clips.scores.indices.filter { clips.items[$0] == item && !skip(clips.listeners[$0]) }
        return votes.reduce(0) { $0 + clips.scores[$1] } / Double(votes.count)
      }
      return atanh(try #require(Correlation.pearson(items.compactMap { metric[$0] }, means)))
    }
    func variance(_ values: [Double]) -> Double {
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return Double(values.count - 1) / Double(values.count) * squares
    }
    let all = Array(0..<24)
    let byListener = try (0..<12).map { left in try z(without: { $0 == left }, items: all) }
    let byUtterance = try (0..<8).map { left in
      try z(without: { _ in false }, items: all.filter { Self.clusters[$0] != left })
    }
    let error = (variance(byListener) + variance(byUtterance)).squareRoot()
    let centre = try z(without: { _ in false }, items: all)
    let interval = try #require(
      MOSCorrelation(clips, metric: metric, clusters: Self.clusters)?.pearson)
    // t(.975, 7) from tables.
    #expect(near(interval.lowerBound, tanh(centre - 2.364624252 * error), 1e-8))
    #expect(near(interval.upperBound, tanh(centre + 2.364624252 * error), 1e-8))
  }

  @Test func aMetricIsNotBetterThanItselfAndIsBetterThanNoise() throws {
    let (good, bad) = (Self.metric(noise: 0.3, seed: 3), Self.metric(noise: 40, seed: 4))
    let clips = Votes.golden.clips
    let same = try #require(CorrelationDifference(clips, first: good, second: good, clusters: Self.clusters))
    #expect(same.p == 1 && same.first == same.second)
    let real = try #require(CorrelationDifference(clips, first: good, second: bad, clusters: Self.clusters))
    #expect(real.first > 0.8 && abs(real.second) < 0.6)
    #expect(real.p.map { $0 < 0.05 } == true)
    let close = Self.metric(noise: 0.3, seed: 5)
    let open = try #require(CorrelationDifference(clips, first: good, second: close, clusters: Self.clusters))
    #expect(open.p.map { $0 > 0.05 } == true)
  }

  @Test func sharedItemsOnlyAndNoIntervalAtOne() throws {
    var (first, second) = (Self.metric(noise: 1, seed: 6), Self.metric(noise: 1, seed: 7))
    first[0] = nil
    second[23] = nil
    let difference = try #require(
      CorrelationDifference(Votes.golden.clips, first: first, second: second, clusters: Self.clusters))
    #expect(difference.n == 22)
    let perfect = try #require(
      MOSCorrelation(Votes.golden.clips, metric: Self.metric(noise: 0, seed: 1), clusters: Self.clusters))
    #expect(perfect.correlation.pearson > 1 - 1e-12 && perfect.pearson == nil)
    #expect(MOSCorrelation(Votes.golden.clips, metric: Array(repeating: 1, count: 24), clusters: Self.clusters) == nil)
  }
}
