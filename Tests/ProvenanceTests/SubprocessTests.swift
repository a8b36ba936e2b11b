// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Provenance
import Testing

@Suite struct SubprocessTests {
  private func run(
    _ script: String, _ arguments: [String] = [], environment: [String: String] = [:], timeout: Double = 60
  ) throws -> CommandOutcome {
    let machine = try FakeMachine()
    let path = try machine.program("it", script)
    return Subprocess.run(Command(path, arguments, environment: environment, timeout: timeout))
  }

  @Test func statusOutputAndErrors() throws {
    #expect(
      try run("echo out; echo err >&2; exit 3") == .exited(status: 3, output: "out\n", errors: "err\n"))
    #expect(try run("echo out").success == "out\n")
    #expect(try run("echo out; exit 1").success == nil)
  }

  @Test func argumentsAreNotInterpreted() throws {
    let odd = ["a b", "$HOME", "*", "", "\"'", "ü\n"]
    let outcome = try run(#"for a in "$@"; do printf '<%s>' "$a"; done"#, odd)
    #expect(outcome.success == odd.map { "<\($0)>" }.joined())
  }

  @Test func environmentIsWhatWasGiven() throws {
    #expect(try run(#"echo "$A-$HOME""#, environment: ["A": "b"]).success == "b-\n")
  }

  @Test func inputIsEmpty() throws { #expect(try run("exec /bin/cat").success == "") }

  @Test func aSignalIsACrash() throws {
    #expect(try run("echo so far; kill -SEGV $$") == .crashed(signal: 11, output: "so far\n", errors: ""))
  }

  @Test func aHangEndsWithAllItStarted() throws {
    let machine = try FakeMachine()
    let note = "\(machine.folder)/child"
    let path = try machine.program("it", "/bin/sleep 1000 & echo $! > \(note); echo begun; wait")
    // Long enough for a shell to begin on a busy machine.
    let outcome = Subprocess.run(Command(path, [], environment: [:], timeout: 2))
    #expect(outcome == .timedOut(output: "begun\n", errors: ""))
    let child = try String(contentsOfFile: note, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    // Who is killed is gone, or waits to be collected by whoever collects orphans here.
    func isGone() -> Bool {
      guard let status = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8) else { return true }
      return status.contains(") Z ") || status.contains(") X ")
    }
    for _ in 0..<500 where !isGone() { usleep(10_000) }
    #expect(isGone())
  }

  @Test func aChildLeftBehindIsNotWaitedFor() throws {
    #expect(try run("/bin/sleep 1000 & echo done").success == "done\n")
  }

  @Test func endlessOutputIsCut() throws {
    let outcome = try run("while :; do echo 0123456789; done", timeout: 0.5)
    guard case .timedOut(let output, _) = outcome else {
      Issue.record("no timeout: \(outcome)")
      return
    }
    #expect(output.utf8.count <= 1 << 21)
  }

  @Test func whatIsThereIsReadWhole() throws {
    // More than a pipe holds.
    let outcome = try run("i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i+1)); done")
    #expect(outcome.success?.utf8.count == 220_000)
  }

  @Test func programsThatCannotBeStarted() throws {
    let machine = try FakeMachine()
    func outcome(_ program: String) -> CommandOutcome {
      Subprocess.run(Command(program, [], environment: ["PATH": machine.bin], timeout: 60))
    }
    #expect(outcome("nothing-of-that-name") == .notFound)
    #expect(outcome("\(machine.folder)/nothing") == .notFound)
    #expect(outcome(machine.bin) == .notFound)
    #expect(outcome(try machine.write("bin/not-executable", "#!/bin/sh\n")) == .notFound)
    let empty = try machine.program("empty", "")
    try Data().write(to: URL(filePath: empty))
    #expect(outcome(empty) == .notStarted("Exec format error"))
    #expect(outcome("a\0b") == .notFound)
  }

  @Test func relativeFoldersInThePathAreNotSearched() throws {
    let machine = try FakeMachine()
    try machine.program("it", "echo found")
    let relative = String(repeating: "../", count: 40) + machine.bin.dropFirst()
    func success(_ path: String) -> String? {
      Subprocess.run(Command("it", [], environment: ["PATH": path], timeout: 60)).success
    }
    #expect(success("\(relative)::.") == nil)
    #expect(success("\(relative):\(machine.bin)") == "found\n")
  }
}
