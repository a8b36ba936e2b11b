// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation
internal import Provenance
internal import SpeechMetrics

// A run as a text file that a repository can keep: what later runs are judged against, where no store outlives a CI job.
//
// JSON lines (https://jsonlines.org), so that what changes between two baselines is what a diff of the two shows: the first line is the
// run, each other one an utterance of a system, in the run's order, with sorted keys. A signature is spelt once, in the first
// line, for the metric whose scores carry it; a score of another names it itself. Numbers are the shortest that give the same
// double back.
//
// What a comparison looks at is kept whole. Left out are traces, and the hashes of the files' bytes: by those finished scores
// are found again, and a text that anybody may edit is no source of scores.

/// A run as JSON lines, to be committed, and read back.
public enum BaselineFile {
  static let version = 1

  /// The file's text.
  /// - Parameter run: a complete run. An incomplete one has no utterances for what it did not reach.
  public static func text(_ run: Run) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func line(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    let header = BaselineHeader(run)
    let utterances = try run.systems.flatMap { system in
      try system.utterances.map { try line(BaselineUtterance($0, system: system.name, header.signatures)) }
    }
    return ([try line(header)] + utterances).map { $0 + "\n" }.joined()
  }

  /// Reads a file's bytes.
  /// - Throws: ``Failure`` with the line at which it is no baseline.
  public static func run(_ bytes: Data) throws(Failure) -> Run {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(line: 1, reason: "bytes that are no text in UTF-8")
    }
    return try run(text)
  }

  /// Reads a file's text.
  /// - Throws: ``Failure`` with the line at which it is no baseline.
  public static func run(_ text: String) throws(Failure) -> Run {
    // A byte that is no line's end to anybody else is none here: lines end with \n alone.
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let decoder = JSONDecoder()
    func decode<Value: Decodable>(_ number: Int) throws(Failure) -> Value {
      do {
        return try decoder.decode(Value.self, from: Data(lines[number]))
      } catch {
        throw Failure(line: number + 1, reason: Self.reason(error))
      }
    }
    let version: BaselineVersion = try decode(0)
    guard version.baseline == Self.version else {
      throw Failure(
        line: 1, reason: "a baseline of version \(version.baseline); this ttseval reads version \(Self.version)")
    }
    let header: BaselineHeader = try decode(0)
    var run = try header.bareRun()
    let places = Dictionary(run.systems.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var known: Set<[String]> = []
    for number in lines.indices.dropFirst() where !lines[number].isEmpty {
      let utterance: BaselineUtterance = try decode(number)
      guard let place = places[utterance.system] else {
        throw Failure(line: number + 1, reason: "the first line has no system “\(utterance.system)”")
      }
      guard known.insert([utterance.system, utterance.id]).inserted else {
        throw Failure(
          line: number + 1, reason: "utterance “\(utterance.id)” of “\(utterance.system)” stands here twice")
      }
      let result = try utterance.result(run.settings.metrics, header.signatures, line: number + 1)
      run.systems[place].utterances.append(result)
    }
    for (place, system) in header.systems.enumerated() {
      guard run.systems[place].utterances.count == system.utterances else {
        throw Failure(
          line: lines.count,
          reason:
            "\(run.systems[place].utterances.count) utterances of “\(system.name)”, and not \(system.utterances), as the first line says"
        )
      }
      run.systems[place].utterances.sort { $0.id < $1.id }
    }
    return run
  }

  /// Why a text is no baseline.
  public struct Failure: Error, Equatable, CustomStringConvertible {
    /// Counted from 1.
    public let line: Int
    /// In words.
    public let reason: String

    /// `line 3: …`.
    public var description: String { "line \(line): \(reason)" }
  }

  /// The decoder's errors, in words a reader of the file can use.
  private static func reason(_ error: any Error) -> String {
    func place(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
    switch error {
    case DecodingError.keyNotFound(let key, let context): return "\(place(context.codingPath + [key])) is missing"
    case DecodingError.valueNotFound(_, let context): return "\(place(context.codingPath)) is null"
    case DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty:
      return "\(place(context.codingPath)) is of another kind than it should be"
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
      return "\(place(context.codingPath)): \(context.debugDescription)"
    default: return "this is no JSON object with usable numbers; a baseline is made by ttseval report --export-baseline"
    }
  }
}

/// What says which version the rest is of.
private struct BaselineVersion: Decodable {
  let baseline: Int
}
