// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import VectorLoops
import VectorLoops128
import VectorLoops256

/// Events of two signals: the same bits with vectors of either width, and what the definition says.
struct EventLoopsTests {
  /// Where the events of one kind go.
  private typealias Row = UnsafeMutablePointer<Double>

  @Test func marksSigns() throws {
    var x = VectorLoopsTests.noise(2 * 128 + 4, seed: 7)
    (x[20], x[41], x[42]) = (0, x[43], x[44])
    let (narrow, wide) = try VectorLoopsTests.both(
      16, UInt64(0), { VectorLoops128.signs(x, 128, $0) }, { VectorLoops256.signs(x, 128, $0) })
    #expect(narrow == wide)
    for n in 0..<128 {
      for signal in 0..<2 {
        let mask = 8 * (n / 64) + signal + 2 * (n % 2)
        let bit = UInt64(1) << UInt64(n % 64 / 2 * 2)
        #expect((narrow[mask] & bit != 0) == (x[2 * n + signal] > 0))
        #expect((narrow[mask + 4] & bit != 0) == (x[2 * n + 2 + signal] > x[2 * n + signal]))
      }
    }
  }

  /// Blocks that end within 64 samples and with them; `slower` tells how often there are events.
  @Test(
    arguments: [(1, true), (63, false), (64, true), (65, true), (65, false), (128, false), (130, true)], [1, 9, 200])
  func findsEvents(_ block: (count: Int, lastHasNoDifference: Bool), slower: Int) throws {
    let count = block.count
    let slopes = block.lastHasNoDifference ? count - 1 : count
    let room = (count + 63) / 64 * 64
    var x = VectorLoopsTests.noise(2 * room + 6, seed: 8)
    // Each signal's running sum over so many samples.
    for i in stride(from: x.count - 1, through: 0, by: -1) {
      x[i] = stride(from: i, through: max(0, i - 2 * (slower - 1)), by: -2).reduce(0) { $0 + x[$1] }
    }
    let masks = try VectorLoopsTests.both(
      room / 8, UInt64(0), { VectorLoops128.signs(x, room, $0) }, { VectorLoops256.signs(x, room, $0) }
    ).narrow
    let places = (1...64).map(Double.init)
    let row = room + 4
    /// Each of the four rows, and how far it goes.
    func found(_ loop: (UnsafeMutablePointer<Row>) -> Void) throws -> [[Double]] {
      var out = [Double](repeating: 0, count: 4 * row)
      return try out.withUnsafeMutableBufferPointer { out in
        let p = try #require(out.baseAddress)
        var ends = (0..<4).map { p + $0 * row }
        try ends.withUnsafeMutableBufferPointer { loop(try #require($0.baseAddress)) }
        return ends.enumerated().map { i, end in
          Array(UnsafeBufferPointer(start: p + i * row, count: end - (p + i * row)))
        }
      }
    }
    let narrow = try found { VectorLoops128.events(x, count, slopes, masks, places, 1000, $0) }
    if VectorLoops.isWide {
      let wide = try found { VectorLoops256.events(x, count, slopes, masks, places, 1000, $0) }
      #expect(narrow == wide)
    }
    for signal in 0..<2 {
      func sample(_ i: Int) -> Double { x[2 * i + signal] }
      func slope(_ i: Int) -> Double { sample(i + 1) - sample(i) }
      let crossings = (0..<count).filter { (sample($0) > 0) != (sample($0 + 1) > 0) }
        .map { 1001 + Double($0) - sample($0) / (sample($0 + 1) - sample($0)) }
      let extrema = (0..<slopes).filter { (slope($0) > 0) != (slope($0 + 1) > 0) }
        .map { 1001 + Double($0) - slope($0) / (slope($0 + 1) - slope($0)) }
      #expect(narrow[2 * signal] == crossings)
      #expect(narrow[2 * signal + 1] == extrema)
    }
  }
}
