// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
public import Foundation
internal import GRDB

extension RunStore {
  /// All panels, the latest first.
  public func panels() throws(RunStoreError) -> [StoredPanel] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT hash, name, addedAt, document, setup FROM panels ORDER BY addedAt DESC, id DESC"
      ).map {
        StoredPanel(
          hash: try $0.value(0), name: try $0.value(1), addedAt: Date(milliseconds: try $0.value(2)),
          document: try $0.optional(3), setup: try Self.setup(try $0.optional(4)))
      }
    }
  }

  /// The panel that a user means: by its name, its hash or the start of that.
  /// - Throws: ``RunStoreError/noSuchPanel(_:)``, ``RunStoreError/ambiguousPanel(_:hashes:)`` or another ``RunStoreError``.
  public func panel(matching name: String) throws(RunStoreError) -> StoredPanel {
    let panels = try panels()
    let start = name.lowercased()
    let found = panels.filter { $0.name == name || start.count >= 4 && $0.hash.hasPrefix(start) }
    guard let only = found.first else { throw .noSuchPanel(name) }
    guard found.count == 1 else { throw .ambiguousPanel(name, hashes: found.map(\.hash)) }
    return only
  }

  /// The sessions of a panel, by the listeners' places in the plan; none of a panel that is not here.
  public func sessions(of panel: StoredPanel) throws(RunStoreError) -> [StoredSession] {
    try read { db in
      let sql = """
        SELECT s.id, s.uuid, s.listener, s.slot FROM panelSessions s JOIN panels p ON p.id = s.panel
        WHERE p.hash = ? ORDER BY s.slot, s.id
        """
      return try Row.fetchAll(db, sql: sql, arguments: [panel.hash]).map { row in
        let events = try Row.fetchAll(
          db, sql: "SELECT number, utc, monotonic, kind, body FROM panelEvents WHERE session = ? ORDER BY number",
          arguments: [try row.value(0) as Int64])
        return StoredSession(
          id: try RunColumns.uuid(try row.value(1)), listener: try row.value(2), slot: try row.value(3),
          events: try events.map {
            StoredEvent(
              number: try $0.value(0), utc: try $0.value(1), monotonic: try $0.value(2), kind: try $0.value(3),
              body: try $0.value(4))
          })
      }
    }
  }

  /// Begins a listener's session, without events, and puts down the panel where it is not here.
  /// - Throws: ``RunStoreError/refused(reason:)`` when the listener has one already, or another ``RunStoreError``.
  public func begin(_ session: StoredSession, of panel: StoredPanel) throws(RunStoreError) {
    try write { db in
      try Self.insert(panel, db)
      try db.execute(
        sql: "INSERT INTO panelSessions (uuid, panel, listener, slot) VALUES (?, ?, ?, ?)",
        arguments: [session.id.stored, try Self.key(of: panel, db), session.listener, session.slot])
    }
  }

  /// Adds what happened next, durably.
  /// - Throws: ``RunStoreError/refused(reason:)`` when there is an event of that number: another process goes on with the session.
  public func append(_ event: StoredEvent, to session: UUID) throws(RunStoreError) {
    try write { db in
      try db.cachedStatement(
        sql: """
          INSERT INTO panelEvents (session, number, utc, monotonic, kind, body)
          SELECT id, ?, ?, ?, ?, ? FROM panelSessions WHERE uuid = ?
          """
      ).execute(arguments: [event.number, event.utc, event.monotonic, event.kind, event.body, session.stored])
      guard db.changesCount == 1 else { throw RunStoreError.refused(reason: "an event of a session that is not there") }
    }
  }

  /// Puts down ratings from elsewhere, under a panel of their own. What was imported before stays as it is.
  /// - Returns: whether they are new.
  public func add(_ ratings: [PanelRating], as panel: StoredPanel) throws(RunStoreError) -> Bool {
    try write { db in
      guard try Self.insert(panel, db) else { return false }
      let key = try Self.key(of: panel, db)
      for (number, rating) in ratings.enumerated() {
        guard rating.score.isFinite else {
          throw RunStoreError.refused(reason: "a score of \(rating.listener) is not finite")
        }
        try db.cachedStatement(
          sql: """
            INSERT INTO importedRatings (
              panel, number, listener, system, utterance, score, against, session, place, kind, reactionSeconds,
              clipSeconds, isRight
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).execute(arguments: [
          key, number, rating.listener, rating.system, rating.utterance, rating.score, rating.against, rating.session,
          rating.order, rating.kind.rawValue, rating.reactionSeconds, rating.clipSeconds, rating.isRight,
        ])
      }
      return true
    }
  }

  /// Ratings that were imported, in the order of their table.
  public func importedRatings(of panel: StoredPanel) throws(RunStoreError) -> [PanelRating] {
    try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT listener, system, utterance, score, session, place, kind, reactionSeconds, clipSeconds, against, isRight
          FROM importedRatings WHERE panel = ? ORDER BY number
          """, arguments: [Self.key(of: panel, db)])
      return try rows.map {
        PanelRating(
          listener: try $0.value(0), system: try $0.value(1), utterance: try $0.value(2), score: try $0.value(3),
          against: try $0.optional(9), session: try $0.optional(4), order: try $0.optional(5),
          kind: PanelRating.Kind(rawValue: try $0.value(6)) ?? .rated,
          reactionSeconds: try $0.optional(7), clipSeconds: try $0.optional(8), isRight: try $0.optional(10))
      }
    }
  }

  /// - Returns: whether it is new.
  @discardableResult
  private static func insert(_ panel: StoredPanel, _ db: Database) throws -> Bool {
    try db.execute(
      sql:
        "INSERT INTO panels (hash, name, addedAt, document, setup) VALUES (?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
      arguments: [
        panel.hash, panel.name, panel.addedAt.milliseconds, panel.document,
        panel.setup == PanelSetup() ? nil : String(decoding: try JSONEncoder().encode(panel.setup), as: UTF8.self),
      ])
    return db.changesCount == 1
  }

  private static func setup(_ stored: String?) throws -> PanelSetup {
    try stored.map { try JSONDecoder().decode(PanelSetup.self, from: Data($0.utf8)) } ?? PanelSetup()
  }

  private static func key(of panel: StoredPanel, _ db: Database) throws -> Int64 {
    guard let key = try Int64.fetchOne(db, sql: "SELECT id FROM panels WHERE hash = ?", arguments: [panel.hash]) else {
      throw RunStoreError.noSuchPanel(panel.name)
    }
    return key
  }
}
