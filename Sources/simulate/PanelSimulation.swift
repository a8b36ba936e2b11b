// SPDX-License-Identifier: GPL-3.0-or-later
import Statistics

/// Panels that never were: how often the interval of a MOS holds the true one, in a crossed design whose truth is known.
///
/// A rating is 0 plus what its listener, its utterance and chance add, each normal; every listener rates every utterance
/// once. It is not rounded to a scale: the truth of a rounded one would not be known to the digit.
package struct PanelSimulation: Sendable {
  /// Listeners and utterances, and how much each adds (standard deviations, in MOS).
  package struct Design: Sendable {
    let listeners: Int
    let utterances: Int
    let listenerDeviation: Double
    let utteranceDeviation: Double
    let residualDeviation: Double

    /// By default the design that the two-way interval is promised for.
    package init(
      listeners: Int = 10, utterances: Int = 20, listenerDeviation: Double = 0.45, utteranceDeviation: Double = 0.35,
      residualDeviation: Double = 0.6
    ) {
      self.listeners = listeners
      self.utterances = utterances
      self.listenerDeviation = listenerDeviation
      self.utteranceDeviation = utteranceDeviation
      self.residualDeviation = residualDeviation
    }
  }

  /// Which intervals of one panel held the truth.
  package struct Outcome: Sendable {
    /// The headline: two-way clustered, t with min(G) − 1 degrees of freedom.
    package let twoWay: Bool
    /// The one that takes ratings for independent.
    package let independent: Bool
    /// The pigeonhole bootstrap's, of 1,000 resamples; nil when it was not asked for.
    package let bootstrap: Bool?
    /// Half the width of the headline, in MOS.
    package let halfWidth: Double
  }

  let design: Design
  let seed: UInt64
  let bootstraps: Bool

  /// Panels of one design; each has its own generator, whose seed comes from this one.
  package init(_ design: Design = Design(), seed: UInt64, bootstraps: Bool = false) {
    self.design = design
    self.seed = seed
    self.bootstraps = bootstraps
  }

  /// The outcomes of as many panels, in order, on all cores.
  package func outcomes(runs: Int) async -> [Outcome] {
    var seeds = SplitMix64(seed: seed)
    let generators = (0..<runs).map { _ in SplitMix64(seed: seeds.next()) }
    return await withTaskGroup(of: (Int, [Outcome]).self) { group in
      for start in stride(from: 0, to: runs, by: 25) {
        group.addTask { (start, generators[start..<min(start + 25, runs)].compactMap(outcome)) }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }

  private func outcome(_ generator: SplitMix64) -> Outcome? {
    var normals = Normals(generator: generator)
    let listeners = (0..<design.listeners).map { _ in design.listenerDeviation * normals.next() }
    let utterances = (0..<design.utterances).map { _ in design.utteranceDeviation * normals.next() }
    let cells = listeners.indices.flatMap { listener in utterances.indices.map { (listener, $0) } }
    let ratings = CrossedRatings(
      scores: cells.map { listeners[$0.0] + utterances[$0.1] + design.residualDeviation * normals.next() },
      listeners: cells.map(\.0), items: cells.map(\.1))
    guard let mean = ClusteredMean(ratings), let interval = mean.interval(), let half = mean.independentHalfWidth()
    else {
      return nil
    }
    let bootstrap = bootstraps ? PigeonholeBootstrap([ratings], resamples: 1000).interval(of: 0) : nil
    return Outcome(
      twoWay: interval.low <= 0 && interval.high >= 0, independent: abs(mean.mean) <= half,
      bootstrap: bootstrap.map { $0.contains(0) }, halfWidth: (interval.high - interval.low) / 2)
  }
}

/// The coverage of panels' intervals as it is printed.
struct PanelTable {
  let runs: Int
  let seed: UInt64

  /// Prints it; returns whether the promise was kept.
  func printAll() async -> Bool {
    print("\(runs) panels each: listener sd .45, utterance sd .35, residual .6, seed \(seed)")
    print("  listeners × utterances   two-way 95 % (headline)   bootstrap   independent ratings   half width")
    var isKept = true
    for (listeners, utterances, isPromised) in [
      (10, 20, true), (12, 8, false), (24, 8, false), (5, 20, false), (30, 40, false),
    ] {
      let design = PanelSimulation.Design(listeners: listeners, utterances: utterances)
      let outcomes = await PanelSimulation(design, seed: seed, bootstraps: isPromised).outcomes(runs: runs)
      let headline = share(outcomes, \.twoWay)
      let bootstrap = isPromised ? percent(share(outcomes) { $0.bootstrap ?? false }) : "          –"
      let width = outcomes.reduce(0) { $0 + $1.halfWidth } / Double(outcomes.count)
      let holds = (0.93...0.97).contains(headline)
      if isPromised, !holds { isKept = false }
      let promise = isPromised ? "   93 to 97 %: \(holds ? "kept" : "BROKEN")" : ""
      print(
        pad("  \(listeners) × \(utterances)", 24) + pad(percent(headline), 27) + pad(bootstrap, 12)
          + pad(percent(share(outcomes, \.independent)), 22) + "\((width * 1000).rounded() / 1000)" + promise)
    }
    return isKept
  }

  private func share(_ outcomes: [PanelSimulation.Outcome], _ holds: (PanelSimulation.Outcome) -> Bool) -> Double {
    Double(outcomes.count(where: holds)) / Double(outcomes.count)
  }

  /// Per cent with its standard error.
  private func percent(_ share: Double) -> String {
    let error = (share * (1 - share) / Double(runs)).squareRoot()
    return "\((1000 * share).rounded() / 10) ± \((1000 * error).rounded() / 10) %"
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
