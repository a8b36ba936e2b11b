// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import RunStore
import Testing

/// How a user's word becomes a run, and what deleting one takes with it.
@Suite struct RunNameTests {
  let folder: TemporaryFolder
  let store: RunStore

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(path: folder.store)
    try store.begin(.empty("ab000001", at: 100, label: "nightly"))
    try store.begin(.empty("ab000002", at: 300, label: "nightly"))
    try store.begin(.empty("ab000003", at: 200, label: "nightly"))
    try store.begin(.empty("cd000004", at: 400, label: "ab"))
    try store.begin(.empty("cd000005", at: 500, label: "tag:odd"))
  }

  @Test(arguments: [
    ("ab000001-0000-4000-8000-000000000000", "ab000001"), ("AB000001-0000-4000-8000-000000000000", "ab000001"),
    ("ab000003", "ab000003"), ("AB000003-", "ab000003"), ("cd000004", "cd000004"), ("nightly", "ab000002"),
  ])
  func found(name: String, start: String) throws {
    #expect(try store.run(matching: name) == UUID(start: start))
  }

  @Test(arguments: [
    "", "e", "night", "NIGHTLY", "nightly ", "tag:", "tag:nightly", "tag:odd", "ab%", "ab*", "ab00000g",
  ])
  func notFound(name: String) {
    #expect(throws: RunStoreError.noSuchRun(name)) { try store.run(matching: name) }
  }

  @Test func ambiguous() {
    let candidates = ["ab000001", "ab000002", "ab000003"].map(UUID.init(start:))
    #expect(throws: RunStoreError.ambiguousRun("ab0", candidates: candidates)) { try store.run(matching: "ab0") }
  }

  /// Deleting by a label must not take a run whose id was meant, nor the other way round.
  @Test func aLabelThatIsAlsoTheStartOfAnIdIsAmbiguous() {
    let candidates = ["cd000004", "ab000001", "ab000002", "ab000003"].map(UUID.init(start:))
    #expect(throws: RunStoreError.ambiguousRun("ab", candidates: candidates)) { try store.run(matching: "ab") }
  }

  @Test func tagsFindAndMove() throws {
    try store.tag(UUID(start: "ab000001"), "main")
    #expect(try store.run(matching: "tag:main") == UUID(start: "ab000001"))
    try store.tag(UUID(start: "cd000004"), "main")
    try store.tag(UUID(start: "cd000004"), "main")
    #expect(try store.run(matching: "tag:main") == UUID(start: "cd000004"))
    #expect(try store.runs().flatMap(\.tags) == ["main"])
    #expect(throws: RunStoreError.noSuchRun("main")) { try store.run(matching: "main") }
    #expect(throws: RunStoreError.refused(reason: "a tag without a name")) {
      try store.tag(UUID(start: "cd000004"), "")
    }
  }

  @Test func deletingTakesEverythingOfTheRunAndNothingElse() throws {
    var other = Run.full
    other.id = UUID(start: "000000ff")
    other.host.gpu = "another card"
    other.systems = [other.systems[1]]
    try store.begin(other)
    try store.begin(.full)
    try store.tag(Run.full.id, "gone")
    try store.tag(other.id, "stays")

    try store.delete(Run.full.id)
    #expect(throws: RunStoreError.noSuchRun(Run.full.id.uuidString.lowercased())) { try store.load(Run.full.id) }
    #expect(throws: RunStoreError.noSuchRun("tag:gone")) { try store.run(matching: "tag:gone") }
    #expect(try store.load(other.id) == other)
    #expect(try store.run(matching: "tag:stays") == other.id)
    #expect(try store.problems() == [])

    try store.delete(other.id)
    for summary in try store.runs() { try store.delete(summary.id) }
    for table in ["runs", "systems", "utterances", "scores", "runMetrics", "unmatched", "tags", "files", "hosts"] {
      #expect(try store.sql("SELECT count(*) FROM \(table)") == [["0"]], "\(table)")
    }
    #expect(try store.runs() == [])
  }
}
