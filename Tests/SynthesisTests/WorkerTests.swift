// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Synthesis
import Testing

/// Workers in shell script.
enum Worker {
  /// For each line: `$id`, `$out`, `$line`; `good` makes the sound and answers.
  static func loop(_ body: String, before: String = #"echo '{"ready":true}'"#) -> String {
    """
    echo $$ >>"$here/pids"
    good() { cp "$here/good.wav" "$out"; printf '{"id":"%s","ok":true}\\n' "$id"; }
    \(before)
    while IFS= read -r line; do
      id=$(printf %s "$line" | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')
      out=$(printf %s "$line" | sed 's/.*"out":"\\([^"]*\\)".*/\\1/')
      \(body)
    done
    echo closed >>"$here/closed"
    """
  }
}

@Suite struct WorkerTests {
  let shop: Workshop
  init() throws { shop = try Workshop() }

  var starts: Int { shop.text("pids")?.split(separator: "\n").count ?? 0 }

  func run(
    _ body: String, before: String = #"echo '{"ready":true}'"#, lines: [String] = ["a|one", "b|two", "c|three"],
    _ change: (inout SynthesisSettings) -> Void = { _ in }
  ) async throws -> SynthesisResult {
    var settings = try shop.worker(Worker.loop(body, before: before))
    change(&settings)
    let list = try TextList(bytes: Array(lines.joined(separator: "\n").utf8))
    return try await SynthesisJob(texts: list, settings: settings).run()
  }

