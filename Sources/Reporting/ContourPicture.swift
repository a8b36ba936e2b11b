// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import SpeechMetrics

/// A pair as a picture: both F0 contours over the reference's time, what is wrong with them, and below it where the spectra
/// and PESQ differ.
///
/// Plain SVG without scripts or fonts of its own, readable on light and dark paper. A path's attributes say how its points are
/// to be read: time = (x − data-x0)/data-x-scale in seconds, value = (data-y0 − y)/data-y-scale in the panel's unit, to the last
/// digits of a double.
public enum ContourPicture {
  /// The document.
  /// - Parameters:
  ///   - curves: the pair.
  ///   - reference: what to call the natural recording, plain text.
  ///   - synthesis: what to call the other, likewise.
  public static func svg(_ curves: PairCurves, reference: String, synthesis: String) -> String {
    let title = "\(reference) – \(synthesis)"
    var top = Layout.top
    let period = curves.times.count > 1 ? curves.times[1] - curves.times[0] : 0.005
    let traces = [curves.distance, curves.disturbance].compactMap { $0 }.filter { !$0.values.isEmpty }
    let starts = [curves.times.first ?? 0] + traces.map(\.start)
    let ends = [curves.times.last ?? 0] + traces.map { $0.start + Double($0.values.count - 1) * $0.period }
    let span = (starts.min() ?? 0) - period...(ends.max() ?? 0) + period
    var body = ""
    for panel in panels(curves, span, period) {
      body += Panel(content: panel, top: top, times: span).svg
      top += panel.height + 28
    }
    let height = top + 18
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Layout.width) \(text(height))" \
      font-family="system-ui, sans-serif" font-size="12">
      <title>\(PlainText.xml(title))</title>
      \(style)<rect class="paper" width="100%" height="100%"/>
      <text x="\(Layout.left)" y="20" font-size="14">\(PlainText.xml(shortened(title)))</text>
      \(legend)\(timeAxis(span, to: top - 28))\(body)</svg>

      """
  }

  private static func panels(_ curves: PairCurves, _ span: ClosedRange<Double>, _ period: Double) -> [Panel.Content] {
    let voiced = (curves.reference + curves.synthesis).filter { $0 > 0 }
    // With nothing voiced, the range of a voice.
    let (low, high) = (voiced.min() ?? 75, voiced.max() ?? 400)
    var panels = [
      Panel.Content(
        name: "F0, Hz (\(curves.tracker))", height: 220,
        values: max(0, low - 0.1 * (high - low))...(high + 0.1 * (high - low) + 1),
        curves: [
          .init(id: "reference", times: curves.times, values: curves.reference.map { $0 > 0 ? $0 : nil }),
          .init(id: "synthesis", times: curves.times, values: curves.synthesis.map { $0 > 0 ? $0 : nil }),
        ], marks: marks(curves, period))
    ]
    for (trace, name, id) in [
      (curves.distance, "MCD, dB", "distance"), (curves.disturbance, "PESQ disturbance", "disturbance"),
    ] {
      guard let trace else { continue }
      let times = trace.values.indices.map { trace.start + Double($0) * trace.period }
      panels.append(
        Panel.Content(
          name: name, height: 90, values: 0...max(1, Double(trace.values.max() ?? 0)),
          curves: [
            .init(id: id, times: times, values: trace.values.map { Double($0) })
          ],
          marks: []))
    }
    return panels
  }

  /// Stretches of equal error.
  private static func marks(_ curves: PairCurves, _ period: Double) -> [Panel.Mark] {
    var marks: [Panel.Mark] = []
    let errors = curves.errors
    for (i, error) in errors.enumerated() {
      guard let error else { continue }
      let id = error == .gross ? "gross" : "voicing"
      if i > 0, errors[i - 1] == error, let last = marks.last {
        marks[marks.count - 1] = .init(id: id, start: last.start, end: curves.times[i] + period / 2)
      } else {
        marks.append(.init(id: id, start: curves.times[i] - period / 2, end: curves.times[i] + period / 2))
      }
    }
    return marks
  }

  private static let style = """
    <style>
    svg { color-scheme: light dark; }
    text { fill: #1f2328; } .paper { fill: #ffffff; } .rule { stroke: #d8dce0; }
    .curve { fill: none; stroke: #1f2328; stroke-width: 1.5; stroke-linecap: round; }
    #reference { stroke: #1b6ca8; stroke-width: 3.5; } #synthesis { stroke: #d2691e; }
    .reference { fill: #1b6ca8; } .synthesis { fill: #d2691e; } .voicing { fill: #b8860b; } .gross { fill: #c2185b; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6e9ec; } .paper { fill: #15181c; } .rule { stroke: #3a4048; } .curve { stroke: #e6e9ec; }
      #reference { stroke: #6cb8f0; } #synthesis { stroke: #ffa55c; }
      .reference { fill: #6cb8f0; } .synthesis { fill: #ffa55c; } .voicing { fill: #e6c34a; } .gross { fill: #ff6fa5; }
    }
    </style>

    """

  private static let legend: String = {
    let entries = [
      ("reference", "reference"), ("synthesis", "synthesis"), ("voicing", "voicing error"),
      ("gross", "gross error (20 %)"),
    ]
    return entries.enumerated().map { index, entry in
      let x = Layout.left + Double(index) * 150
      return """
        <rect class="\(entry.0)" x="\(text(x))" y="31" width="18" height="8"/>\
        <text x="\(text(x + 24))" y="40">\(entry.1)</text>

        """
    }.joined()
  }()

  /// Both ends of what is too long for one line: names differ there.
  private static func shortened(_ title: String) -> String {
    let most = 120
    return title.count <= most ? title : title.prefix(most / 2 - 1) + " … " + title.suffix(most / 2 - 2)
  }

  private static func timeAxis(_ span: ClosedRange<Double>, to bottom: Double) -> String {
    let ticks = Layout.ticks(span, about: 10)
    return zip(ticks, Layout.labels(ticks)).map { time, label in
      let x = text(Layout.x(time, span))
      return """
        <line class="rule" x1="\(x)" x2="\(x)" y1="\(text(Layout.top))" y2="\(text(bottom))"/>\
        <text x="\(x)" y="\(text(bottom + 16))" text-anchor="middle">\(label) s</text>

        """
    }.joined()
  }

  /// A coordinate: a hundredth of a pixel is more than is seen.
  static func text(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
  }
}
