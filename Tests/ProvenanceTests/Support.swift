// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Provenance

/// A machine made of files in a fresh folder, removed at the end of a test: its system's files are under `root`, its
/// programs are the scripts in `bin`, and nothing of the real machine shows.
final class FakeMachine {
  let folder: String
  var root: String { "\(folder)/root" }
  var bin: String { "\(folder)/bin" }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "provenance-\(UUID().uuidString)").path
    for part in [root, bin] { try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true) }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Makes a file of the fake system.
  func file(_ path: String, _ text: String) throws { try Self.write(text, to: root + path) }

  /// Makes a file anywhere in the folder and returns its path.
  @discardableResult func write(_ name: String, _ text: String) throws -> String {
    try Self.write(text, to: "\(folder)/\(name)")
    return "\(folder)/\(name)"
  }

  /// Puts a shell script on the path and returns where it is.
  @discardableResult func program(_ name: String, _ script: String) throws -> String {
    try Self.write("#!/bin/sh\n\(script)\n", to: "\(bin)/\(name)")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(bin)/\(name)")
    return "\(bin)/\(name)"
  }

  /// What a program in this machine sees. Programs that should end get a minute, for machines under load.
  func surroundings(_ environment: [String: String] = [:], patience: Double = 60) -> Surroundings {
    Surroundings(
      root: root, environment: ["PATH": bin].merging(environment) { $1 }, machine: "x86_64",
      cLibrary: "glibc 2.36", processors: 4, networkName: "box", patience: patience)
  }

  private static func write(_ text: String, to path: String) throws {
    let url = URL(filePath: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }
}

extension Array where Element == Fact {
  /// `name: value` of one topic, for comparisons that show all of it.
  func named(_ topic: String) -> [String: String] {
    Dictionary(filter { $0.topic == topic }.map { ($0.name, $0.value) }) { $1 }
  }
}

/// A program of the real machine, for tests that only run where it is. The system's own comes first: others may be
/// scripts that look for a version to start, and slow.
func realProgram(_ name: String) -> String? {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  return (["/usr/bin"] + folders).map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}
