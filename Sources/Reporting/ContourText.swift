// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation
internal import SpeechMetrics

/// A pair as a picture of characters: both F0 contours in braille on one scale, and beneath them, column by column, what is
/// wrong with F0 and how far the spectra are apart.
public enum ContourText {
  /// Columns left of the picture.
  private static let labelWidth = 12
  private static let contourLines = 5

  /// The picture.
  /// - Parameter width: columns of the terminal.
  public static func render(_ curves: PairCurves, width: Int) -> String {
    guard let first = curves.times.first, let last = curves.times.last, last > first else { return "" }
    let columns = max(20, min(width, 200) - labelWidth)
    /// A time's place among `count` cells.
    func cell(_ time: Double, of count: Int) -> Int {
      min(count - 1, max(0, Int((time - first) / (last - first) * Double(count))))
    }
    let voiced = (curves.reference + curves.synthesis).filter { $0 > 0 }
    let (low, high) = (voiced.min() ?? 0, voiced.max() ?? 1)
    var output = ""
    for (name, f0) in [("reference", curves.reference), ("synthesis", curves.synthesis)] {
      var canvas = BrailleCanvas(columns: columns, lines: contourLines)
      // Octaves are equally high: one error of an octave leaves room for the melody.
      for (time, value) in zip(curves.times, f0) where value > 0 {
        canvas.set(cell(time, of: 2 * columns), height: high > low ? log2(value / low) / log2(high / low) : 0.5)
      }
      for (index, line) in canvas.rows.enumerated() {
        let scale = voiced.isEmpty ? [:] : [0: hertz(high), contourLines - 1: hertz(low)]
        output += row(index == contourLines / 2 ? name : scale[index] ?? "", line)
      }
    }
    var errors = Array(repeating: Character(" "), count: columns)
    for (time, error) in zip(curves.times, curves.errors) {
      guard let error else { continue }
      let place = cell(time, of: columns)
      if error == .gross { errors[place] = "G" } else if errors[place] != "G" { errors[place] = "v" }
    }
    output += row("F0 errors", String(errors))
    for (trace, label) in [(curves.distance, "MCD"), (curves.disturbance, "PESQ dist.")] {
      guard let trace, let greatest = trace.values.max() else { continue }
      var bars = [Float?](repeating: nil, count: columns)
      for (index, value) in trace.values.enumerated() {
        let time = trace.start + Double(index) * trace.period
        guard time >= first, time <= last else { continue }
        let place = cell(time, of: columns)
        bars[place] = max(bars[place] ?? 0, value)
      }
      // A frame is longer than a column where the clip is short.
      output += row(label, String(filled(bars).map { bar($0, of: greatest) }))
    }
    let ends = (PlainText.number(first, decimals: 2) + " s", PlainText.number(last, decimals: 2) + " s")
    let gap = max(1, columns - ends.0.count - ends.1.count)
    output += row("", ends.0 + String(repeating: " ", count: gap) + ends.1)
    return output + "v: one of the two is voiced; G: F0 is off by more than 20 %; bars: the worst of a column\n"
  }

  private static func hertz(_ value: Double) -> String { "\(PlainText.number(value, decimals: 0)) Hz" }

  private static func row(_ label: String, _ line: String) -> String {
    var line = PlainText.fitted(label, labelWidth) + line
    while line.last == " " || line.last == "\u{2800}" { line.removeLast() }
    return line + "\n"
  }

  private static func bar(_ value: Float?, of greatest: Float) -> Character {
    guard let value, greatest > 0 else { return " " }
    return Array("▁▂▃▄▅▆▇█")[min(7, Int(8 * value / greatest))]
  }

  /// The last value goes on through columns that no frame falls into.
  private static func filled(_ bars: [Float?]) -> [Float?] {
    guard let end = bars.lastIndex(where: { $0 != nil }) else { return bars }
    var (filled, last) = (bars, Float?.none)
    for i in 0...end {
      last = bars[i] ?? last
      filled[i] = last
    }
    return filled
  }
}

/// Dots in braille characters, two by four in each.
package struct BrailleCanvas {
  private let columns: Int
  private let lines: Int
  private var cells: [UInt32]

  package init(columns: Int, lines: Int) {
    self.columns = columns
    self.lines = lines
    cells = Array(repeating: 0, count: columns * lines)
  }

  /// Sets a dot.
  /// - Parameters:
  ///   - x: 0 ..< 2·columns from the left.
  ///   - height: 0 at the bottom to 1 at the top.
  package mutating func set(_ x: Int, height: Double) {
    let y = min(4 * lines - 1, max(0, Int((1 - height) * Double(4 * lines - 1) + 0.5)))
    // Unicode counts the dots down the left column, then the right, and the fourth row last.
    let bits: [UInt32] = x % 2 == 0 ? [0x01, 0x02, 0x04, 0x40] : [0x08, 0x10, 0x20, 0x80]
    cells[y / 4 * columns + x / 2] |= bits[y % 4]
  }

  package var rows: [String] {
    (0..<lines).map { line in
      var row = ""
      for cell in cells[line * columns..<(line + 1) * columns] {
        if let scalar = Unicode.Scalar(0x2800 + cell) { row.unicodeScalars.append(scalar) }
      }
      return row
    }
  }
}
