// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import GRDB
internal import SpeechMetrics

/// Reads the traces of scores.
enum TraceColumns {
  /// The score that a trace belongs to.
  struct Key: Hashable {
    let utterance: Int64
    let signature: Int64
  }

  private static let list = "t.name, t.start, t.period, t.samples"

  /// The traces of all scores of a system.
  static func ofSystem(_ system: Int64, _ db: Database) throws -> [Key: [Trace]] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT t.utterance, t.signature, \(list) FROM utterances u JOIN traces t ON t.utterance = u.id
          WHERE u.system = ? ORDER BY t.id
          """), arguments: [system])
    var traces: [Key: [Trace]] = [:]
    while let row = try rows.next() {
      let key = Key(utterance: try row.value(0), signature: try row.value(1))
      traces[key, default: []].append(try Trace(row, from: 2))
    }
    return traces
  }

  /// The traces of one score; nil where it has none.
  static func ofScore(_ key: Key, _ db: Database) throws -> [Trace]? {
    let traces = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT \(list) FROM traces t WHERE utterance = ? AND signature = ? ORDER BY id"),
      arguments: [key.utterance, key.signature]
    ).map { try Trace($0, from: 0) }
    return traces.isEmpty ? nil : traces
  }
}

extension Trace {
  /// A trace from its columns: name, start, period, samples.
  fileprivate init(_ row: Row, from first: Int) throws {
    let samples: Data = try row.value(first + 3)
    self.init(
      name: try row.value(first), start: try row.value(first + 1), period: try row.value(first + 2),
      values: stride(from: samples.startIndex, to: samples.endIndex, by: 4).map { offset in
        Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(samples[offset + $1]) << (8 * UInt32($1)) })
      })
  }

  /// The values as the store keeps them: 32-bit floats, least significant byte first.
  var samples: Data {
    var data = Data(capacity: 4 * values.count)
    for value in values {
      for byte in 0..<4 { data.append(UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32(byte)))) }
    }
    return data
  }
}
