// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Glibc

/// A program and all that it started, as `/proc` shows it.
///
/// Whose child a process is, `/proc` only tells while the parent lives: a daemon's parent is gone by design. So a
/// process belongs here when its parent, process group or session does, when it did at an earlier look, or when its
/// environment holds the mark that the program was started with, and which children inherit. What escapes: a process
/// that leaves the session, loses its parent and clears its environment, all between two looks.
///
/// Processes that were there before the program are never looked at, others' only once: a look costs a listing of
/// `/proc` and the members' own files. A machine that hides `/proc` or has none yields a tree of nothing.
struct ProcessTree {
  /// The variable whose value marks the program's descendants.
  static let markName = "TTSEVAL_PROCESS"

  /// One process.
  struct Member: Equatable {
    /// Clock ticks after boot; with the number, which is used again some day, it names a process for good.
    let start: UInt64
    var isZombie = false
    /// Its own processor time and that of children it waited for, clock ticks.
    var cpuTicks = 0
    var residentBytes = 0
    fileprivate var parent: pid_t = 0
    fileprivate var isBlocked = false
    /// Where the kernel put the stack: by chance at each start of a program, so that only copies have the same.
    fileprivate var stack = ""
  }

  private(set) var members: [pid_t: Member] = [:]
  private var foreign: Set<pid_t>
  private var root: pid_t = -1
  let mark: String

  private static let pageSize = sysconf(Int32(_SC_PAGESIZE))
  private static let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))

  /// To be made before the program is started.
  init() {
    mark = UUID().uuidString
    foreign = Set(Self.listing())
  }

  /// The program, as soon as it is started.
  mutating func adopt(_ root: pid_t) {
    self.root = root
    foreign.remove(root)
  }

  /// Members that run.
  var running: [pid_t] { members.filter { !$0.value.isZombie }.keys.sorted() }

  /// Processor time of all members and of the children they waited for, seconds. Of a hundredth's resolution.
  var cpuSeconds: Double { Double(members.values.reduce(0) { $0 + $1.cpuTicks }) / Self.ticksPerSecond }

  /// The same without the program itself.
  var cpuSecondsOfOthers: Double {
    Double(members.reduce(0) { $0 + ($1.key == root ? 0 : $1.value.cpuTicks) }) / Self.ticksPerSecond
  }

  /// Looks again.
  mutating func scan() {
    let present = Self.listing()
    foreign.formIntersection(present)
    var states: [pid_t: Status] = [:]
    for id in present where !foreign.contains(id) { states[id] = Status(id) }

    var found: [pid_t: Member] = [:]
    for (id, state) in states where id == root || members[id]?.start == state.start { found[id] = state.member }
    var grew = true
    while grew {
      grew = false
      for (id, state) in states where found[id] == nil {
        guard found[state.parent] != nil || state.group == root || state.session == root else { continue }
        found[id] = state.member
        grew = true
      }
    }
    for (id, state) in states where found[id] == nil {
      switch hasMark(id) {
      case true?: found[id] = state.member
      case false?: foreign.insert(id)
      case nil: break
      }
    }
    members = found
  }

  /// Bytes held by the running members: of a single one its resident set; of several their proportional set sizes,
  /// which count a page that n processes share as an nth of it in each (a model loaded before a fork would count
  /// twice otherwise), or the resident set where that is not to be read.
  func memory() -> Int {
    let running = members.filter { !$0.value.isZombie && !isBorrowing($0.value) }
    guard running.count > 1 else { return running.first?.value.residentBytes ?? 0 }
    return running.reduce(0) { sum, member in
      let shared = Self.kilobytes("Pss:", in: "/proc/\(member.key)/smaps_rollup").map { $0 << 10 }
      return sum + (shared ?? member.value.residentBytes)
    }
  }

  /// Whether a process lives in its parent's memory: with `vfork`, from the moment it is made until it starts its
  /// program. The parent sleeps meanwhile. Python starts programs so, and gigabytes would count twice if a look fell
  /// into that millisecond.
  private func isBorrowing(_ member: Member) -> Bool {
    guard let parent = members[member.parent], parent.isBlocked, parent.stack == member.stack else { return false }
    return abs(parent.residentBytes - member.residentBytes) <= 1 << 18
  }

  /// The most that any one running member ever held, or held since `forgetPeaks`; the kernel keeps it, no look can
  /// miss it.
  func greatestPeak() -> Int {
    running.compactMap { Self.kilobytes("VmHWM:", in: "/proc/\($0)/status") }.max().map { $0 << 10 } ?? 0
  }

  /// Lets the kernel's peaks begin anew (proc(5): clear_refs).
  func forgetPeaks() {
    for id in running { Descriptor.put("5", into: "/proc/\(id)/clear_refs") }
  }

  /// Sends a signal to every running member, one by one, if the number still stands for the process that was seen.
  func signal(_ signal: Int32) {
    for id in running where Status(id)?.start == members[id]?.start { ChildProcess.signal(id, signal) }
  }

  /// Nil where the environment is empty: for a moment it is when a process starts a program, and the next look will tell.
  private func hasMark(_ id: pid_t) -> Bool? {
    guard let environment = Descriptor.content("/proc/\(id)/environ", limit: 1 << 22) else { return false }
    guard !environment.isEmpty else { return nil }
    let wanted = Array("\(Self.markName)=\(mark)".utf8)
    return environment.split(separator: 0).contains { $0.elementsEqual(wanted) }
  }

  private static func listing() -> [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var ids: [pid_t] = []
    while let entry = readdir(folder) {
      // The name's first byte is enough to pass over the many files that are no processes.
      guard (48...57).contains(entry.pointee.d_name.0) else { continue }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { atoi($0) }
      }
      ids.append(name)
    }
    return ids
  }

  private static func kilobytes(_ key: String, in path: String) -> Int? {
    guard let content = Descriptor.content(path) else { return nil }
    for line in content.split(separator: UInt8(ascii: "\n")) where line.starts(with: key.utf8) {
      return Int(String(decoding: line.filter { (48...57).contains($0) }, as: UTF8.self))
    }
    return nil
  }

  /// What `/proc/N/stat` says (proc(5)).
  private struct Status {
    let parent: pid_t
    let group: pid_t
    let session: pid_t
    let start: UInt64
    let member: Member

    init?(_ id: pid_t) {
      // The second field is the program's name in parentheses and may hold anything, parentheses too.
      guard let content = Descriptor.content("/proc/\(id)/stat"), let end = content.lastIndex(of: UInt8(ascii: ")"))
      else { return nil }
      let fields = content[(end + 1)...].split(separator: UInt8(ascii: " "))
      guard fields.count > 21 else { return nil }
      // Numbered from the third on, as in the manual: 3 state, 4 parent, …
      func number(_ index: Int) -> Int { Int(String(decoding: fields[index - 3], as: UTF8.self)) ?? 0 }
      parent = pid_t(number(4))
      group = pid_t(number(5))
      session = pid_t(number(6))
      start = UInt64(number(22))
      let state = fields[0].first
      member = Member(
        start: start, isZombie: state == UInt8(ascii: "Z") || state == UInt8(ascii: "X"),
        cpuTicks: number(14) + number(15) + number(16) + number(17), residentBytes: number(24) * ProcessTree.pageSize,
        parent: parent, isBlocked: state == UInt8(ascii: "D"),
        stack: fields.count > 25 ? String(decoding: fields[25], as: UTF8.self) : "")
    }
  }
}
