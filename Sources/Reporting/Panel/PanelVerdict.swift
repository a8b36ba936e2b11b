// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Statistics

/// What a panel comes to, in a line: who leads, and from whom the lead is more than chance.
struct PanelVerdict {
  /// The leader, or what there is in its place.
  let word: String
  /// What is said of it.
  let text: String
  /// Whether it leads all others by more than chance; of votes, whether any preference is shown.
  let isShown: Bool
  /// One line for each system from which it is not shown to differ.
  let reasons: [String]

  static func of(_ analysis: PanelAnalysis) -> PanelVerdict {
    if let preferences = analysis.all.preferences { return of(preferences) }
    guard analysis.all.refusals.isEmpty else {
      return PanelVerdict(
        word: "not comparable", text: "Some systems may not be compared with one another.", isShown: false,
        reasons: analysis.all.refusals.map(\.reason))
    }
    // A hidden reference and anchors are no candidates.
    let apart = Set(analysis.options.setup.anchors + [analysis.options.setup.reference].compactMap(\.self))
    let systems = PanelTables.ordered(analysis.all).filter { !apart.contains($0.name) }
    guard let best = systems.first else {
      return PanelVerdict(word: "nothing to compare", text: "", isShown: false, reasons: [])
    }
    let limits = best.interval.map { ", 95 % interval \(PanelText.range($0.low, $0.high))" } ?? ", no interval"
    let score = "\(analysis.scale.meanName) \(PanelText.number(best.mean.mean))\(limits)."
    guard systems.count > 1 else { return PanelVerdict(word: best.name, text: score, isShown: false, reasons: []) }
    let open = analysis.all.pairs.filter { pair in
      let names = [pair.a, pair.b]
      guard names.contains(best.name), apart.isDisjoint(with: names) else { return false }
      let lead = (pair.difference ?? 0) * (pair.b == best.name ? 1 : -1)
      return ![.different, .differentWithinMargin].contains(pair.finding) || lead <= 0
    }
    guard !open.isEmpty else {
      return PanelVerdict(
        word: "best: \(best.name)", text: "\(score) Better than all others (Holm-adjusted p < .05).", isShown: true,
        reasons: [])
    }
    return PanelVerdict(
      word: "not decided", text: "\(best.name) leads, \(score)", isShown: false,
      reasons: open.map { "\($0.a) (a), \($0.b) (b): \(PanelText.words($0, analysis))" })
  }

  private static func of(_ preferences: PanelPreferences) -> PanelVerdict {
    let found = preferences.pairs.filter { $0.finding == .preferred }
    return PanelVerdict(
      word: "\(found.count) of \(preferences.pairs.count) preferences shown",
      text: "Adjusted p < .05 for votes and for listeners.", isShown: !found.isEmpty,
      reasons: preferences.pairs.map { pair in
        let share = pair.test.map { ", share of b \(PanelText.number($0.share))" } ?? ""
        return "\(pair.a) (a), \(pair.b) (b): \(PanelText.words(pair))\(share)"
      })
  }
}
