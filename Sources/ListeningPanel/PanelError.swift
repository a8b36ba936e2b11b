// SPDX-License-Identifier: GPL-3.0-or-later
public import SettingsFile

/// Why a panel could not be planned or run.
public enum PanelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A design or a script was not understood.
  case settings(SettingsFileError)
  /// Stimuli that cannot be used, one line each.
  case stimuli([String])
  /// The design cannot be carried out.
  case design(String)
  /// A plan's file is no plan, or not the plan that was frozen.
  case plan(String)
  /// A stimulus is not what it was when the plan was frozen. Names the file: for the person in charge only.
  case stimulusChanged(path: String, reason: String)
  /// Nothing can be played.
  case sound(String)
  /// The terminal cannot show a session.
  case terminal(String)

  /// One line, without a full stop; several for stimuli.
  public var description: String {
    switch self {
    case .settings(let error): error.description
    case .stimuli(let lines): lines.joined(separator: "\n")
    case .design(let reason), .plan(let reason), .sound(let reason), .terminal(let reason): reason
    case .stimulusChanged(let path, let reason): "\(path): \(reason)"
    }
  }

  /// The error as listeners may see it: without names of files.
  var forListeners: String {
    switch self {
    case .stimulusChanged: "a recording is not the one that was planned."
    case .sound(let reason): "\(reason)."
    default: "the plan cannot be carried out."
    }
  }
}
