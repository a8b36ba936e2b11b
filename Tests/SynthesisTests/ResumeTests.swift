// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Synchronization
import Synthesis
import Testing

@Suite struct ResumeTests {
  let shop: Workshop
  let list: TextList
  init() throws {
    shop = try Workshop()
    list = try texts("a|one", "b|two", "c|three")
  }

  /// A TTS that counts its calls.
  func settings(_ more: String = "") throws -> SynthesisSettings {
    try shop.settings(#"echo "$4" >>"$here/calls"; \#(more) cp "$here/good.wav" "$2""#)
  }

  var calls: [Substring] { shop.text("calls")?.split(separator: "\n") ?? [] }

  @Test func whatIsThereAndUnchangedIsKept() async throws {
    let first = try await SynthesisJob(texts: list, settings: try settings()).run()
    let seen = Mutex<[String]>([])
    let second = try await SynthesisJob(texts: list, settings: try settings()).run { row in
      seen.withLock { $0.append(row.id) }
    }
    #expect(second.kept == 3 && second.rows == first.rows && second.isComplete)
    #expect(calls == ["a", "b", "c"] && seen.withLock(\.self).isEmpty)
  }

  @Test func whatWasChangedRemovedOrFailedIsMadeAgain() async throws {
    _ = try await SynthesisJob(texts: list, settings: try settings(#"[ "$4" != c ] || exit 1;"#)).run()
    try Data("changed".utf8).write(to: URL(fileURLWithPath: shop.out + "/a.wav"))
    let second = try await SynthesisJob(texts: list, settings: try settings()).run()
    #expect(second.kept == 1 && second.rows.allSatisfy { $0.failure == nil })
    #expect(calls == ["a", "b", "c", "a", "c"])
    try FileManager.default.removeItem(atPath: shop.out + "/b.wav")
    #expect(try await SynthesisJob(texts: list, settings: try settings()).run().kept == 2)
  }

  @Test func anotherTextSeedOrCommandIsMadeAgain() async throws {
    _ = try await SynthesisJob(texts: list, settings: try settings()).run()
    let other = try texts("a|one", "b|TWO", "c|three")
    #expect(try await SynthesisJob(texts: other, settings: try settings()).run().kept == 2)
    var seeded = try settings()
    seeded.seed = 5
    #expect(try await SynthesisJob(texts: other, settings: seeded).run().kept == 0)
    var command = try shop.settings(#"cp "$here/good.wav" "$2""#, arguments: "{text} {out} more {id}")
    #expect(try await SynthesisJob(texts: other, settings: command).run().kept == 0)
    #expect(try await SynthesisJob(texts: other, settings: command).run().kept == 3)
    command.resumes = false
    #expect(try await SynthesisJob(texts: other, settings: command).run().kept == 0)
  }

  /// What a run made is known by its path: another number of takes or another extension means other files.
  @Test func aPathOfAnotherShapeIsNotOurs() async throws {
    var twice = try settings()
    twice.takes = 2
    _ = try await SynthesisJob(texts: list, settings: twice).run()
    try Data("mine".utf8).write(to: URL(fileURLWithPath: shop.out + "/a.wav"))
    await #expect(throws: SynthesisError.wouldOverwrite(shop.out + "/a.wav")) {
      try await SynthesisJob(texts: list, settings: try settings()).run()
    }
    try FileManager.default.removeItem(atPath: shop.out + "/a.wav")
    _ = try await SynthesisJob(texts: list, settings: try settings()).run()
    try Data("mine".utf8).write(to: URL(fileURLWithPath: shop.out + "/b.flac"))
    var failing = try shop.settings("exit 1", arguments: "{text} {out}")
    failing.fileExtension = "flac"
    await #expect(throws: SynthesisError.wouldOverwrite(shop.out + "/b.flac")) {
      try await SynthesisJob(texts: list, settings: failing).run()
    }
    #expect(FileManager.default.contents(atPath: shop.out + "/b.flac") == Data("mine".utf8))
  }

  @Test func anOldSoundDoesNotStandForAFailure() async throws {
    _ = try await SynthesisJob(texts: list, settings: try settings()).run()
    let failing = try shop.settings("exit 1", arguments: "{text} {out}")
    let rows = try await SynthesisJob(texts: list, settings: failing).rows()
    #expect(rows.allSatisfy { $0.failure == .exited(code: 1) } && shop.outputs.isEmpty)
  }

  @Test func somebodyElsesFilesAreLeftAlone() async throws {
    try FileManager.default.createDirectory(atPath: shop.out, withIntermediateDirectories: true)
    let path = shop.out + "/b.wav"
    try FileManager.default.copyItem(atPath: shop.good, toPath: path)
    let job = SynthesisJob(texts: list, settings: try settings())
    await #expect(throws: SynthesisError.wouldOverwrite(path)) { try await job.run() }
    #expect(shop.outputs == ["b.wav"] && calls.isEmpty && !shop.exists("out/synthesis.jsonl"))
  }

  /// Neither is a file that was put beside what we made.
  @Test func aStrangersFileInAFolderOfOursIsLeftAlone() async throws {
    _ = try await SynthesisJob(texts: list, settings: try settings()).run()
    let path = shop.out + "/d.wav"
    try FileManager.default.copyItem(atPath: shop.good, toPath: path)
    let longer = try TextList(bytes: Array("a|one\nd|four\n".utf8))
    await #expect(throws: SynthesisError.wouldOverwrite(path)) {
      try await SynthesisJob(texts: longer, settings: try settings()).run()
    }
    #expect(shop.outputs.contains("d.wav"))
  }

  @Test func aTornLineAndAStaleFileDoNoHarm() async throws {
    _ = try await SynthesisJob(texts: list, settings: try settings()).run()
    let path = shop.out + "/synthesis.jsonl"
    var journal = try Data(contentsOf: URL(fileURLWithPath: path))
    // As a run leaves them that was killed while it wrote c: half a row, half a sound.
    journal.removeLast(40)
    try journal.write(to: URL(fileURLWithPath: path))
    try Data("RIFF".utf8).write(to: URL(fileURLWithPath: shop.out + "/.c.part.wav"))
    let second = try await SynthesisJob(texts: list, settings: try settings()).run()
    #expect(second.kept == 2 && second.isComplete && shop.outputs == ["a.wav", "b.wav", "c.wav"])
    #expect(try await SynthesisJob(texts: list, settings: try settings()).run().kept == 3)
    let content = SynthesisJournal.read(folder: shop.out)
    #expect(content.rows == second.rows && content.headers.count == 3)
  }

  @Test func cancellingLeavesNothingHalfWritten() async throws {
    let running = try shop.settings(
      """
      echo $$ >"$here/pid-$4"; head -c 1000 "$here/good.wav" >"$2"
      [ "$4" = a ] || { : >"$here/begun"; sleep 300; }
      cat "$here/good.wav" >"$2"
      """)
    let job = SynthesisJob(texts: list, settings: running)
    let task = Task { try await job.run() }
    while !shop.exists("begun") { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    let result = try await task.value
    #expect(!result.isComplete && result.rows.map(\.id) == ["a"])
    #expect(shop.outputs == ["a.wav"] && shop.runs("pid-b") == false && shop.text("pid-c") == nil)

    let resumed = try await SynthesisJob(texts: list, settings: try settings()).run()
    #expect(resumed.isComplete && resumed.kept == 1 && calls == ["b", "c"])
  }

  @Test func twoRunsDoNotShareAFolder() async throws {
    let job = SynthesisJob(texts: list, settings: try shop.settings(#": >"$here/begun"; sleep 300"#))
    let task = Task { try await job.run() }
    while !shop.exists("begun") { try await Task.sleep(for: .milliseconds(5)) }
    let second = SynthesisJob(texts: list, settings: try settings())
    await #expect(throws: SynthesisError.inUse(shop.out + "/synthesis.jsonl")) { try await second.run() }
    task.cancel()
    _ = try await task.value
  }

  @Test func theJournalGivesBackWhatWasWritten() async throws {
    var settings = try settings(#"[ "$4" != b ] || { echo why >&2; exit 4; };"#)
    settings.takes = 2
    let result = try await SynthesisJob(texts: list, settings: settings).run()
    let content = SynthesisJournal.read(folder: shop.out)
    #expect(content.rows == result.rows && content.workers.isEmpty && content.headers.count == 1)
    let header = try #require(content.headers.first)
    #expect(header.recipe == settings.recipe && header.takes == 2 && header.utterances == 3 && header.schema == 1)
    let lines = try #require(shop.text("out/synthesis.jsonl")).split(separator: "\n")
    // A line for the run, and two for each take: begun, and what became of it.
    #expect(lines.count == 13 && lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
    #expect(SynthesisJournal.read(folder: "/nowhere").rows.isEmpty)
  }

  @Test func everyFailureSurvivesTheJournal() throws {
    let all: [SynthesisFailure] = [
      .notStarted("a"), .timedOut(seconds: 1.5), .exited(code: 3), .signalled(9), .wroteNothing, .empty,
      .unreadable("b"), .notKept("c"), .refused("d"), .badAnswer("e"),
    ]
    let data = try JSONEncoder().encode(all)
    #expect(try JSONDecoder().decode([SynthesisFailure].self, from: data) == all)
    #expect(Set(all.map(\.kind)).count == all.count && all.allSatisfy { !$0.description.isEmpty })
  }
}
