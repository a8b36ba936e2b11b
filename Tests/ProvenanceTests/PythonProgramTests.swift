// SPDX-License-Identifier: GPL-3.0-or-later
import Provenance
import Testing

/// Programs that are no Python, or a broken one, as shell scripts.
@Suite struct PythonProgramTests {
  private func failure(_ script: String, patience: Double = 15) throws -> PythonFailure? {
    let machine = try FakeMachine()
    let python = try machine.program("python3", script)
    do throws(PythonFailure) {
      _ = try PythonStack.read(python, from: machine.surroundings(patience: patience))
      return nil
    } catch {
      return error
    }
  }

  @Test func eachIsOneLine() throws {
    #expect(try failure("exit 3") == .noAnswer("exit status 3"))
    #expect(
      try failure("echo one >&2; echo 'lib.so: cannot open' >&2; exit 127")
        == .noAnswer("exit status 127, lib.so: cannot open"))
    #expect(try failure("echo usage: me") == .noAnswer("exit status 0, usage: me"))
    #expect(try failure("echo Fatal >&2; kill -ABRT $$") == .crashed(signal: 6, "Fatal"))
    #expect(try failure("exec /bin/sleep 1000", patience: 0.1) == .timedOut(0.4))
    #expect(try failure("echo 'ttseval-answer [1, 2'") == .noAnswer("[1, 2"))
    #expect(try failure(#"echo 'ttseval-answer {"version": 3}'"#) == .noAnswer(#"{"version": 3}"#))
    #expect(
      try failure(#"printf '%s\n' 'ttseval-answer {"failure": "raised", "text": "OSError: a\nb"}'"#)
        == .raised("OSError: a b"))
    for failure in [
      PythonFailure.notFound("p"), .notStarted("s"), .notInstalled("torch"), .raised("OSError: x"),
      .crashed(signal: 11, ""),
      .timedOut(60), .noAnswer("n"),
    ] {
      #expect(!failure.description.contains("\n") && !failure.description.isEmpty)
    }
    #expect(PythonFailure.crashed(signal: 11, "").description == "crashed the interpreter (SIGSEGV)")
    #expect(PythonFailure.timedOut(60).description == "no answer within 60 s")
  }

  @Test func noSuchProgram() throws {
    let machine = try FakeMachine()
    #expect(throws: PythonFailure.notFound("/no/python")) {
      try PythonStack.read("/no/python", from: machine.surroundings())
    }
  }
}
