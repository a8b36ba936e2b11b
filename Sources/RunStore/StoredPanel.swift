// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
public import Foundation

/// A listening panel as the store knows it.
public struct StoredPanel: Sendable, Equatable {
  /// SHA-256, 64 lower-case digits: of the frozen plan, or of the table that ratings were imported from.
  public let hash: String
  /// What people call it.
  public let name: String
  /// When it came into the store, whole milliseconds.
  public let addedAt: Date
  /// The frozen plan; nil where there are only ratings from elsewhere.
  public let document: String?

  /// How ratings from elsewhere were asked for, as far as anybody said; a plan says it itself.
  public let setup: PanelSetup

  /// A panel from its parts.
  public init(hash: String, name: String, addedAt: Date, document: String?, setup: PanelSetup = PanelSetup()) {
    (self.hash, self.name, self.addedAt, self.document, self.setup) = (hash, name, addedAt, document, setup)
  }
}

/// One listener's way through a panel, over all sittings.
public struct StoredSession: Sendable, Equatable {
  /// Names it for ever, also across merged stores.
  public let id: UUID
  /// A pseudonym.
  public let listener: String
  /// Which of the plan's listeners this is, from 0.
  public let slot: Int
  /// In the order in which they happened.
  public private(set) var events: [StoredEvent]

  /// A session from its parts.
  public init(id: UUID, listener: String, slot: Int, events: [StoredEvent] = []) {
    (self.id, self.listener, self.slot, self.events) = (id, listener, slot, events)
  }

  /// Adds what happened next.
  package mutating func append(_ event: StoredEvent) { events.append(event) }
}

/// Something that happened in a session.
public struct StoredEvent: Sendable, Equatable {
  /// From 0.
  public let number: Int
  /// Seconds since 1970.
  public let utc: Double
  /// Seconds of a clock that never jumps.
  public let monotonic: Double
  /// What kind of thing.
  public let kind: String
  /// What there is to say of it, as a JSON object.
  public let body: String

  /// An event from its parts.
  public init(number: Int, utc: Double, monotonic: Double, kind: String, body: String) {
    (self.number, self.utc, self.monotonic, self.kind, self.body) = (number, utc, monotonic, kind, body)
  }
}
