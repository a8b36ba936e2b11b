// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch

/// Whether two things are done to a pair at once, as a rule one to each recording.
///
/// A run keeps its processors busy with many pairs, one thread each; a pair that is alone leaves all but one of them idle.
/// The one place where threads are begun below Evaluation, which says whether they are.
public struct SideBySide: Sendable {
  /// Whether a second thread may be used.
  let isAllowed: Bool

  /// - Parameter isAllowed: whether a second thread may be used.
  public init(_ isAllowed: Bool) { self.isAllowed = isAllowed }

  /// Does in advance, at once, two things that would be done when they are first needed, and returns when both are done; nothing where
  /// no second thread may be used. They must share nothing that changes.
  public func callAsFunction(_ first: () -> Void, _ second: () -> Void) {
    guard isAllowed else { return }
    // Each is called once and the call outlives both: what they may touch is for the caller to promise.
    withoutActuallyEscaping(first) { first in
      withoutActuallyEscaping(second) { second in
        nonisolated(unsafe) let work = [first, second]
        DispatchQueue.concurrentPerform(iterations: 2) { work[$0]() }
      }
    }
  }
}
