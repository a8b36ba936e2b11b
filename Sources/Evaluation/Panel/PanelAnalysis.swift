// SPDX-License-Identifier: GPL-3.0-or-later
internal import Statistics

/// What an analysis of a panel can be told.
public struct PanelOptions: Sendable, Equatable {
  /// How the panel was held.
  public var setup: PanelSetup
  /// What was asked, and what the numbers mean, for who reads the report; nil: ``PanelScale/words``.
  public var question: String?
  /// Half the width of what counts as the same, above 0, in the scale's unit; nil: ``PanelScale/margin``.
  public var margin: Double?
  /// Resamples of the bootstrap.
  public var resamples = PigeonholeBootstrap.resamples
  /// Seed of the bootstrap; nil is a constant.
  public var seed: UInt64?
  /// The seed that is used: ``seed``, or the constant.
  public var usedSeed: UInt64 { seed ?? PigeonholeBootstrap.constantSeed }
  /// From what on a listener is flagged.
  public var limits = ScreeningLimits()

  /// The usual options.
  public init(_ setup: PanelSetup = PanelSetup()) { self.setup = setup }
}

/// A listening panel analysed: a pure function of its ratings.
///
/// Everything is given for all listeners (``all``), and once more without those in whom the screening found a sign
/// (``screened``). Gold, catch and repeated trials serve the screening and the listeners' reliability, and are in no MOS.
public struct PanelAnalysis: Sendable, Equatable {
  /// The plan's name or hash, when there is one.
  public let plan: String?
  /// How it was made.
  public let options: PanelOptions
  /// How the panel asked.
  public let scale: PanelScale
  /// What was asked, in words.
  public var question: String { options.question ?? scale.words }
  /// Half the width of what counts as the same, in the scale's unit.
  public var margin: Double { options.margin ?? scale.margin }
  /// With all listeners.
  public let all: PanelFindings
  /// Without the flagged listeners; nil when nobody is flagged, or fewer than two would be left.
  public let screened: PanelFindings?
  /// What the screening saw.
  public let screening: PanelScreening
  /// Whether listeners repeat themselves; nil when nothing was repeated.
  public let repeats: RepeatReliability?
  /// Whether scores drift; nil when the order of trials is not known.
  public let order: OrderEffect?
  /// What to know before trusting it, one line each.
  public let warnings: [String]

  /// Below this number of listeners there is a warning.
  public static let fewestListeners = 10

  /// Why there is nothing to analyse.
  public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// No trial of the kind `rated`.
    case noRatings
    /// A score is not finite.
    case notFinite(listener: String, system: String)
    /// A score is beyond ``PanelRating/greatestScore``.
    case tooGreat(listener: String, system: String)
    /// A vote or comparison does not say between which two systems.
    case noPartner(listener: String, system: String)

