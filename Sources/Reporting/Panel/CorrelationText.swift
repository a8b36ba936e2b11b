// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Statistics

/// Listeners against metrics as text for a terminal.
public enum CorrelationText {
  /// The text.
  public static func render(_ correlation: PanelCorrelation) -> String {
    var lines = correlation.warnings.map { "! \($0)" }
    if !lines.isEmpty { lines.append("") }
    lines += level("by utterance", correlation.utterances) + [""] + level("by system", correlation.systems)
    lines += [
      "", "legend",
      "  LCC, SRCC, τ: Pearson's r, Spearman's ρ, Kendall's τ_b with MOS; 95 % intervals for other listeners and other items",
      "  ↑ ↓: of which more, or less, is better: a good metric with ↓ has coefficients near −1; ↕: neither, and never called the best",
      "  highest SRCC: with its sign turned for ↓, so that 1 is perfect for all and a number below 0 is the wrong direction",
      "  rmse: after a monotone third-order mapping, in MOS, of items that it had not seen; (fitted): of those it was fitted to, N − 4",
      "  rmse*: what lies beyond the MOS' own interval; outliers: share that does",
      "  ceiling: the correlation that a perfect metric could hope for, from halves of the listeners",
    ]
    return lines.map { PlainText.terminal($0) + "\n" }.joined()
  }

  private static func level(_ name: String, _ level: PredictionLevel) -> [String] {
    let ceiling = level.ceiling.map { "; ceiling \(PanelText.number($0.ceiling))" } ?? "; ceiling unknown"
    guard !level.metrics.isEmpty else { return ["\(name): no metric varies over rated items"] }
    let header = ["metric", "N", "LCC", "SRCC", "τ", "rmse (fitted)", "rmse*", "outliers"]
    let rows = level.metrics.map { prediction -> [String] in
      let found = prediction.correlation
      let coefficients = [
        coefficient(found.correlation.pearson, found.pearson), coefficient(found.correlation.spearman, found.spearman),
        found.correlation.kendall.map { coefficient($0, found.kendall) } ?? "–",
      ]
      let seen = prediction.crossValidated
      let rmse = "\(number(seen?.rmse)) (\(number(prediction.fitted?.rmse)))"
      return [prediction.metric + arrow(prediction.better), "\(found.correlation.n)"] + coefficients
        + [rmse, number(seen?.rmseStar), seen?.outlierRatio.map { PanelText.number(100 * $0, 0) + " %" } ?? "–"]
    }
    return ["\(name)\(ceiling)"] + TableLayout.lines([header] + rows) + verdicts(level)
  }

  private static func arrow(_ better: Better) -> String {
    switch better {
    case .higher: " ↑"
    case .lower: " ↓"
    case .neither: " ↕"
    }
  }

  private static func coefficient(_ value: Double, _ interval: ClosedRange<Double>?) -> String {
    PanelText.number(value) + (interval.map { " (\(PanelText.range($0.lowerBound, $0.upperBound)))" } ?? "")
  }

  private static func number(_ value: Double?) -> String { value.map { PanelText.number($0) } ?? "–" }

  /// Which metric predicts best, and whether that is more than chance.
  private static func verdicts(_ level: PredictionLevel) -> [String] {
    if let reason = level.best.reason { return ["no metric is called the best: \(reason)"] }
    guard let name = level.best.value, let best = level.metrics.first(where: { $0.metric == name }) else { return [] }
    let isBeaten = { (difference: PredictionLevel.Difference) in
      difference.isReal && difference.comparison.first > difference.comparison.second
    }
    let beaten = level.differences.filter(isBeaten).map(\.other)
    let turned = best.isRising ? "" : ", sign turned as less is better"
    var lines = ["highest SRCC: \(name) (\(PanelText.number(best.strength))\(turned))"]
    if !beaten.isEmpty { lines.append("  better than \(beaten.joined(separator: ", ")) (Holm-adjusted p < .05)") }
    lines += level.differences.filter { !isBeaten($0) }.map { difference in
      let p = difference.holm.map { "p \(PanelText.p($0))" } ?? "no p"
      return
        "  not shown to be better than \(difference.other): \(PanelText.number(difference.comparison.first)) against"
        + " \(PanelText.number(difference.comparison.second)) on \(difference.comparison.n) shared items, \(p)"
    }
    return lines + level.metrics.filter { $0.strength < 0 }.map { "  \($0.metric) predicts the wrong way round" }
  }
}
