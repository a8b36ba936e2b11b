// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Statistics

/// A panel's analysis as JSON, schema 1. Numbers are finite or absent, in full double precision. `low` and `high` of a mean are cut at the
/// scale's ends, as everywhere; uncut they are `mos` ∓ t·`se.twoWay`, with t of `degreesOfFreedom`.
public enum PanelJSON {
  /// The document, with sorted keys, so that equal analyses give equal bytes.
  /// - Parameter planHash: the SHA-256 of the plan that was frozen, or of ratings from elsewhere, where the caller knows it.
  public static func render(_ analysis: PanelAnalysis, planHash: String? = nil) throws -> String {
    try JSONReport.text(Document(analysis, planHash))
  }
}

/// What all listeners say stands on the same level as the rest.
private struct Document: Encodable {
  let all: FindingsDocument
  let rest: Rest

  init(_ analysis: PanelAnalysis, _ planHash: String?) {
    all = FindingsDocument(analysis, analysis.all)
    rest = Rest(analysis, planHash)
  }

  func encode(to encoder: any Encoder) throws {
    try all.encode(to: encoder)
    try rest.encode(to: encoder)
  }

  struct Rest: Encodable {
    let schema = 1
    let plan: Nullable<String>
    let planHash: Nullable<String>
    let scale: String
    /// What the means are called.
    let measure: String
    let question: String
    /// Of TOST, in the scale's unit; whether nobody asked for it.
    let margin: Double
    let marginIsConvention: Bool
    let notCompared: [RefusalPart]
    let projection: ProjectionPart?
    let screening: [ListenerPart]
    let flagged: [String]
    let screened: FindingsDocument?
    let repeats: RepeatPart?
    let order: OrderPart?
    let bootstrap: BootstrapPart
    let warnings: [String]

    init(_ analysis: PanelAnalysis, _ planHash: String?) {
      let all = analysis.all
      plan = Nullable(value: analysis.plan)
      self.planHash = Nullable(value: planHash)
      scale = analysis.scale.rawValue
      measure = analysis.scale.meanName
      question = analysis.question
      margin = analysis.margin
      marginIsConvention = analysis.options.margin == nil
      notCompared = all.refusals.map(RefusalPart.init)
      projection = all.projection.value.map(ProjectionPart.init)
      screening = analysis.screening.listeners.map(ListenerPart.init)
      flagged = analysis.screening.flagged
      screened = analysis.screened.map { FindingsDocument(analysis, $0) }
      repeats = analysis.repeats.map(RepeatPart.init)
      order = analysis.order.map(OrderPart.init)
      bootstrap = BootstrapPart(
        resamples: analysis.options.resamples, seed: "\(analysis.options.usedSeed)")
      warnings = analysis.warnings
    }
  }
}

private struct RefusalPart: Encodable {
  let first: [String]
  let second: [String]
  let reason: String

  init(_ refusal: PanelRefusal) {
    first = refusal.first
    second = refusal.second
    reason = refusal.reason
  }
}

private struct ProjectionPart: Encodable {
  let converged: Bool
  let floor: Double
  let listeners: [Listener]
  /// ψ by system and utterance.
  let clips: [String: [String: Double]]

  struct Listener: Encodable {
    let code: String
    let bias: Double
    let inconsistency: Double
  }

  init(_ projection: PanelProjection) {
    converged = projection.converged
    floor = projection.floor
    listeners = projection.listeners.map {
      Listener(code: $0.code, bias: $0.bias, inconsistency: $0.inconsistency)
    }
    clips = projection.systems.reduce(into: [:]) { $0[$1.name] = $1.clips }
  }
}

private struct ListenerPart: Encodable {
  let listener: String
  let ratings: Int
  let high: Int
  let low: Int
  let correlation: Double?
  let sd: Double?
  let gold: JSONNumbers
  let `catch`: JSONNumbers
  let reference: JSONNumbers
  let hasty: JSONNumbers
  let longestRun: Int?
  let signs: [String]

  init(_ listener: ListenerScreening) {
    self.listener = listener.listener
    ratings = listener.ratings
    high = listener.high
    low = listener.low
    correlation = listener.correlation
    sd = listener.deviation
    gold = JSONNumbers(listener.gold)
    `catch` = JSONNumbers(listener.catch)
    reference = JSONNumbers(listener.reference)
    hasty = JSONNumbers(listener.hasty)
    longestRun = listener.longestRun
    signs = listener.signs.map(\.rawValue)
  }
}

private struct RepeatPart: Encodable {
  let pairs: Int
  let listeners: Int
  let sameShare: Double
  let meanDifference: Double
  let interval: JSONNumbers?
  let withinDeviation: Double
  let correlation: Double?

  init(_ repeats: RepeatReliability) {
    pairs = repeats.pairs
    listeners = repeats.listeners
    sameShare = repeats.sameShare
    meanDifference = repeats.meanDifference
    interval = repeats.interval.map { JSONNumbers($0) }
    withinDeviation = repeats.withinDeviation
    correlation = repeats.correlation
  }
}

private struct OrderPart: Encodable {
  let listeners: Int
  let perTenTrials: Double
  let interval: JSONNumbers?

  init(_ order: OrderEffect) {
    listeners = order.listeners
    perTenTrials = order.perTenTrials
    interval = order.interval.map { JSONNumbers($0) }
  }
}

private struct BootstrapPart: Encodable {
  let resamples: Int
  /// In decimal digits, as text: parsers cut whole numbers of 64 bits.
  let seed: String
}
