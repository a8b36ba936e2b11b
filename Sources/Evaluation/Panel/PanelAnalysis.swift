// SPDX-License-Identifier: GPL-3.0-or-later
internal import Statistics

/// What an analysis of a panel can be told.
public struct PanelOptions: Sendable, Equatable {
  /// Half the width of what counts as the same, in the scale's unit.
  public var margin = 0.5
  /// Resamples of the bootstrap.
  public var resamples = PigeonholeBootstrap.resamples
  /// Seed of the bootstrap; nil is a constant.
  public var seed: UInt64?
  /// From what on a listener is flagged.
  public var limits = ScreeningLimits()

  /// The usual options.
  public init() {}
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

    /// The reason in one line.
    public var description: String {
      switch self {
      case .noRatings: "no ratings to analyse"
      case .notFinite(let listener, let system): "a score of \(listener) for \(system) is no finite number"
      }
    }
  }

  /// Analyses ratings, in any order.
  public init(_ ratings: [PanelRating], plan: String? = nil, options: PanelOptions = PanelOptions()) throws(Failure) {
    if let bad = ratings.first(where: { !$0.score.isFinite }) {
      throw .notFinite(listener: bad.listener, system: bad.system)
    }
    let rated = ratings.filter { $0.kind == .rated }
    guard !rated.isEmpty else { throw .noRatings }
    self.plan = plan
    self.options = options
    let all = PanelFindings(rated, options)
    let screening = PanelScreening(ratings, options.limits)
    let flagged = Set(screening.flagged)
    let rest = rated.filter { !flagged.contains($0.listener) }
    let left = all.listeners - flagged.count
    self.all = all
    self.screening = screening
    screened = flagged.isEmpty || left < 2 ? nil : PanelFindings(rest, options)
    repeats = RepeatReliability(ratings)
    order = OrderEffect(ratings)
    warnings = Self.warnings(ratings, all, screening)
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
          ? "1 listener: what he says holds for him, and there is no interval"
          : "\(all.listeners) listeners: under \(fewestListeners), intervals are wide and their coverage rough")
    }
    let without = all.systems.filter { $0.interval == nil }.map(\.name)
    if !without.isEmpty {
      lines.append("no interval, as there is one listener or one utterance: \(without.joined(separator: ", "))")
    }
    let flagged = screening.flagged
    if !flagged.isEmpty {
      let left = all.listeners - flagged.count
      lines.append(
        "\(flagged.count) of \(all.listeners) listeners show a sign (\(flagged.joined(separator: ", "))): nobody was left out; "
          + (left < 2 ? "without them fewer than two would be left" : "the results without them stand beside"))
    }
    if !screening.canBT500Fire {
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
    let unknown = ratings.count { ($0.kind == .gold || $0.kind == .catch) && $0.expected == nil }
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
}
