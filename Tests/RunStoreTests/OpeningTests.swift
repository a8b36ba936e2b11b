// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import RunStore
import Testing

/// Files that are no store, or not a sound one: each has its error, and stays as it is.
@Suite struct OpeningTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  /// What opening a file both ways gives, checking that neither changes it nor leaves anything beside it.
  private func errors(opening path: String) throws -> [RunStoreError] {
    let before = try bytes(path)
    let beside = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    var errors: [RunStoreError] = []
    for open in [{ try RunStore(path: path) }, { try RunStore(existing: path) }] {
      do {
        _ = try open().runs()
      } catch {
        errors.append(try #require(error as? RunStoreError))
      }
    }
    #expect(try bytes(path) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == beside)
    return errors
  }

  private func makeStore() throws {
    let store = try RunStore(path: folder.store)
    try store.begin(.full)
  }

  @Test func foldersAreCreatedOnlyToWrite() throws {
    let path = folder["a/b c/ö/store.sqlite"]
    #expect(throws: RunStoreError.missing(path: path)) { try RunStore(existing: path) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    try RunStore(path: path).begin(.full)
    #expect(try RunStore(existing: path).load(Run.full.id) == .full)
  }

  @Test func namesThatMeanSomethingToSQLite() throws {
    for name in ["file:x?mode=memory", "a?immutable=1#b%20c", "%41.sqlite", "naïve 🗣️.sqlite"] {
      try RunStore(path: folder[name]).begin(.full)
      #expect(try RunStore(existing: folder[name]).load(Run.full.id) == .full)
      #expect(FileManager.default.fileExists(atPath: folder[name]))
    }
    #expect(throws: RunStoreError.cannotOpen(path: "", reason: "the name is empty")) { try RunStore(path: "") }
    #expect(throws: RunStoreError.missing(path: FileManager.default.currentDirectoryPath + "/:memory:")) {
      try RunStore(existing: ":memory:")
    }
  }

  @Test func textFile() throws {
    let long = String(repeating: "This is a report about a store, and no store. ", count: 1000)
    for text in ["id,score\n", long] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder.store))
      let foreign = RunStoreError.foreign(path: folder.store, reason: "no SQLite file")
      #expect(try errors(opening: folder.store) == [foreign, foreign])
    }
  }

  @Test func anotherApplicationsDatabase() throws {
    try makeStore()
    let store = try RunStore(path: folder.store)
    let foreign = RunStoreError.foreign(path: folder.store, reason: "an SQLite file of another application")
    for id in ["0", "123456"] {
      try store.sql("PRAGMA application_id = \(id)")
      try store.sql("PRAGMA journal_mode = DELETE")
      #expect(throws: foreign) { try RunStore(path: folder.store) }
      #expect(throws: foreign) { try RunStore(existing: folder.store) }
      // In particular it was not switched to our kind of journal.
      #expect(try store.sql("PRAGMA journal_mode") == [["delete"]])
      #expect(try store.sql("SELECT count(*) FROM runs") == [["1"]])
    }
  }

  @Test func newerSchema() throws {
    try makeStore()
    do { try RunStore(path: folder.store).sql("INSERT INTO grdb_migrations VALUES ('v999')") }
    let newer = RunStoreError.newerSchema(path: folder.store)
    #expect(try errors(opening: folder.store) == [newer, newer])
  }

  @Test func truncatedStore() throws {
    try makeStore()
    let whole = try bytes(folder.store)
    for size in [600, 4096, 5000, whole.count / 2, whole.count - 4096] {
      try whole.prefix(size).write(to: URL(fileURLWithPath: folder.store))
      for error in try errors(opening: folder.store) {
        guard case .corrupt = error else {
          Issue.record("\(size) bytes: \(error)")
          continue
        }
      }
    }
  }

  /// Whatever is damaged, the answer is a value or an error: never a crash, never a change to the file.
  @Test func damagedStore() throws {
    try makeStore()
    let whole = try bytes(folder.store)
    var seed: UInt64 = 1
    for _ in 0..<150 {
      var damaged = whole
      for _ in 0..<20 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        // The header's first hundred bytes decide whether this is a store at all, and are tested above.
        damaged[100 + Int(seed >> 33) % (whole.count - 100)] = UInt8(truncatingIfNeeded: seed >> 20)
      }
      try damaged.write(to: URL(fileURLWithPath: folder.store))
      do throws(RunStoreError) {
        let store = try RunStore(existing: folder.store)
        _ = try store.runs()
        _ = try store.load(Run.full.id)
        _ = try store.finished(reference: hash(1), synthesis: hash(2), conditions: Run.full.settings.conditions)
      } catch {
        #expect(!error.description.contains("\n"))
      }
      #expect(try bytes(folder.store) == damaged)
    }
  }

  @Test func emptyFileBecomesAStore() throws {
    try Data().write(to: URL(fileURLWithPath: folder.store))
    try makeStore()
    #expect(try RunStore(existing: folder.store).load(Run.full.id) == .full)
  }

  @Test func thingsThatAreNoFiles() throws {
    let folderError = RunStoreError.cannotOpen(path: folder.path, reason: "it is a folder")
    #expect(throws: folderError) { try RunStore(path: folder.path) }
    #expect(throws: folderError) { try RunStore(existing: folder.path) }
    #expect(mkfifo(folder["fifo"], 0o600) == 0)
    let fifoError = RunStoreError.cannotOpen(path: folder["fifo"], reason: "it is no regular file")
    #expect(throws: fifoError) { try RunStore(path: folder["fifo"]) }
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder["file"]))
    #expect(throws: RunStoreError.cannotOpen(path: folder["file/store"], reason: "not a directory")) {
      try RunStore(path: folder["file/store"])
    }
    try FileManager.default.createSymbolicLink(atPath: folder["loop"], withDestinationPath: folder["loop"])
    #expect(throws: RunStoreError.cannotOpen(path: folder["loop"], reason: "too many levels of symbolic links")) {
      try RunStore(path: folder["loop"])
    }
  }

  @Test func errorsAreOneLine() {
    let id = UUID(start: "0000000a")
    let errors: [RunStoreError] = [
      .missing(path: "p"), .cannotOpen(path: "p", reason: "r"), .foreign(path: "p", reason: "r"),
      .newerSchema(path: "p"),
      .corrupt(path: "p", reason: "r"), .readOnly(path: "p"), .diskFull(path: "p"), .busy(path: "p"),
      .system(path: "p", reason: "r"), .refused(reason: "r"), .noSuchRun("p"),
      .ambiguousRun("p", candidates: [id, id]),
    ]
    #expect(errors.allSatisfy { !$0.description.contains("\n") })
    #expect(Set(errors.map(\.description)).count == errors.count)
    #expect(RunStoreError.missing(path: "a\n\u{1B}b").description == #"store a\n\u{1B}b: there is no such file"#)
  }
}
