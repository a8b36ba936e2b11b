// SPDX-License-Identifier: GPL-3.0-or-later
internal import Provenance
internal import SpeechMetrics
public import Statistics

extension RunDiff {
  /// Compares b with a.
  public init(_ a: Run, _ b: Run, rules: GateRules = GateRules()) {
    self.a = Side(a)
    self.b = Side(b)
    provenance = Self.changes(a, b)
    brokenLimits = rules.brokenLimits(b)
    let partners = Self.partners(a, b)
    missingSystems = a.systems.map(\.name).filter { name in !partners.contains { $0.a.name == name } }
    addedSystems = b.systems.map(\.name).filter { name in !partners.contains { $0.b.name == name } }

    let conditions = b.settings.conditions
    let scored = b.settings.metrics + a.settings.metrics.filter { !b.settings.metrics.contains($0) }
    let gate =
      rules.metrics
      ?? GateRules.family(of: scored, alignment: conditions.alignment, analysisRate: conditions.analysisRate)
    let metrics = scored + gate.filter { !scored.contains($0) }
    let matched = partners.map { MatchedSystem($0.a, $0.b) }
    let rows = matched.map { system in
      metrics.compactMap { MatchedMetric($0, system, rules, isGate: gate.contains($0)) }
    }
    // One family over all systems.
    var comparisons: [Member: PairedComparison] = [:]
    for (index, rows) in rows.enumerated() {
      for row in rows where row.isToBeJudged { comparisons[Member(system: index, metric: row.metric)] = row.comparison }
    }
    let family = Set(comparisons.keys.filter { gate.contains($0.metric) })
    let judgements = Judgement.judge(comparisons, gate: family)
    systems = zip(matched, rows).enumerated().map { index, system in
      SystemDiff(
        system.0, system.1.map { $0.diff(judgements[Member(system: index, metric: $0.metric)], rules) })
    }
  }

  /// Systems of one name; or the only system of each, whatever the name.
  private static func partners(_ a: Run, _ b: Run) -> [(a: SystemResult, b: SystemResult)] {
    if a.systems.count == 1, b.systems.count == 1 { return [(a.systems[0], b.systems[0])] }
    return b.systems.compactMap { system in a.systems.first { $0.name == system.name }.map { ($0, system) } }
  }

  /// What differs in what is known of machine and software.
  static func changes(_ a: Run, _ b: Run) -> [FactChange] {
    var pairs: [(String, String?, String?)] = [("host", a.host.id, b.host.id)]
    if a.provenance.facts.isEmpty || b.provenance.facts.isEmpty {
      // What is known of every run.
      pairs += [
        ("cpu", a.host.cpu, b.host.cpu), ("cores", "\(a.host.cores)", "\(b.host.cores)"),
        ("gpu", a.host.gpu, b.host.gpu), ("os", a.host.os, b.host.os),
        ("container", a.host.container, b.host.container),
        ("ttseval", a.tool, b.tool),
      ]
    } else {
      // In how many parts a run was scored moves no number.
      let differences = a.provenance.differences(from: b.provenance).filter {
        ![Shard.topic, Shard.wholeTopic].contains($0.topic)
      }
      pairs += differences.map { ("\($0.topic) \($0.name)", $0.value, $0.other) }
    }
    return pairs.filter { $0.1 != $0.2 }.map { FactChange(name: $0.0, a: $0.1, b: $0.2) }
  }

  /// A place in the family.
  private struct Member: Hashable, Comparable {
    let system: Int
    let metric: String

    static func < (x: Member, y: Member) -> Bool { (x.system, x.metric) < (y.system, y.metric) }
  }
}

/// A system's utterances of two runs, side by side.
struct MatchedSystem {
  let a: SystemResult
  let b: SystemResult
  /// Of one id and one reference, by id.
  let utterances: [(a: UtteranceResult, b: UtteranceResult)]
  let coverage: SystemDiff.Coverage

  init(_ a: SystemResult, _ b: SystemResult) {
    self.a = a
    self.b = b
    let former = Dictionary(a.utterances.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let both = b.utterances.compactMap { utterance in former[utterance.id].map { (a: $0, b: utterance) } }
    utterances = both.filter { $0.a.reference.audioSHA256 == $0.b.reference.audioSHA256 }
    let ids = Set(b.utterances.map(\.id))
    coverage = SystemDiff.Coverage(
      missing: a.utterances.map(\.id).filter { !ids.contains($0) },
      added: b.utterances.map(\.id).filter { former[$0] == nil },
      otherReference: both.filter { $0.a.reference.audioSHA256 != $0.b.reference.audioSHA256 }.map(\.b.id),
      failedInA: utterances.filter(\.a.hasFailure).map(\.b.id),
      failedInB: utterances.filter(\.b.hasFailure).map(\.b.id),
      newlyFailed: utterances.filter { Self.failsAnew($0.a, $0.b) }.map(\.b.id))
  }

  /// Whether any metric failed in b that did not in a.
  private static func failsAnew(_ a: UtteranceResult, _ b: UtteranceResult) -> Bool {
    b.scores.contains { score in
      guard case .failed = score.outcome, let former = a.score(score.metric) else { return false }
      guard case .failed = former.outcome else { return true }
      return false
    }
  }

  /// What making the sounds took, by figure.
  var speed: [SpeedFigure: PairedRatio] {
    let pairs = utterances.compactMap { pair in pair.a.speed.flatMap { a in pair.b.speed.map { (a, $0) } } }
    return SpeedFigure.allCases.reduce(into: [:]) { ratios, figure in
      // Of nothing there is no ratio: a worker's processor time comes in hundredths of a second.
      let values = pairs.compactMap { a, b in figure.value(a).flatMap { a in figure.value(b).map { (a, $0) } } }
        .filter { $0 > 0 && $1 > 0 }
      ratios[figure] = PairedRatio(a: values.map(\.0), b: values.map(\.1))
    }
  }

  /// Pairs whose syntheses are the same sound.
  var identical: Int { utterances.count { $0.a.synthesis.isSameSound(as: $0.b.synthesis) } }
}

extension FileFacts {
  /// Whether both could be decoded, to the same samples.
  func isSameSound(as other: FileFacts) -> Bool { audioSHA256 != nil && audioSHA256 == other.audioSHA256 }
}

extension SystemDiff {
  init(_ system: MatchedSystem, _ metrics: [MetricDiff]) {
    self.init(
      name: system.b.name, formerName: system.a.name, pairs: system.utterances.count, audioIdentical: system.identical,
      coverage: system.coverage, metrics: metrics, speed: system.speed)
  }
}

/// One metric's scores of a system in two runs.
private struct MatchedMetric {
  let metric: String
  let comparison: PairedComparison
  private let isGate: Bool
  private let pairs: [MetricDiff.Pair]
  private let undefined: MetricDiff.Undefined
  private let obstacle: String?
  private let isIdentical: Bool
  private let minimumPairs: Int

