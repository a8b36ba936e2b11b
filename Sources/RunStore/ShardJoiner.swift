// SPDX-License-Identifier: GPL-3.0-or-later
internal import Evaluation
internal import Foundation
internal import GRDB
internal import Provenance

// Parts of runs, joined.
//
// Of a whole that was launched several times the latest launch counts, as what was scored before may have been other sound. Of each part
// the latest complete run counts; where there is none, the latest. The joined run's UUID is made of theirs, so that
// joining the same parts twice is joining them once. It is complete when all parts are, and then has every pair of the whole; until then it
// says which are missing, and gives way to a fuller one of the same whole: never to one that lacks parts it has.

/// A run that is a part of another.
struct ShardPart {
  /// Without what it scored.
  let run: Run
  let key: Int64
  let shard: Shard
  /// The whole's name.
  let whole: String
  /// How many pairs the whole has.
  let wholePairs: Int?
  /// What parts that were begun together share.
  let launch: String?
  /// Its own pairs.
  let pairs: Int
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
      let sql = "SELECT count(*) FROM systems y JOIN utterances u ON u.system = y.id WHERE y.run = ?"
      return ShardPart(
        run: run, key: key, shard: shard, whole: whole, wholePairs: fact("pairs").flatMap { Int($0) },
        launch: fact("launch"), pairs: try Int.fetchOne(db, sql: sql, arguments: [key]) ?? 0, source: source)
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
    for (whole, all) in wholes.sorted(by: { $0.key < $1.key }) {
      let latest = all.reduce(all[0]) { $1.run.startedAt > $0.run.startedAt ? $1 : $0 }
      let parts = all.filter { $0.launch == latest.launch }
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
    let pairs = parts.reduce(0) { $0 + $1.pairs }
    if missing.isEmpty, let all = parts[0].wholePairs, all != pairs {
      throw RunStoreError.refused(
        reason: "the parts have \(pairs) pairs and the whole has \(all): they did not see the same files")
    }
    let before = try Int64.fetchAll(
      db,
      sql: """
        SELECT r.run FROM runFacts r JOIN facts f ON f.id = r.fact WHERE f.topic = ? AND f.name = 'of' AND f.value = ?
        """, arguments: [Shard.wholeTopic, whole]
    ).map { (key: $0, run: try RunStore.head(of: $0, db)) }
    let isKnown = before.contains { former in
      former.run.finishedAt != nil
        && (former.run.id == run.id
          || !missing.isEmpty && former.run.provenance[Shard.wholeTopic, "launch"] == parts[0].launch)
    }
    guard !isKnown else {
      merged.known += 1
      merged.joined.append(.init(id: run.id, count: parts[0].shard.count, missing: []))
      return
    }
    merged.joined.append(.init(id: run.id, count: parts[0].shard.count, missing: missing))
    let earlier = before.filter { $0.run.finishedAt == nil }
    for former in earlier where former.run.provenance[Shard.wholeTopic, "launch"] == parts[0].launch {
      let lacked = Set(
        (former.run.provenance[Shard.wholeTopic, "missing"] ?? "").split(separator: ", ").map(String.init))
      let lost = missing.map(String.init).filter { !lacked.contains($0) }
      guard lost.isEmpty else {
        throw RunStoreError.refused(
          reason:
            "run \(former.run.id.stored) has parts that are not among these stores (\(lost.joined(separator: ", "))): give all parts at once"
        )
      }
    }
    let tags = try earlier.flatMap { former in
      try String.fetchAll(db, sql: "SELECT name FROM tags WHERE run = ?", arguments: [former.key])
    }
    for former in earlier { try RunStore.delete(former.key, db) }
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
    let hosts = Self.different(runs.map(\.host.id)).sorted()
    if hosts.count > 1 {
      let host = run.host
      run.host = Host(
        id: "\(hosts.count) machines: " + hosts.joined(separator: ", "), cpu: Self.told(runs.map(\.host.cpu)),
        // Of the least of them.
        cores: runs.map(\.host.cores).min() ?? host.cores,
        memoryBytes: runs.map(\.host.memoryBytes).min() ?? host.memoryBytes, gpu: host.gpu,
        os: Self.told(runs.map(\.host.os)),
        container: host.container)
    }
    let own = runs.flatMap(\.provenance.facts).filter { $0.topic != Shard.topic }
    var told: Set<[String]> = []
    let common = own.filter { told.insert([$0.topic, $0.name]).inserted }.map { fact in
      Fact(fact.topic, fact.name, Self.told(runs.compactMap { $0.provenance[fact.topic, fact.name] }))
    }
    run.provenance = FactSheet(
      Shard.facts(joining: count, of: whole, launch: parts[0].launch, missing: missing) + common)
    return run
  }

  private static func different(_ values: [String]) -> [String] {
    var known: Set<String> = []
    return values.filter { known.insert($0).inserted }
  }

  private static func told(_ values: [String]) -> String { different(values).joined(separator: "; ") }
}
