// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import SpeechMetrics

/// One pair under every recipe, for people and for scripts.
public enum ExplanationReport {
  /// A list for a terminal: what is known of the two files, then each recipe with its number and its sentence.
  /// - Parameter width: columns.
  public static func render(_ explanation: PairExplanation, width: Int) -> String {
    var output = facts(explanation).map { PlainText.terminal($0) + "\n" }.joined()
    let recipes = explanation.groups.flatMap(\.recipes)
    let nameWidth = (recipes.map { PlainText.width($0.name) }.max() ?? 0) + 4
    let valueWidth = (recipes.map { PlainText.width(value($0)) }.max() ?? 0) + 2
    for group in explanation.groups {
      output += "\n\(group.title)\n"
      for recipe in group.recipes {
        let head = PlainText.fitted("  " + recipe.name, nameWidth) + PlainText.fitted(value(recipe), valueWidth)
        let lines = wrapped(sentence(recipe), max(30, width - nameWidth - valueWidth))
        for (index, line) in lines.enumerated() {
          output += (index == 0 ? head : String(repeating: " ", count: nameWidth + valueWidth)) + line + "\n"
        }
      }
    }
    return output + "\nWhere it differs\n" + picture(explanation, width: width)
  }

  private static func picture(_ explanation: PairExplanation, width: Int) -> String {
    switch explanation.curves {
    case .success(let curves): ContourText.render(curves, width: width)
    case .failure(let reason): "nothing to draw: \(reason)\n"
    }
  }

  /// The same as JSON, schema 1, with full precision and signatures.
  public static func json(_ explanation: PairExplanation) throws -> String {
    try JSONReport.text(ExplanationDocument(explanation))
  }

  private static func facts(_ explanation: PairExplanation) -> [String] {
    let alignment = explanation.alignment
    var facts = [("reference", explanation.reference), ("synthesis", explanation.synthesis)].map { side, file in
      "\(side)  \(file.path)  \(file.sampleRate ?? 0) Hz, \(PlainText.number(file.seconds ?? 0, decimals: 3)) s"
    }
    let deviation = alignment.meanDeviation.map { "\(PlainText.number($0 * 1000, decimals: 1)) ms" } ?? "unknown"
    switch alignment.class {
    case .warp:
      facts.append(
        "aligned    by warping, \(deviation) on average; shifted by \(PlainText.number(alignment.delaySeconds * 1000, decimals: 1)) ms"
      )
    case .delay:
      facts.append(
        "aligned    by a shift of \(PlainText.number(alignment.delaySeconds * 1000, decimals: 1)) ms; strays from it by \(deviation)"
      )
    case .none: facts.append("aligned    not at all; strays from its best shift by \(deviation)")
    }
    facts.append(
      "           \(alignment.isFreeRunning ? "free-running: it keeps a time of its own" : "in step"); "
        + "\(PlainText.number(alignment.durationRatio, decimals: 3)) times as long"
        + (alignment.levelDifferenceDb.map { "; level \(PlainText.number($0, decimals: 1)) dB" } ?? ""))
    facts.append("analysed   at \(explanation.analysisRate) Hz")
    return facts
  }

  private static func value(_ recipe: PairExplanation.Recipe) -> String {
    guard case .value(let number) = recipe.outcome else { return "–" }
    let unit = recipe.info.scale.unit.isEmpty ? "" : " \(recipe.info.scale.unit)"
    return PlainText.number(number, decimals: recipe.info.scale.decimals) + unit
  }

  private static func sentence(_ recipe: PairExplanation.Recipe) -> String {
    switch recipe.outcome {
    case .value: recipe.difference
    case .undefined(let reason): "\(recipe.difference) Undefined: \(reason)."
    case .failed(let reason): "\(recipe.difference) Failed: \(reason)."
    }
  }

  private static func wrapped(_ text: String, _ width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ").map(String.init) {
      let line = lines[lines.count - 1]
      if line.isEmpty {
        lines[lines.count - 1] = word
      } else if PlainText.width(line) + 1 + PlainText.width(word) <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(word)
      }
    }
    return lines
  }
}

private struct ExplanationDocument: Encodable {
  let schema = 1
  let analysisRate: Int
  let reference: FilePart
  let synthesis: FilePart
  let alignment: AlignmentPart
  let groups: [GroupPart]
  let curves: CurvesPart?
  /// Why there are none.
  let noCurves: String?

  init(_ explanation: PairExplanation) {
    analysisRate = explanation.analysisRate
    reference = FilePart(explanation.reference)
    synthesis = FilePart(explanation.synthesis)
    alignment = AlignmentPart(explanation.alignment)
    groups = explanation.groups.map { group in
      GroupPart(title: group.title, recipes: group.recipes.map(RecipePart.init))
    }
    switch explanation.curves {
    case .success(let curves): (self.curves, noCurves) = (CurvesPart(curves), nil)
    case .failure(let reason): (curves, noCurves) = (nil, reason.description)
    }
  }

  struct CurvesPart: Encodable {
    let tracker: String
    /// Seconds of the reference.
    let times: [Double]
    /// F0 in Hz, 0 where unvoiced.
    let reference: [Double]
    let synthesis: [Double]
    let distance: TracePart?
    let disturbance: TracePart?

    init(_ curves: PairCurves) {
      tracker = curves.tracker
      times = curves.times
      reference = curves.reference
      synthesis = curves.synthesis
      distance = curves.distance.map(TracePart.init)
      disturbance = curves.disturbance.map(TracePart.init)
    }
  }

  struct GroupPart: Encodable {
    let title: String
    let recipes: [RecipePart]
  }

  struct RecipePart: Encodable {
    let name: String
    let metric: String
    let score: ScorePart
    let unit: String
    let difference: String

    init(_ recipe: PairExplanation.Recipe) {
      name = recipe.name
      metric = recipe.info.id
      score = ScorePart(Score(metric: recipe.info.id, signature: recipe.signature, outcome: recipe.outcome))
      unit = recipe.info.scale.unit
      difference = recipe.difference
    }
  }
}
