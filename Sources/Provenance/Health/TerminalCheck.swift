// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Glibc

/// Whether pictures and panels of listeners can be shown: a terminal of some size that knows UTF-8.
public enum TerminalCheck {
  /// What stdout is connected to.
  public struct Terminal: Sendable, Hashable {
    /// Whether it is a terminal at all.
    public var isTerminal: Bool
    /// Columns and rows; nil where it does not say.
    public var size: Size?

    /// In characters.
    public struct Size: Sendable, Hashable {
      /// Characters in a row.
      public var columns: Int
      /// Rows.
      public var rows: Int

      /// A size from its parts.
      public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
      }
    }

    /// A terminal from its parts.
    public init(isTerminal: Bool, size: Size?) {
      self.isTerminal = isTerminal
      self.size = size
    }

    /// What stdout of this process is.
    public static func ofStandardOutput() -> Terminal {
      var window = winsize()
      let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0 && window.ws_col > 0 && window.ws_row > 0
      return Terminal(
        isTerminal: isatty(STDOUT_FILENO) == 1,
        size: isKnown ? Size(columns: Int(window.ws_col), rows: Int(window.ws_row)) : nil)
    }
  }

  /// What a page of a panel takes.
  public static let leastSize = Terminal.Size(columns: 80, rows: 24)

  /// `terminal`. What is missing is a failure only where it is needed: scores do not need it.
  public static func run(
    _ terminal: Terminal = .ofStandardOutput(), from surroundings: Surroundings = .here(), isNeeded: Bool = false
  ) -> [HealthCheck] {
    func unfit(_ found: String, _ advice: String) -> [HealthCheck] {
      [HealthCheck("terminal", isNeeded ? .failed : .skipped, found: found, advice: advice)]
    }
    guard terminal.isTerminal else { return unfit("stdout is no terminal", "run it in a terminal, not into a pipe") }
    let type = surroundings.environment["TERM"] ?? ""
    guard !type.isEmpty, type != "dumb" else {
      return unfit(type.isEmpty ? "TERM is not set" : "TERM is \(type)", "set TERM, e.g. export TERM=xterm-256color")
    }
    guard let size = terminal.size else {
      return unfit("\(type), of unknown size", "set its size: stty cols 80 rows 24")
    }
    let found = "\(type), \(size.columns) × \(size.rows)"
    guard size.columns >= leastSize.columns, size.rows >= leastSize.rows else {
      return unfit(found, "widen it to \(leastSize.columns) × \(leastSize.rows)")
    }
    // The first of them that is set counts (locale(7)).
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { surroundings.environment[$0] }.first { !$0.isEmpty }
    let encoding = (locale ?? "C").uppercased()
    guard encoding.contains("UTF-8") || encoding.contains("UTF8") else {
      return unfit("\(found), locale \(locale ?? "C") without UTF-8", "export LC_ALL=C.UTF-8")
    }
    return [HealthCheck("terminal", .passed, found: "\(found), UTF-8")]
  }
}
