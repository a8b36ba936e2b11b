// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics
import Testing

@Suite struct ClusteredMeanTests {
  @Test func theSpecificationsNumbers() throws {
    let mean = try #require(ClusteredMean(Votes.golden.of(system: 0)))
    #expect(prints(mean.mean, "2.791667"))
    #expect(prints(mean.standardDeviation, "0.832456"))
    #expect(prints(mean.independentHalfWidth(), "0.168671"))
    #expect(prints(mean.iidError, "0.084962"))
    #expect(prints(mean.listenerError, "0.150472"))
    #expect(prints(mean.utteranceError, "0.065881"))
    #expect(prints(mean.twoWayError, "0.140850"))
    // The rule is min(G) − 1 = 7; the specification's ±.310 and 2.48 … 3.10 are of 11 degrees of freedom, listeners − 1.
    let interval = try #require(mean.interval())
    #expect(mean.degreesOfFreedom == 7)
    #expect(prints((interval.high - interval.low) / 2, "0.333"))
    #expect(prints(interval.low, "2.459") && prints(interval.high, "3.125"))
    let half = try #require(mean.twoWayError) * 2.200985160
    #expect(prints(half, "0.310") && prints(mean.mean - half, "2.48") && prints(mean.mean + half, "3.10"))
  }

