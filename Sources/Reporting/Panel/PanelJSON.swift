// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Statistics

/// A panel's analysis as JSON, schema 1. Numbers are finite or absent, in full double precision.
public enum PanelJSON {
  /// The document, with sorted keys, so that equal analyses give equal bytes.
  public static func render(_ analysis: PanelAnalysis) throws -> String { try JSONReport.text(Document(analysis)) }
}

private struct Document: Encodable {
  let schema = 1
  let plan: Nullable<String>
  let listeners: Int
  let ratings: Int
  let alpha: Alpha?
  let icc: [String: Double]?
  let cronbach: Double?
  /// Why something above is absent.
  let undefined: [String: String]
  let systems: [SystemPart]
  let pairs: [PairPart]
  let notCompared: [RefusalPart]
  let projection: ProjectionPart?
  let screening: [ListenerPart]
  let flagged: [String]
  let screened: ScreenedPart?
  let repeats: RepeatPart?
  let order: OrderPart?
  let bootstrap: BootstrapPart
  let warnings: [String]

  init(_ analysis: PanelAnalysis) {
    let all = analysis.all
    plan = Nullable(value: analysis.plan)
    listeners = all.listeners
    ratings = all.ratings
    alpha = all.alpha.map(Alpha.init)
    icc = all.reliability.value.map { ["2,1": $0.icc21, "2,k": $0.icc2k] }
    cronbach = all.reliability.value?.cronbachAlpha
    undefined = Self.undefined(all)
    systems = SystemPart.all(all)
    pairs = all.pairs.map(PairPart.init)
    notCompared = all.refusals.map(RefusalPart.init)
    projection = all.projection.value.map(ProjectionPart.init)
    screening = analysis.screening.listeners.map(ListenerPart.init)
    flagged = analysis.screening.flagged
    screened = analysis.screened.map(ScreenedPart.init)
    repeats = analysis.repeats.map(RepeatPart.init)
    order = analysis.order.map(OrderPart.init)
    bootstrap = BootstrapPart(
      resamples: analysis.options.resamples, seed: Nullable(value: analysis.options.seed.map { "\($0)" }))
    warnings = analysis.warnings
  }

  static func undefined(_ findings: PanelFindings) -> [String: String] {
    var reasons: [String: String] = [:]
    if findings.alpha == nil { reasons["alpha"] = "no clip has two ratings, or all ratings are equal" }
    if let reason = findings.reliability.reason { (reasons["icc"], reasons["cronbach"]) = (reason, reason) }
    if let reason = findings.projection.reason { reasons["projection"] = reason }
    return reasons
  }
}

private struct Alpha: Encodable {
  let interval: Double
  let ordinal: Double
  let nominal: Double

  init(_ alpha: KrippendorffAlpha) {
    interval = alpha.interval
    ordinal = alpha.ordinal
    nominal = alpha.nominal
  }
}

private struct SystemPart: Encodable {
  let name: String
  let n: Int
  let listeners: Int
  let utterances: Int
  let mos: Double
  let sd: Double?
  let tHalfWidth: Double?
  let se: Errors
  let degreesOfFreedom: Int?
  let low: Double?
  let high: Double?
  let bootstrap: Limits?
  let quality: Double?
  let group: Int
  /// Whether the two-way variance came out negative and the greater of the one-way ones stands for it.
  let usedGreater: Bool

  struct Errors: Encodable {
    let iid: Double?
    let listener: Double?
    let utterance: Double?
    let twoWay: Double?
  }

  static func all(_ findings: PanelFindings) -> [SystemPart] {
    let quality = findings.projection.value?.systems.reduce(into: [:]) { $0[$1.name] = $1.quality } ?? [:]
    return findings.systems.map { SystemPart($0, quality: quality[$0.name]) }
  }

