// SPDX-License-Identifier: GPL-3.0-or-later
import ArgumentParser
import Foundation
import Logging
import Reporting
import SpeechMetrics

/// What a command says besides its result: notes, warnings, errors and progress, all on stderr.
struct Console {
  /// Whether only warnings and errors are said.
  let quiet: Bool
  private let log: Logger

  init(quiet: Bool) {
    self.quiet = quiet
    var log = Logger(label: "ttseval") { _ in StandardErrorLog() }
    log.logLevel = quiet ? .warning : .info
    self.log = log
  }

  func note(_ text: String) { log.info("\(text)") }
  func warn(_ text: String) { log.warning("\(text)") }

  /// Warns of an F0 range that is likely too narrow.
  func warnOfBounds(_ use: F0RangeUse) {
    guard use.share > F0RangeUse.tolerated else { return }
    warn("\(Int((100 * use.share).rounded())) % of the voiced frames lie at a bound of the F0 range; see --f0-range")
  }

  /// Says why nothing can be done, and gives the exit code for it.
  func stop(_ reason: any Error) -> ExitCode {
    log.error("\(reason)")
    return .nothingDone
  }

  /// Whether stderr is a terminal that may be redrawn.
  var isInteractive: Bool { isatty(STDERR_FILENO) == 1 && !quiet }

  /// Writes the result to stdout.
  static func print(_ text: String) throws { try print { try $0(text) } }

  /// Writes the result to stdout, piece by piece.
  static func print(_ pieces: TextFile.Pieces) throws {
    try pieces { try TextFile.put($0, into: .standardOutput, for: "standard output") }
  }

  /// Whether stdout is a terminal that takes escape sequences (https://no-color.org).
  static var usesColour: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  /// Columns of the terminal behind stdout; of `COLUMNS`, or 120, where there is none.
  static var width: Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init) ?? 120
  }
}

/// Where notes go. Who closed stderr does not want them, and a run must not end for that.
enum StandardError {
  static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}

/// A file that could not be written.
struct OutputError: Error, CustomStringConvertible {
  let path: String
  let reason: String
  var description: String { "\(path): cannot write: \(reason)" }
}

/// One line per message on stderr, led by its kind where it matters.
private struct StandardErrorLog: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let lead =
      switch event.level {
      case .error, .critical: "error: "
      case .warning: "warning: "
      default: ""
      }
    StandardError.write("\(lead)\(PlainText.terminal(event.message.description))\n")
  }
}
