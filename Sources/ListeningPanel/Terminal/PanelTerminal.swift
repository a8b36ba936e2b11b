// SPDX-License-Identifier: GPL-3.0-or-later

/// What comes from a terminal.
public enum PanelInput: Sendable, Equatable {
  /// A key was pressed.
  case key(PanelKey)
  /// The window has another size, or has to be drawn anew.
  case redraw
  /// A signal asks to end: its number.
  case signal(Int32)
  /// Nobody is there any more.
  case closed
}

/// Where a session is shown and keys come from: a terminal with a screen, one with lines, or a script.
public protocol PanelTerminal {
  /// What is stored of it: `ncurses`, `plain`, `script`.
  var name: String { get }
  /// Takes note of the session that is going to be held, before anything is stored of it.
  /// - Throws: where it cannot hold that one.
  mutating func prepare(for session: PanelSession) throws(PanelError)
  /// Shows a screen.
  mutating func show(_ screen: Screen)
  /// The next key, or nil after so many seconds without one.
  mutating func next(within seconds: Double) -> PanelInput?
  /// Throws away what was typed and not yet handed over.
  mutating func flush()
  /// Gives the terminal back as it was.
  mutating func close()
}

extension PanelTerminal {
  /// Takes no note.
  public mutating func prepare(for session: PanelSession) throws(PanelError) {}
}
