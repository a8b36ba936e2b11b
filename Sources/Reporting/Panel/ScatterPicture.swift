// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation
internal import Statistics

/// A metric against MOS as a picture: a dot an item, and the mapping as a line.
///
/// Plain SVG without scripts or fonts of its own, readable on light and dark paper. How dots are to be read stands in the
/// attributes of their group: value = (x − data-x0)/data-x-scale, MOS = (data-y0 − y)/data-y-scale.
public enum ScatterPicture {
  private static let (width, height) = (480.0, 400.0)
  private static let (left, right, top, bottom) = (52.0, 16.0, 44.0, 48.0)

  /// The document; each dot names its item when it is pointed at.
  /// - Parameter level: what an item is, such as `utterances`.
  public static func svg(_ prediction: MetricPrediction, level: String) -> String {
    let (xs, ys) = (span(prediction.points.map(\.value)), span(prediction.points.map(\.mos)))
    let xScale = (width - left - right) / (xs.upperBound - xs.lowerBound)
    let yScale = (height - top - bottom) / (ys.upperBound - ys.lowerBound)
    let (x0, y0) = (left - xs.lowerBound * xScale, height - bottom + ys.lowerBound * yScale)
    func place(_ value: Double, _ mos: Double) -> (x: String, y: String) {
      (ContourPicture.text(x0 + value * xScale), ContourPicture.text(y0 - mos * yScale))
    }
    let dots = prediction.points.map { point in
      let (x, y) = place(point.value, point.mos)
      let name = [point.system, point.utterance].compactMap(\.self).joined(separator: " ")
      return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"3\"><title>\(PlainText.xml(name))</title></circle>\n"
    }.joined()
    let found = prediction.correlation.correlation
    let title =
      "\(prediction.metric) against MOS, \(found.n) \(level), SRCC \(PanelText.number(found.spearman)),"
      + " LCC \(PanelText.number(found.pearson))"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(ContourPicture.text(width)) \(ContourPicture.text(height))" \
      font-family="system-ui, sans-serif" font-size="12">
      <title>\(PlainText.xml(title))</title>
      \(style)<rect class="paper" width="100%" height="100%"/>
      <text x="\(ContourPicture.text(left))" y="22" font-size="13">\(PlainText.xml(title))</text>
      \(axes(xs, ys, place))<text x="\(ContourPicture.text((left + width - right) / 2))" y="\(ContourPicture.text(height - 12))" \
      text-anchor="middle">\(PlainText.xml(prediction.metric))</text>
      <text x="14" y="\(ContourPicture.text(top - 8))">MOS</text>
      <g class="dots" data-x0="\(x0)" data-x-scale="\(xScale)" data-y0="\(y0)" data-y-scale="\(yScale)">
      \(dots)</g>
      \(curve(prediction, place))</svg>

      """
  }

  private static func axes(
    _ xs: ClosedRange<Double>, _ ys: ClosedRange<Double>, _ place: (Double, Double) -> (x: String, y: String)
  ) -> String {
    let (end, start) = (place(xs.upperBound, ys.lowerBound), place(xs.lowerBound, ys.upperBound))
    let vertical = Layout.ticks(xs, about: 5).map { tick -> String in
      let x = place(tick, 0).x
      return "<line class=\"rule\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(start.y)\" y2=\"\(end.y)\"/>"
        + "<text x=\"\(x)\" y=\"\(ContourPicture.text(height - bottom + 16))\" text-anchor=\"middle\">\(label(tick))</text>\n"
    }
    let horizontal = Layout.ticks(ys, about: 5).map { tick -> String in
      let y = place(0, tick).y
      return "<line class=\"rule\" x1=\"\(start.x)\" x2=\"\(end.x)\" y1=\"\(y)\" y2=\"\(y)\"/>"
        + "<text x=\"\(ContourPicture.text(left - 6))\" y=\"\(y)\" text-anchor=\"end\" dy=\"4\">\(label(tick))</text>\n"
    }
    return (vertical + horizontal).joined()
  }

  /// A round number without the digits that sums leave behind.
  private static func label(_ tick: Double) -> String {
    let text = String(format: "%.6g", locale: nil, tick)
    return text == "-0" ? "0" : text
  }

  private static func curve(
    _ prediction: MetricPrediction, _ place: (Double, Double) -> (x: String, y: String)
  ) -> String {
    guard let map = prediction.mapping else { return "" }
    let steps = 80
    let points = (0...steps).map { step -> String in
      let value =
        map.domain.lowerBound + (map.domain.upperBound - map.domain.lowerBound) * Double(step) / Double(steps)
      let (x, y) = place(value, map(value))
      return "\(x) \(y)"
    }
    return "<path class=\"map\" d=\"M\(points.joined(separator: "L"))\"/>\n"
  }

  /// From the least to the greatest, with air around.
  private static func span(_ values: [Double]) -> ClosedRange<Double> {
    let (least, greatest) = (values.min() ?? 0, values.max() ?? 1)
    let air = greatest > least ? 0.05 * (greatest - least) : max(abs(least), 1) * 0.05
    return least - air...greatest + air
  }

  private static let style = """
    <style>
    svg { color-scheme: light dark; }
    text { fill: #1f2328; } .paper { fill: #ffffff; } .rule { stroke: #d8dce0; }
    .dots { fill: #1b6ca8; fill-opacity: .6; } .map { fill: none; stroke: #d2691e; stroke-width: 2; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6e9ec; } .paper { fill: #15181c; } .rule { stroke: #3a4048; }
      .dots { fill: #6cb8f0; } .map { stroke: #ffa55c; }
    }
    </style>

    """
}
