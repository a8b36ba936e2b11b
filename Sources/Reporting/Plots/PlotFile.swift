// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation
internal import SpeechMetrics

/// One plot of a report alone, as an SVG file: the distributions of a metric, or what became of it from run to run.
///
/// Coordinates and data attributes are those of the plots on the page, see ``HTMLReport``.
public enum PlotFile {
  private static let width = 760.0
  private static let margin = 20.0

  /// Every system's values of a metric, a dot for each utterance.
  /// - Returns: nil where no utterance has a value.
  public static func distributions(_ run: Run, metric: String) -> String? {
    let row = TableRow(run, metric: metric)
    let most = max(50, HTMLReport.mostDots / max(1, run.systems.count))
    let plot = ScoreSection.plot(run, metric, row, most)
    return document(row.heading, plot.svg, height: plot.height, ScoreSection.legend(isThinned: plot.isThinned, most))
  }

  /// Every system's mean from run to run.
  /// - Returns: nil where no system has two points.
  public static func trend(_ trend: Trend, metric: String) -> String? {
    let plot = TrendPlot(trend: trend, metric: metric)
    return document(
      "\(metric), run by run", plot.svg, height: plot.height,
      "Means over each run's own utterances; bars: 95 % intervals by Student's t. Each line has a scale of its own.")
  }

  private static func document(_ title: String, _ plot: String, height: Double, _ legend: String) -> String? {
    guard !plot.isEmpty else { return nil }
    let whole = ContourPicture.text(height + 4 * margin)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(ContourPicture.text(width + 2 * margin))" height="\(whole)" \
      font-family="system-ui, sans-serif" font-size="13">
      <title>\(PlainText.xml(title))</title>
      <style>
      \(PlotStyle.colours)\(PlotStyle.marks)</style>
      <rect width="100%" height="100%" fill="var(--paper)"/>
      <text x="\(ContourPicture.text(margin))" y="28">\(PlainText.xml(title))</text>
      <svg x="\(ContourPicture.text(margin))" y="\(ContourPicture.text(2 * margin))" width="\(ContourPicture.text(width))" \
      height="\(ContourPicture.text(height))">
      \(plot)</svg>
      <text class="tick" x="\(ContourPicture.text(margin))" y="\(ContourPicture.text(height + 3.4 * margin))">\
      \(PlainText.xml(legend))</text>
      </svg>

      """
  }
}
