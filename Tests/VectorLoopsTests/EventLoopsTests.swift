// SPDX-License-Identifier: GPL-3.0-or-later
import Testing
import VectorLoops
import VectorLoops128
import VectorLoops256

/// Events of two signals and the F0 between them: the same bits with vectors of either width, and what the definitions say.
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

  @Test(arguments: [8, 9, 10, 11, 12, 31]) func measuresIntervals(count: Int) throws {
    var at = 0.0
    let events = VectorLoopsTests.noise(count, seed: 8).map { step in
      at += 2 + step
      return at
    }
    let pitch = VectorLoopsTests.pitch
    let (narrow, wide) = try VectorLoopsTests.both(
      4 * pitch, 0.0, { VectorLoops128.intervals(events, count, 8000, 0.3, $0, pitch) },
      { VectorLoops256.intervals(events, count, 8000, 0.3, $0, pitch) })
    #expect(narrow == wide)
    func middle(_ j: Int) -> Double { (events[j] + events[j + 2]) * (500 / 8000) }
    func f0(_ j: Int) -> Double { 8000 / (events[j + 2] - events[j]) }
    for j in 0..<count - 4 {
      #expect(narrow[j] == middle(j))
      #expect(narrow[j + pitch] == f0(j))
      #expect(narrow[j + 2 * pitch] == (f0(j + 2) - f0(j)) / (middle(j + 2) - middle(j)))
      let first = (0...).first { Double($0) * 0.3 >= middle(j) }
      #expect(first == Int(narrow[j + 3 * pitch].bitPattern & 0xFFFF_FFFF))
    }
    #expect(narrow[3 * pitch + count - 4] == .infinity && narrow[3 * pitch + count - 3] == .infinity)
  }

  /// Intervals of two kinds in turns, some of no frame, some of many, and one whose middle is no number.
  @Test(arguments: [(0, 0..<40), (1, 0..<40), (0, 17..<40), (1, 9..<10)]) func drawsLines(kind: Int, frames: Range<Int>)
    throws
  {
    let (count, pitch) = (15, VectorLoopsTests.pitch)
    var rows = VectorLoopsTests.noise(4 * pitch, seed: 18)
    for j in 0..<count - 2 {
      rows[j] = j < 4 ? 2 + 0.3 * Double(j) : 2.1 * Double(j)
      rows[j + 3 * pitch] = 4_503_599_627_370_496 + rows[j].rounded(.up)
    }
    rows[12 + 3 * pitch] = -.nan
    rows[11 + 3 * pitch] = .infinity
    let times = frames.map { Double($0) * 1.01 } + [0, 0, 0]
    let place = (frames.lowerBound, frames.upperBound)
    let (narrow, wide) = try VectorLoopsTests.both(
      frames.count + 4, 0.0,
      { $0[frames.count + 3] = Double(VectorLoops128.lines(rows, pitch, kind, place, times, $0)) },
      { $0[frames.count + 3] = Double(VectorLoops256.lines(rows, pitch, kind, place, times, $0)) })
    #expect(narrow[..<frames.count] == wide[..<frames.count] && narrow.last == wide.last)
    let ofKind = (0..<count).filter { $0 % 2 == kind && $0 < 11 }
    var held = kind
    for (i, frame) in frames.enumerated() {
      held = ofKind.last { rows[$0] <= Double(frame) } ?? kind
      #expect(narrow[i] == rows[held + pitch] + (times[i] - rows[held]) * rows[held + 2 * pitch])
    }
    #expect(narrow.last == Double(held))
  }

  @Test(arguments: [1, 4, 15, 16]) func countsVotes(count: Int) throws {
    let pitch = VectorLoopsTests.pitch
    let noise = VectorLoopsTests.noise(4 * pitch, seed: 19)
    // Means within ±0.02 of 1, a quarter of them far off, one no number.
    var lines = noise.indices.map { $0 % pitch % 4 == 1 ? 5 : 1 + 0.02 * noise[$0] }
    lines[3] = .nan
    let before = (0..<20).map { Double($0 % 7) }
    func run(
      _ loop: (
        UnsafePointer<Double>, Int, Int, (Double, Double), UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>,
        Double,
        UnsafeMutablePointer<Int>, UnsafeMutablePointer<Double>
      ) -> Int
    ) -> [[Double]] {
      var (sums, counts) = (before.map { 1.5 * $0 }, before)
      var (ended, means) = ([Int](repeating: 0, count: 20), [Double](repeating: 0, count: 20))
      let found = loop(lines, pitch, count, (0.99, 1.01), &sums, &counts, 3, &ended, &means)
      return [
        Array(sums[..<count]), Array(counts[..<count]), ended[..<found].map { Double($0) }, Array(means[..<found]),
      ]
    }
    let narrow = run(VectorLoops128.vote)
    if VectorLoops.isWide { #expect(narrow == run(VectorLoops256.vote)) }
    let f0 = (0..<count).map { i in
      ((lines[i] + lines[i + pitch]) + (lines[i + 2 * pitch] + lines[i + 3 * pitch])) * 0.25
    }
    let isIn = f0.map { $0 >= 0.99 && $0 <= 1.01 }
    #expect(narrow[0] == (0..<count).map { isIn[$0] ? 1.5 * before[$0] + f0[$0] : 0 })
    #expect(narrow[1] == (0..<count).map { isIn[$0] ? before[$0] + 1 : 0 })
    let ended = (0..<count).filter { !isIn[$0] && before[$0] >= 3 }
    #expect(narrow[2] == ended.map { Double($0) } && narrow[3] == ended.map { _ in 1.5 })
    #expect(count < 15 || (isIn.contains(true) && ended.count > 1))
  }
}
