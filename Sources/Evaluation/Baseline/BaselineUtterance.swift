// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SpeechMetrics

/// A line: an utterance of a system.
struct BaselineUtterance: Codable {
  let system: String
  let id: String
  let reference: FilePart
  let synthesis: FilePart
  let alignment: AlignmentPart?
  let scores: [String: ScorePart]
  let speed: Speed?
  let f0Range: RangePart?

  struct AlignmentPart: Codable {
    let `class`: String
    let delaySeconds: Double
    let durationRatio: Double
    let meanDeviation: Double?
    let isFreeRunning: Bool
    let cutSamples: Int
    let cutSpeechSeconds: Double?
    let levelDifferenceDb: Double?
    let pathSearch: String?

    init(_ alignment: PairAlignment) {
      `class` = alignment.class.rawValue
      delaySeconds = alignment.delaySeconds
      durationRatio = alignment.durationRatio
      meanDeviation = alignment.meanDeviation
      isFreeRunning = alignment.isFreeRunning
      cutSamples = alignment.cutSamples
      cutSpeechSeconds = alignment.cutSpeechSeconds
      levelDifferenceDb = alignment.levelDifferenceDb
      pathSearch = alignment.pathSearch?.rawValue
    }

    /// nil where a word is none of those there are.
    var alignment: PairAlignment? {
      guard let alignment = AlignmentClass(rawValue: `class`) else { return nil }
      let search = pathSearch.flatMap(PairAlignment.PathSearch.init)
      guard (search == nil) == (pathSearch == nil) else { return nil }
      return PairAlignment(
        class: alignment, delaySeconds: delaySeconds, durationRatio: durationRatio, meanDeviation: meanDeviation,
        isFreeRunning: isFreeRunning, cutSamples: cutSamples, cutSpeechSeconds: cutSpeechSeconds,
        levelDifferenceDb: levelDifferenceDb, pathSearch: search)
    }
  }

  struct ScorePart: Codable {
    let value: Double?
    let undefined: String?
    let failed: String?
    /// Where it is not the metric's in the first line.
    let signature: String?

    init(_ score: Score, usual: String?) {
      value = score.outcome.value
      if case .undefined(let reason) = score.outcome { undefined = reason } else { undefined = nil }
      if case .failed(let reason) = score.outcome { failed = reason } else { failed = nil }
      let own = score.signature.description
      signature = own == usual ? nil : own
    }

    /// nil unless it says one thing.
    var outcome: Outcome? {
      switch (value, undefined, failed) {
      case (let value?, nil, nil) where value.isFinite: .value(value)
      case (nil, let reason?, nil): .undefined(reason)
      case (nil, nil, let reason?): .failed(reason)
      default: nil
      }
    }
  }

  struct RangePart: Codable {
    let voiced: Int
    let atBounds: Int
  }

  init(_ utterance: UtteranceResult, system: String, _ usual: [String: String]) {
    self.system = system
    id = utterance.id
    reference = FilePart(utterance.reference)
    synthesis = FilePart(utterance.synthesis)
    alignment = utterance.alignment.map(AlignmentPart.init)
    scores = Dictionary(
      utterance.scores.map { ($0.metric, ScorePart($0, usual: usual[$0.metric])) },
      uniquingKeysWith: { first, _ in first })
    speed = utterance.speed
    f0Range = utterance.f0Range.map { RangePart(voiced: $0.voiced, atBounds: $0.atBounds) }
  }

  /// The utterance, its scores in the order of the run's metrics.
  func result(
    _ metrics: [String], _ usual: [String: String], line: Int
  ) throws(BaselineFile.Failure) -> UtteranceResult {
    func refusal(_ reason: String) -> BaselineFile.Failure { BaselineFile.Failure(line: line, reason: reason) }
    let strangers = scores.keys.filter { !metrics.contains($0) }.sorted()
    if let stranger = strangers.first { throw refusal("scores.\(stranger): no metric of the run") }
    var rows: [Score] = []
    for metric in metrics {
      guard let score = scores[metric] else { continue }
      guard let outcome = score.outcome else {
        throw refusal("scores.\(metric): neither a finite value, nor undefined, nor failed; or several of them")
      }
      // No score is that large, and no sum of some is to overflow.
      if let value = outcome.value, abs(value) > 1e100 { throw refusal("scores.\(metric): \(value) is no score") }
      guard let signature = score.signature ?? usual[metric] else { throw refusal("scores.\(metric): no signature") }
      rows.append(Score(metric: metric, signature: Signature(stored: signature), outcome: outcome))
    }
    let pairing = alignment.map(\.alignment)
    if case .some(.none) = pairing { throw refusal("alignment: a class or a search there is none of") }
    return UtteranceResult(
      id: id, reference: reference.facts, synthesis: synthesis.facts, alignment: pairing ?? nil, scores: rows,
      f0Range: f0Range.map { F0RangeUse(voiced: $0.voiced, atBounds: $0.atBounds) }, speed: speed)
  }
}
