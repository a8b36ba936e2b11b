// SPDX-License-Identifier: GPL-3.0-or-later

/// A command line for `sh -c`, with placeholders.
///
/// A value never becomes part of the script's text: it goes into an environment variable (`TTSEVAL_TEXT`,
/// `TTSEVAL_OUT`, …), and the placeholder into an expansion of that variable. A shell does not read again what an
/// expansion gave, so that no text can run a command, whatever quotes it holds and whatever quotes stand around the
/// placeholder. (Pasting values in single quotes cannot promise that: in `'{text}'` they would end up unquoted.)
///
/// So that the value stays one word, the expansion is quoted as its place asks: `"${…}"` outside of quotes, `${…}`
/// within double quotes, `'"${…}"'` within single quotes. Where this bookkeeping does not follow the shell
/// (here-documents, backquotes within quotes, `case` within `$(…)`), a value may be split at its blanks, and still is
/// not run. What is handed to a second shell (`eval`, `sh -c`, `ssh`) is read again there: give that one `{textfile}`.
///
/// Shell scripts have braces of their own, so `{` is left alone unless a lowercase word and `}` follow, and `${…}`
/// always; what looks like a placeholder and is none is an error, and `{{word}}` is the way to write it.
struct ShellScript: Sendable, Equatable {
  /// What the shell gets to read.
  let text: String
  let placeholders: Set<CommandTemplate.Placeholder>

  /// The variable that carries a placeholder's value.
  static func variable(_ placeholder: CommandTemplate.Placeholder) -> String {
    "TTSEVAL_\(placeholder.rawValue.uppercased())"
  }

  private enum Quotes { case none, single, double }

  /// How far the quotes go: `$(` begins anew, and what was before goes on after its `)`.
  private struct Bookkeeping {
    var quotes = Quotes.none
    private var isEscaped = false
    private var before: Character?
    private var outer: [Quotes] = []

    /// Whether a brace here is the shell's own, or no brace at all.
    var isTaken: Bool { isEscaped || before == "$" }

    mutating func read(_ character: Character) {
      defer { before = character }
      if isEscaped {
        isEscaped = false
        return
      }
      switch (character, quotes) {
      case ("\\", .none), ("\\", .double): isEscaped = true
      case ("'", .none): quotes = .single
      case ("'", .single): quotes = .none
      case ("\"", .none): quotes = .double
      case ("\"", .double): quotes = .none
      case ("(", .none), ("(", .double):
        guard quotes == .none || before == "$" else { return }
        outer.append(quotes)
        quotes = .none
      case (")", .none): quotes = outer.popLast() ?? .none
      default: break
      }
    }
  }

  init(_ source: String) throws(CommandTemplateError) {
    var text = ""
    var used: Set<CommandTemplate.Placeholder> = []
    var place = Bookkeeping()
    var rest = source[...]
    while let character = rest.first {
      if !place.isTaken, let (name, length, isLiteral) = Self.word(rest) {
        if isLiteral {
          text += "{\(name)}"
        } else {
          guard let placeholder = CommandTemplate.Placeholder(rawValue: name) else { throw .unknown(name) }
          used.insert(placeholder)
          let expansion = "${\(Self.variable(placeholder))}"
          switch place.quotes {
          case .none: text += "\"\(expansion)\""
          case .double: text += expansion
          case .single: text += "'\"\(expansion)\"'"
          }
        }
        rest = rest.dropFirst(length)
        place.read("}")
        continue
      }
      text.append(character)
      place.read(character)
      rest = rest.dropFirst()
    }
    self.text = text
    placeholders = used
  }

  /// `{word}`, or `{{word}}`, at the beginning of a text.
  private static func word(_ rest: Substring) -> (name: String, length: Int, isLiteral: Bool)? {
    let opening = rest.hasPrefix("{{") ? 2 : 1
    guard rest.first == "{" else { return nil }
    let name = rest.dropFirst(opening).prefix { $0.isASCII && $0.isLowercase }
    let closing = opening == 2 ? "}}" : "}"
    guard !name.isEmpty, rest.dropFirst(opening + name.count).hasPrefix(closing) else { return nil }
    return (String(name), name.count + 2 * opening, opening == 2)
  }
}
