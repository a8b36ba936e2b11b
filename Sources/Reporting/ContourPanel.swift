// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Where things stand in a ``ContourPicture``, pixels.
enum Layout {
  static let width = 960.0
  static let left = 60.0
  static let right = 16.0
  /// Of the first panel.
  static let top = 66.0

  static func x(_ time: Double, _ span: ClosedRange<Double>) -> Double {
    left + (time - span.lowerBound) / (span.upperBound - span.lowerBound) * (width - left - right)
  }

  /// What stands at ticks: as many decimals as tell them apart, the same for all.
  static func labels(_ ticks: [Double]) -> [String] {
    let decimals = (0...8).first { decimals in
      let scale = pow(10, Double(decimals))
      return ticks.allSatisfy { abs(($0 * scale).rounded() - $0 * scale) < 1e-6 * max(1, abs($0 * scale)) }
    }
    return ticks.map { PlainText.number($0, decimals: decimals ?? 8) }
  }

  /// Round numbers within a range, some `count` of them.
  static func ticks(_ range: ClosedRange<Double>, about count: Double) -> [Double] {
    let rough = (range.upperBound - range.lowerBound) / count
    let decade = pow(10, floor(log10(rough)))
    let step = [1, 2, 5, 10].map { $0 * decade }.first { $0 >= rough } ?? rough
    let first = (range.lowerBound / step).rounded(.up)
    let last = (range.upperBound / step).rounded(.down)
    return first <= last ? stride(from: first, through: last, by: 1).map { $0 * step } : []
  }
}

/// One panel of a ``ContourPicture``: curves over time, with a scale.
struct Panel {
  struct Curve {
    /// The path's id.
    let id: String
    /// Seconds.
    let times: [Double]
    /// In the panel's unit; nil where there is nothing to draw.
    let values: [Double?]
  }

  struct Mark {
    /// The rectangle's class.
    let id: String
    /// Seconds.
    let start: Double
    let end: Double
  }

  struct Content {
    let name: String
    let height: Double
    let values: ClosedRange<Double>
    let curves: [Curve]
    let marks: [Mark]
  }

  let content: Content
  let top: Double
  let times: ClosedRange<Double>

  private var bottom: Double { top + content.height }
  private var xScale: Double { (Layout.width - Layout.left - Layout.right) / (times.upperBound - times.lowerBound) }
  private var yScale: Double { content.height / (content.values.upperBound - content.values.lowerBound) }

  private func y(_ value: Double) -> Double { bottom - (value - content.values.lowerBound) * yScale }

  var svg: String { scale + marks + content.curves.map(path).joined() }

  private var scale: String {
    let (left, right) = (ContourPicture.text(Layout.left), ContourPicture.text(Layout.width - Layout.right))
    let ticks = Layout.ticks(content.values, about: content.height / 40)
    let lines = zip(ticks, Layout.labels(ticks)).map { value, label in
      let y = ContourPicture.text(y(value))
      return """
        <line class="rule" x1="\(left)" x2="\(right)" y1="\(y)" y2="\(y)"/>\
        <text x="\(ContourPicture.text(Layout.left - 6))" y="\(y)" dy="4" text-anchor="end">\(label)</text>

        """
    }
    return """
      <text x="\(left)" y="\(ContourPicture.text(top - 4))">\(content.name)</text>
      \(lines.joined())
      """
  }

  private var marks: String {
    content.marks.map { mark in
      let (start, end) = (Layout.x(mark.start, times), Layout.x(mark.end, times))
      return """
        <rect class="\(mark.id)" x="\(ContourPicture.text(start))" y="\(ContourPicture.text(bottom - 8))" \
        width="\(ContourPicture.text(end - start))" height="8"/>

        """
    }.joined()
  }

  /// A path; a value without neighbours is a dot.
  private func path(_ curve: Curve) -> String {
    let (x0, y0) = (Layout.left - times.lowerBound * xScale, bottom + content.values.lowerBound * yScale)
    var steps: [String] = []
    for (i, value) in curve.values.enumerated() {
      guard let value else { continue }
      let isFirst = i == 0 || curve.values[i - 1] == nil
      let isLast = i == curve.values.count - 1 || curve.values[i + 1] == nil
      steps.append(
        "\(isFirst ? "M" : "L")\(x0 + curve.times[i] * xScale) \(y0 - value * yScale)\(isFirst && isLast ? "h0" : "")")
    }
    return """
      <path id="\(curve.id)" class="curve" data-x0="\(x0)" data-x-scale="\(xScale)" \
      data-y0="\(y0)" data-y-scale="\(yScale)" d="\(steps.joined())"/>

      """
  }
}
