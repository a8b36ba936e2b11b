// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import Synthesis
import Testing

@Suite struct SynthesisJobTests {
  let shop: Workshop
  init() throws { shop = try Workshop() }

  @Test func aGoodTTSGivesSoundsAndFigures() async throws {
    let settings = try shop.settings(#"cp "$here/good.wav" "$2""#)
    let result = try await SynthesisJob(texts: try texts("a|one", "b|two", "c|three"), settings: settings).run()
    #expect(result.isComplete && result.kept == 0 && result.folders == [""])
    #expect(result.rows.map(\.id) == ["a", "b", "c"] && shop.outputs == ["a.wav", "b.wav", "c.wav"])
    for row in result.rows {
      let audio = try #require(row.audio)
      let speed = try #require(row.speed)
      #expect(row.failure == nil && row.said == nil && row.attempts == 1 && row.path == "\(row.id).wav")
      #expect(audio.seconds == 0.5 && audio.sampleRate == 16_000 && audio.channels == 1 && !audio.isSilent)
      #expect(try audio.sha256 == AudioFile.digest(shop.good))
      #expect(speed.wallSeconds > 0 && speed.cpuSeconds > 0 && speed.wallSeconds < 60)
      #expect(speed.realTimeFactor == speed.wallSeconds / 0.5)
      #expect(speed.latencySeconds > 0 && speed.latencySeconds <= speed.wallSeconds)
      #expect(speed.memoryAfterBytes == nil && speed.gpus.isEmpty)
    }
  }

  static let failures: [(body: String, failure: SynthesisFailure, said: String?)] = [
    ("echo on stdout; echo why >&2; exit 3", SynthesisFailure.exited(code: 3), "why"),
    ("echo on stdout; exit 1", .exited(code: 1), "on stdout"), ("kill -SEGV $$", .signalled(11), nil),
    ("exit 0", .wroteNothing, nil), (#": >"$2""#, .empty, nil),
    (#"head -c 44 "$here/good.wav" >"$2""#, .unreadable("truncated: 0 of 8000 frames"), nil),
    (#"echo hello there >"$2""#, .unreadable("not audio: text"), nil),
    (#"cp "$here/good.wav" "$2"; exit 9"#, .exited(code: 9), nil),
    (#"mkdir "$2""#, .unreadable("not a regular file but a folder"), nil),
    (#"ln -s "$here/good.wav" "$2""#, .unreadable("a symbolic link, no file of its own"), nil),
  ]

  @Test(arguments: failures)
  func everyFailureIsARowWithItsReason(_ body: String, _ failure: SynthesisFailure, _ said: String?) async throws {
    let rows = try await SynthesisJob(texts: try texts("a|one"), settings: try shop.settings(body)).rows()
    let row = try #require(rows.first)
    #expect(row.failure == failure && row.said == said && row.audio == nil && row.path == nil)
    #expect(row.speed != nil && row.speed?.realTimeFactor == nil)
    #expect(shop.outputs.isEmpty)
    #expect(FileManager.default.fileExists(atPath: shop.good))
  }

  @Test func silenceIsMarked() async throws {
    let settings = try shop.settings(#"cp "$here/silent.wav" "$2""#)
    let rows = try await SynthesisJob(texts: try texts("a|one"), settings: settings).rows()
    #expect(rows[0].audio?.isSilent == true && rows[0].failure == nil)
  }

  @Test func oneThatHangsIsEndedAndTheNextGoesOn() async throws {
    var settings = try shop.settings(
      #"[ "$1" = hang ] && { echo stuck >&2; sleep 300; }; cp "$here/good.wav" "$2""#)
    settings.timeout = 1
    let rows = try await SynthesisJob(texts: try texts("a|hang", "b|go"), settings: settings).rows()
    #expect(rows[0].failure == .timedOut(seconds: 1) && rows[0].said == "stuck")
    #expect((rows[0].speed?.wallSeconds ?? 0) >= 1 && (rows[0].speed?.wallSeconds ?? 99) < 60)
    #expect(rows[1].failure == nil)
  }

  @Test func oneThatIgnoresTERMIsKilled() async throws {
    var settings = try shop.settings(#"trap '' TERM HUP INT; echo $$ >"$here/pid"; while :; do sleep 1; done"#)
    settings.timeout = 1
    settings.grace = 0.2
    let rows = try await SynthesisJob(texts: try texts("a|x"), settings: settings).rows()
    #expect(rows[0].failure == .timedOut(seconds: 1) && shop.runs("pid") == false)
  }

  @Test func muchTalkIsNoTrouble() async throws {
    let settings = try shop.settings(
      "head -c 5000000 /dev/zero | tr '\\0' x; head -c 20000000 /dev/zero | tr '\\0' é >&2; echo THE END >&2; exit 1")
    let rows = try await SynthesisJob(texts: try texts("a|x"), settings: settings).rows()
    let said = try #require(rows[0].said)
    #expect(rows[0].failure == .exited(code: 1) && said.hasSuffix("THE END") && said.utf8.count <= 3 * 4096)
  }

  @Test func aRetryMayHelp() async throws {
    var settings = try shop.settings(
      #"[ -e "$here/once" ] || { : >"$here/once"; exit 5; }; cp "$here/good.wav" "$2""#)
    settings.retries = 2
    let rows = try await SynthesisJob(texts: try texts("a|x", "b|y"), settings: settings).rows()
    #expect(rows[0].attempts == 2 && rows[0].earlierFailures == [.exited(code: 5)] && rows[0].audio != nil)
    #expect(rows[1].attempts == 1 && rows[1].earlierFailures.isEmpty)
  }

  @Test func retriesEnd() async throws {
    var settings = try shop.settings(#"echo x >>"$here/count"; exit 5"#)
    settings.retries = 2
    let rows = try await SynthesisJob(texts: try texts("a|x"), settings: settings).rows()
    #expect(rows[0].attempts == 3 && rows[0].failure == .exited(code: 5) && shop.text("count") == "x\nx\nx\n")
  }

  @Test func takesHaveFoldersAndSeedsOfTheirOwn() async throws {
    var settings = try shop.settings(#"echo "$3 $2" >>"$here/seeds"; cp "$here/good.wav" "$2""#)
    settings.takes = 3
    settings.seed = 41
    let result = try await SynthesisJob(texts: try texts("a|x", "b|y"), settings: settings).run()
    #expect(result.folders == ["take1", "take2", "take3"] && result.rows.count == 6)
    let files = ["take1/a.wav", "take1/b.wav", "take2/a.wav", "take2/b.wav", "take3/a.wav", "take3/b.wav"]
    #expect(result.rows.map(\.path) == files && shop.outputs.filter { $0.hasSuffix("wav") } == files)
    #expect(result.rows.map(\.seed) == [41, 41, 42, 42, 43, 43] && result.rows.map(\.take) == [1, 1, 2, 2, 3, 3])
    #expect(shop.text("seeds")?.split(separator: "\n").map { $0.prefix(2) } == ["41", "41", "42", "42", "43", "43"])
  }

  @Test func lanesShareTheWork() async throws {
    var settings = try shop.settings(#"cp "$here/good.wav" "$2""#)
    settings.jobs = 4
    let lines = (1...20).map { "text \($0)" }.joined(separator: "\n")
    let result = try await SynthesisJob(texts: try TextList(bytes: Array(lines.utf8)), settings: settings).run()
    #expect(result.rows.map(\.id) == (1...20).map { $0 < 10 ? "0\($0)" : "\($0)" })
    #expect(result.rows.allSatisfy { $0.failure == nil && (0..<4).contains($0.lane) })
  }

  @Test func aProgramThatIsNotThereEndsTheRunBeforeItBegins() async throws {
    let job = SynthesisJob(
      texts: try texts("a|x"), settings: shop.settings(try CommandTemplate("no-such-tts {text} {out}")))
    await #expect(throws: SynthesisError.programNotFound("no-such-tts")) { try await job.run() }
    #expect(shop.outputs.isEmpty)
  }

  @Test func settingsThatMakeNoSenseAreRefused() async throws {
    let good = try shop.settings("exit 0")
    let changes: [(inout SynthesisSettings) -> Void] = [
      { $0.takes = 0 }, { $0.jobs = 0 }, { $0.retries = -1 }, { $0.timeout = 0 }, { $0.timeout = .nan },
      { $0.startTimeout = .infinity }, { $0.seed = .max }, { $0.fileExtension = "txt" },
    ]
    for change in changes {
      var settings = good
      change(&settings)
      await #expect(throws: SynthesisError.self) {
        try await SynthesisJob(texts: try texts("a|x"), settings: settings).run()
      }
    }
  }
}
