// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Suite struct AgreementTests {
  @Test func theSpecificationsNumbers() throws {
    let reliability = try Reliability(Votes.golden.clips)
    #expect(prints(reliability.icc21, "0.096829"))
    #expect(prints(reliability.icc2k, "0.562654"))
    #expect(prints(reliability.cronbachAlpha, "0.651670"))
    let alpha = try #require(KrippendorffAlpha(Votes.golden.clips))
    #expect(prints(alpha.interval, "0.072417"))
    #expect(prints(alpha.ordinal, "0.062019"))
    #expect(prints(alpha.nominal, "0.008736"))
  }

  @Test func reliabilityAgreesWithARegression() throws {
    let (reliability, golden) = (try Reliability(Votes.golden.clips), PanelGolden.file.agreement)
    #expect(near(reliability.icc21, golden.icc21))
    #expect(near(reliability.icc2k, golden.icc2k))
    #expect(near(reliability.cronbachAlpha, golden.cronbach))
  }

  @Test func alphaAgreesWithKrippendorff() {
    check(KrippendorffAlpha(Votes.golden.clips), PanelGolden.file.alpha)
    check(KrippendorffAlpha(Votes.sureal), SurealGolden.file.alpha)
    check(KrippendorffAlpha(Votes.vcc.clips), VCCGolden.file.alpha)
  }

  private func check(_ alpha: KrippendorffAlpha?, _ golden: AlphaGolden) {
    #expect(near(alpha?.interval, golden.interval))
    #expect(near(alpha?.ordinal, golden.ordinal))
    #expect(near(alpha?.nominal, golden.nominal))
  }

  @Test func incompleteAndConstantTablesAreRefused() {
    #expect(throws: Reliability.Failure.incomplete) { try Reliability(Votes.sureal) }
    #expect(throws: Reliability.Failure.noVariation) { try Reliability(table: [[3, 3], [3, 3]]) }
    #expect(throws: Reliability.Failure.noVariation) { try Reliability(table: [[2, 4], [4, 2]]) }
    #expect(throws: Reliability.Failure.tooFew) { try Reliability(table: [[3, 4]]) }
    let twice = CrossedRatings(scores: [1, 2, 3, 4], listeners: [0, 0, 1, 1], items: [0, 0, 1, 1])
    #expect(throws: Reliability.Failure.incomplete) { try Reliability(twice) }
    #expect(KrippendorffAlpha(CrossedRatings(table: [[3, 3], [3, nil]])) == nil)
    #expect(KrippendorffAlpha(CrossedRatings(table: [[3, nil], [nil, 4]])) == nil)
  }

  @Test func perfectAgreementIsOne() throws {
    let table: [[Double]] = [[1, 1, 1], [3, 3, 3], [4, 4, 4]]
    let reliability = try Reliability(table: table)
    #expect(reliability.icc21 == 1 && reliability.icc2k == 1 && reliability.cronbachAlpha == 1)
    let alpha = try #require(KrippendorffAlpha(CrossedRatings(table: table)))
    #expect(alpha.interval == 1 && alpha.ordinal == 1 && alpha.nominal == 1)
    // A strict listener costs agreement, and no consistency.
    let strict = try Reliability(table: table.map { [$0[0], $0[1], $0[2] - 1] })
    #expect(near(strict.cronbachAlpha, 1, 1e-12) && strict.icc21 < 0.95)
  }
}

@Suite struct AlternatingProjectionTests {
  @Test func theSpecificationsNumbers() throws {
    let fit = try AlternatingProjection(Votes.golden.clips)
    for (value, printed) in zip(fit.quality, ["2.850204", "2.755959", "2.827417", "2.886399"]) {
      #expect(prints(value, printed))
    }
    for (value, printed) in zip(fit.bias, ["0.399306", "-1.059028", "-0.517361", "0.107639"]) {
      #expect(prints(value, printed))
    }
    for (value, printed) in zip(fit.inconsistency, ["0.675658", "0.475686", "0.708077", "0.589085"]) {
      #expect(prints(value, printed))
    }
    #expect(fit.converged && fit.flooredListeners.isEmpty)
  }