  init(_ system: PanelSystem, quality: Double?) {
    let mean = system.mean
    name = system.name
    n = mean.n
    listeners = mean.listeners
    utterances = mean.utterances
    mos = mean.mean
    sd = mean.standardDeviation
    tHalfWidth = mean.independentHalfWidth()
    se = Errors(
      iid: mean.iidError, listener: mean.listenerError, utterance: mean.utteranceError, twoWay: mean.twoWayError)
    degreesOfFreedom = system.interval.map { _ in mean.degreesOfFreedom }
    low = system.interval?.low
    high = system.interval?.high
    bootstrap = system.bootstrap.map(Limits.init)
    self.quality = quality
    group = system.group
    usedGreater = mean.usedGreater
  }
}

private struct Limits: Encodable {
  let low: Double
  let high: Double

  init(_ range: ClosedRange<Double>) {
    low = range.lowerBound
    high = range.upperBound
  }

  init(_ interval: Interval) {
    low = interval.low
    high = interval.high
  }
}

private struct PairPart: Encodable {
  let a: String
  let b: String
  let listeners: Int
  let difference: Double?
  let mosDifference: Double
  let low: Double?
  let high: Double?
  let wilcoxon: Double?
  let signFlip: Double?
  let pairedT: Double?
  let holm: Double?
  let tost: Equivalence?
  let finding: String

  struct Equivalence: Encodable {
    let margin: Double
    let p: Double
  }

  init(_ pair: PanelPair) {
    a = pair.a
    b = pair.b
    listeners = pair.listeners
    difference = pair.difference
    mosDifference = pair.mosDifference
    low = pair.interval?.lowerBound
    high = pair.interval?.upperBound
    wilcoxon = pair.wilcoxon?.p
    signFlip = pair.signFlip?.p
    pairedT = pair.pairedT?.p
    holm = pair.holm
    tost = pair.equivalence.map { Equivalence(margin: $0.margin, p: $0.p) }
    finding = pair.finding.rawValue
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
  let gold: Trials
  let `catch`: Trials
  let hasty: Trials
  let longestRun: Int?
  let signs: [String]

  struct Trials: Encodable {
    let count: Int
    let missed: Int

    init(_ trials: ListenerScreening.Trials) {
      count = trials.count
      missed = trials.missed
    }
  }

  init(_ listener: ListenerScreening) {
    self.listener = listener.listener
    ratings = listener.ratings
    high = listener.high
    low = listener.low
    correlation = listener.correlation
    sd = listener.deviation
    gold = Trials(listener.gold)
    `catch` = Trials(listener.catch)
    hasty = Trials(listener.hasty)
    longestRun = listener.longestRun
    signs = listener.signs.map(\.rawValue)
  }
}

/// The same without the flagged listeners.
private struct ScreenedPart: Encodable {
  let listeners: Int
  let ratings: Int
  let alpha: Alpha?
  let icc: [String: Double]?
  let cronbach: Double?
  let undefined: [String: String]
  let systems: [SystemPart]
  let pairs: [PairPart]

  init(_ findings: PanelFindings) {
    listeners = findings.listeners
    ratings = findings.ratings
    alpha = findings.alpha.map(Alpha.init)
    icc = findings.reliability.value.map { ["2,1": $0.icc21, "2,k": $0.icc2k] }
    cronbach = findings.reliability.value?.cronbachAlpha
    undefined = Document.undefined(findings)
    systems = SystemPart.all(findings)
    pairs = findings.pairs.map(PairPart.init)
  }
}

private struct RepeatPart: Encodable {
  let pairs: Int
  let listeners: Int
  let sameShare: Double
  let meanDifference: Double
  let interval: Limits?
  let withinDeviation: Double
  let correlation: Double?

  init(_ repeats: RepeatReliability) {
    pairs = repeats.pairs
    listeners = repeats.listeners
    sameShare = repeats.sameShare
    meanDifference = repeats.meanDifference
    interval = repeats.interval.map(Limits.init)
    withinDeviation = repeats.withinDeviation
    correlation = repeats.correlation
  }
}

private struct OrderPart: Encodable {
  let listeners: Int
  let perTenTrials: Double
  let interval: Limits?

  init(_ order: OrderEffect) {
    listeners = order.listeners
    perTenTrials = order.perTenTrials
    interval = order.interval.map(Limits.init)
  }
}

private struct BootstrapPart: Encodable {
  let resamples: Int
  let seed: Nullable<String>
}
