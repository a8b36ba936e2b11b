// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// A terminal of lines, for screen readers and terminals that cannot do better: nothing is ever drawn over.
///
/// What is new on a screen is printed below what was there; what only changes with time is not. Keys are typed with Enter after
/// them. `5` and Enter chooses and confirms; a letter or a blank does what its key does; an empty line is Enter. What the
/// session's screens say of keys fits this.
public struct PlainTerminal: PanelTerminal {
  /// What is stored of it.
  public let name = "plain"
  private let handle: Handle
  private let write: (String) -> Void
  private var printed: (kind: String, lines: [String]) = ("", [])
  private var prompt = Screen.Prompt.nothing
  private var queue: [PanelKey] = []

  private final class Handle {
    var reader: KeyReader
    var line: [UInt8] = []
    init() throws(PanelError) { reader = try KeyReader() }
  }

  /// Takes stdin, and prints on stdout.
  /// - Throws: `PanelError.terminal`.
  public init() throws(PanelError) {
    handle = try Handle()
    setlocale(LC_ALL, "")
    write = { text in
      print(text)
      fflush(nil)
    }
  }

  /// Shows a screen.
  public mutating func show(_ screen: Screen) {
    prompt = screen.prompt
    // In the middle of a line that was typed nothing is said.
    guard queue.isEmpty else { return }
    let (kind, lines) = (Self.kind(prompt), Self.lines(screen))
    let isSame = kind == printed.kind
    let new = isSame ? lines.filter { !printed.lines.contains($0) } : lines
    printed = (kind, lines)
    guard !new.isEmpty else { return }
    write((isSame ? "" : "\n") + new.joined(separator: "\n"))
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

  /// A screen as lines of text.
  package static func lines(_ screen: Screen) -> [String] {
    screen.lines.flatMap { line -> [String] in
      switch line {
      case .blank, .live, .entry: []
      // The minutes until the break change by themselves.
      case .status(let left, _): [left]
      case .heading(let text), .body(let text), .message(let text): text.isEmpty ? [] : [text]
      case .answers(let answers): answers.map { "\($0.key) \($0.label)" }
      case .slider(let label, let value, let isInHand, _):
        isInHand || value != nil ? ["\(label): \(value.map { String($0) } ?? "-")"] : []
      case .keys(let hints):
        [hints.map { "[\($0.key)] \($0.label)" }.joined(separator: "  ")]
      }
    }
  }

  /// The next key, or nil after so many seconds without one.
  public mutating func next(within seconds: Double) -> PanelInput? {
    if !queue.isEmpty { return .key(queue.removeFirst()) }
    switch handle.reader.wait(Int32(seconds * 1000)) {
    case .signal(let number)?:
      switch number {
      case SIGWINCH, SIGCONT: return .redraw
      case SIGTSTP:
        handle.reader.stopProcess()
        return .redraw
      default: return .signal(number)
      }
    case .closed?: return .closed
    case .bytes(let bytes)?:
      handle.line += bytes
      while let end = handle.line.firstIndex(of: 0x0A) {
        queue += Self.keys(Array(handle.line[..<end]), prompt)
        handle.line.removeSubrange(...end)
      }
      return queue.isEmpty ? nil : .key(queue.removeFirst())
    case nil: return nil
    }
  }

  /// Keys of a line.
  package static func keys(_ line: [UInt8], _ prompt: Screen.Prompt) -> [PanelKey] {
    var parser = KeyParser()
    let keys = parser.take(line) + parser.timeout()
    switch prompt {
    case .text, .comment: return keys + [.enter]
    default: break
    }
    // Up and down can be typed as + and −, where arrows are taken by the line.
    let mapped = keys.map { $0 == .character("+") ? PanelKey.up : $0 == .character("-") ? .down : $0 }
    guard case .character(let last)? = mapped.last else { return mapped.isEmpty ? [.enter] : mapped }
    switch prompt {
    case .choice, .side, .trial(_, _, _, _, _, 0, _): return last.isNumber ? mapped + [.enter] : mapped
    // A line is a number of its own, and adds no digits to the last.
    case .trial: return last.isNumber ? [.backspace] + mapped : mapped
    default: return mapped
    }
  }

  /// Throws away what was typed and not yet handed over.
  public mutating func flush() {
    handle.reader.flush()
    handle.line = []
    queue = []
  }

  /// Gives the terminal back as it was.
  public mutating func close() {}
}
