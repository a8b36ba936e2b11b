// SPDX-License-Identifier: GPL-3.0-or-later

// The loops of HarvestBank and HarvestVotes, and what EventTrain makes of events.

/// Z = X·(G₁ + iG₂) over the whole circle, X being Hermitian and both G even and real.
/// - Parameters:
///   - x: bins 0…N/2, each real and imaginary part; those of bins 0 and N/2 are 0.
///   - g: bins 0…N/2 two at a time: of both bins G₁, G₂, then of both −G₂, G₁.
///   - z: receives N bins.
///   - length: N, a multiple of four.
package func filterPair(
  _ x: UnsafePointer<Double>, _ g: UnsafePointer<Double>, _ z: UnsafeMutablePointer<Double>, _ length: Int
) {
  // re·(G₁, G₂) ± im·(−G₂, G₁).
  var k = 0
  while k < length / 2 {
    let bins = four(x, 2 &* k)
    let p = four(g, 4 &* k) * Four(bins[0], bins[0], bins[2], bins[2])
    let q = four(g, 4 &* k &+ 4) * Four(bins[1], bins[1], bins[3], bins[3])
    store(p + q, z, 2 &* k)
    // Bin 0 has no mirror image; what is written there, behind bin N − 1, is not used.
    let mirrored = p - q
    store(Four(mirrored[2], mirrored[3], mirrored[0], mirrored[1]), z, 2 &* (length &- k &- 1))
    k &+= 2
  }
  z[length] = x[length] * g[2 &* length]
  z[length &+ 1] = x[length] * g[2 &* length &+ 1]
}

/// What intervals between every other event say: 1/interval at its middle, and the slope to the next interval of its kind.
/// - Parameters:
///   - events: samples, ascending; events of two kinds in turns.
///   - count: how many, at least eight.
///   - rate: samples a second.
///   - period: milliseconds from frame to frame, the first of which is at 0.
///   - rows: receives, for events j and j + 2 at place j, in rows `pitch` apart the middle in milliseconds, F0 in Hz, the slope in Hz per
///     millisecond, and 2^52 and the number of the first frame from the middle on. The last interval of each kind has no next and no
///     line; its first frame is infinitely far.
///   - pitch: from row to row, at least `count`.
package func intervals(
  _ events: UnsafePointer<Double>, _ count: Int, _ rate: Double, _ period: Double,
  _ rows: UnsafeMutablePointer<Double>, _ pitch: Int
) {
  // Adding 2^52 rounds to whole numbers, and leaves them in the lower bits.
  let whole = 4_503_599_627_370_496.0
  let (milliseconds, frames) = (500 / rate, 1 / period)
  // Four at a time, the last four perhaps a second time.
  var begin = 0
  while begin < count &- 2 {
    let j = min(begin, count &- 6)
    let (a, b) = (four(events, j), four(events, j &+ 2))
    let middle = (a + b) * milliseconds
    store(middle, rows, j)
    store(rate / (b - a), rows, j &+ pitch)
    // The product may be rounded otherwise than the quotient, but not over a whole number that the next line does not see.
    let nearest = middle * frames + whole
    let isBefore = (nearest - whole) * period .< middle
    store(nearest + Four.zero.replacing(with: 1, where: isBefore), rows, j &+ 3 &* pitch)
    begin &+= 4
  }
  rows[count &- 4 &+ 3 &* pitch] = .infinity
  rows[count &- 3 &+ 3 &* pitch] = .infinity
  begin = 0
  while begin < count &- 4 {
    let j = min(begin, count &- 8)
    let rise = four(rows, j &+ pitch &+ 2) - four(rows, j &+ pitch)
    store(rise / (four(rows, j &+ 2) - four(rows, j)), rows, j &+ 2 &* pitch)
    begin &+= 4
  }
}

/// The line of every other interval over the frames that it holds: those from its middle to the next middle of its kind. The first
/// of a kind holds those before it too, and the last those behind.
/// - Parameters:
///   - rows: as `intervals` leaves them.
///   - pitch: from row to row.
///   - interval: the first of the kind, or the one that holds the frame before.
///   - frames: the first frame and the number behind the last.
///   - times: of these frames, milliseconds, and three more.
///   - out: receives F0 of each frame, and three more that mean nothing.
/// - Returns: the interval that holds the last frame.
package func lines(
  _ rows: UnsafePointer<Double>, _ pitch: Int, _ interval: Int, _ frames: (Int, Int), _ times: UnsafePointer<Double>,
  _ out: UnsafeMutablePointer<Double>
) -> Int {
  let zero = (4_503_599_627_370_496.0).bitPattern
  let behind = UInt64(truncatingIfNeeded: frames.1)
  let (times, out) = (times - frames.0, out - frames.0)
  var row = rows + interval
  var i = frames.0
  while true {
    // In the last bits of a sound's end, before digital silence, a middle may be no number; its bits too are beyond all frames.
    let end = Int(truncatingIfNeeded: min(row[2 &+ 3 &* pitch].bitPattern &- zero, behind))
    if i < end {
      let (middle, f0, slope) = (row[0], row[pitch], row[2 &* pitch])
      repeat {
        store(f0 + (four(times, i) - middle) * slope, out, i)
        i &+= 4
      } while i < end
      i = end
    }
    if i == frames.1 { return row - rows }
    row += 2
  }
}

/// What one band votes for: the mean of four F0 in each frame, if it lies in the band's reach. Where it doesn't, votes of the bands
/// below end.
/// - Parameters:
///   - lines: four rows `pitch` apart of F0.
///   - pitch: from row to row.
///   - count: frames; everything is read and written up to a multiple of four.
///   - reach: lowest and highest F0 that count, above 0.
///   - sums: per frame the votes in a row.
///   - counts: likewise how many they are.
///   - agreement: how many make a candidate.
///   - ended: receives the frames at which as many or more have ended.
///   - means: receives their means.
/// - Returns: how many have ended.
package func vote(
  _ lines: UnsafePointer<Double>, _ pitch: Int, _ count: Int, _ reach: (Double, Double),
  _ sums: UnsafeMutablePointer<Double>, _ counts: UnsafeMutablePointer<Double>, _ agreement: Double,
  _ ended: UnsafeMutablePointer<Int>, _ means: UnsafeMutablePointer<Double>
) -> Int {
  var found = 0
  var i = 0
  while i < count {
    let (a, b) = (four(lines, i) + four(lines, i &+ pitch), four(lines, i &+ 2 &* pitch) + four(lines, i &+ 3 &* pitch))
    let f0 = (a + b) * 0.25
    // One comparison after the other: what is combined of two takes longer.
    let isIn = f0.replacing(with: -1, where: f0 .> reach.1) .>= reach.0
    let (sum, number) = (four(sums, i), four(counts, i))
    let marks = Four.zero.replacing(with: 1, where: number.replacing(with: 0, where: isIn) .>= agreement)
    if total(marks) > 0 {
      for lane in 0..<min(4, count &- i) where marks[lane] > 0 {
        ended[found] = i &+ lane
        means[found] = sum[lane] / number[lane]
        found &+= 1
      }
    }
    store(Four.zero.replacing(with: sum + f0, where: isIn), sums, i)
    store(Four.zero.replacing(with: number + 1, where: isIn), counts, i)
    i &+= 4
  }
  return found
}
