// SPDX-License-Identifier: GPL-3.0-or-later

/// A program to run, without a shell, with nothing on its standard input.
public struct Command: Sendable {
  /// A path if it holds a slash, otherwise a name to be looked up in `PATH`.
  public var program: String
  /// What follows the program's name.
  public var arguments: [String]
  /// All of its environment.
  public var environment: [String: String]
  /// Seconds after which it is ended, with everything it started in its process group.
  public var timeout: Double

  /// A command from its parts.
  public init(
    _ program: String, _ arguments: [String], environment: [String: String], timeout: Double
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.timeout = timeout
  }
}

/// How a command ended.
public enum CommandOutcome: Sendable, Equatable {
  /// By itself; what it wrote was read as UTF-8, repaired where it is none, and cut at a megabyte.
  case exited(status: Int, output: String, errors: String)
  /// By a signal it did not get from us.
  case crashed(signal: Int, output: String, errors: String)
  /// Ended by us.
  case timedOut(output: String, errors: String)
  /// There is no such program.
  case notFound
  /// The system would not start it, in its own words.
  case notStarted(String)

  /// What a command that did its work wrote.
  public var success: String? {
    if case .exited(0, let output, _) = self { output } else { nil }
  }
}
