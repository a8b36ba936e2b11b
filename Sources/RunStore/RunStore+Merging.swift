// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation
internal import GRDB

// Runs of other stores, taken over.
//
// A run is known by its UUID, wherever it is. One that is here already stays as it is, so that merging twice is merging once;
// but an incomplete one gives way to the same run with more pairs, as when a store was merged while its run went on. Two
// complete runs of one UUID and different content are a conflict, and nothing is merged.
//
// Everything happens in one transaction of the target: a process that is killed on the way leaves it as it was. Rows are
// copied with their columns as they are; only keys are given anew. What stores share (machines, facts, signatures, files) is
// looked up by content first.
//
// Parts of a run (`Shard`) are not taken over as they are, but joined: see `ShardJoiner`.

extension RunStore {
  /// What a merge did.
  public struct Merged: Sendable, Equatable {
    /// Runs that are new here.
    public var added = 0
    /// Incomplete runs that gave way to a fuller state of themselves.
    public var replaced = 0
    /// Runs that were here already.
    public var known = 0
    /// Runs made of parts, and of those the ones that lack some: what they lack.
    public var joined: [Joined] = []
    /// Listeners' sessions that are new here, or longer than they were.
    public var sessions = 0
    /// Tags that stand at another run here, and stay there.
    public var keptTags: [String] = []

    /// A run that was scored in parts.
    public struct Joined: Sendable, Equatable {
      /// The run.
      public let id: UUID
      /// How many parts it has.
      public let count: Int
      /// Numbers of the parts that are not complete.
      public let missing: [Int]
    }

    /// Counts.
    public init(added: Int = 0, replaced: Int = 0, known: Int = 0) {
      self.added = added
      self.replaced = replaced
      self.known = known
    }
  }

  /// Takes over the runs of other stores, all or nothing.
  /// - Parameter sources: stores whose content stays as it is (opening one of an earlier version brings its schema up to date).
  /// - Throws: `refused` for two complete runs of one UUID whose ends, numbers of pairs or scores differ; or another ``RunStoreError``.
  public func merge(_ sources: [RunStore]) throws(RunStoreError) -> Merged {
    try write { db in
      var merged = Merged()
      for source in sources where source.path != path {
        do {
          try source.queue.read { other in
            try RunCopier(from: other, to: db, source: source.path).copy(&merged)
            merged.sessions += try PanelCopier(from: other, to: db, source: source.path).copy()
          }
        } catch {
          // An error of reading is about the source, one of writing about this store.
          throw error is RunStoreError ? error : RunStoreError(error, path: "\(source.path) → \(path)")
        }
      }
      try ShardJoiner(sources.filter { $0.path != path }).join(into: db, &merged)
      return merged
    }
  }
}
