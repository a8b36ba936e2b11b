// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

/// How far a run is: a bar with the time left on a terminal, a line every tenth elsewhere, nothing when quiet.
struct Progress {
  private let total: Int
  private let console: Console
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var done = 0
  private var lastTenth = 0
  private var lastDrawn: ContinuousClock.Instant

  init(total: Int, console: Console) {
    self.total = total
    self.console = console
    start = clock.now
    lastDrawn = start - .seconds(1)
  }

  /// Counts pairs as done.
  mutating func advance(by count: Int) {
    done += count
    guard !console.quiet, total > 0 else { return }
    if console.isInteractive {
      // Ten times a second is as fast as anyone looks.
      guard done == total || lastDrawn.duration(to: clock.now) > .milliseconds(100) else { return }
      lastDrawn = clock.now
      let filled = 20 * done / total
      let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: 20 - filled)
      draw("\r\(bar) \(done)/\(total) pairs, \(remaining) left \u{1B}[K")
    } else if 10 * done / total > lastTenth {
      lastTenth = 10 * done / total
      console.note("\(lastTenth * 10) % (\(done)/\(total) pairs)")
    }
  }

  /// Takes the bar off the screen.
  func finish() {
    if console.isInteractive { draw("\r\u{1B}[K") }
  }

  private var remaining: String {
    let spent = start.duration(to: clock.now)
    let seconds = Int((spent / max(1, done) * (total - done)).components.seconds)
    return seconds >= 3600
      ? "\(seconds / 3600) h \(seconds / 60 % 60) min" : seconds >= 60 ? "\(seconds / 60) min" : "\(seconds) s"
  }

  private func draw(_ text: String) { StandardError.write(text) }
}
