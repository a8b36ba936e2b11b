// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation
internal import SpeechMetrics
internal import Statistics

/// A system's paired differences, a line for each metric: a dot for each utterance, the mean of b − a with its 95 % interval, and the band that
/// counts as the same.
///
/// Each line has a scale of its own, 0 in the middle, better to the right, as every metric has a unit of its own: where lower is better
/// data-x-scale is negative. x = 500 + (b − a)·data-x-scale. Of more dots than a page draws, as many order statistics as fit.
struct DifferencePlot {
  let diff: SystemDiff
  /// The most dots on a line.
  let mostDots: Int

  private static let rowHeight = 46.0

  /// Inline SVG; empty where nothing was compared.
  var svg: String {
    let rows = diff.metrics.filter { $0.comparison?.meanDifference != nil }
    guard !rows.isEmpty else { return "" }
    let height = Double(rows.count) * Self.rowHeight + 20
    let spoken = rows.map { metric in
      let cells = DiffCells(metric).columns
      return "\(metric.metric) \(cells[4]), interval \(cells[5]), \(metric.verdict.rawValue)"
    }
    return """
      <svg class="differences" width="100%" height="\(ContourPicture.text(height))" role="img" \
      data-system="\(PlainText.xml(diff.name))" aria-label="\(PlainText.xml("\(diff.name): differences by metric, better to the right. " + spoken.joined(separator: "; ")))">
      <line class="zero" x1="50%" x2="50%" y1="0" y2="\(ContourPicture.text(height - 18))"/>\
      <text class="tick" x="0" y="\(ContourPicture.text(height - 4))">worse</text>\
      <text class="tick" x="50%" y="\(ContourPicture.text(height - 4))" text-anchor="middle">0</text>\
      <text class="tick" x="100%" y="\(ContourPicture.text(height - 4))" text-anchor="end">better</text>
      \(rows.enumerated().map { row($1, Double($0) * Self.rowHeight) }.joined())</svg>

      """
  }

  /// A verdict in one character, as there is little room; the words stand in the table, and in what is read out.
  private static func sign(_ verdict: Verdict) -> String {
    switch verdict {
    case .regressed: "▼"
    case .improved: "▲"
    case .equivalent: "≈"
    case .identical: "="
    case .inconclusive, .notComparable: "?"
    }
  }

  private func row(_ metric: MetricDiff, _ top: Double) -> String {
    guard let comparison = metric.comparison, let mean = comparison.meanDifference else { return "" }
    let (low, high) = (comparison.interval?.low ?? mean, comparison.interval?.high ?? mean)
    let sorted = metric.differences.sorted()
    let drawn = DotPath.sample(sorted, mostDots)
    let greatest = [low, high, comparison.tolerance, sorted.first ?? 0, sorted.last ?? 0].map(abs).max() ?? 0
    let isLowerBetter = MetricCatalogue.info(metric.metric)?.scale.better == .lower
    let scale = (isLowerBetter ? -1 : 1) * (greatest > 0 ? 480 / greatest : 1)
    func x(_ value: Double) -> Double { 500 + value * scale }
    let band = abs(comparison.tolerance * scale)
    let cells = DiffCells(metric).columns
    let data = [
      ("metric", PlainText.xml(metric.metric)), ("n", "\(comparison.n)"), ("mean", mean.exact),
      ("tolerance", comparison.tolerance.exact), ("x-scale", scale.exact),
      ("drawn", "\(drawn.count)"),
    ]
    let limits = comparison.interval.map { [("low", $0.low.exact), ("high", $0.high.exact)] } ?? []
    let attributes = (data + limits).map { " data-\($0)=\"\($1)\"" }.joined()
    return """
      <g class="difference \(metric.verdict.rawValue)"\(attributes)>\
      <text x="0" y="\(ContourPicture.text(top + 14))">\(PlainText.xml(cells[1]))</text>\
      <text class="figure" x="100%" y="\(ContourPicture.text(top + 14))" text-anchor="end">\
      \(PlainText.xml("\(cells[4])\(comparison.interval == nil ? "" : " (\(cells[5]))") \(Self.sign(metric.verdict))"))</text>\
      <svg x="0" y="\(ContourPicture.text(top + 18))" width="100%" height="22" viewBox="0 0 1000 22" preserveAspectRatio="none">\
      <rect class="band" x="\(ContourPicture.text(500 - band))" y="3" width="\(ContourPicture.text(2 * band))" height="16"/>\
      <path class="dots" data-values="\(drawn.map(\.exact).joined(separator: " "))" d="\(DotPath.d(drawn, x: x))"/>\
      <path class="interval" d="M\(ContourPicture.text(x(low))) 11H\(ContourPicture.text(x(high)))\
      M\(ContourPicture.text(x(mean))) 5v12"/></svg></g>

      """
  }
}
