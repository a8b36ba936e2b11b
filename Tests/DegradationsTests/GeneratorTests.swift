// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

import Degradations

@Suite("The generator and the hash behind the degradations")
struct GeneratorTests {
  @Test("SplitMix64 gives its published test vector")
  func publishedVector() {
    var generator = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.map { _ in generator.next() } == expected)
  }

  @Test("SplitMix64 from seed 0 begins as every implementation of it does")
  func seedZero() {
    var generator = SplitMix64(seed: 0)
    #expect(generator.next() == 0xE220_A839_7B1D_CDAF)
    #expect(generator.next() == 0x6E78_9E6A_A1B9_65F4)
    #expect(generator.next() == 0x06C4_5D18_8009_454F)
  }

  @Test(
    "FNV-1a gives its published values",
    arguments: [
      ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8),
    ] as [(String, UInt64)])
  func publishedHashes(text: String, hash: UInt64) {
    #expect(fnv1a(text) == hash)
  }

  @Test("bounded draws stay below the bound and reach every value")
  func boundedDraws() {
    var generator = SplitMix64(seed: 3)
    var seen = Set<Int>()
    for _ in 0..<1000 { seen.insert(generator.next(below: 7)) }
    #expect(seen == Set(0..<7))
  }

  @Test("the bell has mean 0, deviation 65 536 and about 68 % within one deviation")
  func bellShape() {
    var generator = SplitMix64(seed: 11)
    let values = (0..<100_000).map { _ in Double(generator.nextBell()) }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    let within = Double(values.count { abs($0) < 65_536 }) / count
    // Four standard errors of each estimate at 100 000 draws.
    #expect(abs(mean) < 830)
    #expect(abs(deviation - 65_536) < 590)
    #expect(abs(within - 0.68) < 0.01)
  }
}