    /// The reason in one line.
    public var description: String {
      switch self {
      case .noRatings: "no ratings to analyse"
      case .notFinite(let listener, let system): "a score of \(listener) for \(system) is no finite number"
      case .tooGreat(let listener, let system):
        "a score of \(listener) for \(system) is beyond ±\(Int(PanelRating.greatestScore))"
      case .noPartner(let listener, let system):
        "a vote of \(listener) on \(system) does not say which other system was heard beside it"
      }
    }
  }

  /// Analyses ratings, in any order.
  public init(_ ratings: [PanelRating], plan: String? = nil, options: PanelOptions = PanelOptions()) throws(Failure) {
    if let bad = ratings.first(where: { !$0.score.isFinite }) {
      throw .notFinite(listener: bad.listener, system: bad.system)
    }
    if let bad = ratings.first(where: { abs($0.score) > PanelRating.greatestScore }) {
      throw .tooGreat(listener: bad.listener, system: bad.system)
    }
    let rated = ratings.filter { $0.kind == .rated }
    guard !rated.isEmpty else { throw .noRatings }
    let scale = options.setup.scale ?? PanelScale.inferred(rated)
    if scale == .ab, let bad = rated.first(where: { $0.against == nil }) {
      throw .noPartner(listener: bad.listener, system: bad.system)
    }
    self.plan = plan
    self.options = options
    self.scale = scale
    let prepared = PreparedRatings(ratings, scale)
    let all = PanelFindings(prepared.rated(), scale, options)
    let screening = PanelScreening(prepared.analysed, scale, options)
    let flagged = Set(screening.flagged)
    let left = all.listeners - flagged.count
    self.all = all
    self.screening = screening
    screened = flagged.isEmpty || left < 2 ? nil : PanelFindings(prepared.rated(without: flagged), scale, options)
    repeats = RepeatReliability(prepared.analysed)
    // That a system is preferred has no direction in which it could drift.
    order = scale == .ab ? nil : OrderEffect(prepared.analysed)
    warnings = Self.warnings(prepared.analysed, all, screening) + Self.warnings(of: scale, options, all)
  }

  private static func warnings(
    _ ratings: [PanelRating], _ all: PanelFindings, _ screening: PanelScreening
  ) -> [String] {
    var lines = all.refusals.map {
      "not compared: \($0.first.joined(separator: ", ")) with \($0.second.joined(separator: ", ")): \($0.reason)"
    }
    if all.listeners < fewestListeners {
      lines.append(
        all.listeners == 1
          ? "1 listener: this holds for one person alone, and there is no interval"
          : "\(all.listeners) listeners: under \(fewestListeners), intervals are wide and their coverage rough")
    }
    if Set(ratings.lazy.filter { $0.kind == .rated }.map(\.utterance)).count == 1 {
      lines.append("1 utterance: what is found holds for that one sentence")
    }
    let without = all.systems.filter { $0.interval == nil }.map(\.name)
    if !without.isEmpty {
      lines.append("no interval, as there is one listener or one utterance: \(without.joined(separator: ", "))")
    }
    let constant = all.systems.filter { $0.interval.map { $0.low == $0.high } ?? false }.map(\.name)
    if !constant.isEmpty {
      lines.append(
        "an interval of no width, as all scores are the same, says nothing of other listeners: \(constant.joined(separator: ", "))"
      )
    }
    let flagged = screening.flagged
    if !flagged.isEmpty {
      let left = all.listeners - flagged.count
      lines.append(
        "\(flagged.count) of \(all.listeners) listeners show a sign (\(flagged.joined(separator: ", "))): nobody was left out; "
          + (left < 2 ? "without them fewer than two would be left" : "the results without them stand beside"))
    }
    if all.preferences == nil, !screening.canBT500Fire {
      lines.append(
        "BT.500's rejection cannot fire: no clip has \(ObserverRejection.fewestVotes) votes, so its silence clears nobody"
      )
    }
    let rated = ratings.filter { $0.kind == .rated }
    let clips = Set(rated.map { [$0.listener, $0.system, $0.utterance] }).count
    if clips < rated.count {
      lines.append(
        "\(rated.count - clips) ratings are of clips that the listener had rated before; they count as others do")
    }
    let unknown = ratings.count { ($0.kind == .gold || $0.kind == .catch) && $0.isRight == nil }
    if unknown > 0 { lines.append("\(unknown) gold or catch trials have no known answer, and were not judged") }
    if case .value(let projection) = all.projection {
      let floored = projection.listeners.filter { $0.inconsistency < projection.floor }
      if !floored.isEmpty {
        lines.append(
          "P.910: \(floored.count) of \(all.listeners) listeners have as good as no residuals (too few votes a clip); their weight is"
            + " that of a rounding error")
      }
      if !projection.converged { lines.append("P.910: the fit did not settle") }
    }
    return lines
  }

  private static func warnings(of scale: PanelScale, _ options: PanelOptions, _ all: PanelFindings) -> [String] {
    var lines: [String] = []
    if let pairs = all.preferences?.pairs {
      let ties = pairs.reduce(0) { $0 + $1.ties }
      if ties > 0 {
        lines.append("\(ties) of \(all.ratings) votes prefer neither: they are left out of shares, tests and abilities")
      }
      let alike = pairs.filter { $0.clustered == nil && $0.listeners > 1 }.map { "\($0.a), \($0.b)" }
      if !alike.isEmpty {
        lines.append("no interval for other listeners, as all are of one mind: \(alike.joined(separator: "; "))")
      }
    }
    if scale == .mushra {
      let names = Set(all.systems.map(\.name))
      if options.setup.reference.map({ !names.contains($0) }) ?? true {
        lines.append(
          "no hidden reference among the systems: BS.1534's look at who did not hear it was not taken")
      }
    }
    return lines
  }
}
