// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Provenance
import RunStore
import Testing

@Suite struct SchemaTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func schemaIsExactlyThis() throws {
    let store = try RunStore(path: folder.store)
    let rows = try store.sql(
      "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'grdb%' ORDER BY rowid")
    #expect(rows.map { ($0[0] ?? "") + ";\n" }.joined() == expectedSchemaOfVersion9)
    #expect(
      try store.sql("SELECT identifier FROM grdb_migrations") == [
        ["v1"], ["v2"], ["v3"], ["v4"], ["v5"], ["v6"], ["v7"], ["v8"], ["v9"],
      ])
    #expect(try store.sql("PRAGMA application_id") == [["\(0x7474_7365)"]])
  }

  @Test func version1IsTakenOver() throws {
    var run = Run.full
    run.systems[0].utterances[0].scores[0].traces = []
    run.systems[0].utterances[0].alignment = .withoutCutSpeech
    run.systems[0].utterances[0].f0Range = nil
    run.systems[0].utterances[0].speed = nil
    run.provenance = FactSheet([])
    run.settings.conditions.silence = .trim
    do {
      let store = try RunStore(path: folder.store)
      try store.begin(run)
      for table in ["traces", "speeds", "runFacts", "facts"] { try store.sql("DROP TABLE \(table)") }
      try store.sql("DROP INDEX filesByAudio")
      for view in ["panelRatings", "panelPlaybacks"] { try store.sql("DROP VIEW \(view)") }
      for table in ["importedRatings", "panelEvents", "panelSessions", "panels"] {
        try store.sql("DROP TABLE \(table)")
      }
      try store.sql("ALTER TABLE runs DROP COLUMN silence")
      try store.sql("ALTER TABLE utterances DROP COLUMN cutSpeechSeconds")
      try store.sql("ALTER TABLE utterances DROP COLUMN pathSearch")
      try store.sql("ALTER TABLE utterances DROP COLUMN f0AtBounds")
      try store.sql("ALTER TABLE utterances DROP COLUMN f0Voiced")
      try store.sql("DELETE FROM grdb_migrations WHERE identifier > 'v1'")
    }
    #expect(try RunStore(existing: folder.store).load(run.id) == run)
    let migrated = try RunStore(path: folder.store)
    #expect(try migrated.sql("SELECT count(*) FROM traces") == [["0"]])
    // By the migrator, or all in one transaction, as a new store is made.
    let made = try RunStore(path: folder.store + ".new")
    for query in [
      "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name",
      "SELECT identifier FROM grdb_migrations ORDER BY identifier",
    ] {
      #expect(try migrated.sql(query) == made.sql(query))
    }
  }

  @Test func settingsOfTheConnection() throws {
    let store = try RunStore(path: folder.store)
    #expect(try store.sql("PRAGMA journal_mode") == [["wal"]])
    #expect(try store.sql("PRAGMA synchronous") == [["1"]])
    #expect(try store.sql("PRAGMA foreign_keys") == [["1"]])
    #expect(try store.sql("PRAGMA busy_timeout") == [["60000"]])
  }

  @Test func openingAgainChangesNothing() throws {
    var before: [[String?]] = []
    do {
      let store = try RunStore(path: folder.store)
      try store.begin(.full)
      before = try store.sql("SELECT * FROM sqlite_master")
    }
    for _ in 0..<3 {
      let store = try RunStore(path: folder.store)
      #expect(try store.sql("SELECT * FROM sqlite_master") == before)
      #expect(try store.load(Run.full.id) == .full)
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.store))
    do { _ = try RunStore(existing: folder.store).runs() }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.store)) == bytes)
  }

  /// Each look-up goes by keys: no table of many rows is read whole, and nothing but the answer is sorted.
  @Test(arguments: [
    "SELECT c.value FROM utterances u JOIN scores c ON c.utterance = u.id WHERE u.system = 1",
    "SELECT 1 FROM utterances u CROSS JOIN utterances v ON v.system = 2 AND v.name = u.name WHERE u.system = 1",
    """
    SELECT u.* FROM utterances u CROSS JOIN systems y CROSS JOIN runs n
    WHERE u.synthesisFile = 1 AND u.referenceFile = 2 AND y.id = u.system AND n.id = y.run AND n.alignment = 'delay'
    ORDER BY u.id DESC LIMIT 32
    """,
    "SELECT id FROM files WHERE sha256 = x'00' ORDER BY id DESC",
    "SELECT id FROM files WHERE sha256 IS x'00' AND audioSHA256 IS x'01' AND sampleRate IS 1",
    "SELECT t.samples FROM utterances u JOIN traces t ON t.utterance = u.id WHERE u.system = 1",
    "SELECT samples FROM traces WHERE utterance = 1 AND signature = 1",
    "SELECT uuid FROM runs WHERE label = 'l' ORDER BY startedAt DESC, id DESC LIMIT 1",
    "SELECT uuid FROM runs WHERE uuid >= 'a' AND uuid < 'ag' ORDER BY uuid",
  ])
  func queriesGoByKeys(query: String) throws {
    let store = try RunStore(path: folder.store)
    let plan = try store.sql("EXPLAIN QUERY PLAN \(query)").compactMap { $0.last ?? nil }
    #expect(!plan.isEmpty)
    #expect(plan.filter { $0.hasPrefix("SCAN") || $0.contains("TEMP B-TREE") } == [])
  }
}
