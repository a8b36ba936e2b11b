// SPDX-License-Identifier: GPL-3.0-or-later

/// DIO's candidates: per band and frame an F0 (0: none) and how much its four sources disagree.
struct DIOCandidates {
  let bandCount: Int
  let frameCount: Int
  /// Shape `[bands × frames]`.
  private(set) var f0: [Double]
  private(set) var badness: [Double]

  init(bandCount: Int, frameCount: Int) {
    self.bandCount = bandCount
    self.frameCount = frameCount
    f0 = Array(repeating: 0, count: bandCount * frameCount)
    badness = f0
  }

  mutating func set(_ band: Int, _ frame: Int, f0: Double, badness: Double) {
    self.f0[band * frameCount + frame] = f0
    self.badness[band * frameCount + frame] = badness
  }

  func f0(_ band: Int, _ frame: Int) -> Double { f0[band * frameCount + frame] }
  func badness(_ band: Int, _ frame: Int) -> Double { badness[band * frameCount + frame] }
}

/// DIO's choice among its candidates: the least bad per frame; then four steps (WORLD's FixStep1–4): jumps of more than
/// `DIO.allowedRange` and whatever is near the ends go; so does whatever is within half the least voiced length of an unvoiced frame;
/// each section is led on forwards to the next one's end and then backwards, by the candidate nearest to a straight line.
struct DIOContour {
  let table: DIOCandidates
  let framePeriod: Double
  let floor: Double

  func contour() -> [Double] {
    let count = table.frameCount
    /// Frames in two periods of the lowest F0, an odd number.
    let least = Int(0.5 + 1000 / (framePeriod * 1000) / floor) * 2 + 1
    guard count > least else { return [Double](repeating: 0, count: count) }
    var f0 = withoutIslands(withoutJumps(best(), least), least)

    // Ends and beginnings of the sections as they are before they are led on.
    let ends = (1..<count).filter { f0[$0] == 0 && f0[$0 - 1] != 0 }.map { $0 - 1 }
    let starts = (1..<count).filter { f0[$0] != 0 && f0[$0 - 1] == 0 }
    for (i, end) in ends.enumerated() {
      for j in stride(from: end, to: i == ends.count - 1 ? count - 1 : ends[i + 1], by: 1) {
        f0[j + 1] = nearest(f0[j], f0[j - 1], j + 1)
        if f0[j + 1] == 0 { break }
      }
    }
    for (i, start) in starts.enumerated().reversed() {
      for j in stride(from: start, to: i == 0 ? 1 : starts[i - 1], by: -1) {
        f0[j - 1] = nearest(f0[j], f0[j + 1], j - 1)
        if f0[j - 1] == 0 { break }
      }
    }
    return f0
  }

  private func best() -> [Double] {
    (0..<table.frameCount).map { frame in
      var best = 0
      for band in 1..<table.bandCount where table.badness(band, frame) < table.badness(best, frame) { best = band }
      return table.f0(best, frame)
    }
  }

  private func withoutJumps(_ best: [Double], _ least: Int) -> [Double] {
    var base = best
    for i in base.indices where i < least || i >= base.count - least { base[i] = 0 }
    return base.indices.map { i in
      i >= least && abs((base[i] - base[i - 1]) / (DIO.tiny + base[i])) < DIO.allowedRange ? base[i] : 0
    }
  }

  private func withoutIslands(_ f0: [Double], _ least: Int) -> [Double] {
    let margin = (least - 1) / 2
    var result = f0
    for i in margin..<max(margin, f0.count - margin) where f0[i - margin...i + margin].contains(0) { result[i] = 0 }
    return result
  }

  private func nearest(_ current: Double, _ past: Double, _ frame: Int) -> Double {
    let expected = (current * 3 - past) / 2
    var best = table.f0(0, frame)
    for band in 1..<table.bandCount where abs(expected - table.f0(band, frame)) < abs(expected - best) {
      best = table.f0(band, frame)
    }
    return abs(1 - best / expected) > DIO.allowedRange ? 0 : best
  }
}
