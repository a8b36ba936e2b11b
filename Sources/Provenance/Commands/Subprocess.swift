// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// Runs programs that may hang, crash, write without end or leave children behind, and always comes back.
///
/// The program gets a process group of its own, so that its children end with it, and `/dev/null` as its input. What is
/// waited for is the program's end, not the end of its output: a child it leaves behind may hold that open.
public enum Subprocess {
  /// Output beyond this is read and thrown away.
  static let outputLimit = 1 << 20

  /// Runs a command to its end, its timeout or the cancellation of the task it is run in. Blocks the thread.
  public static func run(_ command: Command) -> CommandOutcome {
    guard let path = locate(command.program, in: command.environment) else { return .notFound }
    do throws(SystemFailure) {
      let output = try Pipe()
      let errors = try Pipe()
      let child = try spawn(path, command, output: output.writeEnd, errors: errors.writeEnd)
      return follow(child, for: command.timeout, output.closingWriteEnd(), errors.closingWriteEnd())
    } catch {
      return .notStarted(error.message)
    }
  }

  /// Where a program is: its own path, or the first executable file of that name in the absolute folders of `PATH`.
  static func locate(_ program: String, in environment: [String: String]) -> String? {
    if program.contains("/") { return isProgram(program) ? program : nil }
    let folders = (environment["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
    return folders.lazy.map { "\($0)/\(program)" }.first(where: isProgram)
  }

  private static func isProgram(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }

  struct SystemFailure: Error {
    var message: String
    init(_ code: Int32) { message = String(cString: strerror(code)) }
  }

  private static func spawn(
    _ path: String, _ command: Command, output: Int32, errors: Int32
  ) throws(SystemFailure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let texts = [command.program] + command.arguments
    let variables = command.environment.map { "\($0.key)=\($0.value)" }
    guard !(texts + variables + [path]).contains(where: { $0.utf8.contains(0) }) else { throw SystemFailure(EINVAL) }
    var arguments = texts.map { strdup($0) } + [nil]
    var environment = variables.map { strdup($0) } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var child = pid_t()
    var code = posix_spawn(&child, path, &actions, &attributes, &arguments, &environment)
    // A script written a moment ago counts as open for writing while another thread starts a program, which inherits
    // the descriptor until it has begun: on a busy machine, for long.
    for _ in 0..<200 where code == ETXTBSY {
      usleep(5000)
      code = posix_spawn(&child, path, &actions, &attributes, &arguments, &environment)
    }
    guard code == 0 else { throw SystemFailure(code) }
    return child
  }

  /// Reads both pipes until the child ends or its time is up, then ends its whole group.
  private static func follow(
    _ child: pid_t, for timeout: Double, _ output: consuming ReadEnd, _ errors: consuming ReadEnd
  ) -> CommandOutcome {
    let deadline = ContinuousClock.now + .seconds(timeout)
    var isLate = false
    // A program may close its output and go on, or end and leave a child that holds it: both are looked at in turn.
    while !hasEnded(child) {
      isLate = ContinuousClock.now >= deadline || Task.isCancelled
      if isLate { break }
      ReadEnd.wait(output, errors, milliseconds: 10)
      output.take()
      errors.take()
    }
    // Before the child is collected, so that its number cannot belong to somebody else's group yet.
    kill(-child, SIGKILL)
    let status = collect(child)
    output.take()
    errors.take()
    let (text, complaint) = (output.text, errors.text)
    if isLate { return .timedOut(output: text, errors: complaint) }
    guard let status else { return .notStarted("its end was not told") }
    let signal = status & 0x7F
    if signal != 0 { return .crashed(signal: Int(signal), output: text, errors: complaint) }
    return .exited(status: Int(status >> 8 & 0xFF), output: text, errors: complaint)
  }

  /// Its status. Nil when somebody else took it, or when it does not even end by SIGKILL: a program in the hands of a
  /// hung driver does not, and is left to the system.
  private static func collect(_ child: pid_t) -> Int32? {
    var status: Int32 = 0
    for _ in 0..<100 {
      let found = waitpid(child, &status, WNOHANG)
      if found == child { return status }
      if found < 0 && errno != EINTR { return nil }
      usleep(10_000)
    }
    return nil
  }

  private static func hasEnded(_ child: pid_t) -> Bool {
    var info = siginfo_t()
    // Leaves it to be collected. A failure means that there is nothing to wait for.
    let code = waitid(P_PID, id_t(child), &info, WEXITED | WNOHANG | WNOWAIT)
    return code != 0 && errno != EINTR || code == 0 && info.si_signo == SIGCHLD
  }
}
