// SPDX-License-Identifier: GPL-3.0-or-later
internal import CSpawn
internal import Foundation
internal import Glibc
internal import Synchronization

/// A program that was started; leader of a session and process group of its own.
///
/// A session of its own means: Ctrl-C at our terminal does not reach it (we end it ourselves, in order), it cannot
/// ask at our terminal (stdin is /dev/null or a pipe), and one `kill` reaches all that it started and that did not
/// leave. Signals are as after login, whatever we ignore ourselves. Every descriptor from 3 on is closed.
final class ChildProcess: Sendable {
  let id: pid_t
  /// Can be read once the program has ended.
  let exitSignal: Descriptor
  private let exit = Mutex<ContinuousClock.Instant?>(nil)
  /// What our own memory once was at most, in bytes, when the program was started; see `Ending.peakBytes`.
  private let ownPeak: Int

  /// glibc's POSIX_SPAWN_SETSID.
  private static let ownSession: Int32 = 0x80

  /// How a program ended, and what it used.
  struct Ending: Sendable, Equatable {
    var code: Int32?
    var signal: Int32?
    /// User and system time of it and of all children it waited for, and theirs.
    var cpuSeconds: Double
    /// The most memory that it, or one of those children, held at a time. Nil where the kernel's figure is no greater
    /// than our own peak: with `vfork`, which starting programs is made of, a program inherits its starter's peak.
    var peakBytes: Int?
  }

  /// Starts a program.
  /// - Parameters:
  ///   - path: of the program; not searched for.
  ///   - arguments: the first is the name the program is told it has.
  ///   - input: nil for /dev/null.
  /// - Throws: what the system says, `ENOENT` or `E2BIG` for example.
  init(
    path: String, arguments: [String], environment: [String: String], input: Descriptor?, output: Descriptor,
    errors: Descriptor
  ) throws(SystemError) {
    let (reading, writing) = try Descriptor.pipe()

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input.number, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, output.number, 1)
    posix_spawn_file_actions_adddup2(&actions, errors.number, 2)
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | Self.ownSession
    posix_spawnattr_setflags(&attributes, Int16(flags))

    // C strings that live until the program is started.
    let argv = arguments.map { strdup($0) } + [nil]
    let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in argv + envp { free(text) } }

    var child: pid_t = 0
    let code = posix_spawn(&child, path, &actions, &attributes, argv, envp)
    // Afterwards, as ours may grow until the moment it is inherited.
    ownPeak = Self.ownPeak()
    guard code == 0 else { throw SystemError(code) }
    id = child
    exitSignal = reading
    // The moment of the end is taken by a thread that does nothing but wait for it; the process stays a zombie, so that
    // its number is given to nobody else until `reap`.
    Thread.detachNewThread { [self] in
      var information = siginfo_t()
      while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
      exit.withLock { $0 = ContinuousClock.now }
      _ = writing.write([0])
    }
  }

  /// When the program ended; nil while it runs.
  var ended: ContinuousClock.Instant? { exit.withLock { $0 } }

  /// Takes note of the end and gives the process number back. To be called once, and after the end.
  func reap() -> Ending {
    var status: Int32 = 0
    var usage = rusage()
    while wait4(id, &status, 0, &usage) < 0 && errno == EINTR {}
    let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    let peak = usage.ru_maxrss * 1024
    let signal = status & 0x7f
    return Ending(
      code: signal == 0 ? (status >> 8) & 0xff : nil, signal: signal == 0 ? nil : signal,
      cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), peakBytes: peak > ownPeak ? peak : nil)
  }

  /// Sends a signal to the program's process group. Not to be called after `reap`.
  func signalGroup(_ signal: Int32) { kill(-id, signal) }

  /// Sends a signal to any process.
  static func signal(_ id: pid_t, _ signal: Int32) { kill(id, signal) }

  private static func ownPeak() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  /// The program a name stands for: itself where it has a slash, else the first that may be run in `PATH`.
  static func find(_ name: String, environment: [String: String]) -> String? {
    func mayRun(_ path: String) -> Bool {
      var status = stat()
      return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
    if name.contains("/") { return mayRun(name) ? name : nil }
    let folders = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(
      separator: ":", omittingEmptySubsequences: false)
    return folders.map { ($0.isEmpty ? "." : $0) + "/" + name }.first(where: mayRun)
  }
}