  /// - Returns: nil where neither run has a score.
  init?(_ metric: String, _ system: MatchedSystem, _ rules: GateRules, isGate: Bool) {
    let rows = system.utterances.map { (a: $0.a.score(metric), b: $0.b.score(metric), pair: $0) }
    // A metric that was asked for by name and is nowhere decides nothing silently.
    let isMissing = !rows.contains { $0.a != nil || $0.b != nil }
    guard !isMissing || rules.metrics?.contains(metric) == true else { return nil }
    self.metric = metric
    self.isGate = isGate
    minimumPairs = rules.minimumPairs
    obstacle =
      isMissing
      ? "in neither run"
      : Self.obstacle(Set(rows.compactMap(\.a?.signature)), Set(rows.compactMap(\.b?.signature)))
    let isComparable = obstacle == nil
    pairs = rows.compactMap { row in
      guard isComparable, let a = row.a?.outcome.value, let b = row.b?.outcome.value else { return nil }
      return MetricDiff.Pair(
        id: row.pair.b.id, a: a, b: b, pathA: row.pair.a.synthesis.path, pathB: row.pair.b.synthesis.path)
    }
    // A recipe of its own, as that of a run that warps, may give more scores or fewer: that is no change of the sound.
    let counted = isComparable ? rows : []
    undefined = .init(
      lost: counted.count { $0.a?.outcome.value != nil && $0.b?.outcome.isUndefined == true },
      gained: counted.count { $0.b?.outcome.value != nil && $0.a?.outcome.isUndefined == true })
    isIdentical =
      !rows.isEmpty && rows.allSatisfy { $0.pair.a.synthesis.isSameSound(as: $0.pair.b.synthesis) }
    let scale = MetricCatalogue.info(metric)?.scale
    let better: Better =
      switch scale?.better {
      case .higher: .higher
      case .lower: .lower
      default: .neither
      }
    let tolerance = rules.tolerances[metric] ?? scale?.tolerance ?? 0
    let votes = isComparable ? rows.filter { $0.a?.votes.isEmpty == false && $0.b?.votes.isEmpty == false } : []
    comparison =
      votes.isEmpty
      ? PairedComparison(a: pairs.map(\.a), b: pairs.map(\.b), better: better, tolerance: tolerance)
      : PairedComparison(
        ratings: CrossedRatings.joint([votes.compactMap(\.a?.votes), votes.compactMap(\.b?.votes)]), better: better,
        tolerance: tolerance)
  }

  /// Why scores of these signatures may not be compared.
  private static func obstacle(_ a: Set<Signature>, _ b: Set<Signature>) -> String? {
    guard let one = a.first, let other = b.first else { return a.isEmpty ? "only in b" : "only in a" }
    guard a.count == 1, b.count == 1 else { return "several signatures in one run" }
    if one.panel != other.panel { return "rated in two panels, whose raw scores nothing ties together" }
    let differences = other.differences(from: one)
    return differences.isEmpty ? nil : differences.joined(separator: ", ")
  }

  /// Whether statistics are to decide.
  var isToBeJudged: Bool { obstacle == nil && !isIdentical && comparison.n >= minimumPairs }

  func diff(_ judgement: Judgement?, _ rules: GateRules) -> MetricDiff {
    let finding: MetricDiff.Finding =
      if let obstacle {
        .notComparable(obstacle)
      } else if isIdentical {
        .identical(comparison)
      } else if let judgement {
        .judged(judgement)
      } else {
        .tooFew(comparison, minimum: minimumPairs)
      }
    let count = Double(pairs.count)
    let means =
      pairs.isEmpty
      ? nil : MetricDiff.Means(a: pairs.reduce(0) { $0 + $1.a } / count, b: pairs.reduce(0) { $0 + $1.b } / count)
    return MetricDiff(
      metric: metric, isGate: isGate, means: means, finding: finding, undefined: undefined,
      differences: pairs.map { $0.b - $0.a }, worst: worst)
  }

  /// How many utterances are worth naming.
  private static let worstCount = 5

  private var worst: [MetricDiff.Pair] {
    func loss(_ pair: MetricDiff.Pair) -> Double {
      switch comparison.better {
      case .higher: pair.a - pair.b
      case .lower: pair.b - pair.a
      case .neither: abs(pair.b - pair.a)
      }
    }
    return pairs.filter { loss($0) > 0 }.sorted { (loss($1), $0.id) < (loss($0), $1.id) }.prefix(Self.worstCount).map {
      $0
    }
  }
}
