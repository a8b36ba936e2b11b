// SPDX-License-Identifier: GPL-3.0-or-later

/// Why there is nothing to evaluate. Each names the folder or file.
public enum PairingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no such file or folder.
  case missing(String)
  /// A folder without a sound file in it.
  case noAudio(String)
  /// One side is a folder, the other a file.
  case fileForFolder(folder: String, file: String)
  /// The folder cannot be listed.
  case cannotList(String, reason: String)
  /// No id of this folder is one of the reference's. One example of each side's ids.
  case nothingPairs(reference: String, synthesis: String, folder: String)
  /// Two systems of one name.
  case sameName(String)
  /// The regular expression cannot be read.
  case badPattern(String, reason: String)
  /// The CSV of pairs cannot be read.
  case badCSV(String, reason: String)

  /// The reason in one line.
  public var description: String {
    switch self {
    case .missing(let path): "\(path): no such file or folder"
    case .noAudio(let path): "\(path): no sound files in this folder"
    case .fileForFolder(let folder, let file):
      "\(folder) is a folder but \(file) is a file: give two folders or two files"
    case .cannotList(let path, let reason): "\(path): cannot list the folder: \(reason)"
    case .nothingPairs(let reference, let synthesis, let folder):
      "\(folder): no names pair up: the reference has e.g. “\(reference)”, this folder “\(synthesis)”; see --match"
    case .sameName(let name): "two systems are called “\(name)”; --system NAME=DIR gives names"
    case .badPattern(let pattern, let reason): "--match \(pattern): \(reason)"
    case .badCSV(let path, let reason): "\(path): \(reason)"
    }
  }
}
