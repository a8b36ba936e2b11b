// SPDX-License-Identifier: GPL-3.0-or-later

/// Splits a command line into arguments without a shell; `CommandTemplate` says by which rules.
package enum ArgumentSplitter {
  /// What a shell would act on and what would go to the TTS as an argument here.
  private static let operators: Set<String> = [
    "|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>&1", "1>", ">&2", "1>&2", "&>",
  ]

  package static func split(_ line: String) throws(CommandTemplateError) -> [String] {
    var arguments: [String] = []
    // Nil between arguments: '' is an argument, nothing is none.
    var current: String?
    var wasQuoted = false
    var quote: Character?
    var isEscaped = false

    func finish() throws(CommandTemplateError) {
      guard let argument = current else { return }
      guard wasQuoted || !operators.contains(argument) else { throw .operatorWithoutShell(argument) }
      arguments.append(argument)
      current = nil
      wasQuoted = false
    }

    for character in line {
      if isEscaped {
        if quote == "\"" && character != "\"" && character != "\\" { current = (current ?? "") + "\\" }
        current = (current ?? "") + String(character)
        isEscaped = false
      } else if character == "\\" && quote != "'" {
        isEscaped = true
        wasQuoted = true
        current = current ?? ""
      } else if let open = quote {
        if character == open { quote = nil } else { current = (current ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        wasQuoted = true
        current = current ?? ""
      } else if character.isWhitespace {
        try finish()
      } else {
        current = (current ?? "") + String(character)
      }
    }
    guard !isEscaped else { throw .trailingBackslash }
    if let quote { throw .openQuote(quote) }
    try finish()
    guard !arguments.isEmpty else { throw .nothing }
    return arguments
  }
}
