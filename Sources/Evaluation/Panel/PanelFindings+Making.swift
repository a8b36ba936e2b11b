// SPDX-License-Identifier: GPL-3.0-or-later
internal import Statistics

extension PanelFindings {
  /// Computes all of it from ratings that are to be analysed.
  init(_ ratings: PreparedRatings, _ scale: PanelScale, _ options: PanelOptions) {
    let table = PanelTable(ratings.analysed)
    listeners = table.listeners.count
    self.ratings = ratings.rows.count
    let clips = table.byClip
    alpha = KrippendorffAlpha(clips)
    guard scale != .ab else {
      (systems, pairs, againstReference, refusals) = ([], [], [], [])
      preferences = PanelPreferences(ratings)
      reliability = .undefined("votes between two are no scores")
      projection = .undefined("votes between two are no scores")
      return
    }
    preferences = nil
    let margin = options.margin ?? scale.margin
    let sessions = SessionGroups(ratings.analysed, systems: table.systems)
    let bySystem = table.bySystem
    let bootstrap = PigeonholeBootstrap(bySystem, resamples: options.resamples, seed: options.seed)
    systems = table.systems.indices.compactMap { index in
      ClusteredMean(bySystem[index], within: scale.range).map { mean in
        PanelSystem(
          name: table.systems[index], mean: mean, interval: mean.interval(),
          bootstrap: mean.degreesOfFreedom > 0 ? bootstrap.interval(of: index) : nil,
          utteranceMeans: bySystem[index].itemMeans, group: sessions.group[index])
      }
    }
    pairs = Self.pairs(table, systems.map(\.mean), sessions, bootstrap, margin)
    againstReference = scale == .ccr ? Self.againstReference(ratings.reference ?? "", table, systems, margin) : []
    refusals = sessions.refusals(table.systems)
    reliability = Self.reliability(clips)
    projection = Self.projection(table, clips)
  }

  private static func pairs(
    _ table: PanelTable, _ mos: [ClusteredMean], _ sessions: SessionGroups, _ bootstrap: PigeonholeBootstrap,
    _ margin: Double
  ) -> [PanelPair] {
    let means = table.listenerMeans
    let pairs = table.systems.indices.flatMap { a in
      table.systems.indices.dropFirst(a + 1).compactMap { b -> PanelPair? in
        guard sessions.group[a] == sessions.group[b] else { return nil }
        return PanelPair(
          a: table.systems[a], b: table.systems[b], ListenerDifferences(from: means[a], to: means[b]),
          mosDifference: mos[b].mean - mos[a].mean, interval: bootstrap.interval(from: a, to: b),
          unknown: mos[a].undefinedReason ?? mos[b].undefinedReason, margin: margin)
      }
    }
    return PanelPair.adjusted(pairs)
  }

  /// Each listener's mean score of a system is his difference between it and what it was heard beside.
  private static func againstReference(
    _ reference: String, _ table: PanelTable, _ systems: [PanelSystem], _ margin: Double
  ) -> [PanelPair] {
    PanelPair.adjusted(
      zip(systems, table.listenerMeans).map { system, means in
        PanelPair(
          a: reference, b: system.name, ListenerDifferences(means),
          mosDifference: system.mean.mean, interval: system.bootstrap, unknown: system.mean.undefinedReason,
          margin: margin)
      })
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
  /// - Parameter unknown: why no resample tells anything of other listeners and utterances; nil where they do.
  init(
    a: String, b: String, _ listeners: ListenerDifferences, mosDifference: Double, interval: ClosedRange<Double>?,
    unknown: String?, margin: Double
  ) {
    let differences = listeners.values
    self.a = a
    self.b = b
    self.listeners = differences.count
    difference = listeners.mean
    self.mosDifference = mosDifference
    self.interval = unknown == nil ? interval : nil
    noInterval = unknown ?? (interval == nil ? "too sparse" : nil)
    wilcoxon = differences.isEmpty ? nil : WilcoxonSignedRank(differences)
    signFlip = differences.isEmpty ? nil : SignFlip(differences)
    pairedT = PairedT(differences)
    equivalence = TOST(differences, margin: margin)
    undefinedReason = listeners.undefinedReason
  }

  /// The pairs with Wilcoxon's p adjusted over all of them.
  static func adjusted(_ pairs: [PanelPair]) -> [PanelPair] {
    zip(pairs, Holm.adjusted(known: pairs.map { $0.wilcoxon?.p })).map { pair, holm in
      var pair = pair
      pair.holm = holm
      return pair
    }
  }
}
