// SPDX-License-Identifier: GPL-3.0-or-later
internal import SettingsFile

/// How a TTS is called: a command line with placeholders.
///
/// **Without a shell** (the default) the line is split into arguments here, by a part of what POSIX shells do: blanks
/// part arguments; `'…'` is taken as it stands; in `"…"` a backslash stands before `"` or `\`; elsewhere it stands
/// before any character. Nothing else is special: no variables, no `*`, no `~`. A bare `|`, `>`, `<`, `&`, `;` or the
/// like is an error rather than an argument nobody meant.
///
/// Placeholders are replaced *after* splitting, within their argument, quoted or not: whatever a text holds, it is
/// one argument or part of one. That a text beginning with `-` looks like an option to the TTS cannot be cured from
/// here: put `--` before it if the TTS knows that, or use `{textfile}`. A literal brace is written twice: `{{`, `}}`.
///
/// **With a shell** the line is a script for `sh -c`, and `ShellScript` says how values get there.
///
/// **A worker**'s line is either of the two, with no placeholders: it gets its work on stdin.
public struct CommandTemplate: Sendable, Equatable {
  /// What is replaced for each utterance.
  public enum Placeholder: String, Sendable, CaseIterable {
    /// The text itself.
    case text
    /// The path of a file with the text and a newline.
    case textfile
    /// The path the sound is to be written to; absolute, ends in the extension.
    case out
    /// The utterance's id.
    case id
    /// The take's seed, a whole number.
    case seed
  }

  /// A piece of an argument.
  enum Piece: Sendable, Equatable {
    case literal(String)
    case value(Placeholder)
  }

  /// Values for one utterance.
  package typealias Values = [Placeholder: String]

  /// The line as it was given.
  public let source: String
  /// Whether it is a script for `sh -c`.
  public let usesShell: Bool
  /// Whether it starts a worker.
  public let isWorker: Bool
  private let arguments: [[Piece]]
  private let script: ShellScript?

  /// Reads a command line.
  /// - Throws: `CommandTemplateError`.
  public init(_ source: String, shell: Bool = false, worker: Bool = false) throws(CommandTemplateError) {
    self.source = source
    usesShell = shell
    isWorker = worker
    guard !source.unicodeScalars.contains("\0") else { throw .nul }
    guard !source.allSatisfy(\.isWhitespace) else { throw .nothing }
    let used: Set<Placeholder>
    if shell {
      let script = try ShellScript(source)
      self.script = script
      arguments = []
      used = script.placeholders
    } else {
      script = nil
      var split: [[Piece]] = []
      for argument in try ArgumentSplitter.split(source) { split.append(try Self.pieces(argument)) }
      arguments = split
      used = Set(split.joined().compactMap { if case .value(let placeholder) = $0 { placeholder } else { nil } })
      if let program = split.first, program.contains(where: { if case .value = $0 { true } else { false } }) {
        throw .placeholderAsProgram
      }
      if let script = Self.script(split), script.contains(where: { if case .value = $0 { true } else { false } }) {
        throw .placeholderInScript
      }
    }
    if worker {
      if let one = Placeholder.allCases.first(where: used.contains) { throw .placeholderInWorker(one.rawValue) }
    } else {
      guard used.contains(.out) else { throw .noOutput }
      guard used.contains(.text) || used.contains(.textfile) else { throw .noText }
    }
    needsTextFile = used.contains(.textfile)
  }

  /// Whether `{textfile}` occurs.
  let needsTextFile: Bool

  /// What is to be started: at least a program.
  package func arguments(_ values: Values) -> [String] {
    if let script { return ["/bin/sh", "-c", script.text, "ttseval"] }
    return arguments.map { pieces in
      pieces.reduce(into: "") { whole, piece in
        switch piece {
        case .literal(let text): whole += text
        case .value(let placeholder): whole += values[placeholder] ?? ""
        }
      }
    }
  }

  /// Variables the child gets besides those of the caller.
  package func variables(_ values: Values) -> [String: String] {
    guard let script else { return [:] }
    return Dictionary(uniqueKeysWithValues: script.placeholders.map { (ShellScript.variable($0), values[$0] ?? "") })
  }

  /// The program, as it was given.
  var program: String { arguments([:]).first ?? "" }

