// SPDX-License-Identifier: GPL-3.0-or-later

/// Why an utterance has no sound. What the program said is kept beside it, in the row.
public enum SynthesisFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The program could not be started, for the reason given.
  case notStarted(String)
  /// No end, or no answer of a worker, in time; it was ended.
  case timedOut(seconds: Double)
  /// The program, or the worker before its answer, ended with that code; for a program, other than 0.
  case exited(code: Int32)
  /// The program was ended by that signal, and not by us.
  case signalled(Int32)
  /// The program ended well, and there is no file.
  case wroteNothing
  /// A file without a byte, or without a sample.
  case empty
  /// A file that is no sound, or damaged; for the reason given.
  case unreadable(String)
  /// The file could not be kept: the disk's reason.
  case notKept(String)
  /// A worker answered that it could not, in its words.
  case refused(String)
  /// A worker's answer was not one to the line it was sent.
  case badAnswer(String)

  /// One word for scripts.
  public var kind: String {
    switch self {
    case .notStarted: "not-started"
    case .timedOut: "timed-out"
    case .exited: "exited"
    case .signalled: "signalled"
    case .wroteNothing: "wrote-nothing"
    case .empty: "empty"
    case .unreadable: "unreadable"
    case .notKept: "not-kept"
    case .refused: "refused"
    case .badAnswer: "bad-answer"
    }
  }

  /// One line, without a full stop.
  public var description: String {
    switch self {
    case .notStarted(let reason): "could not be started: \(reason)"
    case .timedOut(let seconds): "not done after \(seconds.formatted) s"
    case .exited(let code): "ended with exit code \(code)"
    case .signalled(let number): "ended by signal \(number)\(Self.signalNames[number].map { " (\($0))" } ?? "")"
    case .wroteNothing: "wrote no file"
    case .empty: "wrote an empty file"
    case .unreadable(let reason): "wrote a file that cannot be used: \(reason)"
    case .notKept(let reason): "the file could not be put in place: \(reason)"
    case .refused(let reason): "the worker said: \(reason)"
    case .badAnswer(let reason): "the worker's answer: \(reason)"
    }
  }

  private static let signalNames: [Int32: String] = [
    1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE",
    9: "SIGKILL; out of memory?", 11: "SIGSEGV", 13: "SIGPIPE", 15: "SIGTERM",
  ]
}

extension Double {
  /// Without “.0”.
  fileprivate var formatted: String { self == rounded() && magnitude < 1e9 ? String(Int(self)) : String(self) }
}

extension SynthesisFailure: Codable {
  private enum Keys: String, CodingKey { case kind, seconds, code, reason }

  /// `{"kind": …}` and the case's own value under `seconds`, `code` or `reason`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(kind, forKey: .kind)
    switch self {
    case .timedOut(let seconds): try container.encode(seconds, forKey: .seconds)
    case .exited(let code), .signalled(let code): try container.encode(code, forKey: .code)
    case .notStarted(let reason), .unreadable(let reason), .notKept(let reason), .refused(let reason),
      .badAnswer(let reason):
      try container.encode(reason, forKey: .reason)
    case .wroteNothing, .empty: break
    }
  }

  /// Reads what `encode` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    func reason() throws -> String { try container.decode(String.self, forKey: .reason) }
    switch try container.decode(String.self, forKey: .kind) {
    case "not-started": self = .notStarted(try reason())
    case "timed-out": self = .timedOut(seconds: try container.decode(Double.self, forKey: .seconds))
    case "exited": self = .exited(code: try container.decode(Int32.self, forKey: .code))
    case "signalled": self = .signalled(try container.decode(Int32.self, forKey: .code))
    case "wrote-nothing": self = .wroteNothing
    case "empty": self = .empty
    case "unreadable": self = .unreadable(try reason())
    case "not-kept": self = .notKept(try reason())
    case "refused": self = .refused(try reason())
    case "bad-answer": self = .badAnswer(try reason())
    case let kind:
      throw DecodingError.dataCorruptedError(forKey: .kind, in: container, debugDescription: "no failure “\(kind)”")
    }
  }
}
