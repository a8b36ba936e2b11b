// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Suite struct PowerTests {
  @Test func goldensAreThere() {
    #expect(TPowerGolden.file.cases.count == 126)
    #expect(TPowerGolden.file.needed.count == 21)
    #expect(EquivalencePowerGolden.file.cases.count == 80)
    #expect(EquivalencePowerGolden.file.needed.count == 5)
  }

  @Test func powerOfTAgreesWithScipyAndStatsmodels() {
    for golden in TPowerGolden.file.cases {
      let power = Power.ofTTest(effectSize: golden.effectSize, n: golden.n, alpha: golden.alpha)
      #expect(abs(power - golden.power) <= 1e-12, "\(golden): \(power)")
      #expect(power == Power.ofTTest(effectSize: -golden.effectSize, n: golden.n, alpha: golden.alpha))
    }
  }

  @Test func thePublishedPower() {
    #expect(abs(Power.ofTTest(effectSize: 0.5, n: 33) - 0.7953658) < 5e-8)
  }

  @Test func pairsToDetectAgreeWithStatsmodels() {
    for golden in TPowerGolden.file.needed {
      #expect(Power.pairsToDetect(effectSize: golden.effectSize, alpha: golden.alpha) == golden.pairs, "\(golden)")
    }
    #expect(Power.pairsToDetect(effectSize: 0) == nil)
    #expect(Power.pairsToDetect(effectSize: 1e-6) == nil)
  }

  @Test func powerOfEquivalenceAgreesWithScipy() {
    for golden in EquivalencePowerGolden.file.cases {
      let power = Power.ofEquivalence(
        mean: golden.mean, standardDeviation: golden.standardDeviation, margin: golden.margin, n: golden.n)
      #expect(abs(power - golden.power) <= 1e-12, "\(golden): \(power)")
    }
  }

  @Test func pairsToShowEquivalenceAgreeWithScipy() {
    for golden in EquivalencePowerGolden.file.needed {
      let pairs = Power.pairsToShowEquivalence(
        mean: golden.mean, standardDeviation: golden.standardDeviation, margin: golden.margin)
      #expect(pairs == golden.pairs, "\(golden)")
    }
    #expect(Power.pairsToShowEquivalence(mean: 0.05, standardDeviation: 0.1, margin: 0.05) == nil)
    #expect(Power.pairsToShowEquivalence(mean: 0, standardDeviation: 0, margin: 0.05) == 2)
    #expect(Power.pairsToShowEquivalence(mean: 0, standardDeviation: 1, margin: 1e-6) == nil)
  }

  @Test func extremesAreProbabilities() {
    for alpha in [0.5, 0.05, 1e-4, 1e-7] {
      for n in [2, 3, 10, 1000, Power.mostPairs] {
        var last = alpha * (1 - 1e-9)
        for effect in [0, 1e-3, 0.1, 1, 40, 1e4, 1e16] {
          let power = Power.ofTTest(effectSize: effect, n: n, alpha: alpha)
          #expect(power >= last - 1e-12 && power <= 1, "d \(effect), n \(n), α \(alpha)")
          last = power
        }
      }
    }
  }
}
