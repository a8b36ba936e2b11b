// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import RunStore
import SpeechMetrics
import Testing

/// A full disk, and files and folders that may not be written.
@Suite struct LimitTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func utterances(_ range: Range<Int>) -> [(system: String, UtteranceResult)] {
    range.map { index in
      (
        "modelA",
        .sample(
          "clip \(index) " + String(repeating: "x", count: 500), reference: 1, synthesis: UInt8(index % 256),
          scores: [Score(metric: "lsd", signature: .lsd, outcome: .value(Double(index)))])
      )
    }
  }

  @Test func fullDiskLosesTheOneTransactionOnly() throws {
    let run = Run.empty()
    do {
      let store = try RunStore(path: folder.store)
      try store.begin(run)
      try store.record(utterances(0..<20), run: run.id)
      let before = try store.load(run.id)
      // SQLite raises the same error for a database at its page limit as for a disk without space.
      let pages = try #require(try store.sql("PRAGMA page_count").first?.first ?? nil)
      try store.sql("PRAGMA max_page_count = \(pages)")
      #expect(throws: RunStoreError.diskFull(path: folder.store)) {
        try store.record(utterances(20..<200), run: run.id)
      }
      #expect(try store.load(run.id) == before)
      try store.sql("PRAGMA max_page_count = 1000000")
      try store.record(utterances(20..<30), run: run.id)
      #expect(try store.problems() == [])
    }
    #expect(try RunStore(existing: folder.store).runs().map(\.pairs) == [30])
  }

  @Test(arguments: [(0o444, 0o555), (0o666, 0o555), (0o444, 0o777)])
  func readOnlyFileOrFolder(file: mode_t, parent: mode_t) throws {
    do { try RunStore(path: folder.store).begin(.full) }
    let readOnly = RunStoreError.readOnly(path: folder.store)
    try with(file: file, parent: parent) {
      #expect(throws: readOnly) { try RunStore(path: folder.store) }
      let store = try RunStore(existing: folder.store)
      #expect(try store.load(Run.full.id) == .full)
      #expect(throws: readOnly) { try store.tag(Run.full.id, "t") }
      #expect(throws: readOnly) { try store.delete(Run.full.id) }
    }
    #expect(try RunStore(path: folder.store).load(Run.full.id) == .full)
  }

  @Test func newStoreInAReadOnlyFolder() throws {
    do { try RunStore(path: folder.store).begin(.full) }
    try with(file: 0o644, parent: 0o555) {
      for name in ["new", "new/store"] {
        #expect(throws: RunStoreError.readOnly(path: folder[name])) { try RunStore(path: folder[name]) }
      }
    }
  }

  @Test func unreadableFile() throws {
    do { try RunStore(path: folder.store).begin(.full) }
    let denied = RunStoreError.cannotOpen(path: folder.store, reason: "permission denied")
    try with(file: 0o000, parent: 0o777) {
      #expect(throws: denied) { try RunStore(path: folder.store) }
      #expect(throws: denied) { try RunStore(existing: folder.store) }
    }
  }

  /// Works with these modes and without root's privilege to ignore them, which a thread can lay down.
  private func with(file: mode_t, parent: mode_t, _ work: () throws -> Void) throws {
    #expect(chmod(folder.store, file) == 0)
    #expect(chmod(folder.path, parent) == 0)
    defer {
      chmod(folder.path, 0o755)
      chmod(folder.store, 0o644)
    }
    guard geteuid() == 0 else { return try work() }
    // Linux: the user whose rights this thread has towards files. Not in Swift's overlay of the C library.
    typealias SetFileUser = @convention(c) (uid_t) -> Int32
    let setFileUser = unsafeBitCast(try #require(dlsym(nil, "setfsuid")), to: SetFileUser.self)
    _ = setFileUser(65534)
    defer { _ = setFileUser(0) }
    try work()
  }
}
