// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite struct ExplainCommandTests {
  let ttseval: CommandLine
  init() throws { ttseval = try CommandLine() }

  private struct Document: Decodable {
    struct Alignment: Decodable {
      let `class`: String
      let freeRunning: Bool
    }
    struct Score: Decodable {
      let value: Double?
      let undefined: String?
      let signature: String
    }
    struct Recipe: Decodable {
      let name: String
      let metric: String
      let score: Score
      let difference: String
    }
    struct Group: Decodable {
      let title: String
      let recipes: [Recipe]
    }
    let alignment: Alignment
    let groups: [Group]
  }

  private func explain(_ arguments: String...) throws -> Document {
    let output = try ttseval(["explain"] + arguments + ["--format", "json"])
    #expect(output.status == 0, "\(output.stderr)")
    return try JSONDecoder().decode(Document.self, from: Data(output.stdout.utf8))
  }

  @Test func everyRecipeOfADistanceGivesAnotherNumber() throws {
    try ttseval.speech("ref.wav", seed: 1, sampleRate: 24_000)
    try ttseval.speech("slow.wav", seed: 1, sampleRate: 24_000, seconds: 1.9, tempo: 0.8) {
      $1 + 0.01 * sin(Double($0) / 7)
    }
    let document = try explain("ref.wav", "slow.wav")
    #expect(document.alignment.class == "warp" && document.alignment.freeRunning)
    let recipes = try #require(document.groups.first).recipes
    #expect(recipes.allSatisfy { $0.metric == "mcd" && !$0.difference.isEmpty })
    #expect(Set(recipes.map(\.score.signature)).count == recipes.count)
    let values = recipes.compactMap(\.score.value)
    #expect(Set(values).count == values.count && values.count >= 8)
    let undefined = recipes.filter { $0.score.value == nil }.map(\.name)
    #expect(undefined == ["delay", "versa-plain"])
  }

  @Test func aPairInStepIsExplainedInWords() throws {
    try ttseval.pairs()
    #expect(try explain("ref/u1.wav", "syn/u1.wav").alignment.class == "delay")
    let text = try ttseval("explain", "ref/u1.wav", "syn/u1.wav").stdout
    for part in ["in step", "delay, the default here", "pymcd-dtw-sl", "pesq-wb-c2", "stoi, warp", "level 0.0 dB"] {
      #expect(text.contains(part), "\(part) is missing")
    }
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 })
  }

  @Test func whatFailsThroughoutIsNoExplanation() throws {
    try ttseval.speech("ref.wav", seed: 1)
    try ttseval.speech("short.wav", seed: 1, seconds: 0.01)
    #expect(try ttseval("explain", "ref.wav", "short.wav").status == 3)
  }

  @Test(arguments: [["ref", "syn"], ["ref/u1.wav", "none.wav"], ["ref/u1.wav", "text.wav"]])
  func whatCannotBeExplainedIsSaid(arguments: [String]) throws {
    try ttseval.pairs()
    try ttseval.write(Data("no sound".utf8), "text.wav")
    let output = try ttseval(["explain"] + arguments)
    #expect(output.status == 3 && output.stdout == "" && output.stderr.hasPrefix("error: "))
  }
}