  @Test func oneProcessMakesAll() async throws {
    let result = try await run("good", before: #"sleep 0.3; echo loading; echo '{"ready":true}'"#)
    #expect(result.rows.allSatisfy { $0.failure == nil && $0.audio?.seconds == 0.5 } && result.rows.count == 3)
    #expect(starts == 1 && shop.text("closed") == "closed\n" && shop.outputs == ["a.wav", "b.wav", "c.wav"])
    let report = try #require(result.workers.first)
    #expect(result.workers.count == 1 && report.lines == 3 && report.saidReady && report.startSeconds >= 0.3)
    #expect((report.firstMemoryBytes ?? 0) > 0 && report.growthBytes != nil)
    for row in result.rows {
      #expect((row.speed?.memoryAfterBytes ?? 0) > 0 && (row.speed?.wallSeconds ?? 0) > 0)
    }
    #expect(SynthesisJournal.read(folder: shop.out).workers == result.workers)
  }

  @Test func eachLaneHasOne() async throws {
    let result = try await run("sleep 0.1; good", lines: (1...8).map { "t\($0)|x" }) { $0.jobs = 2 }
    #expect(result.rows.allSatisfy { $0.failure == nil } && starts == 2)
    #expect(Set(result.workers.map(\.lane)) == [0, 1] && result.workers.map(\.lines).reduce(0, +) == 8)
  }

  @Test func otherLinesAreIgnored() async throws {
    let result = try await run(
      #"echo chatter; echo '{"level":"info"}'; echo '{broken'; echo '[1]'; printf '\377\n'; good"#)
    #expect(result.rows.allSatisfy { $0.failure == nil } && starts == 1)
  }

  @Test func itsRefusalIsTheRowsReasonAndItGoesOn() async throws {
    let result = try await run(
      #"case $id in b) printf '{"id":"b","error":"no such word"}\n';; *) good;; esac"#)
    #expect(result.rows.map(\.failure) == [nil, .refused("no such word"), nil] && starts == 1)
  }

  @Test func oneThatDiesIsReplaced() async throws {
    let result = try await run(#"case $id in b) echo boom >&2; exit 7;; *) good;; esac"#)
    #expect(result.rows.map(\.failure) == [nil, .exited(code: 7), nil] && starts == 2)
    #expect(result.rows[1].said == "boom" && result.workers.map(\.lines) == [2, 1])
  }

  @Test func oneThatIsKilledIsARow() async throws {
    let result = try await run(#"kill -KILL $$"#, lines: ["a|x"])
    #expect(result.rows.map(\.failure) == [.signalled(9)])
  }

  @Test func oneThatHangsIsReplaced() async throws {
    let result = try await run(#"case $id in b) sleep 300;; *) good;; esac"#) { $0.timeout = 2 }
    #expect(result.rows.map(\.failure) == [nil, .timedOut(seconds: 2), nil] && starts == 2)
  }

  @Test(arguments: [
    #"{"id":"a","ok":true}"#, #"{"id":"b"}"#, #"{"id":7,"ok":true}"#, #"{"id":null,"ok":true}"#,
    #"{"id":"b","ok":"yes"}"#,
  ])
  func aWrongAnswerIsARowAndANewWorker(_ answer: String) async throws {
    let result = try await run("case $id in b) echo '\(answer)';; *) good;; esac")
    guard case .badAnswer = result.rows[1].failure else {
      Issue.record("\(result.rows[1])")
      return
    }
    #expect(result.rows[0].failure == nil && result.rows[2].failure == nil && starts == 2)
  }

  @Test func okWithoutAFileIsAFailure() async throws {
    let result = try await run(#"case $id in b) printf '{"id":"b","ok":true}\n';; *) good;; esac"#)
    #expect(result.rows.map(\.failure) == [nil, .wroteNothing, nil] && starts == 1)
  }

  @Test func oneThatNeverSaysReadyIsSentItsLinesAnyway() async throws {
    let result = try await run("good", before: "echo hello") { $0.startTimeout = 0.5 }
    #expect(result.rows.allSatisfy { $0.failure == nil } && starts == 1)
    #expect(result.workers.first?.saidReady == false && (result.workers.first?.startSeconds ?? 0) >= 0.5)
  }

  @Test func oneThatCannotStartIsNotTriedForEver() async throws {
    let result = try await run("good", before: "echo no model >&2; exit 2", lines: (1...6).map { "t\($0)|x" })
    #expect(result.rows.count == 6 && starts == 3)
    #expect(result.rows.first?.failure == .exited(code: 2) && result.rows.first?.said == "no model")
    #expect(result.rows.map { $0.failure?.kind }.suffix(4) == ["exited", "not-started", "not-started", "not-started"])
  }

  @Test func aRetryGetsANewWorker() async throws {
    let result = try await run(#"[ -e "$here/once" ] || { : >"$here/once"; exit 5; }; good"#) { $0.retries = 1 }
    #expect(result.rows[0].attempts == 2 && result.rows[0].earlierFailures == [.exited(code: 5)] && starts == 2)
    #expect(result.rows.allSatisfy { $0.failure == nil })
  }

  @Test func growthShows() async throws {
    // 8 MB more with each line.
    let result = try await run(
      #"kept="$kept$(head -c 8000000 /dev/zero | tr '\0' x)"; good"#, lines: (1...4).map { "t\($0)|x" })
    let growth = try #require(result.workers.first?.growthBytes)
    #expect(growth > 16_000_000 && growth < 200_000_000, "\(result.workers)")
  }

  @Test func oneThatDoesNotLeaveIsEnded() async throws {
    var settings = try shop.worker(Worker.loop("good") + "\ntrap '' TERM\nwhile :; do sleep 1; done")
    settings.grace = 0.3
    let rows = try await SynthesisJob(texts: try texts("a|x"), settings: settings).rows()
    #expect(rows[0].failure == nil && shop.runs("pids") == false)
  }

  @Test func cancellingEndsIt() async throws {
    let settings = try shop.worker(Worker.loop(#": >"$here/begun"; sleep 300"#))
    let job = SynthesisJob(texts: try texts("a|x"), settings: settings)
    let task = Task { try await job.run() }
    while !shop.exists("begun") { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    let result = try await task.value
    #expect(!result.isComplete && result.rows.isEmpty && shop.outputs.isEmpty && shop.runs("pids") == false)
  }

  @Test func aLongLineArrivesWhole() async throws {
    // More than a pipe holds, to a worker that reads late.
    let text = String(repeating: "word ", count: 23_000) + "end"
    let result = try await run("sleep 0.2; case $line in *'word end\"}') good;; esac", lines: ["a|\(text)"])
    #expect(result.rows.map(\.failure) == [nil])
  }
}
