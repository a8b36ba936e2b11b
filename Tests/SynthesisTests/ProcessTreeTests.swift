// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Glibc
import Synthesis
import Testing

/// What a TTS starts and leaves behind, and what it is given.
@Suite(.serialized) struct ProcessTreeTests {
  let shop: Workshop
  init() throws { shop = try Workshop() }

  func row(_ body: String, _ change: (inout SynthesisSettings) -> Void = { _ in }) async throws -> SynthesisRow {
    var settings = try shop.settings(body)
    // The command stays the same while the script changes.
    settings.resumes = false
    change(&settings)
    return try #require(try await SynthesisJob(texts: try texts("a|one"), settings: settings).rows().first)
  }

  @Test func memoryOfChildrenCounts() async throws {
    // tail keeps a line until it ends: 200 MB of it, for long enough to be seen on a busy machine.
    let row = try await row(
      #"sh -c '(head -c 200000000 /dev/zero; sleep 1) | tail >/dev/null'; cp "$here/good.wav" "$2""#)
    let peak = try #require(row.speed?.peakMemoryBytes)
    #expect(row.failure == nil && peak > 190_000_000 && peak < 450_000_000)
  }

  @Test func severalChildrenAddUp() async throws {
    // The pipes stay open for a while after the 60 MB each, so that all hold theirs at the same time.
    let row = try await row(
      """
      for n in 1 2 3; do (head -c 60000000 /dev/zero; sleep 1.5) | tail -c 60000000 >/dev/null & done
      wait; cp "$here/good.wav" "$2"
      """)
    let peak = try #require(row.speed?.peakMemoryBytes)
    #expect(row.failure == nil && peak > 170_000_000 && peak < 450_000_000)
  }

  @Test func ourOwnMemoryDoesNotCount() async throws {
    // A program that is started by vfork inherits what its starter once held, as far as the kernel's figure goes.
    let ours = [UInt8](repeating: 1, count: 300_000_000)
    for _ in 1...5 {
      let row = try await row(#"cp "$here/good.wav" "$2""#)
      #expect((row.speed?.peakMemoryBytes ?? 0) < 30_000_000)
    }
    #expect(ours.last == 1)
  }

  @Test func sharedMemoryCountsOnce() async throws {
    // A shell with a string of 60 MB, and three copies of it, which share its pages until somebody writes.
    let row = try await row(
      """
      big=$(head -c 60000000 /dev/zero | tr '\\0' x)
      echo begin >"$here/begun"; (sleep 1; :) & (sleep 1; :) & (sleep 1; :) & wait
      cp "$here/good.wav" "$2"
      """)
    let peak = try #require(row.speed?.peakMemoryBytes)
    #expect(row.failure == nil && shop.exists("begun") && peak > 60_000_000 && peak < 200_000_000)
  }

  @Test func processorTimeOfChildrenCounts() async throws {
    let work = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"
    let waited = try await row("sh -c '\(work)'; cp \"$here/good.wav\" \"$2\"")
    #expect((waited.speed?.cpuSeconds ?? 0) > 0.02)
    // Left running: what it had used by then is seen too.
    let left = try await row("(while :; do :; done) & sleep 1; cp \"$here/good.wav\" \"$2\"")
    #expect((left.speed?.cpuSeconds ?? 0) > 0.1)
    #expect(left.leftBehind == 1 && left.failure == nil, "\(left)")
  }

  @Test(arguments: [
    // In the background of the shell's own group.
    #"(echo $PPID >/dev/null; sh -c 'echo $$ >"$0"; exec sleep 300' "$here/pid") & while [ ! -s "$here/pid" ]; do sleep 0.01; done"#,
    // A daemon: session of its own, parent gone, pipes held open.
    #"(setsid sh -c 'echo $$ >"$0"; exec sleep 300' "$here/pid" &); while [ ! -s "$here/pid" ]; do sleep 0.01; done"#,
    // One that does not listen.
    #"(setsid sh -c 'trap "" TERM; echo $$ >"$0"; while :; do sleep 1; done' "$here/pid" &); while [ ! -s "$here/pid" ]; do sleep 0.01; done"#,
    // One without the environment's mark, seen while its parent lived.
    #"env -i setsid sh -c 'echo $$ >"$0"; exec sleep 300' "$here/pid" & while [ ! -s "$here/pid" ]; do sleep 0.01; done; sleep 0.5"#,
  ])
  func whatIsLeftBehindIsEnded(_ body: String) async throws {
    let row = try await row(body + #"; cp "$here/good.wav" "$2""#) { $0.grace = 0.3 }
    #expect(row.failure == nil && row.leftBehind >= 1 && row.audio != nil)
    #expect(shop.runs("pid") == false)
  }

  @Test func aTimeoutEndsTheWholeTree() async throws {
    let row = try await row(
      """
      sh -c 'echo $$ >"$0"; exec sleep 300' "$here/child" &
      (setsid sh -c 'echo $$ >"$0"; exec sleep 300' "$here/daemon" &)
      sleep 300
      """
    ) { $0.timeout = 1.5 }
    #expect(row.failure == .timedOut(seconds: 1.5))
    #expect(shop.runs("child") == false && shop.runs("daemon") == false)
  }

  @Test func oneThatStopsItselfIsEnded() async throws {
    let row = try await row(#"echo $$ >"$here/pid"; kill -STOP $$"#) { $0.timeout = 1 }
    #expect(row.failure == .timedOut(seconds: 1) && shop.runs("pid") == false)
  }

  @Test func aDaemonThatMakesTheFileIsTooLate() async throws {
    let row = try await row(#"(setsid sh -c 'sleep 5; cp "$0" "$1"' "$here/good.wav" "$2" &)"#)
    #expect(row.failure == .wroteNothing && shop.outputs.isEmpty)
  }

  @Test func nothingOfOursIsHandedOn() async throws {
    // A descriptor that children would inherit, and a signal that is ignored here.
    let open = fcntl(0, F_DUPFD, 200)
    let before = signal(SIGHUP, SIG_IGN)
    defer {
      close(open)
      signal(SIGHUP, before)
    }
    try #require(open >= 200)
    let row = try await row(
      """
      [ ! -e /proc/$$/fd/\(open) ] || exit 1
      if read line; then exit 2; fi
      grep -q '^SigIgn:.*[02468ace]$' /proc/self/status || exit 3
      set -- "$2" $(cat /proc/$$/stat)
      [ "$6" = $$ ] && [ "$7" = $$ ] || exit 4
      pwd >"$here/cwd"; cp "$here/good.wav" "$1"
      """)
    #expect(row.failure == nil)
    #expect(shop.text("cwd") == FileManager.default.currentDirectoryPath + "\n")
  }
}
