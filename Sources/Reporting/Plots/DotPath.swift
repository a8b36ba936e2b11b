// SPDX-License-Identifier: GPL-3.0-or-later

/// Values as dots on one line of 1000 × 22 units, spread over its height so that neighbours are seen apart: the d of an SVG path.
///
/// A dot stands to a tenth of a unit; steps from one to the next are in whole tenths, which add up without error.
enum DotPath {
  /// - Parameters:
  ///   - values: in any order; ascending ones make the shortest path.
  ///   - x: from 0 to 1000.
  static func d(_ values: [Double], x place: (Double) -> Double) -> String {
    var text = ""
    text.reserveCapacity(values.count * 10)
    var (lastX, lastY) = (0, 0)
    for (index, value) in values.enumerated() {
      let x = Int((place(value) * 10).rounded())
      // The golden ratio spreads neighbours over the height, the same way each time.
      let y = 30 + Int((Double(index) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1) * 160)
      text += "m" + tenths(x - lastX) + " " + tenths(y - lastY) + "h0"
      (lastX, lastY) = (x, y)
    }
    return text
  }

  /// Evenly spaced order statistics, both ends among them; all values where they are no more than `count`.
  static func sample(_ sorted: [Double], _ count: Int) -> [Double] {
    guard sorted.count > count, count > 1 else { return sorted }
    return (0..<count).map { sorted[$0 * (sorted.count - 1) / (count - 1)] }
  }

  private static func tenths(_ count: Int) -> String {
    let (whole, part) = abs(count).quotientAndRemainder(dividingBy: 10)
    return (count < 0 ? "-" : "") + (part == 0 ? "\(whole)" : "\(whole == 0 ? "" : "\(whole)").\(part)")
  }
}
