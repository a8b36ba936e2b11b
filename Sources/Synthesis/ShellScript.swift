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
/// (here-documents, quotes within `$(…)` within quotes, `eval`), a value may be split at its blanks; only `eval`
/// would run it.
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

  init(_ source: String) throws(CommandTemplateError) {
    var text = ""
    var used: Set<CommandTemplate.Placeholder> = []
    var quotes = Quotes.none
    var isEscaped = false
    var before: Character?
    var rest = source[...]
    while let character = rest.first {
      if !isEscaped, before != "$", let (name, length, isLiteral) = Self.word(rest) {
        if isLiteral {
          text += "{\(name)}"
        } else {
          guard let placeholder = CommandTemplate.Placeholder(rawValue: name) else { throw .unknown(name) }
          used.insert(placeholder)
          let expansion = "${\(Self.variable(placeholder))}"
          switch quotes {
          case .none: text += "\"\(expansion)\""
          case .double: text += expansion
          case .single: text += "'\"\(expansion)\"'"
          }
        }
        rest = rest.dropFirst(length)
        before = "}"
        continue
      }
      if isEscaped {
        isEscaped = false
      } else if character == "\\" && quotes != .single {
        isEscaped = true
      } else if character == "'" && quotes != .double {
        quotes = quotes == .single ? .none : .single
      } else if character == "\"" && quotes != .single {
        quotes = quotes == .double ? .none : .double
      }
      text.append(character)
      before = character
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
