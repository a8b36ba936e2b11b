// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Provenance
import Testing

@Suite struct SourceFactsTests {
  private static let git = realProgram("git")

  private func facts(
    _ machine: FakeMachine, _ folder: String, _ environment: [String: String] = [:], patience: Double = 60
  ) -> [String: String] {
    FactSheet.gather(.init(source: folder), from: machine.surroundings(environment, patience: patience)).facts
      .named("source")
  }

  @Test(.enabled(if: git != nil, "needs git")) func commitOfTheFolder() throws {
    let machine = try FakeMachine()
    let repository = "\(machine.folder)/project"
    let file = try machine.write("project/audio/list.txt", "one\n")
    let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": machine.folder]
    func git(_ arguments: String...) throws -> String {
      let who = ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false"]
      let command = Command(
        try #require(Self.git), ["-C", repository] + who + arguments, environment: environment, timeout: 60)
      return try #require(Subprocess.run(command).success)
    }
    #expect(facts(machine, repository, environment) == [:])
    _ = try git("init", "-q")
    #expect(facts(machine, repository, environment) == [:])
    _ = try git("add", ".")
    _ = try git("commit", "-q", "-m", "one")
    let head = try git("rev-parse", "HEAD").trimmingCharacters(in: .newlines)
    let clean = ["commit": head, "dirty": "false"]
    #expect(facts(machine, "\(repository)/audio", environment) == clean)
    try machine.write("project/audio/made.wav", "x")
    #expect(facts(machine, repository, environment) == clean)
    #expect(facts(machine, repository, environment.merging(["GIT_DIR": machine.folder]) { $1 }) == clean)
    try Data("two\n".utf8).write(to: URL(filePath: file))
    #expect(facts(machine, repository, environment) == ["commit": head, "dirty": "true"])
  }

  @Test func withoutGitThereIsNoFact() throws {
    let machine = try FakeMachine()
    #expect(facts(machine, machine.folder) == [:])
  }

  @Test(arguments: [
    "echo \"fatal: detected dubious ownership in repository at '/x'\" >&2; exit 128", "echo HEAD", "echo; exit 0",
    "echo 0123456789abcdef0123456789abcdef0123456; exit 0",
  ])
  func aRefusalOrGarbageIsNoFact(_ script: String) throws {
    let machine = try FakeMachine()
    try machine.program("git", script)
    #expect(facts(machine, machine.folder) == [:])
  }

  @Test func aHangIsNoFact() throws {
    let machine = try FakeMachine()
    try machine.program("git", "exec /bin/sleep 1000")
    #expect(facts(machine, machine.folder, patience: 0.3) == [:])
  }

  @Test func aStatusThatFailsLeavesTheCommit() throws {
    let machine = try FakeMachine()
    let head = String(repeating: "0a", count: 20)
    try machine.program("git", "case \"$*\" in *status*) exit 1;; *) echo \(head);; esac")
    #expect(facts(machine, machine.folder) == ["commit": head])
  }
}
