// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import SpeechMetrics

// A run holds its results until its table and reports are made. A hundred thousand of them, each as it is spoken of elsewhere, would
// take three quarters of a run's memory: rows repeat what all utterances have in common, and a digest's text takes three times its bytes.
// Here is the form in which they are held; what comes out is what went in.

/// An utterance's scores: what they are of once for many utterances, the usual score as its number alone.
struct HeldScores: Sendable, Equatable {
  private struct Kind: Sendable, Equatable {
    let metric: String
    let signature: Signature
  }

  /// More than a finite number.
  private struct Other: Sendable, Equatable {
    let place: Int
    let score: Score
  }

  private var kinds: [Kind]
  /// 0 in the place of another.
  private var values: [Double] = []
  private var others: [Other] = []

  init(_ scores: [Score]) {
    kinds = scores.map { Kind(metric: $0.metric, signature: $0.signature) }
    values.reserveCapacity(scores.count)
    for (place, score) in scores.enumerated() {
      if case .value(let number) = score.outcome, number.isFinite, score.traces.isEmpty, score.votes.isEmpty {
        values.append(number)
      } else {
        others.append(Other(place: place, score: score))
        values.append(0)
      }
    }
  }

  /// The rows, in order.
  var rows: [Score] { kinds.indices.map(row) }

  /// The first row of a metric.
  func row(of metric: String) -> Score? { kinds.firstIndex { $0.metric == metric }.map(row) }

  /// Has what the rows are of in one place with another utterance's, if that is the same.
  mutating func share(_ other: HeldScores) {
    if kinds == other.kinds { kinds = other.kinds }
  }

  private func row(_ place: Int) -> Score {
    others.first { $0.place == place }?.score
      ?? Score(metric: kinds[place].metric, signature: kinds[place].signature, outcome: .value(values[place]))
  }
}

/// A SHA-256's digits, held as its bytes; another text as it is.
enum HeldDigest: Sendable, Equatable {
  case bytes(SHA256Value)
  case text(String)

  init(_ text: String) { self = SHA256Value(digits: text).map(Self.bytes) ?? .text(text) }

  var text: String {
    switch self {
    case .bytes(let value): value.digits
    case .text(let text): text
    }
  }
}
