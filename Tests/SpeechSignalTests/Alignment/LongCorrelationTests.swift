// SPDX-License-Identifier: GPL-3.0-or-later
import SpeechSignal
import Testing

@Suite struct LongCorrelationTests {
  /// Two bands of noise, each of mean 0.
  static func bands(_ count: Int, seed: UInt64) -> [[Float]] {
    [seed, seed + 100].map { seed in
      let noise = SignalGenerator.noise(count, seed: seed)
      let mean = noise.reduce(0, +) / Double(count)
      return noise.map { Float($0 - mean) }
    }
  }

  /// The lag of the greatest sum of products, by the definition.
  static func direct(_ x: [[Float]], _ y: [[Float]]) -> Int? {
    var best: (lag: Int, value: Double)?
    for lag in -(x[0].count - 1)...(y[0].count - 1) {
      var sum = 0.0
      for (x, y) in zip(x, y) {
        for n in max(0, -lag)..<min(x.count, y.count - lag) { sum += Double(x[n]) * Double(y[n + lag]) }
      }
      if sum > best?.value ?? 0 { best = (lag, sum) }
    }
    return best?.lag
  }

  /// Unlike noises correlate a little everywhere: all lags are looked at, in several passes.
  @Test(arguments: [(700, 700), (700, 130), (130, 700), (64, 64), (65, 1), (1, 400), (900, 513)])
  func isTheDirectSearch(n: Int, m: Int) {
    for seed in 0..<4 as Range<UInt64> {
      let (x, y) = (Self.bands(n, seed: 2 * seed), Self.bands(m, seed: 2 * seed + 1))
      let expected = Self.direct(x, y)
      for block in [16, 64, 1024] { #expect(LongCorrelation(x, y, block: block).bestLag() == expected) }
    }
  }

  @Test(arguments: [0, 1, -1, 63, 64, -64, 65, 300, -300, 640, -640])
  func findsAShift(lag: Int) {
    let noise = Self.bands(1400, seed: 5)
    let x = noise.map { Array($0[max(0, lag)..<700 + max(0, lag)]) }
    let y = noise.map { Array($0[max(0, -lag)..<700 + max(0, -lag)]) }
    #expect(LongCorrelation(x, y, block: 64).bestLag() == Self.direct(x, y))
    if abs(lag) <= 300 { #expect(LongCorrelation(x, y, block: 64).bestLag() == lag) }
  }

  @Test func nothingHasNoLag() {
    let none: [[Float]] = [[Float](repeating: 0, count: 200)]
    #expect(LongCorrelation(none, none, block: 16).bestLag() == nil)
    #expect(LongCorrelation([[]], none, block: 16).bestLag() == nil)
  }
}
