// SPDX-License-Identifier: GPL-3.0-or-later
import ListeningPanel
import Statistics
import Testing

@Suite struct BalancedOrderTests {
  @Test func aLatinSquareGivesEverySystemEverySentenceOnce() {
    for systems in 1...6 {
      var seen: Set<[Int]> = []
      for group in 0..<systems {
        for (utterance, system) in BalancedOrder.latinSquare(systems: systems, utterances: 7, group: group).enumerated()
        {
          #expect(seen.insert([utterance, system]).inserted)
        }
      }
      #expect(seen.count == 7 * systems)
    }
    #expect(BalancedOrder.latinSquare(systems: 3, utterances: 5, group: 1) == [1, 2, 0, 1, 2])
  }

  @Test(arguments: 2...9) func inAWilliamsSquareEachFollowsEachEquallyOften(_ n: Int) {
    let rows = BalancedOrder.williams(n)
    #expect(rows.count == (n % 2 == 0 ? n : 2 * n))
    var pairs: [[Int]: Int] = [:]
    for row in rows {
      #expect(row.sorted() == Array(0..<n))
      for (a, b) in zip(row, row.dropFirst()) { pairs[[a, b], default: 0] += 1 }
    }
    #expect(pairs.count == n * (n - 1) && Set(pairs.values) == [n % 2 == 0 ? 1 : 2])
    for place in 0..<n { #expect(Set(rows.map { $0[place] }).count == n) }
  }

  @Test func theFirstRowIsWilliams() {
    #expect(BalancedOrder.williams(6)[0] == [0, 1, 5, 2, 4, 3])
    #expect(BalancedOrder.williams(5)[0] == [0, 1, 4, 2, 3] && BalancedOrder.williams(5)[5] == [3, 2, 4, 1, 0])
  }

  /// Numbers of SplitMix64 with the seed 1234567, from its authors' own program; the shuffle by hand.
  @Test func shufflesCanBeReplayed() {
    var generator = SplitMix64(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317 && generator.next() == 3_203_168_211_198_807_973)
    generator = SplitMix64(seed: 1_234_567)
    // ⌊.35008·4⌋ = 1, ⌊.17364·3⌋ = 0, the third number 9817491932198370423: ⌊.53220·2⌋ = 1.
    #expect(BalancedOrder.shuffled(["a", "b", "c", "d"], &generator) == ["c", "d", "a", "b"])
  }

  @Test func listenersHaveSeedsOfTheirOwn() {
    let seeds = (0..<100).map { BalancedOrder.seed(of: $0, design: 1) }
    #expect(Set(seeds).count == 100 && seeds[0] != BalancedOrder.seed(of: 0, design: 2))
  }

  @Test func neighboursAreKeptApart() {
    for seed in 0..<200 {
      var generator = SplitMix64(seed: UInt64(seed))
      let items = BalancedOrder.shuffled((0..<24).map { $0 % 4 }, &generator)
      let (apart, left) = BalancedOrder.separated(items, &generator) { $0 == $1 }
      #expect(left == 0 && zip(apart, apart.dropFirst()).allSatisfy { $0 != $1 } && apart.sorted() == items.sorted())
    }
    var generator = SplitMix64(seed: 1)
    #expect(BalancedOrder.separated([1, 1, 1, 2], &generator) { $0 == $1 }.clashes == 1)
  }
}
