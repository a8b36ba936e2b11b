// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Suite struct CorrelationTests {
  @Test func agreesWithScipy() throws {
    #expect(PanelCases.file.correlations.count == 5)
    for golden in PanelCases.file.correlations {
      let found = try #require(Correlation(golden.x, golden.y))
      #expect(near(found.pearson, golden.pearson, 1e-12))
      #expect(near(found.spearman, golden.spearman, 1e-12))
      #expect(near(found.kendall, golden.kendall, 1e-12))
    }
  }

  @Test func noSpreadHasNoCorrelation() {
    #expect(Correlation([1, 1, 1], [1, 2, 3]) == nil)
    #expect(Correlation([1, 2, 3], [0.1, 0.1, 0.1]) == nil)
    #expect(Correlation([1], [1]) == nil)
    #expect(Correlation([], []) == nil)
  }

  @Test func ceilingAgreesWithTheReplay() throws {
    let (found, golden) = (try #require(NoiseCeiling(Votes.golden.clips)), PanelCases.file.ceiling)
    #expect(near(found.halves, golden.halves) && near(found.reliability, golden.reliability))
    #expect(near(found.ceiling, golden.ceiling) && found.splits == golden.splits)
    #expect(NoiseCeiling(CrossedRatings(table: [[1, 2, 3], [2, 3, 4], [3, 4, 5]])) == nil)
  }

  @Test func errorsAgreeWithTheirDefinition() {
    let golden = PanelCases.file.errors
    let found = PredictionError(
      mos: golden.mos, predicted: golden.predicted, halfWidths: golden.halfWidths, parameters: 4)
    #expect(near(found.rmse, golden.rmse))
    #expect(near(found.rmseStar, golden.rmseStar))
    #expect(near(found.outlierRatio, golden.outlierRatio))
    let few = PredictionError(mos: [1, 2], predicted: [1, 3], halfWidths: nil, parameters: 4)
    #expect(few.rmse == nil && few.rmseStar == nil && few.outlierRatio == nil)
  }
}

@Suite struct MonotoneCubicTests {
  @Test func agreesWithConstrainedOptimisation() throws {
    #expect(PanelCases.file.mappings.count == 14)
    for golden in PanelCases.file.mappings {
      let map = try #require(MonotoneCubic(golden.x, golden.y, rising: true))
      #expect(agrees(map.squaredError, golden.squaredError, within: 1e-6), "\(golden.name): \(map.squaredError)")
      for (x, predicted) in zip(golden.x, golden.predicted) { #expect(near(map(x), predicted, 1e-3), "\(golden.name)") }
    }
  }

  @Test func itIsMonotoneAndFlatBeyondTheData() throws {
    for golden in PanelCases.file.mappings {
      for rising in [true, false] {
        let map = try #require(MonotoneCubic(golden.x, golden.y, rising: rising))
        let grid = (0...400).map { map(-4 + 12 * Double($0) / 400) }
        let steps = zip(grid, grid.dropFirst()).map { rising ? $1 - $0 : $0 - $1 }
        #expect(steps.allSatisfy { $0 >= -1e-9 }, "\(golden.name)")
        #expect(map(-100) == map(map.domain.lowerBound))
      }
    }
  }

  @Test func aFallingMetricIsTheMirrorOfARisingOne() throws {
    let golden = try #require(PanelCases.file.mappings.first)
    let rising = try #require(MonotoneCubic(golden.x, golden.y, rising: true))
    let falling = try #require(MonotoneCubic(golden.x.map { -$0 }, golden.y, rising: false))
    for x in golden.x { #expect(near(falling(-x), rising(x), 1e-9)) }
  }

  @Test func fourValuesAreNeeded() {
    #expect(MonotoneCubic([1, 2, 3, 3], [1, 2, 3, 4], rising: true) == nil)
    #expect(MonotoneCubic([1, 2, 3, 4], [1, 2, 3, 4], rising: true) != nil)
  }
}
