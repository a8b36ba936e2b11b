// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation
internal import GRDB
internal import Provenance

// Parts of runs, joined.
//
// Of each part the latest complete run counts; where there is none, the latest. The joined run's UUID is made of theirs, so that
// joining the same parts twice is joining them once. It is complete when all parts are; until then it says which are
// missing, and gives way to a fuller one of the same whole.

/// A run that is a part of another.
struct ShardPart {
  /// Without what it scored.
  let run: Run
  let key: Int64
  let shard: Shard
  /// The whole's name.
  let whole: String
  /// Index of its store.
  let source: Int

  /// SQL: keys of runs that are parts.
  static let runs =
    "SELECT r.run FROM runFacts r JOIN facts f ON f.id = r.fact WHERE f.topic = '\(Shard.topic)' AND f.name = 'number'"

  /// All parts in a store.
  static func all(_ db: Database, source: Int) throws -> [ShardPart] {
    try Int64.fetchAll(db, sql: runs).compactMap { key in
      let run = try RunStore.head(of: key, db)
      let fact = { (name: String) in run.provenance[Shard.topic, name] }
      guard let number = fact("number").flatMap({ Int($0) }), let count = fact("count").flatMap({ Int($0) }),
        let shard = Shard(number: number, of: count), let whole = fact("of")
      else { throw RunStoreError.refused(reason: "run \(run.id.stored) does not say which part of what it is") }
      return ShardPart(run: run, key: key, shard: shard, whole: whole, source: source)
    }
  }

  /// Whether it says more than another of the same number.
  func isBetter(than other: ShardPart) -> Bool {
    let (complete, otherComplete) = (run.finishedAt != nil, other.run.finishedAt != nil)
    guard complete == otherComplete else { return complete }
    return (run.startedAt, run.id.stored) > (other.run.startedAt, other.run.id.stored)
  }
}

/// Joins the parts that stores hold.
struct ShardJoiner {
  private let sources: [RunStore]

  init(_ sources: [RunStore]) { self.sources = sources }

  /// Joins all wholes of which there are parts.
  func join(into db: Database, _ merged: inout RunStore.Merged) throws {
    let parts = try sources.enumerated().flatMap { index, store in
      try store.queue.read { try ShardPart.all($0, source: index) }
    }
    let wholes = Dictionary(grouping: parts, by: \.whole)
    for (whole, parts) in wholes.sorted(by: { $0.key < $1.key }) {
      let best = Dictionary(grouping: parts, by: \.shard.number).values.compactMap { same in
        same.reduce(same[0]) { $1.isBetter(than: $0) ? $1 : $0 }
      }.sorted { $0.shard.number < $1.shard.number }
      try join(whole, best, into: db, &merged)
    }
  }

  private func join(
    _ whole: String, _ parts: [ShardPart], into db: Database, _ merged: inout RunStore.Merged
  ) throws {
    let run = joined(whole, parts)
    let complete = Set(parts.filter { $0.run.finishedAt != nil }.map(\.shard.number))
    let missing = (1...parts[0].shard.count).filter { !complete.contains($0) }
    merged.joined.append(.init(id: run.id, count: parts[0].shard.count, missing: missing))
    let known = try Row.fetchOne(db, sql: "SELECT finishedAt FROM runs WHERE uuid = ?", arguments: [run.id.stored])
    if let known, try known.optional(0) as Int64? != nil {
      merged.known += 1
      return
    }
    let earlier = try Int64.fetchAll(
      db,
      sql: """
        SELECT r.run FROM runFacts r JOIN facts f ON f.id = r.fact JOIN runs ON runs.id = r.run
        WHERE f.topic = ? AND f.name = 'of' AND f.value = ? AND runs.finishedAt IS NULL
        """, arguments: [Shard.wholeTopic, whole])
    let tags = try earlier.flatMap { key in
      try String.fetchAll(db, sql: "SELECT name FROM tags WHERE run = ?", arguments: [key])
    }
    for key in earlier { try RunStore.delete(key, db) }
    if earlier.isEmpty { merged.added += 1 } else { merged.replaced += 1 }
    let key = try RunStore.insert(run, db)
    for tag in tags { try db.execute(sql: "INSERT INTO tags (name, run) VALUES (?, ?)", arguments: [tag, key]) }
    let systems = try Row.fetchAll(db, sql: "SELECT name, id FROM systems WHERE run = ?", arguments: [key])
      .reduce(into: [String: Int64]()) { $0[try $1.value(0)] = try $1.value(1) }
    for part in parts {
      try sources[part.source].queue.read { from in
        let own = try Row.fetchAll(from, sql: "SELECT id, name FROM systems WHERE run = ?", arguments: [part.key])
        let places = try own.reduce(into: [Int64: Int64]()) { $0[try $1.value(0)] = systems[try $1.value(1)] }
        var keys = SharedKeys()
        try RunCopier(from: from, to: db, source: sources[part.source].path).copyUtterances(places, &keys)
      }
    }
  }

  /// The whole without what it scored: what its parts agree on, and where they do not, what each says.
  private func joined(_ whole: String, _ parts: [ShardPart]) -> Run {
    var run = parts[0].run
    let runs = parts.map(\.run)
    let complete = Set(parts.filter { $0.run.finishedAt != nil }.map(\.shard.number))
    let count = parts[0].shard.count
    let missing = (1...count).filter { !complete.contains($0) }
    run.id = Shard.id(joining: runs.map(\.id), of: whole)
    run.startedAt = runs.map(\.startedAt).min() ?? run.startedAt
    run.finishedAt = missing.isEmpty ? runs.compactMap(\.finishedAt).max() : nil
    run.unmatched = Unmatched(
      reference: runs.flatMap(\.unmatched.reference), synthesis: runs.flatMap(\.unmatched.synthesis))
    let hosts = Self.different(runs.map(\.host.id))
    if hosts.count > 1 {
      let host = run.host
      run.host = Host(
        id: "\(hosts.count) machines: " + hosts.joined(separator: ", "), cpu: Self.told(runs.map(\.host.cpu)),
        cores: host.cores, memoryBytes: host.memoryBytes, gpu: host.gpu, os: Self.told(runs.map(\.host.os)),
        container: host.container)
    }
    let own = runs.flatMap(\.provenance.facts).filter { $0.topic != Shard.topic }
    var told: Set<[String]> = []
    let common = own.filter { told.insert([$0.topic, $0.name]).inserted }.map { fact in
      Fact(fact.topic, fact.name, Self.told(runs.compactMap { $0.provenance[fact.topic, fact.name] }))
    }
    run.provenance = FactSheet(Shard.facts(joining: count, of: whole, missing: missing) + common)
    return run
  }

  private static func different(_ values: [String]) -> [String] {
    var known: Set<String> = []
    return values.filter { known.insert($0).inserted }
  }

  private static func told(_ values: [String]) -> String { different(values).joined(separator: "; ") }
}
