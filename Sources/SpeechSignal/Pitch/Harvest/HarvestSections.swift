// SPDX-License-Identifier: GPL-3.0-or-later

// The voiced sections of Harvest's contour: where they are, and what is done to each by itself. What they have to do with one
// another, and with the candidates, stands at `HarvestContour` and `HarvestBranches`.

extension HarvestContour {
  private static let longestGap = 9

  /// First and last frame of each voiced section among some frames.
  private static func sections(_ f0: [Double], _ frames: Range<Int>) -> [ClosedRange<Int>] {
    var sections: [ClosedRange<Int>] = []
    var start: Int?
    for i in frames {
      if f0[i] > 0 {
        if start == nil { start = i }
      } else if let begin = start {
        sections.append(begin...i - 1)
        start = nil
      }
    }
    if let begin = start { sections.append(begin...frames.upperBound - 1) }
    return sections
  }

  /// The very first and very last frame never belong to a section.
  static func bridge(_ f0: inout [Double]) {
    let sections = sections(f0, 1..<max(1, f0.count - 1))
    for (before, after) in zip(sections, sections.dropFirst()) {
      let gap = after.lowerBound - before.upperBound - 1
      guard gap < longestGap else { continue }
      let (from, to) = (f0[before.upperBound] + 1, f0[after.lowerBound] - 1)
      let slope = (to - from) / Double(gap + 1)
      for i in 0..<gap { f0[before.upperBound + 1 + i] = from + slope * Double(i + 1) }
    }
  }

  /// Each section, its ends held for 300 ms, through the Butterworth filter forwards and backwards. The filter has
  /// forgotten its beginning long before: it starts here in the state that the held value leads to.
  static func smooth(_ f0: inout [Double]) {
    let (b0, b1) = (0.0078202080334971724, 0.015640416066994345)
    let (a0, a1) = (1.7347257688092754, -0.76600660094326412)
    let hold = 300
    // WORLD pads before it looks for sections, so here the outermost frames may belong to one.
    for section in sections(f0, 0..<f0.count) {
      var x = Array(f0[section])
      let count = x.count
      x += Array(repeating: x[count - 1], count: hold)
      func run(_ indices: some Sequence<Int>, from start: Double) {
        var w0 = start / (1 - a0 - a1)
        var w1 = w0
        for i in indices {
          let w = x[i] + a0 * w0 + a1 * w1
          x[i] = b0 * w + b1 * w0 + b0 * w1
          (w1, w0) = (w0, w)
        }
      }
      run(0..<x.count, from: x[0])
      run((0..<x.count).reversed(), from: x[x.count - 1])
      for i in 0..<count { f0[section.lowerBound + i] = x[i] }
    }
  }
}
