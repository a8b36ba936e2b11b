// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import Provenance
import Testing

/// A true Python, where there is one, with packages that are broken in the ways packages break. Python is not needed to
/// build or test: without it these are skipped, and reported as skipped.
@Suite(.enabled(if: realProgram("python3") != nil, "needs python3")) struct RealPythonTests {
  private let python = realProgram("python3") ?? ""
  private let machine: FakeMachine

  init() throws { machine = try FakeMachine() }

  /// Surroundings in which the Python finds the fake packages first.
  private var surroundings: Surroundings {
    let process = ProcessInfo.processInfo.environment
    return machine.surroundings(process.merging(["PYTHONPATH": "\(machine.folder)/packages"]) { $1 })
  }

  private func install(_ name: String, _ text: String) throws {
    try machine.write("packages/\(name)/__init__.py", text)
  }

  private func imported(_ name: String, timeout: Double = 60) throws -> PythonImport? {
    try PythonStack.read(python, from: surroundings, importing: true, importTimeout: timeout).imports.first {
      $0.name == name
    }
  }

  @Test func itTellsOfItself() throws {
    let stack = try PythonStack.read(python, from: surroundings)
    #expect(stack.interpreter.version.hasPrefix("3."))
    #expect(stack.interpreter.path.contains("\(machine.folder)/packages") == false)  // it is no folder yet
    try install("torch", "")
    #expect(try PythonStack.read(python, from: surroundings).interpreter.path.contains("\(machine.folder)/packages"))
  }

  @Test func whatItImportsTellsOfItself() throws {
    try install(
      "torch",
      """
      import sys
      print("a banner"); print("a warning", file=sys.stderr)
      __version__ = "2.6.0+cpu"
      class version: cuda = None; hip = None
      class backends:
          class cudnn:
              @staticmethod
              def version(): return 90100
      """)
    try install("torchaudio", "__version__ = '2.6.0+cpu'\ndef list_audio_backends(): return ['soundfile', 'sox']")
    #expect(
      try imported("torch") == PythonImport(name: "torch", version: "2.6.0+cpu", details: ["cudnn": "90100"]))
    #expect(
      try imported("torchaudio")
        == PythonImport(name: "torchaudio", version: "2.6.0+cpu", details: ["backends": "soundfile, sox"]))
  }

  @Test func aMatchingPairWhoseLibraryDoesNotLoad() throws {
    try install("torch", "__version__ = '2.6.0'")
    try install("torchaudio", "raise OSError('libtorchaudio.so: undefined symbol: _ZN3c10\\n(more)')")
    try machine.write("packages/torch-2.6.0.dist-info/METADATA", "Name: torch\nVersion: 2.6.0\n")
    try machine.write("packages/torchaudio-2.6.0.dist-info/METADATA", "Name: torchaudio\nVersion: 2.6.0\n")
    let stack = try PythonStack.read(python, from: surroundings, importing: true)
    #expect(stack.check("torch-release")?.outcome == .passed)
    #expect(stack.check("import-torch")?.outcome == .passed)
    let check = try #require(stack.check("import-torchaudio"))
    #expect(check.outcome == .failed)
    #expect(check.found == "OSError: libtorchaudio.so: undefined symbol: _ZN3c10 (more)")
    #expect(check.advice?.contains("--force-reinstall torch==2.6.0 torchaudio==2.6.0") == true)
  }

  @Test(
    arguments: [
      ("import os; os.abort()", PythonFailure.crashed(signal: 6, "")),
      ("import sys; sys.exit(2)", .raised("SystemExit: 2")),
      ("import os; os._exit(7)", .noAnswer("exit status 7")),
      ("import nothing_of_that_name", .notInstalled("nothing_of_that_name")),
      ("from json import nothing", nil), ("x = 1 +", nil),
      (
        "try: 1 / 0\nexcept ZeroDivisionError as e: raise OSError('no library') from e",
        .raised("OSError: no library; because of ZeroDivisionError: division by zero")
      ), ("raise KeyboardInterrupt()", .raised("KeyboardInterrupt")),
    ] as [(String, PythonFailure?)])
  func eachWayToBreak(_ text: String, _ failure: PythonFailure?) throws {
    try install("torch", text)
    let found = try #require(try imported("torch")?.failure)
    if let failure { #expect(found == failure) } else if case .raised = found {} else { Issue.record("\(found)") }
  }

  @Test func aHang() throws {
    try install("torch", "import time; time.sleep(1000)")
    #expect(try imported("torch", timeout: 0.5)?.failure == .timedOut(0.5))
  }

  @Test func aProbeOfBrokenLibrariesIsALineEach() throws {
    try install("torch", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    let probe = try PythonProbe.run(python, in: machine.folder, from: surroundings)
    #expect(
      probe.checks.map { "\($0.outcome) \($0.name): \($0.found)" }
        == ["load-save", "resample", "mel"].map { "failed torchaudio-\($0): crashed the interpreter (SIGSEGV)" })
    try install("torch", "")
    try install("torchaudio", "raise ImportError('no backend')")
    let other = try PythonProbe.run(python, in: machine.folder, from: surroundings)
    #expect(other.checks.map(\.found) == Array(repeating: "ImportError: no backend", count: 3))
    try install("torch", "import nothing_of_that_name")
    let missing = try PythonProbe.run(python, in: machine.folder, from: surroundings)
    #expect(missing.checks.map(\.found) == Array(repeating: "nothing_of_that_name is not installed", count: 3))
    #expect(missing.checks.allSatisfy { $0.outcome == .failed })
    try install("torch", "raise ModuleNotFoundError('No module named torch', name='torch')")
    let without = try PythonProbe.run(python, in: machine.folder, from: surroundings)
    #expect(without.checks.allSatisfy { $0.outcome == .skipped } && without.checks.count == 3)
  }

  @Test func aProbeNeedsAFolder() throws {
    #expect(throws: AudioFileError.self) {
      try PythonProbe.run(python, in: "\(machine.folder)/nowhere", from: surroundings)
    }
  }

  @Test func ofSeveralFoldersTheFirstCounts() throws {
    try machine.write("packages/torch-2.6.0.dist-info/METADATA", "Name: torch\nVersion: 2.6.0\n")
    try machine.write("other/torch-1.0.dist-info/METADATA", "Name: torch\nVersion: 1.0\n")
    var surroundings = surroundings
    surroundings.environment["PYTHONPATH"] = "\(machine.folder)/packages:\(machine.folder)/other"
    #expect(try PythonStack.read(python, from: surroundings)["torch"]?.version.description == "2.6.0")
  }
}
