// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation
internal import GRDB

/// Why a store could not do what it was asked. None of these changed the file.
public enum RunStoreError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no file of that name.
  case missing(path: String)
  /// The file cannot be opened or created.
  case cannotOpen(path: String, reason: String)
  /// The file is no store of ours.
  case foreign(path: String, reason: String)
  /// The store was written by a later version of ttseval.
  case newerSchema(path: String)
  /// The store is damaged.
  case corrupt(path: String, reason: String)
  /// The file or its folder cannot be written.
  case readOnly(path: String)
  /// There is no space left.
  case diskFull(path: String)
  /// Another process held the store for longer than ``RunStore/patience``.
  case busy(path: String)
  /// The system failed to read or write.
  case system(path: String, reason: String)
  /// A value breaks the store's rules: not finite, not a hash, twice the same.
  case refused(reason: String)
  /// Another process has the listener's session.
  case sessionInUse
  /// No run goes by that id, label or tag.
  case noSuchRun(String)
  /// No panel goes by that name or hash.
  case noSuchPanel(String)
  /// Several panels go by that.
  case ambiguousPanel(String, hashes: [String])
  /// Several runs' ids begin like that.
  case ambiguousRun(String, candidates: [UUID])

  /// The failure in one line: control characters in names are escaped.
  public var description: String {
    words.unicodeScalars.map { $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0) }
      .joined()
  }

  private var words: String {
    switch self {
    case .missing(let path): "store \(path): there is no such file"
    case .cannotOpen(let path, let reason): "store \(path): cannot be opened: \(reason)"
    case .foreign(let path, let reason): "store \(path): not a ttseval store: \(reason)"
    case .newerSchema(let path): "store \(path): written by a newer ttseval; this one would not understand it"
    case .corrupt(let path, let reason): "store \(path): damaged: \(reason); it was left as it is"
    case .readOnly(let path): "store \(path): the file or its folder is read-only"
    case .diskFull(let path): "store \(path): no space left on the disk"
    case .busy(let path): "store \(path): another process has been writing to it for over a minute"
    case .system(let path, let reason): "store \(path): \(reason)"
    case .refused(let reason): "the store refused a value: \(reason)"
    case .sessionInUse: "this listener's session is open in another window; close it there, or go on there"
    case .noSuchRun(let name): "no run goes by “\(name)”: neither an id, nor the start of one, a label or a tag:NAME"
    case .noSuchPanel(let name): "no panel goes by “\(name)”: neither a name nor the start of a plan's hash"
    case .ambiguousPanel(let name, let hashes):
      "“\(name)” means several panels; say which by its hash: "
        + hashes.map { String($0.prefix(8)) }.joined(separator: ", ")
    case .ambiguousRun(let name, let candidates):
      "“\(name)” fits several runs: "
        + candidates.map { $0.uuidString.lowercased() }.joined(separator: ", ")
    }
  }

  /// What SQLite's error means for the store at a path.
  init(_ error: any Error, path: String) {
    if let error = error as? RunStoreError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      // GRDB's error for a value of the wrong type, which a sound store does not hold.
      if error is RowDecodingError {
        self = .corrupt(path: path, reason: "a value of the wrong type")
        return
      }
      self = .system(path: path, reason: "\(error)")
      return
    }
    let reason = error.message ?? error.resultCode.description
    switch error.extendedResultCode {
    case .SQLITE_NOTADB: self = .foreign(path: path, reason: "no SQLite file")
    case .SQLITE_IOERR_SHMSIZE: self = .diskFull(path: path)
    default:
      switch error.resultCode {
      case .SQLITE_NOTADB: self = .foreign(path: path, reason: "no SQLite file")
      case .SQLITE_CORRUPT: self = .corrupt(path: path, reason: reason)
      case .SQLITE_READONLY: self = .readOnly(path: path)
      case .SQLITE_FULL: self = .diskFull(path: path)
      case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: self = .busy(path: path)
      case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .cannotOpen(path: path, reason: reason)
      case .SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH: self = .refused(reason: reason)
      default: self = .system(path: path, reason: reason)
      }
    }
  }
}
