// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Glibc
internal import Synchronization

/// A wish to stop; seen within a tenth of a second.
final class Cancellation: Sendable {
  private let flag = Atomic(false)
  var isCancelled: Bool { flag.load(ordering: .relaxed) }
  func cancel() { flag.store(true, ordering: .relaxed) }
}

/// A program under watch: its output is read, its process tree measured, and it is ended with everything it started.
///
/// Belongs to the thread that made it. That thread must have called `Descriptor.ignoreBrokenPipes`.
final class SupervisedProcess {
  /// What `next` came back for.
  enum Event: Equatable {
    /// A line of stdout, without its end; only when lines are asked for.
    case line(String)
    /// The program ended, and all it said was read.
    case exited
    case deadline
    case cancelled
  }

  let child: ChildProcess
  /// When it was started.
  let started: ContinuousClock.Instant
  private(set) var tree = ProcessTree()
  private(set) var meter: ProcessMeter?
  private(set) var errorTail = OutputTail()
  private(set) var outputTail = OutputTail()

  private let cancellation: Cancellation
  private let splitsLines: Bool
  private var output: Descriptor?
  private var errors: Descriptor?
  private var input: Descriptor?
  private var unsent: ArraySlice<UInt8> = []
  private var lines: ArraySlice<String> = []
  private var unfinishedLine: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  /// Starts a program.
  /// - Parameters:
  ///   - program: its path; not searched for.
  ///   - lines: whether stdin is a pipe to send lines by, and stdout is handed on line by line.
  ///   - measured: the file it will write, when it is to be measured from its very start.
  /// - Throws: what the system says.
  init(
    program: String, arguments: [String], environment: [String: String], lines: Bool, measured: String? = nil,
    cancellation: Cancellation
  ) throws(SystemError) {
    self.cancellation = cancellation
    splitsLines = lines
    let (output, childOutput) = try Descriptor.pipe()
    let (errors, childErrors) = try Descriptor.pipe()
    let inputPipe = lines ? try Descriptor.pipe() : nil
    for ours in [output, errors, inputPipe?.writing] { ours?.setNonBlocking() }
    (self.output, self.errors, input) = (output, errors, inputPipe?.writing)

    var environment = environment
    environment[ProcessTree.markName] = tree.mark
    started = .now
    child = try ChildProcess(
      path: program, arguments: arguments, environment: environment, input: inputPipe?.reading, output: childOutput,
      errors: childErrors)
    tree.adopt(child.id)
    if let measured { meter = ProcessMeter(output: measured, started: started) }
  }

  /// Begins to measure what the running program does for one line.
  func beginMeasuring(output: String) {
    tree.scan()
    tree.forgetPeaks()
    meter = ProcessMeter(output: output, started: .now, cpuBefore: tree.cpuSeconds)
  }

  /// Looks now.
  func measureNow() { meter?.sample(&tree) }

  /// Ends measuring.
  /// - Returns: the meter, after a last look.
  func endMeasuring() -> ProcessMeter? {
    measureNow()
    defer { meter = nil }
    return meter
  }

  /// Sends a line, as far as it goes; the rest follows during `next`.
  func send(_ line: String) { unsent += Array("\(line)\n".utf8) }

  /// Says that nothing more will be sent.
  func closeInput() { input = nil }

  /// Reads and measures until something happened.
  func next(before deadline: ContinuousClock.Instant) -> Event {
    while true {
      if cancellation.isCancelled { return .cancelled }
      // Asked before reading: what was said before the end is there to be read then.
      let hasEnded = child.ended != nil
      drain()
      if let line = lines.popFirst() { return .line(line) }
      if hasEnded { return .exited }
      let now = ContinuousClock.now
      if now >= deadline { return .deadline }
      if let due = meter?.due, now >= due { measureNow() }
      flush()
      let wake = min(deadline, meter?.due ?? deadline, now + .milliseconds(100))
      // Rounded up: a wait of zero would spin.
      let milliseconds = Int32(max(0, (wake - .now).seconds * 1000).rounded(.up))
      Descriptor.wait(
        reading: [output, errors, child.exitSignal].compactMap { $0 }, writing: unsent.isEmpty ? nil : input,
        milliseconds: milliseconds)
    }
  }

  /// Ends whatever still runs of the tree: TERM, and KILL for what is there when the grace is over.
  /// - Returns: how many processes besides the program itself were running.
  func endTree(grace: Duration) -> Int {
    tree.scan()
    let others = tree.running.filter { $0 != child.id }.count
    // Nothing known of a program that runs: no /proc to see it in.
    if tree.members.isEmpty, child.ended == nil { child.signalGroup(SIGTERM) }
    // To each once, as a second TERM makes some programs leave without tidying up; what is stopped has to go on to
    // hear it.
    tree.signal(SIGTERM)
    tree.signal(SIGCONT)
    if waitForEnd(.now + grace) { return others }
    let limit = ContinuousClock.now + .seconds(5)
    while ContinuousClock.now < limit {
      child.signalGroup(SIGKILL)
      tree.signal(SIGKILL)
      if waitForEnd(.now + .milliseconds(50)) { break }
    }
    return others
  }

  /// Takes note of the end; nil for a program that even KILL did not end (one that waits for a dead disk or network).
  func reap() -> ChildProcess.Ending? { child.ended == nil ? nil : child.reap() }

  private func waitForEnd(_ limit: ContinuousClock.Instant) -> Bool {
    while true {
      drain()
      tree.scan()
      if tree.running.isEmpty && child.ended != nil { return true }
      if ContinuousClock.now >= limit { return false }
      Descriptor.wait(reading: [], writing: nil, milliseconds: 2)
    }
  }

  private func drain() {
    func read(_ descriptor: inout Descriptor?, _ body: (ArraySlice<UInt8>) -> Void) {
      // Bounded: a program that never stops talking must not keep us from its deadline.
      for _ in 0..<16 {
        switch descriptor?.read(into: &buffer) {
        case .bytes(let count): body(buffer[..<count])
        case .ended: descriptor = nil
        case .nothingYet, nil: return
        }
      }
    }
    read(&errors) { errorTail.append($0) }
    read(&output) { splitsLines ? split($0) : outputTail.append($0) }
  }

  private func split(_ bytes: ArraySlice<UInt8>) {
    outputTail.append(bytes)
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        lines.append(String(decoding: unfinishedLine, as: UTF8.self))
        unfinishedLine = []
      } else if unfinishedLine.count < 1 << 20 {
        unfinishedLine.append(byte)
      }
    }
  }

  private func flush() {
    guard !unsent.isEmpty, let input else { return }
    // Nobody reads any more: the program's end will be noticed for itself.
    unsent = input.write(unsent).map { unsent.dropFirst($0) } ?? []
  }
}

extension Duration {
  /// In seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
