// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a run could not begin or go on. What happens to one utterance is a row, not an error.
public enum SynthesisError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No such program, or none that may be run.
  case programNotFound(String)
  /// Another run has that journal.
  case inUse(String)
  /// The output folder, or the journal in it.
  case cannotWrite(path: String, reason: String)
  /// A sound of that name is there, and no journal that says it was made here.
  case wouldOverwrite(String)
  /// A setting that makes no sense.
  case setting(String)

  /// One line, without a full stop.
  public var description: String {
    switch self {
    case .programNotFound(let name):
      name.contains("/") ? "\(name): no program that can be run" : "\(name): no such program on the PATH"
    case .inUse(let path): "\(path): another run is writing it"
    case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
    case .wouldOverwrite(let path): "\(path) is there already and was not synthesised here: choose another folder"
    case .setting(let what): what
    }
  }
}
