// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// A terminal of lines, for screen readers and terminals that cannot do better: nothing is ever drawn over.
///
/// What is new on a screen is printed below what was there; what only changes with time is not. Every line that is typed has an
/// answer: what is new, or what the screen says of it, or the sound. What the session's screens say of keys fits `PlainLine`.
public struct PlainTerminal: PanelTerminal {
  /// What is stored of it.
  public let name = "plain"
  private let handle: Handle
  private let write: (String) -> Void
  private let columns: () -> Int
  private var printed: (kind: String, lines: [String]) = ("", [])
  private var prompt = Screen.Prompt.nothing
  /// Lines that were typed, and what is left of the keys of the one before.
  private var lines: [[UInt8]] = []
  private var keys: [PanelKey] = []
  /// Whether a line was typed since something was printed.
  private var isAsked = false

  private final class Handle {
    var reader: KeyReader
    var line: [UInt8] = []
    init(_ input: Int32) throws(PanelError) { reader = try KeyReader(input: input) }
  }

  /// Takes stdin, and prints on stdout.
  /// - Throws: `PanelError.terminal` where stdin is none.
  public init() throws(PanelError) {
    guard isatty(STDIN_FILENO) == 1 else {
      throw .terminal("a session needs a terminal, for what is typed; or a script")
    }
    setlocale(LC_ALL, "")
    try self.init(input: STDIN_FILENO, columns: Self.columns) { text in
      print(text)
      fflush(nil)
    }
  }

  /// Takes any lines.
  package init(
    input: Int32, columns: @escaping () -> Int, write: @escaping (String) -> Void
  ) throws(PanelError) {
    handle = try Handle(input)
    (self.columns, self.write) = (columns, write)
  }

  /// Of the window, if there is one, but lines are not longer than is good to read.
  private static func columns() -> Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return min(max(20, Int(size.ws_col)), 100)
  }

  /// Shows a screen.
  public mutating func show(_ screen: Screen) {
    prompt = screen.prompt
    // What follows on a key that does nothing is not meant either: the 9 that is no answer confirms nothing.
    if screen.isRefusal { keys = [] }
    // In the middle of a line that was typed nothing is said.
    guard keys.isEmpty else { return }
    let kind = Self.kind(prompt)
    let width = columns()
    let lines = Self.lines(screen, width: width)
    defer { (printed, isAsked) = ((kind, lines), false) }
    guard kind == printed.kind else {
      return write("\n" + Self.lines(screen, width: width, isWhole: true).joined(separator: "\n"))
    }
    var new = lines.filter { !printed.lines.contains($0) }
    if isAsked, new.isEmpty || screen.isRefusal {
      // What was said before is the answer once more; who is at a loss is told again what can be done.
      var again = screen
      again.lines =
        screen.isRefusal ? Self.end(screen) : screen.lines.filter { if case .message = $0 { true } else { false } }
      new = new.filter { !Self.lines(again, width: width).contains($0) } + Self.lines(again, width: width)
    }
    if !new.isEmpty { write(new.joined(separator: "\n")) }
  }

  /// What a screen says last: what can be done. With what it says of the last key.
  private static func end(_ screen: Screen) -> [Screen.Line] {
    let start = screen.lines.lastIndex(of: .blank).map { $0 + 1 } ?? 0
    let messages = screen.lines[..<start].filter { if case .message = $0 { true } else { false } }
    return messages.suffix(1) + screen.lines[start...]
  }

  /// Screens of one kind are the same page, of which only what is new is said.
  private static func kind(_ prompt: Screen.Prompt) -> String {
    switch prompt {
    case .choice(let question, _), .text(let question): question
    case .level: "level"
    case .side(let asked, _, _, _): "side \(asked)"
    case .trial(let index, _, _, _, let revision, _, _): "trial \(index) \(revision)"
    case .next: "next"
    case .comment: "comment"
    case .paused: "paused"
    case .soundFailed: "sound"
    case .closing: "closing"
    case .finished: "finished"
    case .nothing: ""
    }
  }

  /// A screen as lines of text, broken between words.
  /// - Parameter isWhole: also what changes by itself, the minutes until the break, and versions that have no value.
  package static func lines(_ screen: Screen, width: Int = 80, isWhole: Bool = false) -> [String] {
    screen.lines.flatMap { line -> [String] in
      switch line {
      case .blank, .live, .entry: []
      case .status(let left, let right): DisplayWidth.rows(isWhole ? [left, right] : [left], gap: 3, to: width)
      case .heading(let text), .body(let text), .message(let text):
        text.isEmpty ? [] : DisplayWidth.wrap(text, to: width)
      case .items(let items): DisplayWidth.rows(items, gap: 3, to: width)
      case .answers(let answers): answers.flatMap { DisplayWidth.wrap("\($0.key) \($0.label)", to: width) }
      case .slider(let label, let value, let isInHand, _):
        isWhole || isInHand || value != nil ? ["\(label): \(value.map { String($0) } ?? "-")"] : []
      case .keys(let hints):
        DisplayWidth.rows(hints.map { "[\($0.key)] \($0.label)" }, gap: 2, to: width)
      }
    }
  }

  /// The next key, or nil after so many seconds without one.
  public mutating func next(within seconds: Double) -> PanelInput? {
    if let key = nextKey() { return .key(key) }
    switch handle.reader.wait(Int32(seconds * 1000)) {
    case .signal(let number)?:
      switch number {
      case SIGWINCH, SIGCONT: return .redraw
      case SIGTSTP:
        handle.reader.stopProcess()
        return .redraw
      default:
        // What is said of it does not stand behind the ^C that the terminal shows.
        write("")
        return .signal(number)
      }
    case .closed?: return .closed
    case .bytes(let bytes)?:
      handle.line += bytes
      while let end = handle.line.firstIndex(of: 0x0A) {
        lines.append(Array(handle.line[..<end]))
        handle.line.removeSubrange(...end)
      }
      return nextKey().map { .key($0) }
    case nil: return nil
    }
  }

  private mutating func nextKey() -> PanelKey? {
    guard !keys.isEmpty || !lines.isEmpty else { return nil }
    // What a line means is decided by the screen it is read on.
    if keys.isEmpty { keys = PlainLine.keys(lines.removeFirst(), prompt) }
    isAsked = true
    return keys.removeFirst()
  }

  /// Throws away what was typed and not yet handed over.
  public mutating func flush() {
    handle.reader.flush()
    handle.line = []
    (lines, keys) = ([], [])
  }

  /// Gives the terminal back as it was.
  public mutating func close() {}
}
