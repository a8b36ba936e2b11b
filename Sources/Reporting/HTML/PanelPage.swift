// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Statistics

/// A panel's analysis as one page that needs nothing but itself; of the same make as ``HTMLReport``.
///
/// Cells show rounded numbers; the numbers themselves, to the last digit, are in `data-mean`.
public enum PanelPage {
  /// The page.
  /// - Parameters:
  ///   - analysis: what is shown.
  ///   - title: what the panel is called.
  ///   - facts: what the caller knows of how it was made (plan, dates, program), name and value.
  public static func render(_ analysis: PanelAnalysis, title: String, facts: [(name: String, value: String)] = [])
    -> String
  {
    let verdict = PanelVerdict.of(analysis)
    var page = PageFrame.content(
      title: "Listening panel: \(title)",
      subtitle: PanelText.count(analysis.all) + (analysis.plan.map { " · plan \($0)" } ?? ""))
    page["verdict"] = verdict.word
    page["verdictText"] = verdict.text
    page["verdictClass"] = verdict.isShown ? "improved" : "inconclusive"
    HTMLReport.list(verdict.reasons, "reasons", "hasReasons", &page)
    HTMLReport.list(analysis.warnings, "warnings", "hasWarnings", &page)
    page["parts"] = parts(analysis) + [origin(analysis, facts)]
    return PanelPageTemplate.page.render(page)
  }

  private static func part(
    _ id: String, _ name: String, plots: [StripPlot] = [], caption: String = "", tables: [ReportTable] = [],
    lines: [String] = []
  ) -> [String: Any] {
    var part: [String: Any] = [
      "id": id, "name": name, "tables": tables.map(\.page),
      "plots": plots.map(\.svg).filter { !$0.isEmpty }.map { ["svg": $0, "caption": caption] },
    ]
    HTMLReport.list(lines, "lines", "hasLines", &part)
    return part
  }

  private static func parts(_ analysis: PanelAnalysis) -> [[String: Any]] {
    let all = analysis.all
    var parts: [[String: Any]] = []
    if let preferences = all.preferences {
      parts.append(
        part(
          "preferences", "Preferences", plots: [plot(preferences)],
          caption: "Share of b. \(ScoreSection.legend(interval: "Wilson's"))",
          tables: [PanelTables.preferences(preferences)]))
      parts.append(
        part(
          "abilities", "Bradley–Terry scale",
          tables: preferences.abilities.value.map { [PanelTables.abilities($0)] } ?? [],
          lines: preferences.abilities.reason.map { ["undefined: \($0)"] } ?? []))
    } else {
      parts.append(
        part(
          "means", analysis.scale.meanName, plots: [plot(analysis)],
          caption: ScoreSection.legend(),
          tables: [PanelTables.systems(analysis), PanelTables.errors(analysis)]))
    }
    if !all.againstReference.isEmpty {
      parts.append(
        part("reference", "CMOS against 0", tables: [PanelTables.pairs(all.againstReference, analysis)]))
    }
    if !all.pairs.isEmpty {
      parts.append(part("pairs", "Pairs of systems", tables: [PanelTables.pairs(all.pairs, analysis)]))
    }
    parts.append(part("agreement", "Agreement, repetition, order", lines: PanelText.agreement(analysis)))
    if !analysis.screening.flagged.isEmpty { parts.append(screening(analysis)) }
    return parts
  }

  private static func screening(_ analysis: PanelAnalysis) -> [String: Any] {
    var (tables, lines) = ([PanelTables.screening(analysis.screening)], ["Nobody was left out above."])
    if let screened = analysis.screened {
      tables.append(PanelTables.withAndWithout(analysis, screened))
      lines.append("Without the flagged listeners \(screened.listeners) of \(analysis.all.listeners) are left.")
      lines += PanelText.changes(analysis, screened)
    }
    return part("screening", "Screening, with and without", tables: tables, lines: lines)
  }

  private static func origin(_ analysis: PanelAnalysis, _ facts: [(name: String, value: String)]) -> [String: Any] {
    var part = part("origin", "How to read it, and how it was made", lines: PanelText.legend(analysis))
    let known =
      facts + [
        ("question", analysis.question), ("resamples", "\(analysis.options.resamples)"),
        ("seed", "\(analysis.options.usedSeed)"),
      ]
    part["facts"] = known.map { ["name": $0.0, "value": $0.1] }
    part["hasFacts"] = true
    return part
  }

  private static func plot(_ analysis: PanelAnalysis) -> StripPlot {
    let strips = PanelTables.ordered(analysis.all).map { system in
      strip(
        PanelTables.name(system.name, analysis.options), system.utteranceMeans, system.mean.mean,
        system.interval.map { $0.low...$0.high })
    }
    return StripPlot(
      metric: analysis.scale.rawValue, heading: analysis.scale.meanName, strips: strips, mostDots: HTMLReport.mostDots)
  }

  private static func plot(_ preferences: PanelPreferences) -> StripPlot {
    let strips = preferences.pairs.compactMap { pair in
      pair.test.map { strip("\(pair.b) against \(pair.a)", pair.utteranceShares, $0.share, $0.interval) }
    }
    return StripPlot(metric: "ab", heading: "share of b", strips: strips, mostDots: HTMLReport.mostDots)
  }

  private static func strip(
    _ name: String, _ values: [Double], _ mean: Double, _ interval: ClosedRange<Double>?
  ) -> StripPlot.Strip {
    let limits = interval.map { " (\(PanelText.range($0.lowerBound, $0.upperBound)))" } ?? ""
    return StripPlot.Strip(
      system: name, caption: PanelText.number(mean) + limits, values: values, mean: mean, low: interval?.lowerBound,
      high: interval?.upperBound)
  }
}
