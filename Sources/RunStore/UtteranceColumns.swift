// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation
internal import GRDB
internal import SpeechMetrics

/// The columns that say what is known of a pair, its scores aside.
struct UtteranceColumns {
  /// Of utterances u, files r (reference) and files s (synthesis).
  static let list = """
    u.referencePath, r.sha256, r.audioSHA256, r.sampleRate, r.channels, r.seconds,
    u.synthesisPath, s.sha256, s.audioSHA256, s.sampleRate, s.channels, s.seconds,
    u.alignment, u.delaySeconds, u.durationRatio, u.meanDeviation, u.isFreeRunning, u.cutSamples, u.levelDifferenceDb,
    u.cutSpeechSeconds, u.pathSearch, u.f0Voiced, u.f0AtBounds
    """

  let reference: FileFacts
  let synthesis: FileFacts
  let alignment: PairAlignment?
  let f0Range: F0RangeUse?

  init(_ row: Row, from first: Int) throws {
    reference = try Self.facts(row, from: first)
    synthesis = try Self.facts(row, from: first + 6)
    let voiced: Int? = try row.optional(first + 21)
    f0Range = try voiced.map { F0RangeUse(voiced: $0, atBounds: try row.value(first + 22)) }
    guard let text: String = try row.optional(first + 12) else {
      alignment = nil
      return
    }
    alignment = PairAlignment(
      class: try RunColumns.alignment(text), delaySeconds: try row.value(first + 13),
      durationRatio: try row.value(first + 14), meanDeviation: try row.optional(first + 15),
      isFreeRunning: try row.value(first + 16), cutSamples: try row.value(first + 17),
      cutSpeechSeconds: try row.optional(first + 19),
      levelDifferenceDb: try row.optional(first + 18), pathSearch: try Self.search(row.optional(first + 20)))
  }

  private static func search(_ text: String?) throws -> PairAlignment.PathSearch? {
    guard let text else { return nil }
    guard let search = PairAlignment.PathSearch(rawValue: text) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a path's search is \(text)")
    }
    return search
  }

  private static func facts(_ row: Row, from first: Int) throws -> FileFacts {
    FileFacts(
      path: try row.value(first), fileSHA256: try row.optional(first + 1).map(Digest.digits),
      audioSHA256: try row.optional(first + 2).map(Digest.digits), sampleRate: try row.optional(first + 3),
      channels: try row.optional(first + 4), seconds: try row.optional(first + 5))
  }
}

extension Outcome {
  /// An outcome from its columns: status, value, reason.
  init(_ row: Row, from first: Int) throws {
    let status: String = try row.value(first)
    switch status {
    case "value": self = .value(try row.value(first + 1))
    case "undefined": self = .undefined(try row.value(first + 2))
    case "failed": self = .failed(try row.value(first + 2))
    default: throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a score's status is \(status)")
    }
  }
}
