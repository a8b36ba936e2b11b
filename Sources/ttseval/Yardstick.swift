// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import RunStore

/// What a run is judged against: a stored run, by id, label or tag, or a baseline's file (`.jsonl`).
struct Yardstick {
  let name: String

  private var isFile: Bool { name.hasSuffix(".jsonl") }

  /// Reads it; a store is opened only for one that is stored.
  func load(_ storePath: String) throws -> Run {
    if isFile { return try Self.read(name) }
    let opened = try RunStore(existing: storePath)
    return try opened.load(try opened.run(matching: name, toCompare: true), traces: false)
  }

  /// The store, if there is one: of two baselines' files nobody needs it.
  static func store(_ path: String) throws -> RunStore? {
    FileManager.default.fileExists(atPath: path) ? try RunStore(existing: path) : nil
  }

  /// A baseline's file.
  static func read(_ path: String) throws -> Run {
    // Also of what is no regular file, such as a pipe.
    guard let file = FileHandle(forReadingAtPath: path), let bytes = try? file.readToEnd() ?? Data() else {
      throw UnreadableFile(path: path)
    }
    do throws(BaselineFile.Failure) {
      return try BaselineFile.run(bytes)
    } catch {
      throw BadBaseline(path: path, failure: error)
    }
  }
}

/// A file that is no baseline.
private struct BadBaseline: Error, CustomStringConvertible {
  let path: String
  let failure: BaselineFile.Failure
  var description: String { "\(path), \(failure)" }
}