  @Test func agreesWithSureal() throws {
    check(try AlternatingProjection(Votes.golden.clips), PanelGolden.file.projection)
    check(try AlternatingProjection(Votes.sureal), SurealGolden.file.projection)
    let votes = Votes.vcc
    let systems = CrossedRatings(scores: votes.scores, listeners: votes.listeners, items: votes.systems)
    check(try AlternatingProjection(systems), VCCGolden.file.projection)
  }

  private func check(_ fit: AlternatingProjection, _ golden: ProjectionGolden) {
    #expect(fit.quality.count == golden.quality.count && fit.bias.count == golden.bias.count)
    #expect(fit.converged)
    #expect(zip(fit.quality, golden.quality).allSatisfy { near($0, $1, 1e-7) })
    #expect(zip(fit.qualityError, golden.qualityError).allSatisfy { near($0, $1, 1e-7) })
    #expect(zip(fit.bias, golden.bias).allSatisfy { near($0, $1, 1e-7) })
    #expect(zip(fit.inconsistency, golden.inconsistency).allSatisfy { near($0, $1, 1e-7) })
  }

  @Test func groupsThatShareNothingAreRefused() {
    let apart = CrossedRatings(table: [[1, 2, nil], [3, 2, nil], [nil, nil, 4]])
    #expect(throws: AlternatingProjection.Failure.disconnected(groups: 2)) { try AlternatingProjection(apart) }
    let none = CrossedRatings(scores: [], listeners: [], items: [])
    #expect(throws: AlternatingProjection.Failure.empty) { try AlternatingProjection(none) }
  }

  @Test func aListenerWithoutResidualsDoesNotTakeOver() throws {
    // Listener 0 rated one clip only: no residual, and without a floor all the weight.
    let ratings = CrossedRatings(table: [[5, 1, 2], [nil, 3, 3], [nil, 4, 5], [nil, 2, 1], [nil, 5, 5]])
    let fit = try AlternatingProjection(ratings)
    #expect(near(fit.floor, 1 / 12.0.squareRoot(), 1e-15))
    #expect(fit.flooredListeners.contains(0))
    #expect(fit.quality.allSatisfy { $0?.isFinite ?? false })
    let votes = try AlternatingProjection(Votes.vcc.clips)
    #expect(votes.converged && !votes.flooredListeners.isEmpty)
  }
}

@Suite struct ObserverRejectionTests {
  @Test func countsAgreeWithTheRecommendation() {
    let rejection = ObserverRejection(Votes.sureal)
    #expect(rejection.canFire)
    #expect(rejection.observers.map(\.high) == SurealGolden.file.high)
    #expect(rejection.observers.map(\.low) == SurealGolden.file.low)
    #expect(rejection.observers.map(\.ratings).reduce(0, +) == Votes.sureal.count)
  }

  @Test func erraticListenersAreRejectedAndStrictOnesAreNot() {
    // Twenty listeners who rate about 3, one erratic, one always a point lower.
    var table = [[Double?]]()
    for item in 0..<40 {
      var row = [Double?]()
      for listener in 0..<20 {
        // Two steps of five each: nearly normal, with a standard deviation of .5.
        let step = (item * 7 + listener) % 5 + (item * 3 + listener / 5 + listener) % 5 - 4
        row.append(3 + Double(step) / 4)
      }
      let erratic = item.isMultiple(of: 8) ? 4.4 : 1.6
      row.append(item.isMultiple(of: 4) ? erratic : 3)
      row.append(1.7)
      table.append(row)
    }
    let rejection = ObserverRejection(CrossedRatings(table: table))
    #expect(rejection.observers.filter(\.isRejected).map(\.listener) == [20])
    #expect(rejection.observers[21].low > 0 && rejection.observers[21].high == 0)
  }

  @Test func itCannotFireOnFivePeople() {
    let table: [[Double?]] = (0..<30).map { [3, 3, 3, 3, $0.isMultiple(of: 2) ? 1 : 5] }
    let rejection = ObserverRejection(CrossedRatings(table: table))
    #expect(!rejection.canFire)
    #expect(rejection.observers.allSatisfy { $0.high + $0.low == 0 && !$0.isRejected })
  }
}