  /// What a shell anywhere in the command is handed as its script: the first argument behind its options, where `-c` is among them.
  /// Behind `env`, `nice` or `timeout 5` it is a shell all the same; what `env -S` splits is a command line of its own.
  private static func script(_ arguments: [[Piece]]) -> [Piece]? {
    let shells: Set<String> = [
      "sh", "bash", "rbash", "dash", "zsh", "ksh", "mksh", "ash", "hush", "yash", "posh", "csh", "tcsh", "fish",
    ]
    let words = arguments.map { pieces -> String? in
      if pieces.count == 1, case .literal(let text) = pieces[0] { text } else { nil }
    }
    for (place, word) in words.enumerated() {
      if ["-S", "--split-string"].contains(word), words[..<place].contains(where: { $0?.hasSuffix("env") == true }) {
        return place + 1 < arguments.count ? arguments[place + 1] : nil
      }
      guard let name = word?.split(separator: "/").last, shells.contains(String(name)) else { continue }
      var next = place + 1
      var takesScript = false
      while next < words.count, let option = words[next], let sign = option.first, sign == "-" || sign == "+",
        option.count > 1
      {
        next += 1
        if option == "--" { break }
        if option.hasPrefix("--") {
          takesScript = takesScript || option == "--command"
          if ["--rcfile", "--init-file"].contains(option) { next += 1 }
          continue
        }
        takesScript = takesScript || sign == "-" && option.contains("c")
        // -o and -O are followed by what they set.
        next += option.lowercased().count { $0 == "o" }
      }
      if takesScript { return next < arguments.count ? arguments[next] : nil }
    }
    return nil
  }

  private static func pieces(_ argument: String) throws(CommandTemplateError) -> [Piece] {
    var pieces: [Piece] = []
    var literal = ""
    var rest = argument[...]
    while let character = rest.first {
      if rest.hasPrefix("{{") || rest.hasPrefix("}}") {
        literal.append(character)
        rest = rest.dropFirst(2)
      } else if character == "{" {
        guard let end = rest.firstIndex(of: "}") else { throw .strayBrace(argument) }
        let name = String(rest[rest.index(after: rest.startIndex)..<end])
        guard let placeholder = Placeholder(rawValue: name) else { throw .unknown(name) }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        literal = ""
        pieces.append(.value(placeholder))
        rest = rest[end...].dropFirst()
      } else {
        literal.append(character)
        rest = rest.dropFirst()
      }
    }
    if !literal.isEmpty || pieces.isEmpty { pieces.append(.literal(literal)) }
    return pieces
  }
}

/// Why a command line was refused.
public enum CommandTemplateError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Empty or blank.
  case nothing
  /// A NUL character.
  case nul
  /// A quote that is not closed.
  case openQuote(Character)
  /// A backslash at the end.
  case trailingBackslash
  /// A shell's operator, without a shell.
  case operatorWithoutShell(String)
  /// A `{` that begins no placeholder, in the argument given.
  case strayBrace(String)
  /// No placeholder has that name.
  case unknown(String)
  /// The program itself is a placeholder.
  case placeholderAsProgram
  /// A text would become part of a shell's script.
  case placeholderInScript
  /// A worker's command has a placeholder.
  case placeholderInWorker(String)
  /// `{out}` is missing.
  case noOutput
  /// `{text}` and `{textfile}` are missing.
  case noText

  /// One line, without a full stop.
  public var description: String {
    let all = CommandTemplate.Placeholder.allCases.map { "{\($0.rawValue)}" }
    switch self {
    case .nothing: return "no command"
    case .nul: return "the command has a NUL character in it"
    case .openQuote(let quote): return "the command has a \(quote) that is not closed"
    case .trailingBackslash: return "the command ends in a backslash"
    case .operatorWithoutShell(let word): return "“\(word)” in the command needs a shell: add --shell, or quote it"
    case .strayBrace(let argument): return "a { without its } in “\(argument)”; a literal brace is written {{"
    case .unknown(let name):
      let near = CommandTemplate.Placeholder.allCases.map(\.rawValue)
        .map { ($0, Spelling.distance($0, name.lowercased())) }.min { $0.1 < $1.1 }
      let hint = near.flatMap { $0.1 <= 2 ? "did you mean {\($0.0)}?" : nil }
      let known = "there are \(all.joined(separator: " "))"
      return "no placeholder {\(name)}; \(hint ?? known); a literal brace is written {{"
    case .placeholderInScript:
      return
        "a placeholder in the script of a shell would let a text run commands: hand it on as $0, $1, … or use --shell"
    case .placeholderAsProgram: return "the program to run cannot be a placeholder"
    case .placeholderInWorker(let name): return "{\(name)} in a worker's command: a worker gets its lines on stdin"
    case .noOutput: return "the command never says {out}, the file to write"
    case .noText: return "the command never says {text} or {textfile}, what to speak"
    }
  }
}
