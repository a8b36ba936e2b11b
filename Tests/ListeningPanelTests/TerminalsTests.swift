// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Glibc
import ListeningPanel
import Testing

/// Terminals as they are: a pseudo-terminal, its sizes and modes, and signals. Each test has a process of its own, as signals
/// and the standard files are a process's.
@Suite(.serialized) struct TerminalsTests {
  @Test func aSmallWindowIsToldAndGrows() async {
    await #expect(processExitsWith: .success) {
      takeSignals()
      let pty = try Pty(columns: 79, rows: 24)
      var terminal = try CursesTerminal(environment: [:], wording: try #require(Wording(language: "en")))
      var bench = try Bench(Studio().plan("training: 0\n"), terminal: "ncurses")
      bench.enterTrials()
      terminal.show(bench.screen)
      #expect(pty.shown().contains("The window is too small: please make it at least 80"))
      pty.resize(columns: 80, rows: 24)
      raise(SIGWINCH)
      #expect(terminal.next(within: 5) == .redraw)
      terminal.show(bench.screen)
      let text = pty.shown()
      #expect(text.contains("Trial 1 of 4") && !text.contains("too small"))

      // In mid-trial, while sound plays: smaller, larger; keys go on counting.
      bench.press(" ")
      for (columns, rows) in [(60, 10), (120, 40)] {
        pty.resize(columns: columns, rows: rows)
        raise(SIGWINCH)
        #expect(terminal.next(within: 5) == .redraw)
        terminal.show(bench.screen)
        #expect(pty.shown().contains("too small") == (columns == 60))
      }
      pty.type("4\r")
      #expect(terminal.next(within: 5) == .key(.character("4")) && terminal.next(within: 5) == .key(.enter))
      terminal.close()
    }
  }

  @Test func aStoppedSessionGivesTheTerminalBackAndGoesOn() async {
    await #expect(processExitsWith: .success) {
      takeSignals()
      let pty = try Pty(columns: 80, rows: 24)
      let before = pty.modes
      var terminal = try CursesTerminal(environment: ["NO_COLOR": "1"], wording: try #require(Wording(language: "en")))
      var bench = try Bench(Studio().plan("training: 0\n"), terminal: "ncurses")
      bench.enterTrials()
      terminal.show(bench.screen)
      #expect(pty.shown().contains("Trial 1 of 4"))
      let during = pty.modes
      #expect(during != before && during & UInt32(ECHO | ICANON) == 0)

      let folder = FileManager.default.temporaryDirectory.path + "/stop-\(UUID().uuidString)"
      let waker = try pty.wakeWhenStopped(noting: folder)
      raise(SIGTSTP)
      #expect(terminal.next(within: 5) == .redraw)
      waker.waitUntilExit()
      let stopped = try String(contentsOfFile: folder, encoding: .utf8)
      try FileManager.default.removeItem(atPath: folder)
      #expect(stopped.contains(" icanon") && stopped.contains(" echo "), "\(stopped)")
      terminal.show(bench.screen)
      #expect(pty.shown().contains("Trial 1 of 4") && pty.modes == during)
      while let input = terminal.next(within: 0.2) { #expect(input == .redraw) }
      pty.type("u")
      #expect(terminal.next(within: 5) == .key(.character("u")))

      for signal in [SIGINT, SIGTERM, SIGHUP] {
        raise(signal)
        #expect(terminal.next(within: 5) == .signal(signal))
      }
      terminal.close()
      #expect(pty.modes == before)
    }
  }

  @Test func linesSurviveStopsAndSignals() async {
    await #expect(processExitsWith: .success) {
      takeSignals()
      var ends: [Int32] = [-1, -1]
      #expect(pipe(&ends) == 0)
      func type(_ text: String) { _ = text.withCString { write(ends[1], $0, strlen($0)) } }
      var terminal = try PlainTerminal(input: ends[0], columns: { 80 }, write: { _ in })
      let waker = try Pty.wakeWhenStopped()
      type("?")
      #expect(terminal.next(within: 5) == nil)
      raise(SIGTSTP)
      #expect(terminal.next(within: 5) == .redraw)
      waker.waitUntilExit()
      while terminal.next(within: 0.2) == .redraw {}
      // What was typed before is still there.
      type("\n")
      #expect(terminal.next(within: 5) == .key(.character("?")))
      for signal in [SIGINT, SIGTERM, SIGHUP] {
        raise(signal)
        #expect(terminal.next(within: 5) == .signal(signal))
      }
      close(ends[1])
      #expect(terminal.next(within: 5) == .closed)
    }
  }
}

/// Threads of tests take none by themselves.
private func takeSignals() {
  var none = sigset_t()
  sigemptyset(&none)
  pthread_sigmask(SIG_SETMASK, &none, nil)
}

/// A pseudo-terminal in the place of the standard input and output.
private struct Pty {
  let master: Int32
  let path: String

  init(columns: Int, rows: Int) throws {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    // TIOCSPTLCK and TIOCGPTN, macros of macros: unlocks the other end, and gives its number.
    var (lock, number): (Int32, UInt32) = (0, 0)
    guard ioctl(master, 0x4004_5431, &lock) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
      throw POSIXError(.ENOTTY)
    }
    path = "/dev/pts/\(number)"
    let slave = open(path, O_RDWR | O_NOCTTY)
    dup2(slave, STDIN_FILENO)
    dup2(slave, STDOUT_FILENO)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    setenv("TERM", "xterm", 1)
    resize(columns: columns, rows: rows)
  }

  func resize(columns: Int, rows: Int) {
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  func type(_ text: String) { _ = text.withCString { write(master, $0, strlen($0)) } }

  /// All that was drawn since.
  func shown() -> String {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(master, &part, part.count)
      guard count > 0 else { break }
      bytes += part[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Local modes.
  var modes: UInt32 {
    var state = termios()
    tcgetattr(STDIN_FILENO, &state)
    return state.c_lflag
  }

  /// Notes the terminal's modes while this process is stopped, and lets it go on.
  func wakeWhenStopped(noting file: String) throws -> Process {
    try Self.wakeWhenStopped("stty -a <\(path) >\(file); ")
  }

  static func wakeWhenStopped(_ first: String = "") throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      "for i in $(seq 200); do grep -q '^State:.T' /proc/$PPID/status && break; sleep 0.05; done; \(first)kill -CONT $PPID",
    ]
    try process.run()
    return process
  }
}
