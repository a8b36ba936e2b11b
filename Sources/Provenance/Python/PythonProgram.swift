// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// Why a Python, or a library in it, did not do what it was asked. Each is one line.
public enum PythonFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// There is no such program.
  case notFound(String)
  /// The system would not start it.
  case notStarted(String)
  /// A package that is needed is not there: its name.
  case notInstalled(String)
  /// An exception: its type and message.
  case raised(String)
  /// The interpreter itself died of a signal; with the last line it wrote.
  case crashed(signal: Int, String)
  /// No answer within this many seconds.
  case timedOut(Double)
  /// It ended without the answer; with its status or what it wrote.
  case noAnswer(String)

  /// One line.
  public var description: String {
    switch self {
    case .notFound(let path): "no such program: \(path)"
    case .notStarted(let reason): "could not be started: \(reason)"
    case .notInstalled(let name): "\(name) is not installed"
    case .raised(let text): text
    case .crashed(let signal, let text):
      "crashed the interpreter (\(Self.name(of: signal)))\(text.isEmpty ? "" : ": \(text)")"
    case .timedOut(let seconds):
      "no answer within \(seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)) s"
    case .noAnswer(let text): "no answer: \(text)"
    }
  }

  private static func name(of signal: Int) -> String {
    [4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL, as when memory runs out", 11: "SIGSEGV"][signal]
      ?? "signal \(signal)"
  }
}

/// A Python that can be asked things.
struct PythonProgram: Sendable {
  /// As the user gave it.
  var path: String
  var surroundings: Surroundings

  /// Runs a program, which calls `tell(name=value, …)` with its answer.
  ///
  /// The folder of whoever runs ttseval takes no part, though `-c` would put it first on `sys.path`: a `json.py` or `torch/`
  /// lying there is not what the Python is asked about. `PYTHONPATH` and the user's own packages do, since
  /// they take part when speech is synthesised. Nothing is written beside the packages.
  /// - Throws: `PythonFailure`.
  func answer<Answer: Decodable>(
    to program: String, _ arguments: [String] = [], timeout: Double, as: Answer.Type = Answer.self
  ) throws(PythonFailure) -> Answer {
    // Libraries print what they like: the answer stands behind a mark, on a line of its own. It ends the process at once,
    // so that a library which crashes in its own clean-up has still answered.
    let frame = """
      import sys
      if sys.path and sys.path[0] == "": del sys.path[0]
      import json, os
      def tell(**answer):
          rest = ("\\n\(Self.mark)" + json.dumps(answer) + "\\n").encode()
          for stream in (sys.stdout, sys.stderr):
              try: stream.flush()
              except BaseException: pass
          while rest: rest = rest[os.write(1, rest):]
          os._exit(0)
      def fail(kind, text): tell(failure=kind, text=text)
      def words(e):
          text = type(e).__name__ + (": " + str(e) if str(e) else "")
          cause = e.__cause__ or (None if e.__suppress_context__ else e.__context__)
          return text if cause is None or str(cause) in text else text + "; because of " + words(cause)
      try:
      \(program.indented(4))
      except ImportError as e:
          name = getattr(e, "name", None) or ""
          if type(e).__name__ == "ModuleNotFoundError" and name and "." not in name: fail("missing", name)
          fail("raised", words(e))
      except BaseException as e:
          fail("raised", words(e))
      """
    var environment = surroundings.environment
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    environment["PYTHONIOENCODING"] = "utf-8"
    environment["PYTHONWARNINGS"] = "ignore"
    environment["PYTHONINSPECT"] = nil
    let outcome = surroundings.run(
      Command(path, ["-c", frame] + arguments, environment: environment, timeout: timeout))
    let answer = Data(try Self.answer(in: outcome, of: path, timeout: timeout).utf8)
    if let failure = try? JSONDecoder().decode(Failure.self, from: answer) { throw failure.asError }
    do {
      return try JSONDecoder().decode(Answer.self, from: answer)
    } catch {
      throw .noAnswer("\(String(decoding: answer, as: UTF8.self).oneLine(limit: 120))")
    }
  }

  private static let mark = "ttseval-answer "

  private struct Failure: Decodable {
    var failure: String
    var text: String

    var asError: PythonFailure { failure == "missing" ? .notInstalled(text) : .raised(text.oneLine(limit: 240)) }
  }

  private static func answer(
    in outcome: CommandOutcome, of path: String, timeout: Double
  ) throws(PythonFailure) -> String {
    switch outcome {
    case .notFound: throw .notFound(path)
    case .notStarted(let reason): throw .notStarted(reason)
    case .timedOut: throw .timedOut(timeout)
    case .crashed(let signal, _, let errors): throw .crashed(signal: signal, lastLine(errors))
    case .exited(let status, let output, let errors):
      guard let line = output.lines.last(where: { $0.hasPrefix(mark) }) else {
        let said = lastLine(errors.isEmpty ? output : errors)
        throw .noAnswer("exit status \(status)\(said.isEmpty ? "" : ", \(said)")")
      }
      return String(line.dropFirst(mark.count))
    }
  }

  private static func lastLine(_ text: String) -> String {
    (text.lines.last { !$0.trimmed.isEmpty } ?? "").oneLine(limit: 160)
  }
}
