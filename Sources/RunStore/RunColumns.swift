// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation
internal import GRDB
internal import Provenance
internal import SpeechMetrics

/// The columns that describe a run and its machine.
struct RunColumns {
  /// Of runs and hosts.
  static let list = """
    uuid, startedAt, finishedAt, tool, label, analysisRate, resampler, alignment, channel, level, silence,
    hosts.host, cpu, cores, memoryBytes, gpu, os, container
    """

  let id: UUID
  let startedAt: Date
  let finishedAt: Date?
  let tool: String
  let label: String?
  let conditions: Signature.Conditions
  let host: Provenance.Host

  init(_ row: Row, from first: Int) throws {
    id = try Self.uuid(row.value(first))
    startedAt = Date(milliseconds: try row.value(first + 1))
    finishedAt = try row.optional(first + 2).map(Date.init(milliseconds:))
    tool = try row.value(first + 3)
    label = try row.optional(first + 4)
    conditions = Signature.Conditions(
      analysisRate: try row.value(first + 5), resampler: try row.value(first + 6),
      alignment: try Self.alignment(row.value(first + 7)), channel: try row.optional(first + 8),
      level: try row.optional(first + 9), silence: try Self.silence(row.value(first + 10)))
    host = Provenance.Host(
      id: try row.value(first + 11), cpu: try row.value(first + 12), cores: try row.value(first + 13),
      memoryBytes: try row.value(first + 14), gpu: try row.optional(first + 15), os: try row.value(first + 16),
      container: try row.optional(first + 17))
  }

  /// A run's id from its stored form.
  static func uuid(_ text: String) throws -> UUID {
    guard let uuid = UUID(uuidString: text) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a run's id is \(text)")
    }
    return uuid
  }

  /// What frame-wise metrics look at, from its stored form.
  private static func silence(_ text: String) throws -> SilencePolicy {
    guard let silence = SilencePolicy(rawValue: text) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "silence is \(text)")
    }
    return silence
  }

  /// An alignment class from its stored form.
  static func alignment(_ text: String) throws -> AlignmentClass {
    guard let alignment = AlignmentClass(rawValue: text) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an alignment is \(text)")
    }
    return alignment
  }
}
