// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import ListeningPanel
import RunStore

/// A listener's place in a panel, kept from other processes for as long as this value lives.
///
/// A place is taken by the first thing that happens in a session and not by a start, so that a start without sound takes nobody's. Until then a lock
/// keeps two that start at the same moment apart.
struct PanelSeat: ~Copyable {
  let session: StoredSession
  /// Whether the store has the session.
  let isBegun: Bool
  private let ownLock: SessionLock
  private let placeLock: SessionLock?

  private init(
    _ session: StoredSession, isBegun: Bool, _ ownLock: consuming SessionLock, _ placeLock: consuming SessionLock?
  ) {
    (self.session, self.isBegun) = (session, isBegun)
    self.ownLock = ownLock
    self.placeLock = placeLock
  }

  /// Takes a place.
  /// - Parameter slot: the one that was asked for, from 1; nil: the first that is free.
  static func take(
    _ listener: String, slot: Int?, of panel: StoredPanel, _ plan: PanelPlan, in store: RunStore
  ) throws -> PanelSeat {
    let wanted = try slot.map { try plan.place($0) }
    // The session first: where two windows are one listener's, the second is told so.
    let ownLock = try SessionLock.take(.listener(listener), of: panel, in: store)
    let begun = try store.sessions(of: panel)
    if let known = begun.first(where: { $0.listener == listener }) {
      guard slot ?? known.slot + 1 == known.slot + 1 else { throw SeatError.other(listener, known.slot + 1) }
      return PanelSeat(known, isBegun: true, ownLock, nil)
    }
    if let wanted, let holder = begun.holder(of: wanted) { throw SeatError.taken(wanted + 1, by: holder) }
    for place in wanted.map({ [$0] }) ?? plan.listeners.indices.filter({ begun.holder(of: $0) == nil }) {
      let placeLock: SessionLock
      do throws(RunStoreError) {
        placeLock = try SessionLock.take(.place(place), of: panel, in: store)
      } catch {
        guard case .sessionInUse = error else { throw error }
        continue
      }
      // With the lock in hand: who had it may just have begun.
      guard try store.sessions(of: panel).holder(of: place) == nil else { continue }
      let session = StoredSession(id: UUID(), listener: listener, slot: place)
      return PanelSeat(session, isBegun: false, ownLock, placeLock)
    }
    throw wanted.map { SeatError.starting($0 + 1) } ?? SeatError.all(plan.listeners.count)
  }
}

extension [StoredSession] {
  /// The code of who has a place of the plan, from 0. Who refused consent has none.
  fileprivate func holder(of place: Int) -> String? {
    first { $0.slot == place && $0.finish != .declined }?.listener
  }
}

/// A place in the plan that is not to be had.
enum SeatError: Error, CustomStringConvertible {
  case other(String, Int)
  case taken(Int, by: String)
  case starting(Int)
  case all(Int)

  var description: String {
    switch self {
    case .other(let listener, let slot): "\(listener) is listener \(slot) of this plan already"
    case .taken(let slot, let holder):
      "listener \(slot) of this plan is \(holder) already; without --slot, the first free place is taken"
    case .starting(let slot):
      "someone is just beginning as listener \(slot) of this plan; without --slot, the first free place is taken"
    case .all(let count): "the plan has \(count) listeners, and nobody's place is free; plan a larger panel"
    }
  }
}
