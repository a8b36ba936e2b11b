// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation
internal import Synchronization

/// `synthesis.jsonl` in the output folder: what was run, and what became of each utterance, a JSON object a line.
///
/// Lines are only ever appended, each by one `write`, so that a killed run leaves at most a torn last line; a line
/// that does not parse is passed over, and so is a kind that is not known. Of several rows for a take the last one
/// counts. The file is locked while a run writes it.
///
/// Kinds: `run` (what was asked for), `begin` (a take that is about to be made: the file at its path is ours), `utterance` (`SynthesisRow`),
/// `worker` (`WorkerReport`).
public struct SynthesisJournal: Sendable {
  /// Its name.
  public static let fileName = "synthesis.jsonl"
  /// Of the lines' layout; readers of this version understand it.
  public static let schema = 1

  /// What a run was asked for: the journal's first line, and one more for each time it was taken up again.
  public struct Header: Sendable, Equatable, Codable {
    /// Of the lines that follow.
    public let schema: Int
    /// When it began.
    public let startedAt: Date
    /// The command line, as it was given.
    public let command: String
    /// Whether it is a script for `sh -c`.
    public let usesShell: Bool
    /// Whether it is a worker.
    public let isWorker: Bool
    /// What all rows of the same command have.
    public let recipe: String
    /// Utterances in the list.
    public let utterances: Int
    /// Of each utterance.
    public let takes: Int
    /// Of the first take.
    public let seed: Int
    /// Lanes.
    public let jobs: Int
    /// For each attempt.
    public let timeoutSeconds: Double
    /// After a failure.
    public let retries: Int
  }

  /// What a folder's journal holds.
  public struct Content: Sendable, Equatable {
    /// In the order they were written.
    public var headers: [Header] = []
    /// The last row of each take, in the order of their first ones.
    public var rows: [SynthesisRow] = []
    /// In the order they ended.
    public var workers: [WorkerReport] = []
    /// Paths of sounds that were begun, relative to the folder, whatever became of them: what stands there is ours.
    var begun: Set<String> = []
  }

  private let file: Descriptor

  /// Opens the journal of a folder for writing.
  /// - Throws: `inUse`, `cannotWrite`.
  init(folder: String) throws(SynthesisError) {
    let path = "\(folder)/\(Self.fileName)"
    do throws(SystemError) { file = try Descriptor.appending(path) } catch {
      throw error.isLocked ? .inUse(path) : .cannotWrite(path: path, reason: error.description)
    }
    // A torn line stays what it is, a line of its own.
    if let content = try? Data(contentsOf: URL(fileURLWithPath: path)), let last = content.last, last != 10 {
      _ = file.write([10])
    }
  }

  /// What a folder's journal holds; nothing where there is none.
  public static func read(folder: String) -> Content {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(fileName)")) else { return Content() }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    var content = Content()
    var places: [Key: Int] = [:]
    for line in data.split(separator: UInt8(ascii: "\n")) {
      switch (try? decoder.decode(Kind.self, from: line))?.kind {
      case "run": (try? decoder.decode(Header.self, from: line)).map { content.headers.append($0) }
      case "worker": (try? decoder.decode(WorkerReport.self, from: line)).map { content.workers.append($0) }
      case "begin": (try? decoder.decode(Begin.self, from: line)).map { _ = content.begun.insert($0.path) }
      case "utterance":
        guard let row = try? decoder.decode(SynthesisRow.self, from: line) else { continue }
        let key = Key(id: row.id, take: row.take)
        row.path.map { _ = content.begun.insert($0) }
        if let place = places[key] {
          content.rows[place] = row
        } else {
          places[key] = content.rows.count
          content.rows.append(row)
        }
      default: continue
      }
    }
    return content
  }

  func append(_ header: Header) throws(SynthesisError) { try append(header, kind: "run") }
  func append(_ row: SynthesisRow) throws(SynthesisError) { try append(row, kind: "utterance") }
  func append(_ begun: Begin) throws(SynthesisError) { try append(begun, kind: "begin") }
  func append(_ worker: WorkerReport) throws(SynthesisError) { try append(worker, kind: "worker") }

  /// Lets other runs have the journal.
  func close() { file.unlock() }

  /// Names a take.
  struct Key: Hashable {
    let id: String
    let take: Int
  }

  /// A take that is about to be made.
  struct Begin: Codable {
    let id: String
    let take: Int
    /// Of its sound, relative to the folder.
    let path: String
  }

  private struct Kind: Decodable { let kind: String }

  /// The value's own keys and `kind`, in one object.
  private struct Line<Value: Encodable>: Encodable {
    let kind: String
    let value: Value
    enum Keys: String, CodingKey { case kind }

    func encode(to encoder: any Encoder) throws {
      try value.encode(to: encoder)
      var container = encoder.container(keyedBy: Keys.self)
      try container.encode(kind, forKey: .kind)
    }
  }

  private func append(_ value: some Encodable, kind: String) throws(SynthesisError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    do {
      let line = try encoder.encode(Line(kind: kind, value: value)) + [10]
      guard file.write(Array(line)[...]) == line.count else { throw CocoaError(.fileWriteOutOfSpace) }
    } catch {
      throw .cannotWrite(path: Self.fileName, reason: "\(error.localizedDescription)")
    }
  }
}
