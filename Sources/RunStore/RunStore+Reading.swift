// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
public import Foundation
internal import GRDB
internal import Provenance

extension RunStore {
  /// All runs, the latest first.
  public func runs() throws(RunStoreError) -> [RunSummary] {
    try read { db in
      var tags: [Int64: [String]] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT run, name FROM tags ORDER BY name") {
        tags[try row.value(0), default: []].append(try row.value(1))
      }
      var systems: [Int64: [String]] = [:]
      var pairs: [Int64: Int] = [:]
      let counted = """
        SELECT run, name, (SELECT count(*) FROM utterances WHERE system = systems.id) FROM systems ORDER BY run, position
        """
      for row in try Row.fetchAll(db, sql: counted) {
        let run: Int64 = try row.value(0)
        systems[run, default: []].append(try row.value(1))
        pairs[run, default: 0] += try row.value(2)
      }
      var shards: [Int64: Shard] = [:]
      for key in try Int64.fetchAll(db, sql: ShardPart.runs) {
        let facts = try Self.facts(of: key, db)
        shards[key] = Shard("\(facts[Shard.topic, "number"] ?? "")/\(facts[Shard.topic, "count"] ?? "")")
      }
      let listed = """
        SELECT runs.id, \(RunColumns.list) FROM runs JOIN hosts ON hosts.id = runs.host
        ORDER BY startedAt DESC, runs.id DESC
        """
      return try Row.fetchAll(db, sql: listed).map { row in
        let key: Int64 = try row.value(0)
        let run = try RunColumns(row, from: 1)
        return RunSummary(
          id: run.id, label: run.label, tags: tags[key] ?? [], startedAt: run.startedAt, finishedAt: run.finishedAt,
          tool: run.tool, systems: systems[key] ?? [], pairs: pairs[key] ?? 0,
          shard: shards[key], host: run.host)
      }
    }
  }

  /// A run with everything that is known of it.
  /// - Parameter traces: whether scores come with theirs.
  /// - Throws: ``RunStoreError/noSuchRun(_:)`` or another ``RunStoreError``.
  public func load(_ id: UUID, traces: Bool = true) throws(RunStoreError) -> Run {
    try read { db in
      let key = try Self.key(of: id, db)
      var run = try Self.head(of: key, db)
      run.systems = try RunReader(db, metrics: run.settings.metrics, traces: traces).systems(of: key)
      return run
    }
  }

  /// A run with its systems' names and paths, but nothing that they scored.
  static func head(of key: Int64, _ db: Database) throws -> Run {
    let sql = "SELECT \(RunColumns.list) FROM runs JOIN hosts ON hosts.id = runs.host WHERE runs.id = ?"
    guard let row = try Row.fetchOne(db, sql: sql, arguments: [key]) else { throw RunStoreError.noSuchRun("\(key)") }
    let run = try RunColumns(row, from: 0)
    let metrics = try String.fetchAll(
      db, sql: "SELECT metric FROM runMetrics WHERE run = ? ORDER BY position", arguments: [key])
    let systems = try Row.fetchAll(
      db, sql: "SELECT name, path FROM systems WHERE run = ? ORDER BY position", arguments: [key])
    let unmatched = "SELECT path FROM unmatched WHERE run = ? AND side = ? ORDER BY position"
    return Run(
      id: run.id, startedAt: run.startedAt, finishedAt: run.finishedAt, tool: run.tool, label: run.label,
      host: run.host, provenance: try facts(of: key, db),
      settings: RunSettings(metrics: metrics, conditions: run.conditions),
      systems: try systems.map { SystemResult(name: try $0.value(0), path: try $0.value(1), utterances: []) },
      unmatched: Unmatched(
        reference: try String.fetchAll(db, sql: unmatched, arguments: [key, "reference"]),
        synthesis: try String.fetchAll(db, sql: unmatched, arguments: [key, "synthesis"])))
  }

  /// The latest run that was joined from parts that one launch began (`Shard`); nil where there is none.
  public func run(launchedAs launch: String) throws(RunStoreError) -> UUID? {
    try read { db in
      let sql = """
        SELECT uuid FROM runs JOIN runFacts r ON r.run = runs.id JOIN facts f ON f.id = r.fact
        WHERE f.topic = ? AND f.name = 'launch' AND f.value = ? ORDER BY startedAt DESC, runs.id DESC LIMIT 1
        """
      return try String.fetchOne(db, sql: sql, arguments: [Shard.wholeTopic, launch]).map(RunColumns.uuid)
    }
  }

  /// The run that a user means.
  ///
  /// `tag:NAME` is a tag and nothing else. Otherwise a full id; or else a label, of which the latest run counts, or the
  /// start of an id: where the two name different runs, neither is taken. Ids may be in upper or lower case.
  /// - Throws: ``RunStoreError/noSuchRun(_:)``, ``RunStoreError/ambiguousRun(_:candidates:)`` when it fits several
  ///   runs, or another ``RunStoreError``.
  public func run(matching name: String, toCompare: Bool = false) throws(RunStoreError) -> UUID {
    guard !name.isEmpty else { throw .noSuchRun(name) }
    return try read { db in
      func find(_ sql: String, _ arguments: StatementArguments) throws -> [UUID] {
        try String.fetchAll(db, sql: sql, arguments: arguments).map(RunColumns.uuid)
      }
      if name.hasPrefix("tag:") {
        let sql = "SELECT uuid FROM tags JOIN runs ON runs.id = tags.run WHERE name = ?"
        guard let found = try find(sql, [String(name.dropFirst(4))]).first else { throw RunStoreError.noSuchRun(name) }
        return found
      }
      let start = name.lowercased()
      if let found = try find("SELECT uuid FROM runs WHERE uuid = ?", [start]).first { return found }
      let first = toCompare ? "finishedAt IS NULL, " : ""
      let labelled = "SELECT uuid FROM runs WHERE label = ? ORDER BY \(first)startedAt DESC, id DESC LIMIT 1"
      var found = try find(labelled, [name])
      if toCompare, let labelled = found.first { return labelled }
      let digits = Set("0123456789abcdef-")
      if !start.isEmpty, start.allSatisfy(digits.contains) {
        // "g" follows every digit of an id.
        let begun = try find("SELECT uuid FROM runs WHERE uuid >= ? AND uuid < ? ORDER BY uuid", [start, start + "g"])
        found += begun.filter { !found.contains($0) }
      }
      guard let only = found.first else { throw RunStoreError.noSuchRun(name) }
      guard found.count == 1 else { throw RunStoreError.ambiguousRun(name, candidates: found) }
      return only
    }
  }

  private static func facts(of run: Int64, _ db: Database) throws -> FactSheet {
    let sql =
      "SELECT topic, name, value FROM runFacts r JOIN facts f ON f.id = r.fact WHERE r.run = ? ORDER BY position"
    return FactSheet(
      try Row.fetchAll(db, sql: sql, arguments: [run]).map { row in
        Fact(try row.value(0), try row.value(1), try row.value(2))
      })
  }
}