  @Test func testsAndListenerIntervalsAgreeWithStatsmodels() throws {
    #expect(PanelCases.file.clusteredTests.count == 4)
    for golden in PanelCases.file.clusteredTests {
      let mean = try #require(
        ClusteredMean(CrossedRatings(scores: golden.scores, listeners: golden.listeners, items: golden.items)))
      #expect(near(mean.p(against: golden.null), golden.p))
      let interval = try #require(mean.listenerInterval())
      #expect(near(interval.low, golden.low) && near(interval.high, golden.high))
    }
  }

  @Test func aListenersIntervalIsStudentsOfTheirMeans() throws {
    let ratings = Votes.golden.of(system: 0)
    let byListener = Dictionary(grouping: ratings.scores.indices) { ratings.listeners[$0] }
    let means = byListener.values.map { $0.reduce(0) { $0 + ratings.scores[$1] } / Double($0.count) }
    let (own, student) = (
      try #require(ClusteredMean(ratings)?.listenerInterval()), try #require(Interval.studentT(of: means))
    )
    #expect(near(own.low, student.low, 1e-12) && near(own.high, student.high, 1e-12))
  }

  @Test func equalRatingsGiveNoP() throws {
    let equal = try #require(
      ClusteredMean(CrossedRatings(scores: [3, 3, 3, 3], listeners: [0, 1, 0, 1], items: [0, 0, 1, 1])))
    #expect(equal.p(against: 0) == nil && equal.p(against: 3) == nil)
    let one = try #require(ClusteredMean(CrossedRatings(scores: [3, 4], listeners: [0, 0], items: [0, 1])))
    #expect(one.p(against: 0) == nil && one.listenerInterval() == nil)
  }

  @Test func whatIsUndefinedSaysWhy() throws {
    // One listener: the variances by listener and by cell cancel, and there is no two-way error whose place the greater could take.
    let listener = try #require(
      ClusteredMean(CrossedRatings(scores: [1, 2, 4], listeners: [0, 0, 0], items: [0, 1, 2])))
    #expect(listener.undefinedReason == "one listener" && listener.twoWayError == nil && !listener.usedGreater)
    let utterance = try #require(
      ClusteredMean(CrossedRatings(scores: [1, 2, 4], listeners: [0, 1, 2], items: [0, 0, 0])))
    #expect(utterance.undefinedReason == "one utterance" && utterance.interval() == nil && !utterance.usedGreater)
    #expect(ClusteredMean(Votes.golden.of(system: 0))?.undefinedReason == nil)
  }

  @Test func intervalsEndWhereTheScaleDoes() throws {
    // Nearly all 5: Student's t would go on to 5.2.
    let scores: [Double] = [5, 5, 5, 4, 5, 5, 5, 5, 3, 5, 5, 5]
    let ratings = CrossedRatings(
      scores: scores, listeners: (0..<12).map { $0 / 4 }, items: (0..<12).map { $0 % 4 })
    let raw = try #require(ClusteredMean(ratings)?.interval())
    let cut = try #require(ClusteredMean(ratings, within: 1...5)?.interval())
    #expect(raw.high > 5 && cut.high == 5 && cut.low == raw.low && cut.method == .twoWay)
    #expect(Summary(ratings, within: 1...5)?.interval == cut)
    #expect(ClusteredMean(ratings, within: 1...5)?.listenerInterval()?.high == 5)
    // Scores beyond it are of another scale.
    #expect(ClusteredMean(ratings, within: 1...4)?.interval() == raw)
    let values = try #require(Interval.studentT(of: scores))
    #expect(values.high > 5 - 1e-9 && Summary(scores, within: 1...5)?.interval?.high ?? 9 <= 5)
    #expect(Summary(scores, within: 0...1)?.interval == values)
  }

  @Test func agreesWithStatsmodels() {
    for (system, golden) in PanelGolden.file.systems.enumerated() { check(Votes.golden.of(system: system), golden) }
    check(Votes.sureal, SurealGolden.file.system)
    #expect(VCCGolden.file.systems.count == 62)
    #expect(Votes.vcc.scores.count == 29_760)
    for (system, golden) in VCCGolden.file.systems.enumerated() { check(Votes.vcc.of(system: system), golden) }
  }

  private func check(_ ratings: CrossedRatings, _ golden: SystemGolden) {
    guard let mean = ClusteredMean(ratings), let interval = mean.interval() else {
      Issue.record("no mean")
      return
    }
    #expect(mean.n == golden.n)
    #expect(near(mean.mean, golden.mos))
    #expect(near(mean.standardDeviation, golden.sd))
    #expect(near(mean.independentHalfWidth(), golden.tHalfWidth))
    #expect(near(mean.iidError, golden.iid))
    #expect(near(mean.listenerError, golden.listener))
    #expect(near(mean.utteranceError, golden.utterance))
    #expect(near(mean.twoWayError, golden.twoWay))
    #expect(mean.degreesOfFreedom == golden.degreesOfFreedom)
    #expect(near(interval.low, golden.low) && near(interval.high, golden.high))
    #expect(!mean.usedGreater)
  }

  @Test func oneClusterHasNoInterval() throws {
    let one = try #require(ClusteredMean(CrossedRatings(scores: [4], listeners: [0], items: [0])))
    #expect(one.interval() == nil && one.iidError == nil && one.standardDeviation == nil)
    let listener = try #require(
      ClusteredMean(CrossedRatings(scores: [4, 3, 5], listeners: [7, 7, 7], items: [0, 1, 2])))
    #expect(listener.interval() == nil && listener.listenerError == nil && listener.utteranceError != nil)
    #expect(listener.independentHalfWidth() != nil)
    #expect(ClusteredMean(CrossedRatings(scores: [], listeners: [], items: [])) == nil)
  }

  @Test func aNegativeVarianceGivesTheGreater() throws {
    // Rows and columns all have the mean 3, so V_L = V_U = 0 < V_cell … and one more rating keeps the greater above 0.
    let square = CrossedRatings(
      scores: [2, 4, 4, 2, 3.2], listeners: [0, 1, 0, 1, 0], items: [0, 0, 1, 1, 0])
    let mean = try #require(ClusteredMean(square))
    #expect(mean.usedGreater)
    let listener = try #require(mean.listenerError)
    let utterance = try #require(mean.utteranceError)
    #expect(mean.twoWayError == max(listener, utterance))
    #expect(listener > 0)
    let equal = try #require(
      ClusteredMean(CrossedRatings(scores: [3, 3, 3, 3], listeners: [0, 1, 0, 1], items: [0, 0, 1, 1])))
    #expect(!equal.usedGreater && equal.twoWayError == 0)
  }

  @Test func noiseAloneGivesNoIntervalOfNearlyNoWidth() throws {
    // 12 listeners × 8 utterances without effects: V is a difference of like numbers, and small ones are as much chance as negative ones.
    var generator = SplitMix64(seed: 5)
    var (small, kept, narrowest) = (0, 0, Double.infinity)
    for _ in 0..<300 {
      let scores = (0..<96).map { _ in 1 + 4 * Double(generator.next() >> 11) * 0x1p-53 }
      let mean = try #require(
        ClusteredMean(
          CrossedRatings(scores: scores, listeners: (0..<96).map { $0 / 8 }, items: (0..<96).map { $0 % 8 })))
      let (listener, utterance) = (try #require(mean.listenerError), try #require(mean.utteranceError))
      let (greater, both) = (max(listener, utterance), try #require(mean.twoWayError))
      // One rating a cell: V_cell is the mean square of the residuals over their number.
      let (s, n) = (try #require(mean.standardDeviation), Double(mean.n))
      let variance = listener * listener + utterance * utterance - s * s * (n - 1) / (n * n)
      #expect(mean.usedGreater == (variance < greater * greater / 2))
      #expect(near(both, mean.usedGreater ? greater : variance.squareRoot(), 1e-12))
      if mean.usedGreater && variance > 0 { small += 1 }
      if !mean.usedGreater { kept += 1 }
      narrowest = min(narrowest, both / (s / n.squareRoot()))
    }
    #expect(small > 20 && kept > 100)
    #expect(narrowest > 0.4)
  }

  @Test func orderAndNumberingDoNotMatter() throws {
    let ratings = Votes.golden.of(system: 1)
    let order = ratings.scores.indices.reversed()
    let other = CrossedRatings(
      scores: order.map { ratings.scores[$0] }, listeners: order.map { 100 - ratings.listeners[$0] },
      items: order.map { 50 - ratings.items[$0] })
    let (a, b) = (try #require(ClusteredMean(ratings)), try #require(ClusteredMean(other)))
    #expect(near(a.twoWayError, try #require(b.twoWayError), 1e-15))
  }
}

@Suite struct PigeonholeBootstrapTests {
  private static let systems = (0..<3).map { Votes.golden.of(system: $0) }
  private static let bootstrap = PigeonholeBootstrap(systems)

  @Test func agreesWithTheReplay() throws {
    for (system, golden) in PanelGolden.file.bootstrap.enumerated() {
      let interval = try #require(Self.bootstrap.interval(of: system))
      #expect(near(interval.lowerBound, golden[0], 1e-9) && near(interval.upperBound, golden[1], 1e-9))
    }
    for (pair, golden) in zip([(0, 1), (0, 2), (1, 2)], PanelGolden.file.bootstrapDifferences) {
      let interval = try #require(Self.bootstrap.interval(from: pair.0, to: pair.1))
      #expect(near(interval.lowerBound, golden[0], 1e-9) && near(interval.upperBound, golden[1], 1e-9))
    }
  }

  @Test func theSpecificationsInterval() throws {
    // Its generator is another: [2.448, 3.135] to within what 10,000 resamples tell.
    for seed: UInt64? in [nil, 1] {
      let interval = try #require(PigeonholeBootstrap(Self.systems, seed: seed).interval(of: 0))
      #expect(near(interval.lowerBound, 2.448, 0.015) && near(interval.upperBound, 3.135, 0.015))
    }
  }

  @Test func aDifferenceIsTakenInsideAResample() throws {
    // A system that is another shifted by .5 differs by .5 exactly, however listeners are drawn.
    let first = Votes.golden.of(system: 0)
    let second = CrossedRatings(scores: first.scores.map { $0 + 0.5 }, listeners: first.listeners, items: first.items)
    let interval = try #require(PigeonholeBootstrap([first, second], resamples: 500).interval(from: 0, to: 1))
    #expect(near(interval.lowerBound, 0.5, 1e-12) && near(interval.upperBound, 0.5, 1e-12))
  }

  @Test func anAbsentSystemHasNoInterval() {
    let many = CrossedRatings(scores: Array(repeating: 3, count: 40), listeners: Array(0..<40), items: Array(0..<40))
    let lone = CrossedRatings(scores: [5], listeners: [3], items: [4])
    #expect(PigeonholeBootstrap([many, lone], resamples: 400).interval(of: 1) == nil)
  }
}
