// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import SpeechMetrics

// What more than one kind of JSON is made of.

/// Encodes nil as `null`, where the schema has the key always.
struct Nullable<Value: Encodable>: Encodable {
  let value: Value?
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }
}

struct ScorePart: Encodable {
  var value: Double?
  var undefined: String?
  var failed: String?
  let signature: String
  var traces: [String: TracePart]?

  init(_ score: Score) {
    signature = score.signature.description
    if !score.traces.isEmpty {
      traces = Dictionary(uniqueKeysWithValues: score.traces.map { ($0.name, TracePart($0)) })
    }
    switch score.outcome {
    case .value(let number): value = number
    case .undefined(let reason): undefined = reason
    case .failed(let reason): failed = reason
    }
  }
}

struct TracePart: Encodable {
  let start: Double
  let period: Double
  let values: [Float]

  init(_ trace: Trace) {
    start = trace.start
    period = trace.period
    values = trace.values
  }
}

struct AlignmentPart: Encodable {
  let `class`: String
  let delayMs: Double
  let warpMs: Double?
  let durationRatio: Double
  let freeRunning: Bool
  let cutSamples: Int
  let cutSpeechMs: Double?
  let levelDifferenceDb: Double?
  let pathSearch: String?

  init(_ alignment: PairAlignment) {
    `class` = alignment.class.rawValue
    delayMs = alignment.delaySeconds * 1000
    warpMs = alignment.meanDeviation.map { $0 * 1000 }
    durationRatio = alignment.durationRatio
    freeRunning = alignment.isFreeRunning
    cutSamples = alignment.cutSamples
    cutSpeechMs = alignment.cutSpeechSeconds.map { $0 * 1000 }
    levelDifferenceDb = alignment.levelDifferenceDb
    pathSearch = alignment.pathSearch?.rawValue
  }
}
