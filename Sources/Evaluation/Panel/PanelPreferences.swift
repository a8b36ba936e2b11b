// SPDX-License-Identifier: GPL-3.0-or-later
public import Statistics

// Votes between two systems, pair by pair.
//
// * "Neither" decides nothing: such votes are counted and told of, and are in no share, test or ability. (Halving them would pull
//   shares to ½ and make p of votes that nobody gave.)
// * The exact binomial test and Wilson's interval take votes for independent. A listener who votes on many sentences gives votes that
//   resemble each other, so beside them stand an interval of the share clustered by listener, and the sign-flip test of the listeners' own
//   shares less ½, which counts a listener once. Where each gave one vote the two tests are one.
// * Simulated with 10 listeners × 20 sentences, listeners' logits of standard deviation .8 and a true share of ½ (1,500 panels): the binomial
//   test finds a preference at 5 % in 25 % of the panels and Wilson's interval holds ½ in 71 %; the flips find one in 3 %, and the interval by
//   listener holds it in 96 % (with sentences of .4 as well: 28 and 71 %, 5 and 94 %).
// * Both p are adjusted over all pairs by Holm. A preference is found when both adjusted p are below .05; when the binomial's alone is,
//   that is said, and nothing is found.
// * Abilities are Bradley and Terry's; their errors take votes for independent.

/// What votes between two systems say.
public struct PanelPreferences: Sendable, Equatable {
  /// Every two systems between which somebody voted, in the order of their names.
  public let pairs: [PreferencePair]
  /// Abilities of all systems on one scale, the best first, or why there is none.
  public let abilities: Defined<[Ability]>

  /// A system's place on the scale.
  public struct Ability: Sendable, Equatable {
    /// The system's name.
    public let name: String
    /// θ in logits, the sum over systems being 0: a system is preferred to another with the odds e^(θ − θ′).
    public let value: Double
    /// Standard error, votes counting as independent.
    public let error: Double
  }

  /// From ratings that all have a partner.
  init(_ ratings: PreparedRatings) {
    let votes = Dictionary(grouping: ratings.rows) { PanelTable.ordered([$0.given.system, $0.given.against ?? ""]) }
    let names = PanelTable.ordered(votes.keys.flatMap(\.self))
    let place = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let order = votes.sorted { first, second in
      first.key.compactMap { place[$0] }.lexicographicallyPrecedes(second.key.compactMap { place[$0] })
    }
    let tested = order.map { PreferencePair(a: $0.key.first ?? "", b: $0.key.last ?? "", $0.value.map(\.analysed)) }
    let holm = Holm.adjusted(known: tested.map { $0.test?.p })
    let listenerHolm = Holm.adjusted(known: tested.map(\.listenerP))
    pairs = zip(tested, zip(holm, listenerHolm)).map { pair, adjusted in
      var pair = pair
      (pair.holm, pair.listenerHolm) = adjusted
      return pair
    }
    abilities = Self.abilities(names, pairs)
  }

  private static func abilities(_ names: [String], _ pairs: [PreferencePair]) -> Defined<[Ability]> {
    var wins = names.map { _ in names.map { _ in 0.0 } }
    for pair in pairs {
      guard let a = names.firstIndex(of: pair.a), let b = names.firstIndex(of: pair.b) else { continue }
      wins[a][b] = Double(pair.forA)
      wins[b][a] = Double(pair.forB)
    }
    do throws(BradleyTerry.Failure) {
      let fit = try BradleyTerry(wins: wins)
      let found = names.indices.map { Ability(name: names[$0], value: fit.abilities[$0], error: fit.errors[$0]) }
      return .value(found.sorted { ($1.value, $0.name) < ($0.value, $1.name) })
    } catch {
      return switch error {
      case .tooFew: .undefined("there is one system")
      case .notStronglyConnected(let unbeaten):
        .undefined(
          "nobody preferred any other system to \(unbeaten.map { names[$0] }.joined(separator: ", ")): how far apart they are has no bound"
        )
      }
    }
  }
}

/// Votes between two systems: for b against a.
public struct PreferencePair: Sendable, Equatable {
  /// Name of the one.
  public let a: String
  /// Name of the other, whose share it is.
  public let b: String
  /// Votes for a.
  public let forA: Int
  /// Votes for b.
  public let forB: Int
  /// Votes for neither, which are in nothing below.
  public let ties: Int
  /// Listeners with a vote for one of the two.
  public let listeners: Int
  /// Share of b with Wilson's interval and the exact binomial test; nil when all votes are for neither.
  public let test: Preference?
  /// The binomial's p adjusted over all pairs.
  public internal(set) var holm: Double?
  /// 95 % interval of the share for other listeners (``ClusteredMean/listenerInterval(confidence:)``), within 0…1; nil with one listener, and
  /// where listeners do not differ, as nothing is known of others then.
  public let clustered: Interval?
  /// Why there is no ``clustered``, in words; nil where there is one.
  public var noInterval: String? {
    guard clustered == nil else { return nil }
    return listeners == 0
      ? "all votes are for neither" : listeners == 1 ? "one listener" : "all listeners are of one mind"
  }
  /// p of the listeners' own shares less ½, by flipping signs; nil without votes for one of the two.
  public let listenerP: Double?
  /// The same adjusted over all pairs.
  public internal(set) var listenerHolm: Double?
  /// Share of b by utterance, in the order of their names, where somebody voted for one of the two.
  public let utteranceShares: [Double]

  /// What can be said.
  public enum Finding: String, Sendable, CaseIterable {
    /// Both adjusted p are below .05.
    case preferred
    /// The binomial's alone is: a preference if votes of one listener were independent, which they are not.
    case ifIndependent = "if-independent"
    /// No preference was shown; that is not to say that there is none.
    case undecided
  }

  /// What can be said of the pair at 5 %.
  public var finding: Finding {
    guard let holm, holm < 0.05 else { return .undecided }
    return listenerHolm.map { $0 < 0.05 } ?? false ? .preferred : .ifIndependent
  }

  /// From votes on this pair, 1 for b.
  init(a: String, b: String, _ ratings: [PanelRating]) {
    self.a = a
    self.b = b
    let decided = ratings.filter { $0.score != 0.5 }
    forB = decided.count { $0.score > 0.5 }
    forA = decided.count - forB
    ties = ratings.count - decided.count
    let table = PanelTable(decided)
    listeners = table.listeners.count
    let test = decided.isEmpty ? nil : Preference(wins: forB, of: decided.count)
    self.test = test
    let votes = table.byClip
    utteranceShares = votes.itemMeans
    let interval = ClusteredMean(votes, within: PanelScale.ab.range)?.listenerInterval()
    clustered = interval.flatMap { $0.high - $0.low > 1e-12 ? $0 : nil }
    let shares = table.listenerMeans.first?.compactMap(\.self) ?? []
    listenerP = decided.count == shares.count ? test?.p : SignFlip(shares.map { $0 - 0.5 }).p
  }
}
