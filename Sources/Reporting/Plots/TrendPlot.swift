// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation
internal import SpeechMetrics

/// One metric's means from run to run, a line for each system, with their 95 % intervals.
///
/// Each line has a scale of its own, as it is movement that is looked for; the intervals tell how much of it means anything. Runs stand
/// evenly, the oldest at the left. value = (data-y0 − y)/data-y-scale, y growing downwards in a box of 1000 × 40 units;
/// data-runs are the places of the runs, from 0.
struct TrendPlot {
  let trend: Trend
  let metric: String

  private static let rowHeight = 70.0
  private static let lineHeight = 40.0

  private var systems: [String] {
    trend.systems.filter { system in trend.points(system, metric).count { $0 != nil } > 1 }
  }

  /// Of the SVG, pixels.
  var height: Double { Double(systems.count) * Self.rowHeight + 20 }

  /// Inline SVG; empty where no system has two points.
  var svg: String {
    let systems = self.systems
    guard let first = trend.runs.first, let last = trend.runs.last, !systems.isEmpty else { return "" }
    let spoken = systems.map { system in
      let means = trend.points(system, metric).compactMap { $0.map { number($0.mean) } }
      return "\(system) from \(means.first ?? "") to \(means.last ?? "")"
    }
    let label = "\(metric): means of \(trend.runs.count) runs, oldest first. " + spoken.joined(separator: "; ")
    func day(_ moment: Trend.Moment) -> String { String(JSONReport.timestamp(moment.startedAt).prefix(10)) }
    return """
      <svg class="trends" width="100%" height="\(ContourPicture.text(height))" role="img" data-metric="\(PlainText.xml(metric))" \
      aria-label="\(PlainText.xml(label))">
      \(systems.enumerated().map { row($1, Double($0) * Self.rowHeight) }.joined())\
      <text class="tick" x="0" y="\(ContourPicture.text(height - 4))">\(day(first))</text>\
      <text class="tick" x="100%" y="\(ContourPicture.text(height - 4))" text-anchor="end">\(day(last))</text></svg>

      """
  }

  private func row(_ system: String, _ top: Double) -> String {
    let points = trend.points(system, metric).enumerated().compactMap { place, point in
      point.map { (run: place, point: $0) }
    }
    let ends = points.flatMap { [$0.point.mean, $0.point.interval?.low, $0.point.interval?.high].compactMap { $0 } }
    guard let low = ends.min(), let high = ends.max(), let last = points.last else { return "" }
    // What no shown digit tells apart is no movement.
    let spread = max(high - low, pow(10, -Double(decimals)))
    let middle = (low + high) / 2
    let scale = 0.9 * Self.lineHeight / spread
    let y0 = Self.lineHeight / 2 + middle * scale
    func x(_ run: Int) -> String { ContourPicture.text(1000 * (Double(run) + 0.5) / Double(trend.runs.count)) }
    func y(_ value: Double) -> String { ContourPicture.text(y0 - value * scale) }
    let line = points.enumerated().map { "\($0 == 0 ? "M" : "L")\(x($1.run)) \(y($1.point.mean))" }.joined()
    let dots = points.map { "M\(x($0.run)) \(y($0.point.mean))h0" }.joined()
    let bars = points.compactMap { run, point in
      point.interval.map { "M\(x(run)) \(y($0.low))V\(y($0.high))" }
    }.joined()
    let limits = last.point.interval.map { " (\(number($0.low)) … \(number($0.high)))" } ?? ""
    return """
      <g class="trend" data-system="\(PlainText.xml(system))">\
      <text x="0" y="\(ContourPicture.text(top + 14))">\(PlainText.xml(StripPlot.shortened(system)))</text>\
      <text class="figure" x="100%" y="\(ContourPicture.text(top + 14))" text-anchor="end">\
      \(PlainText.xml(number(last.point.mean) + limits))</text>\
      <svg x="0" y="\(ContourPicture.text(top + 20))" width="100%" height="40" viewBox="0 0 1000 40" preserveAspectRatio="none">\
      <path class="interval" d="\(bars)"/>\
      <path class="line" data-y0="\(y0.exact)" data-y-scale="\(scale.exact)" \
      data-runs="\(points.map { "\($0.run)" }.joined(separator: " "))" \
      data-values="\(points.map(\.point.mean.exact).joined(separator: " "))" d="\(line)"/>\
      <path class="dots" d="\(dots)"/></svg></g>

      """
  }

  private var decimals: Int { MetricCatalogue.info(metric)?.scale.decimals ?? 3 }

  private func number(_ value: Double) -> String {
    PlainText.number(value, decimals: decimals)
  }
}
