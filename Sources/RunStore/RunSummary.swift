// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
public import Foundation
public import Provenance

/// A stored run in one line of a list.
public struct RunSummary: Sendable, Equatable {
  /// The run.
  public let id: UUID
  /// What the user called it.
  public let label: String?
  /// Its tags, sorted, without `tag:`.
  public let tags: [String]
  /// When it started, UTC.
  public let startedAt: Date
  /// When it was finished; nil for an incomplete run.
  public let finishedAt: Date?
  /// Version of ttseval that made it.
  public let tool: String
  /// The systems' names, in the order given.
  public let systems: [String]
  /// How many pairs are stored, over all systems.
  public let pairs: Int
  /// Which part of a run it is (`compare --shard`); nil for a whole one.
  public let shard: Shard?
  /// The machine.
  public let host: Provenance.Host

  /// Whether all pairs were scored.
  public var state: State { finishedAt == nil ? .incomplete : .complete }

  /// How far a run got.
  public enum State: String, Sendable {
    /// To its end.
    case complete
    /// It still goes on, or was killed.
    case incomplete
  }
}
