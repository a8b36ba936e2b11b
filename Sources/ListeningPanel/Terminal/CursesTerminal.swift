// SPDX-License-Identifier: GPL-3.0-or-later
internal import CNcurses
internal import Glibc

/// A terminal with a screen, drawn by ncurses: the module's only user of it.
///
/// ncurses draws and sets the terminal's modes; bytes are read and parsed here (`KeyReader`), as its own reading
/// would wait, time and coalesce in its own way. Ctrl-C, TERM and HUP end the session in order, Ctrl-Z gives the terminal
/// back and takes it again. There is one of these in a process at a time.
public struct CursesTerminal: PanelTerminal {
  /// What is stored of it.
  public let name = "ncurses"
  private let handle: Handle
  private let hasColour: Bool
  private let tooSmall: String
  private var shown: (screen: ScreenLayout, columns: Int, rows: Int)?

  /// Takes the terminal.
  /// - Parameters:
  ///   - environment: `NO_COLOR` (not empty) turns colours off; bold and marks stay.
  ///   - wording: says that the window is too small.
  /// - Throws: `PanelError.terminal` where stdin or stdout is none, or of an unknown kind.
  public init(environment: [String: String], wording: Wording) throws(PanelError) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw .terminal("a session needs a terminal, for keys and for the screen; or a script")
    }
    setlocale(LC_ALL, "")
    // A session in Chinese has to be drawn in UTF-8 even where the locale was forgotten.
    if panel_curses_longest_character() < 2 { setlocale(LC_CTYPE, "C.UTF-8") }
    handle = try Handle()
    hasColour = (environment["NO_COLOR"] ?? "").isEmpty && panel_curses_start_colour() != 0
    tooSmall = wording(.tooSmall)
  }

  /// Shows a screen.
  public mutating func show(_ screen: Screen) {
    let (columns, rows) = (Int(panel_curses_columns()), Int(panel_curses_rows()))
    let layout = ScreenLayout.fitted(screen, columns: columns, rows: rows, tooSmall: tooSmall)
    if let shown, shown.screen == layout, shown.columns == columns, shown.rows == rows { return }
    shown = (layout, columns, rows)
    panel_curses_erase()
    for (row, pieces) in layout.rows.enumerated() {
      for piece in pieces {
        style(piece.style)
        panel_curses_text(Int32(row), Int32(piece.column), DisplayWidth.clip(piece.text, to: columns - piece.column))
      }
    }
    style(.plain)
    panel_curses_refresh()
  }

  /// Bold, reverse and marks say the same without colour.
  private func style(_ style: ScreenLayout.Style) {
    let (bold, dim, reverse, colour): (Int32, Int32, Int32, Int32) =
      switch style {
      case .plain: (0, 0, 0, 0)
      case .dim: (0, 1, 0, 0)
      case .strong: (1, 0, 0, 0)
      case .chosen: (1, 0, 1, 0)
      case .attention: (1, 0, 0, 3)
      case .good: (0, 0, 0, 2)
      }
    panel_curses_style(bold, dim, reverse, hasColour ? colour : 0)
  }

  /// The next key, or nil after so many seconds without one.
  public mutating func next(within seconds: Double) -> PanelInput? {
    let input = handle.reader.next(within: seconds)
    guard case .signal(let number)? = input else { return input }
    switch number {
    case SIGWINCH:
      resize()
      return .redraw
    case SIGTSTP:
      panel_curses_suspend()
      handle.reader.stopProcess()
      resize()
      return .redraw
    case SIGCONT:
      resize()
      return .redraw
    default: return input
    }
  }

  private mutating func resize() {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 {
      panel_curses_resize(Int32(size.ws_row), Int32(size.ws_col))
    }
    panel_curses_redraw_all()
    shown = nil
  }

  /// Throws away what was typed and not yet handed over.
  public mutating func flush() { handle.reader.flush() }
  /// Gives the terminal back as it was.
  public mutating func close() { handle.close() }

  /// The terminal is given back by whoever lets go of it last, if nobody did before.
  private final class Handle {
    var reader: KeyReader
    private var screen: UnsafeMutableRawPointer?

    init() throws(PanelError) {
      reader = try KeyReader()
      screen = panel_curses_open()
      guard screen != nil else { throw .terminal("this kind of terminal is not known (TERM)") }
    }

    func close() {
      if let screen { panel_curses_close(screen) }
      screen = nil
    }

    deinit { close() }
  }
}
