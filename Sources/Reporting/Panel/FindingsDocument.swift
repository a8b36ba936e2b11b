// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Statistics

/// What one set of listeners says, as ``PanelJSON`` tells it.
struct FindingsDocument: Encodable {
  let listeners: Int
  let ratings: Int
  let alpha: JSONNumbers?
  let icc: JSONNumbers?
  let cronbach: Double?
  /// Why something above is absent.
  let undefined: [String: String]
  let systems: [System]
  let pairs: [Pair]
  /// Comparisons alone: each system against 0.
  let againstReference: [Pair]?
  /// Votes between two alone.
  let preferences: Preferences?

  init(_ analysis: PanelAnalysis, _ findings: PanelFindings) {
    listeners = findings.listeners
    ratings = findings.ratings
    alpha = findings.alpha.map { JSONNumbers($0) }
    icc = findings.reliability.value.map { ["2,1": $0.icc21, "2,k": $0.icc2k] }
    cronbach = findings.reliability.value?.cronbachAlpha
    undefined = Self.undefined(findings)
    let quality = findings.projection.value?.systems.reduce(into: [:]) { $0[$1.name] = $1.quality } ?? [:]
    systems = findings.systems.map { System($0, quality: quality[$0.name], analysis) }
    pairs = findings.pairs.map(Pair.init)
    againstReference = findings.againstReference.isEmpty ? nil : findings.againstReference.map(Pair.init)
    preferences = findings.preferences.map(Preferences.init)
  }

  private static func undefined(_ findings: PanelFindings) -> [String: String] {
    var reasons: [String: String] = [:]
    if findings.alpha == nil { reasons["alpha"] = "no clip has two ratings, or all ratings are equal" }
    if let reason = findings.reliability.reason { (reasons["icc"], reasons["cronbach"]) = (reason, reason) }
    if let reason = findings.projection.reason { reasons["projection"] = reason }
    if let reason = findings.preferences?.abilities.reason { reasons["abilities"] = reason }
    return reasons
  }

  struct System: Encodable {
    let name: String
    /// `reference` or `anchor`.
    let role: String?
    let n: Int
    let listeners: Int
    let utterances: Int
    let mos: Double
    let sd: Double?
    let tHalfWidth: Double?
    let se: JSONNumbers
    let degreesOfFreedom: Int?
    let low: Double?
    let high: Double?
    /// Why there is no interval.
    let undefined: String?
    let bootstrap: JSONNumbers?
    let quality: Double?
    let group: Int
    /// Comparisons alone: the two-way t's p of a mean of 0.
    let pOfZero: Double?
    /// Whether the two-way variance came out less than half the greater of the one-way ones, which stands for it.
    let usedGreater: Bool

    init(_ system: PanelSystem, quality: Double?, _ analysis: PanelAnalysis) {
      let mean = system.mean
      name = system.name
      let options = analysis.options
      role = name == options.setup.reference ? "reference" : options.setup.anchors.contains(name) ? "anchor" : nil
      n = mean.n
      listeners = mean.listeners
      utterances = mean.utterances
      mos = mean.mean
      sd = mean.standardDeviation
      tHalfWidth = mean.independentHalfWidth()
      se = JSONNumbers(known: [
        "iid": mean.iidError, "listener": mean.listenerError, "utterance": mean.utteranceError,
        "twoWay": mean.twoWayError,
      ])
      degreesOfFreedom = system.interval.map { _ in mean.degreesOfFreedom }
      low = system.interval?.low
      high = system.interval?.high
      undefined = mean.undefinedReason
      bootstrap = system.bootstrap.map { JSONNumbers($0) }
      self.quality = quality
      group = system.group
      pOfZero = analysis.scale == .ccr ? mean.p(against: 0) : nil
      usedGreater = mean.usedGreater
    }
  }

  struct Pair: Encodable {
    let a: String
    let b: String
    let listeners: Int
    let difference: Double?
    let mosDifference: Double
    let low: Double?
    let high: Double?
    /// Why there is no `low` and no `high`.
    let noInterval: String?
    let wilcoxon: Double?
    let signFlip: Double?
    let pairedT: Double?
    let holm: Double?
    let tost: JSONNumbers?
    /// Why there is no `pairedT` and no `tost`.
    let undefined: String?
    let finding: String

    init(_ pair: PanelPair) {
      a = pair.a
      b = pair.b
      listeners = pair.listeners
      difference = pair.difference
      mosDifference = pair.mosDifference
      low = pair.interval?.lowerBound
      high = pair.interval?.upperBound
      noInterval = pair.noInterval
      wilcoxon = pair.wilcoxon?.p
      signFlip = pair.signFlip?.p
      pairedT = pair.pairedT?.p
      holm = pair.holm
      tost = pair.equivalence.map { ["margin": $0.margin, "p": $0.p] }
      undefined = pair.undefinedReason
      finding = pair.finding.rawValue
    }
  }

  struct Preferences: Encodable {
    let pairs: [Votes]
    /// θ and its error by system.
    let abilities: [String: JSONNumbers]?

    init(_ preferences: PanelPreferences) {
      pairs = preferences.pairs.map(Votes.init)
      abilities = preferences.abilities.value?.reduce(into: [:]) {
        $0[$1.name] = ["logits": $1.value, "se": $1.error]
      }
    }
  }

  struct Votes: Encodable {
    let a: String
    let b: String
    let forA: Int
    let forB: Int
    let ties: Int
    let listeners: Int
    /// Of b.
    let share: Double?
    let wilson: JSONNumbers?
    /// Of the share, for other listeners.
    let clustered: JSONNumbers?
    /// Why there is no `clustered`.
    let noInterval: String?
    let binomial: Double?
    let holm: Double?
    let listenerSignFlip: Double?
    let listenerHolm: Double?
    let finding: String

    init(_ pair: PreferencePair) {
      a = pair.a
      b = pair.b
      forA = pair.forA
      forB = pair.forB
      ties = pair.ties
      listeners = pair.listeners
      share = pair.test?.share
      wilson = pair.test.map { JSONNumbers($0.interval) }
      clustered = pair.clustered.map { JSONNumbers($0) }
      noInterval = pair.noInterval
      binomial = pair.test?.p
      holm = pair.holm
      listenerSignFlip = pair.listenerP
      listenerHolm = pair.listenerHolm
      finding = pair.finding.rawValue
    }
  }
}
