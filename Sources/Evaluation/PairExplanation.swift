// SPDX-License-Identifier: GPL-3.0-or-later
public import SpeechMetrics

/// One pair under every recipe there is, side by side.
public struct PairExplanation: Sendable, Equatable {
  /// The natural recording.
  public let reference: FileFacts
  /// What the system made.
  public let synthesis: FileFacts
  /// Hz.
  public let analysisRate: Int
  /// How the two lie in time and level, under the class that `--align auto` takes for this pair or the user asked for.
  public let alignment: PairAlignment
  /// The recipes, by what they measure.
  public let groups: [Group]
  /// Where in the clip the two differ, or why there is nothing to show.
  public let curves: Result<PairCurves, NoCurves>
  /// Whether F0 was looked for in a wide enough range; nil where it was not looked for.
  public let f0Range: F0RangeUse?

  /// How many recipes there are.
  public var recipeCount: Int { groups.reduce(0) { $0 + $1.recipes.count } }
  /// How many of them failed.
  public var failures: Int {
    groups.flatMap(\.recipes).count { recipe in
      if case .failed = recipe.outcome { true } else { false }
    }
  }

  /// A pair of which no frames go together.
  public struct NoCurves: Error, Equatable, CustomStringConvertible {
    /// Why, in words.
    public let description: String
  }

  /// Recipes for one quantity.
  public struct Group: Sendable, Equatable {
    /// What they measure.
    public let title: String
    /// In the order to be shown.
    public let recipes: [Recipe]
  }

  /// One recipe's answer.
  public struct Recipe: Sendable, Equatable {
    /// What to call it within its group.
    public let name: String
    /// The metric.
    public let info: MetricInfo
    /// Everything that moves the number.
    public let signature: Signature
    /// What came out.
    public let outcome: Outcome
    /// What sets it apart, in one sentence.
    public let difference: String
  }
}
