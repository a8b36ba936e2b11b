// SPDX-License-Identifier: GPL-3.0-or-later
internal import Statistics

extension PanelFindings {
  /// Computes all of it from ratings that are to be analysed.
  init(_ ratings: [PanelRating], _ options: PanelOptions) {
    let table = PanelTable(ratings)
    let sessions = SessionGroups(ratings, systems: table.systems)
    listeners = table.listeners.count
    self.ratings = ratings.count
    let bySystem = table.bySystem
    let bootstrap = PigeonholeBootstrap(bySystem, resamples: options.resamples, seed: options.seed)
    systems = table.systems.indices.compactMap { index in
      ClusteredMean(bySystem[index]).map { mean in
        PanelSystem(
          name: table.systems[index], mean: mean, interval: mean.interval(),
          bootstrap: mean.degreesOfFreedom > 0 ? bootstrap.interval(of: index) : nil, group: sessions.group[index])
      }
    }
    pairs = Self.pairs(table, bySystem.map { Summary.mean(of: $0.scores) ?? 0 }, sessions, bootstrap, options)
    refusals = sessions.refusals(table.systems)
    let clips = table.byClip
    alpha = KrippendorffAlpha(clips)
    reliability = Self.reliability(clips)
    projection = Self.projection(table, clips)
  }

  private static func pairs(
    _ table: PanelTable, _ mos: [Double], _ sessions: SessionGroups, _ bootstrap: PigeonholeBootstrap,
    _ options: PanelOptions
  ) -> [PanelPair] {
    let means = table.listenerMeans
    let pairs = table.systems.indices.flatMap { a in
      table.systems.indices.dropFirst(a + 1).compactMap { b -> PanelPair? in
        guard sessions.group[a] == sessions.group[b] else { return nil }
        let differences = zip(means[a], means[b]).compactMap { first, second in
          first.flatMap { first in second.map { $0 - first } }
        }
        return PanelPair(
          a: table.systems[a], b: table.systems[b], differences, mosDifference: mos[b] - mos[a],
          interval: bootstrap.interval(from: a, to: b),
          margin: options.margin)
      }
    }
    let tested = pairs.indices.filter { pairs[$0].wilcoxon != nil }
    let adjusted = Holm.adjusted(tested.compactMap { pairs[$0].wilcoxon?.p })
    let holm = Dictionary(uniqueKeysWithValues: zip(tested, adjusted))
    return pairs.enumerated().map { $1.adjusted(holm[$0]) }
  }

  private static func reliability(_ clips: CrossedRatings) -> Defined<Reliability> {
    do throws(Reliability.Failure) {
      return .value(try Reliability(clips))
    } catch {
      return switch error {
      case .incomplete: .undefined("not every listener rated every clip exactly once")
      case .tooFew: .undefined("it takes two listeners and two clips")
      case .noVariation: .undefined("all clips have the same mean")
      }
    }
  }

  private static func projection(_ table: PanelTable, _ clips: CrossedRatings) -> Defined<PanelProjection> {
    do throws(AlternatingProjection.Failure) {
      let fit = try AlternatingProjection(clips)
      let count = table.utterances.count
      let systems = table.systems.indices.map { system in
        let rated = table.utterances.indices.compactMap { utterance -> (String, Double)? in
          let clip = system * count + utterance
          guard clip < fit.quality.count else { return nil }
          return fit.quality[clip].map { (table.utterances[utterance], $0) }
        }
        return PanelProjection.System(
          name: table.systems[system], quality: Summary.mean(of: rated.map(\.1)) ?? 0,
          clips: Dictionary(uniqueKeysWithValues: rated))
      }
      let listeners = table.listeners.indices.compactMap { index -> PanelProjection.Listener? in
        fit.bias[index].flatMap { bias in
          fit.inconsistency[index].map { .init(code: table.listeners[index], bias: bias, inconsistency: $0) }
        }
      }
      return .value(
        PanelProjection(systems: systems, listeners: listeners, converged: fit.converged, floor: fit.floor))
    } catch {
      return switch error {
      case .empty: .undefined("there are no ratings")
      case .disconnected(let groups):
        .undefined("listeners and clips fall apart into \(groups) groups that share neither: no scale joins them")
      }
    }
  }
}

extension PanelPair {
  init(
    a: String, b: String, _ differences: [Double], mosDifference: Double, interval: ClosedRange<Double>?, margin: Double
  ) {
    self.a = a
    self.b = b
    listeners = differences.count
    difference = Summary.mean(of: differences)
    self.mosDifference = mosDifference
    self.interval = interval
    wilcoxon = differences.isEmpty ? nil : WilcoxonSignedRank(differences)
    signFlip = differences.isEmpty ? nil : SignFlip(differences)
    pairedT = PairedT(differences)
    holm = nil
    equivalence = TOST(differences, margin: margin)
  }

  private init(_ pair: PanelPair, holm: Double?) {
    a = pair.a
    b = pair.b
    listeners = pair.listeners
    difference = pair.difference
    mosDifference = pair.mosDifference
    interval = pair.interval
    wilcoxon = pair.wilcoxon
    signFlip = pair.signFlip
    pairedT = pair.pairedT
    self.holm = holm
    equivalence = pair.equivalence
  }

  /// The pair with Wilcoxon's p adjusted over its family.
  fileprivate func adjusted(_ holm: Double?) -> PanelPair { PanelPair(self, holm: holm) }
}
