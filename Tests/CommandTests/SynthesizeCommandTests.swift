// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite struct SynthesizeCommandTests {
  let ttseval: CommandLine

  init() throws {
    ttseval = try CommandLine()
    for seed in 1...3 {
      try ttseval.speech("ref/u\(seed).wav", seed: seed)
      try ttseval.speech("voice/u\(seed).wav", seed: seed) { $1 + 0.01 * sin(Double($0) / 3) }
    }
    try ttseval.write(Data("u1|one\nu2|two\nu3|three\n".utf8), "texts.txt")
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func scoresAndSpeedStandInOneRun() throws {
    let output = try ttseval(
      "synthesize", "--command", "cp voice/{id}.wav {out} {text}", "texts.txt", "out", "--shell", "--reference", "ref")
    // cp is given one file too many: every line fails, and there is nothing to score.
    #expect(output.status == 3 && output.stderr.contains("u1, take 1: ended with exit code 1"), "\(output)")
    let arguments = [
      "synthesize", "--command", "sh -c 'cp voice/$1.wav \"$0\"' {out} {id} {text}", "texts.txt", "out",
      "--reference", "ref", "--compare", "--metrics lsd", "--format", "json", "--label", "l", "--db", "s.sqlite",
    ]
    let scored = try ttseval(arguments)
    #expect(scored.status == 0, "\(scored)")
    let systems = try #require(try json(scored.stdout)["systems"] as? [[String: Any]])
    let utterances = try #require(systems.first?["utterances"] as? [[String: Any]])
    #expect(utterances.count == 3)
    for utterance in utterances {
      let speed = try #require(utterance["speed"] as? [String: Any])
      #expect((speed["wallSeconds"] as? Double ?? 0) > 0 && (speed["rtf"] as? Double ?? 0) > 0)
    }
    // What was made stays, with its figures, and so do the scores.
    let again = try ttseval(arguments)
    #expect(again.status == 0 && again.stderr.contains("3 of 3 made, 3 of them earlier"), "\(again)")
    let diff = try json(try ttseval("diff", "l", "l", "--db", "s.sqlite", "--format", "json").stdout)
    #expect(((diff["speed"] as? [String: Any])?["rtf"] as? [String: Any])?["ratio"] as? Double == 1)
  }

  @Test func whatFailsIsToldAndTheRestIsKept() throws {
    try FileManager.default.removeItem(atPath: ttseval.folder + "/voice/u2.wav")
    let partly = try ttseval(
      "synthesize", "--command", "sh -c 'cp voice/$1.wav \"$0\"' {out} {id} {text}", "texts.txt", "out2")
    #expect(partly.status == 2, "\(partly)")
    #expect(
      partly.stdout.hasPrefix("2 of 3 made") && partly.stdout.contains("failed: u2, take 1: ended with exit code"))
  }

  @Test func aReferenceThatIsNotThereIsFoundBeforeAnythingIsMade() throws {
    let output = try ttseval(
      "synthesize", "--command", "cp {out} {text}", "texts.txt", "out", "--reference", "nowhere")
    #expect(output.status == 3 && output.stderr.contains("nowhere: no such file or folder"))
    #expect(!FileManager.default.fileExists(atPath: ttseval.folder + "/out"))
  }

  @Test func takesAreSystems() throws {
    let output = try ttseval(
      "synthesize", "--command", "sh -c 'cp voice/$1.wav \"$0\"' {out} {id} {text}", "texts.txt", "out", "--repeat",
      "2", "--reference", "ref", "--compare", "--metrics lsd", "--format", "json")
    let systems = try #require(try json(output.stdout)["systems"] as? [[String: Any]])
    #expect(systems.compactMap { $0["name"] as? String } == ["take1", "take2"])
  }

  @Test(arguments: [
    ["--command", "cp {ou} x"], ["--command", "cp a b"], ["--command", "x {out} {text}", "--label", "l"],
  ])
  func whatCannotWorkIsRefused(_ arguments: [String]) throws {
    let output = try ttseval(["synthesize"] + arguments + ["texts.txt", "out"])
    #expect(output.status == 64)
    #expect(!FileManager.default.fileExists(atPath: ttseval.folder + "/out"))
  }
}
