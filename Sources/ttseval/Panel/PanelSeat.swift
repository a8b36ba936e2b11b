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
    if let known = try store.sessions(of: panel).first(where: { $0.listener == listener }) {
      guard slot ?? known.slot + 1 == known.slot + 1 else { throw SeatError.other(listener, known.slot + 1) }
      return PanelSeat(known, isBegun: true, ownLock, nil)
    }
    for place in wanted.map({ $0..<$0 + 1 }) ?? plan.listeners.indices {
      let placeLock: SessionLock
      do throws(RunStoreError) {
        placeLock = try SessionLock.take(.place(place), of: panel, in: store)
      } catch {
        guard case .sessionInUse = error else { throw error }
        continue
      }
      // With the lock in hand: who had it may just have begun.
      let holder = try Self.holders(of: panel, plan, in: store)[place]
      if let slot, let holder { throw SeatError.taken(slot, by: holder) }
      guard holder == nil else { continue }
      let session = StoredSession(id: UUID(), listener: listener, slot: place)
      return PanelSeat(session, isBegun: false, ownLock, placeLock)
    }
    throw slot.map { SeatError.starting($0) } ?? SeatError.all(plan.listeners.count)
  }

  /// Who has which place. Who refused consent has none.
  private static func holders(
    of panel: StoredPanel, _ plan: PanelPlan, in store: RunStore
  ) throws -> [Int: String] {
    try store.sessions(of: panel).reduce(into: [:]) { holders, stored in
      if try PanelSession(stored, of: plan).record.finish != .declined { holders[stored.slot] = stored.listener }
    }
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
