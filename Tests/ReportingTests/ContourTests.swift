// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Reporting
import SpeechMetrics
import Testing

@Suite struct ContourTests {
  private let curves: PairCurves

  /// Voiced twice on either side, with a voicing error, a gross one, and a frame that is voiced all by itself.
  init() {
    var (reference, synthesis) = ([Double](repeating: 0, count: 200), [Double](repeating: 0, count: 200))
    for i in 20..<80 { reference[i] = 120 + 0.1 * Double(i) }
    for i in 120..<160 { reference[i] = 120 + 0.1 * Double(i) }
    for i in 25..<80 { synthesis[i] = 121.3 + 0.1 * Double(i) }
    for i in 120..<160 { synthesis[i] = 250 }
    synthesis[100] = 131
    let distance: [Float] = (0..<200).map { Float($0 % 7) }
    let disturbance: [Float] = (0..<90).map { Float($0 % 5) }
    curves = PairCurves(
      tracker: "praat-60-500Hz", times: (0..<200).map { Double($0) * 0.005 }, reference: reference,
      synthesis: synthesis,
      distance: Trace(name: "distance", start: 0, period: 0.005, values: distance),
      disturbance: Trace(name: "disturbance", start: 0.016, period: 0.016, values: disturbance))
  }

  /// Points of a path by its id, as its attributes say they are to be read.
  private func points(_ svg: String, id: String) throws -> [(time: Double, value: Double)] {
    let element = try #require(svg.components(separatedBy: "<path ").first { $0.hasPrefix("id=\"\(id)\"") })
    func attribute(_ name: String) throws -> String {
      let start = try #require(element.range(of: " \(name)=\"")).upperBound
      return String(element[start..<(try #require(element[start...].firstIndex(of: "\"")))])
    }
    func number(_ name: String) throws -> Double { try #require(Double(try attribute(name))) }
    let (x0, xScale) = (try number("data-x0"), try number("data-x-scale"))
    let (y0, yScale) = (try number("data-y0"), try number("data-y-scale"))
    return try attribute("d").split { $0 == "M" || $0 == "L" }.map { point in
      let parts = point.replacingOccurrences(of: "h0", with: "").split(separator: " ").compactMap { Double($0) }
      #expect(parts.count == 2)
      return ((parts[0] - x0) / xScale, (y0 - parts[1]) / yScale)
    }
  }

  @Test func whatIsDrawnCanBeReadBack() throws {
    let svg = ContourPicture.svg(curves, reference: "a <b>", synthesis: "c")
    #expect(svg.contains("a &lt;b&gt; – c") && !svg.contains("<b>"))
    for (id, f0) in [("reference", curves.reference), ("synthesis", curves.synthesis)] {
      let voiced = zip(curves.times, f0).filter { $1 > 0 }
      let drawn = try points(svg, id: id)
      #expect(drawn.count == voiced.count)
      for (point, frame) in zip(drawn, voiced) {
        #expect(abs(point.time - frame.0) < 1e-12 && abs(point.value - frame.1) < 1e-9)
      }
    }
    let distance = try #require(curves.distance).values
    #expect(zip(try points(svg, id: "distance"), distance).allSatisfy { abs($0.value - Double($1)) < 1e-9 })
    // The trace goes on behind the last frame of F0, and so does the picture.
    let disturbance = try points(svg, id: "disturbance")
    #expect(disturbance.count == 90)
    for (k, point) in disturbance.enumerated() {
      #expect(abs(point.time - 0.016 * Double(k + 1)) < 1e-9 && abs(point.value - Double(k % 5)) < 1e-9)
    }
    #expect(svg.contains("F0, Hz (praat-60-500Hz)"))
  }

  @Test func errorsAreMarked() {
    let svg = ContourPicture.svg(curves, reference: "", synthesis: "")
    #expect(svg.components(separatedBy: "class=\"voicing\"").count == 4)
    #expect(svg.components(separatedBy: "class=\"gross\"").count == 3)
    let errors = curves.errors
    let expected: [PairCurves.F0Error?] = [nil, .voicing, nil, .voicing, .gross]
    #expect([0, 20, 30, 100, 130].map { errors[$0] } == expected)
  }

  @Test func theTerminalHasTheSame() throws {
    let text = ContourText.render(curves, width: 112)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.allSatisfy { $0.count <= 112 })
    let errors = try #require(lines.first { $0.hasPrefix("F0 errors") }).dropFirst(12)
    #expect(errors.count { $0 == "G" } == 20 || errors.count { $0 == "G" } == 21)
    #expect(errors.first { $0 != " " } == "v")
    // 60 and 40 voiced frames at two dots a column.
    let reference = lines[0..<5].joined().unicodeScalars.count { (0x2801...0x28FF).contains($0.value) }
    #expect((45...60).contains(reference))
    #expect(text.contains("250 Hz") && text.contains("MCD") && text.contains("PESQ dist."))
  }

  /// Unicode's dots 1 to 8 stand left 1 2 3 7, right 4 5 6 8, from the top.
  @Test func dotsStandWhereTheyBelong() {
    var canvas = BrailleCanvas(columns: 2, lines: 2)
    canvas.set(0, height: 1)
    canvas.set(1, height: 6.0 / 7)
    canvas.set(2, height: 0)
    canvas.set(3, height: 3.0 / 7)
    let codes = canvas.rows.map { $0.unicodeScalars.map { $0.value - 0x2800 } }
    #expect(codes == [[0x01 | 0x10, 0], [0, 0x40 | 0x08]])
  }

  /// Eight heights, the greatest value in full, and the worst of what falls into a column.
  @Test func barsAreAsHighAsTheirValues() throws {
    let ramp = PairCurves(
      tracker: "dio-71-800Hz", times: (0..<160).map { Double($0) * 0.005 }, reference: Array(repeating: 0, count: 160),
      synthesis: Array(repeating: 0, count: 160),
      distance: Trace(name: "distance", start: 0, period: 0.005, values: (0..<160).map { Float($0 / 10) }))
    let row = try #require(
      ContourText.render(ramp, width: 12 + 80).split(separator: "\n").first { $0.hasPrefix("MCD") })
    let bars = Array(row.dropFirst(12))
    #expect(bars.count == 80)
    let order = Array("▁▂▃▄▅▆▇█")
    for (column, bar) in bars.enumerated() {
      let value = Float((2 * column + 1) / 10)
      #expect(bar == order[min(7, Int(8 * value / 15))] || bar == order[min(7, Int(8 * Float(2 * column / 10) / 15))])
    }
  }

  @Test func withoutVoiceThereIsStillAPicture() {
    let zeros = [Double](repeating: 0, count: 20)
    let silent = PairCurves(
      tracker: "dio-71-800Hz", times: (0..<20).map { Double($0) * 0.005 }, reference: zeros, synthesis: zeros)
    #expect(!ContourPicture.svg(silent, reference: "", synthesis: "").contains("nan"))
    let text = ContourText.render(silent, width: 80)
    #expect(text.contains("reference") && !text.contains("Hz"))
  }
}
