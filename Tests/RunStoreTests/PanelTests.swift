// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import RunStore
import Testing

@Suite struct PanelTests {
  let folder: TemporaryFolder
  let store: RunStore
  let panel = StoredPanel(
    hash: String(repeating: "a", count: 64), name: "voices", addedAt: Date(timeIntervalSince1970: 1_770_000_000.5),
    document: "{}")

  init() throws {
    folder = try TemporaryFolder()
    store = try RunStore(path: folder.store, durability: .full)
  }

  private func event(_ number: Int, kind: String = "levelSet", _ body: String = "{\"gain\":-3}") -> StoredEvent {
    StoredEvent(number: number, utc: 1.7e9 + 1 / 3, monotonic: Double(number), kind: kind, body: body)
  }

  private func session(_ listener: String, slot: Int = 0, _ start: String = "0000000a") -> StoredSession {
    StoredSession(id: UUID(start: start), listener: listener, slot: slot)
  }

  @Test func whatHappenedComesBackInOrder() throws {
    _ = try store.add([], as: panel)
    _ = try store.add([], as: panel)
    #expect(try store.panels() == [panel])
    #expect(try store.sql("PRAGMA synchronous") == [["2"]])
    var kept = session("a")
    try store.begin(kept, of: panel)
    kept.append(event(0))
    kept.append(event(1, kind: "commented", "{\"text\":\"“é”\\n\"}"))
    for one in kept.events { try store.append(one, to: kept.id) }
    #expect(try RunStore(existing: folder.store).sessions(of: panel) == [kept])
    #expect(try store.panel(matching: "voices") == panel && store.panel(matching: "aaaa") == panel)
    #expect(throws: RunStoreError.noSuchPanel("other")) { try store.panel(matching: "other") }
    // Two of one name, or a name that is the start of another's hash, are told apart by hash.
    let second = StoredPanel(
      hash: String(repeating: "b", count: 64), name: "voices", addedAt: panel.addedAt, document: "{}")
    let third = StoredPanel(
      hash: String(repeating: "c", count: 64), name: "bbbb", addedAt: panel.addedAt, document: nil)
    for one in [second, third] { _ = try store.add([], as: one) }
    let both = RunStoreError.ambiguousPanel("voices", hashes: [second.hash, panel.hash])
    #expect(throws: both) { try store.panel(matching: "voices") }
    #expect(throws: RunStoreError.self) { try store.panel(matching: "bbbb") }
    #expect(try store.panel(matching: "bbbbb") == second)
  }

  @Test func nothingIsChangedOrDeleted() throws {
    _ = try store.add([], as: panel)
    try store.begin(session("a"), of: panel)
    try store.append(event(0), to: session("a").id)
    _ = try store.add(
      [PanelRating(listener: "l", system: "s", utterance: "u", score: 3)],
      as: StoredPanel(hash: String(repeating: "b", count: 64), name: "b", addedAt: panel.addedAt, document: nil))
    for (table, column) in [
      ("panels", "name"), ("panelSessions", "listener"), ("panelEvents", "kind"), ("importedRatings", "listener"),
    ] {
      for statement in ["UPDATE \(table) SET \(column) = 'x'", "DELETE FROM \(table)"] {
        let error = #expect(throws: RunStoreError.self) { try store.sql(statement) }
        #expect("\(String(describing: error))".contains("what happened in a panel is not"))
      }
    }
  }

  /// Two processes that go on with one session would write the same number.
  @Test func aNumberIsGivenOnce() throws {
    _ = try store.add([], as: panel)
    try store.begin(session("a"), of: panel)
    try store.append(event(0), to: session("a").id)
    #expect(throws: RunStoreError.self) { try store.append(event(0), to: session("a").id) }
    #expect(throws: RunStoreError.self) { try store.append(event(0), to: UUID()) }
    #expect(throws: RunStoreError.self) { try store.append(event(1, kind: "levelSet", "no JSON"), to: session("a").id) }
    #expect(throws: RunStoreError.self) { try store.begin(session("a", slot: 0, "0000000b"), of: panel) }
  }

  @Test(arguments: [SessionLock.Subject.listener("a.b-7"), .place(0)])
  func aSubjectIsHeldOnce(_ subject: SessionLock.Subject) throws {
    func hold(_ subject: SessionLock.Subject, _ body: () throws -> Void) throws {
      let lock = try SessionLock.take(subject, of: panel, in: store)
      try body()
      _ = consume lock
    }
    // Refused as often as it is asked for: who was refused took nothing away.
    try hold(subject) {
      for _ in 1...2 { #expect(throws: RunStoreError.sessionInUse) { try hold(subject) {} } }
      try hold(.place(1)) {}
    }
    try hold(subject) {}
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.contains("panel-") })
  }

  @Test func aSessionBringsItsPanel() throws {
    #expect(try store.sessions(of: panel).isEmpty)
    try store.begin(session("a"), of: panel)
    #expect(try store.panels() == [panel])
    #expect(try store.sessions(of: panel).map(\.listener) == ["a"])
  }

  @Test func importedRatingsComeBack() throws {
    let ratings = [
      PanelRating(
        listener: "1", system: "s", utterance: "u", score: -0.5, session: "x", order: 3, kind: .gold,
        reactionSeconds: -1, clipSeconds: 2, isRight: false),
      PanelRating(listener: "2", system: "s", utterance: "u", score: 1.0 / 3),
    ]
    let imported = StoredPanel(
      hash: panel.hash, name: "i", addedAt: panel.addedAt, document: nil,
      setup: PanelSetup(scale: .mushra, reference: "natural", anchors: ["lp35"]))
    #expect(try store.add(ratings, as: imported))
    #expect(try !store.add([], as: imported))
    #expect(try store.importedRatings(of: imported) == ratings)
    #expect(try store.panels() == [imported])
    let target = try RunStore(path: folder["target.sqlite"])
    _ = try target.merge([store])
    #expect(try target.panels() == [imported] && target.importedRatings(of: imported) == ratings)
  }

  @Test func storesOfSeveralMachinesComeTogether() throws {
    let other = try RunStore(path: folder["other.sqlite"])
    for (store, listener, start) in [(store, "a", "0000000a"), (other, "b", "0000000b")] {
      _ = try store.add([], as: panel)
      try store.begin(session(listener, slot: 0, start), of: panel)
      for number in 0..<3 { try store.append(event(number), to: UUID(start: start)) }
    }
    #expect(try store.merge([other]).sessions == 1)
    #expect(try store.merge([other]).sessions == 0)
    #expect(try store.sessions(of: panel).map(\.listener) == ["a", "b"])
    // It went on over there.
    try other.append(event(3), to: UUID(start: "0000000b"))
    #expect(try store.merge([other]).sessions == 1)
    #expect(try store.sessions(of: panel)[1].events.count == 4)
    // And then in both places.
    try other.append(event(4), to: UUID(start: "0000000b"))
    try store.append(event(4, kind: "paused", "{}"), to: UUID(start: "0000000b"))
    #expect(throws: RunStoreError.self) { try store.merge([other]) }
    // Or two people go by one code.
    let third = try RunStore(path: folder["third.sqlite"])
    _ = try third.add([], as: panel)
    try third.begin(session("a", slot: 0, "0000000c"), of: panel)
    let before = try store.sessions(of: panel)
    #expect(throws: RunStoreError.self) { try store.merge([third]) }
    #expect(try store.sessions(of: panel) == before)
  }
}
