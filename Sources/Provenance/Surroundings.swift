// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Glibc

/// Everything outside that facts are taken from: files, environment, programs. Tests hand in others.
public struct Surroundings: Sendable {
  /// Stands before every path of the system's files; empty for the real ones. A project's folder and a Python are where
  /// their paths say.
  public var root: String
  /// Environment variables; `PATH` finds programs.
  public var environment: [String: String]
  /// What the kernel calls the processor's architecture, e.g. `x86_64`.
  public var machine: String
  /// The C library, e.g. `glibc 2.36`: its `exp` and `log` stand in every score.
  public var cLibrary: String?
  /// Logical processors this process may use.
  public var processors: Int
  /// The name of the machine on the network. It is hashed, never stored.
  public var networkName: String
  /// Seconds for a program that should answer at once.
  public var patience: Double
  /// Runs a program.
  public var run: @Sendable (Command) -> CommandOutcome

  /// Surroundings from their parts.
  public init(
    root: String, environment: [String: String], machine: String, cLibrary: String?, processors: Int,
    networkName: String, patience: Double = 5,
    run: @escaping @Sendable (Command) -> CommandOutcome = { Subprocess.run($0) }
  ) {
    self.root = root
    self.environment = environment
    self.machine = machine
    self.cLibrary = cLibrary
    self.processors = processors
    self.networkName = networkName
    self.patience = patience
    self.run = run
  }

  /// This process on this machine.
  public static func here() -> Surroundings {
    let process = ProcessInfo.processInfo
    return Surroundings(
      root: "", environment: process.environment, machine: kernelMachine(), cLibrary: glibc(),
      processors: process.activeProcessorCount, networkName: process.hostName)
  }

  /// The text of a system's file, when it can be read.
  func text(_ path: String) -> String? { Self.contents(root + path) }

  /// Whether the system has such a file or folder.
  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + path) }

  /// Names in a system's folder, sorted; none where there is no such folder.
  func names(in path: String) -> [String] { Self.names(root + path) }

  /// The outcome of a program that should answer at once, run with messages in English.
  func ask(_ program: String, _ arguments: [String], dropping dropped: [String] = []) -> CommandOutcome {
    var environment = environment
    for name in dropped { environment[name] = nil }
    environment["LC_ALL"] = "C"
    return run(Command(program, arguments, environment: environment, timeout: patience))
  }

  /// The text of any file, repaired where it is not UTF-8.
  static func contents(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Names in any folder, sorted.
  static func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  private static func kernelMachine() -> String {
    var names = utsname()
    guard uname(&names) == 0 else { return "unknown" }
    return withUnsafeBytes(of: names.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  private static func glibc() -> String? {
    var text = [CChar](repeating: 0, count: 128)
    let length = confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count)
    guard length > 1, length <= text.count else { return nil }
    return String(decoding: text[..<(length - 1)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
