// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation
internal import SpeechMetrics

// One metric's values, a strip for each system: every utterance is a dot, behind them a box from the first to the third quartile with the
// median (quantiles by linear interpolation, type 7 of Hyndman & Fan 1996) and before them a bar, the mean's 95 % interval.
//
// The plot has no width of its own: names and ticks stand at percentages, and the dots lie in a box of 1000 units that is stretched to
// fit, with strokes that are not. So text stays readable on a telephone. A dot stands to a tenth of a unit; the numbers themselves, to
// the last digit, are in data-values, in the order of the dots: value = (x − data-x0)/data-x-scale.
//
// 90,000 dots are some 2.5 MB. A page that would have more draws, for each strip, as many evenly spaced order statistics as fit,
// the least and the greatest among them, and says so: data-n beside data-drawn.

/// A picture of one metric's distributions.
struct StripPlot {
  struct Strip {
    let system: String
    /// What the table shows of it, e.g. `3.71 (3.65 … 3.77)`.
    let caption: String
    let values: [Double]
    let mean: Double?
    let low: Double?
    let high: Double?
  }

  let metric: String
  let heading: String
  let strips: [Strip]
  /// The most dots in a strip.
  let mostDots: Int

  private static let rowHeight = 46.0
  private static let stripHeight = 22.0

  /// The least and greatest number that is drawn, with air around; nil without any.
  private var domain: ClosedRange<Double>? {
    let all = strips.flatMap { strip in strip.values + [strip.low, strip.high].compactMap { $0 } }
    guard let least = all.min(), let greatest = all.max() else { return nil }
    let air = greatest > least ? 0.04 * (greatest - least) : max(abs(least), 1) * 0.05
    return least - air...greatest + air
  }

  /// Whether it has more values than it draws.
  var isThinned: Bool { strips.contains { $0.values.count > mostDots } }

  /// Of the SVG, pixels.
  var height: Double { Double(strips.count) * Self.rowHeight + 26 }

  /// Inline SVG; empty without any value.
  var svg: String {
    guard let domain else { return "" }
    let scale = 1000 / (domain.upperBound - domain.lowerBound)
    let x0 = -domain.lowerBound * scale
    let bottom = height - 20
    let places = Layout.ticks(domain, about: 4)
    let ticks = zip(places, Layout.labels(places)).map { tick, label in
      let place = ContourPicture.text((x0 + tick * scale) / 10)
      return """
        <line class="rule" x1="\(place)%" x2="\(place)%" y1="0" y2="\(ContourPicture.text(bottom))"/>\
        <text class="tick" x="\(place)%" y="\(ContourPicture.text(bottom + 14))" text-anchor="middle">\(label)</text>

        """
    }.joined()
    let rows = strips.enumerated().map { row($1, Double($0) * Self.rowHeight, x0, scale) }.joined()
    let spoken = "\(heading): values of each utterance by system. "
    return """
      <svg class="strips" width="100%" height="\(ContourPicture.text(height))" role="img" data-metric="\(PlainText.xml(metric))" \
      aria-label="\(PlainText.xml(spoken + strips.map { "\($0.system) \($0.caption)" }.joined(separator: "; ")))">
      \(ticks)\(rows)</svg>

      """
  }

  private func row(_ strip: Strip, _ top: Double, _ x0: Double, _ scale: Double) -> String {
    let sorted = strip.values.sorted()
    let drawn = DotPath.sample(sorted, mostDots)
    var inside = ""
    var data =
      " data-system=\"\(PlainText.xml(strip.system))\" data-n=\"\(sorted.count)\" data-drawn=\"\(drawn.count)\""
    func x(_ value: Double) -> String { ContourPicture.text(x0 + value * scale) }
    if !sorted.isEmpty {
      let (q1, q2, q3) = (Self.quantile(sorted, 0.25), Self.quantile(sorted, 0.5), Self.quantile(sorted, 0.75))
      data += " data-q1=\"\(q1.exact)\" data-median=\"\(q2.exact)\" data-q3=\"\(q3.exact)\""
      inside += """
        <rect class="box" x="\(x(q1))" y="2" width="\(ContourPicture.text((q3 - q1) * scale))" height="18"/>\
        <path class="median" d="M\(x(q2)) 2v18"/>\
        <path class="dots" data-x0="\(x0.exact)" data-x-scale="\(scale.exact)" \
        data-values="\(drawn.map(\.exact).joined(separator: " "))" d="\(DotPath.d(drawn) { x0 + $0 * scale })"/>
        """
    }
    if let mean = strip.mean {
      data += " data-mean=\"\(mean.exact)\""
      let (low, high) = (strip.low ?? mean, strip.high ?? mean)
      if strip.low != nil { data += " data-low=\"\(low.exact)\" data-high=\"\(high.exact)\"" }
      inside += "<path class=\"interval\" d=\"M\(x(low)) 11H\(x(high))M\(x(mean)) 5v12\"/>"
    }
    return """
      <g class="strip"\(data)><text x="0" y="\(ContourPicture.text(top + 14))">\(PlainText.xml(Self.shortened(strip.system)))</text>\
      <text class="figure" x="100%" y="\(ContourPicture.text(top + 14))" text-anchor="end">\(PlainText.xml(strip.caption))</text>\
      <svg x="0" y="\(ContourPicture.text(top + 18))" width="100%" height="22" viewBox="0 0 1000 22" preserveAspectRatio="none">\
      \(inside)</svg></g>

      """
  }

  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let (low, high) = (sorted[Int(place)], sorted[min(sorted.count - 1, Int(place) + 1)])
    return low + (high - low) * (place - place.rounded(.down))
  }

  /// Both ends of what is too long for half a telephone.
  static func shortened(_ name: String) -> String {
    guard PlainText.width(name) > 20 else { return name }
    func end(_ text: some Collection<Character>, _ width: Int) -> [Character] {
      var end: [Character] = []
      for character in text {
        guard PlainText.width(String(end + [character])) <= width else { break }
        end.append(character)
      }
      return end
    }
    return String(end(name, 9)) + "…" + String(end(name.reversed(), 10).reversed())
  }
}
