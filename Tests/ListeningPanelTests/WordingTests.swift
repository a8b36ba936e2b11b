// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import ListeningPanel
import Testing

@Suite struct WordingTests {
  private func placeholders(_ text: String) -> Set<String> {
    Set(text.matches(of: /\{[a-z]+\}/).map { String($0.output) })
  }

  @Test(arguments: ["de", "zh"]) func everyLanguageHasWhatEnglishHas(_ language: String) throws {
    let english = try #require(Wording(language: "en"))
    let other = try #require(Wording(language: language))
    #expect(Set(other.texts.keys) == Set(english.texts.keys))
    for (key, text) in english.texts {
      #expect(placeholders(other.texts[key] ?? "") == placeholders(text), "\(key)")
    }
    #expect(Set(other.scales.keys) == Set(english.scales.keys))
    for (name, scale) in english.scales {
      let same = try #require(other.scales[name])
      #expect(same.method == scale.method && same.steps.map(\.value) == scale.steps.map(\.value), "\(name)")
      #expect(Set(same.steps.map(\.label)).count == same.steps.count && same.question != scale.question, "\(name)")
    }
  }

  @Test func aLanguageThatLacksAPhraseIsRefused() throws {
    let text = "language: x\ntexts: {trial: a}\nscales: {}\n"
    #expect(throws: PanelError.self) { try Wording(yaml: text, path: "x.yaml") }
    #expect(Wording(language: "xx") == nil)
  }

  @Test func standardScalesAreKnownFromOthers() throws {
    let scales = try #require(Wording(language: "en")).scales
    let other = scales.values.filter { !$0.isStandard }.map(\.name).sorted()
    #expect(other == ["p85-acceptance", "preference-or-same"])
  }

  @Test func everyAnswerHasItsOwnKey() throws {
    for scale in try #require(Wording(language: "en")).scales.values where scale.method != .mushra {
      let keys = scale.steps.compactMap { scale.key(of: $0.value) }
      #expect(Set(keys).count == scale.steps.count, "\(scale.name)")
    }
    let comparison = try #require(Wording(language: "en")?.scales["comparison"])
    #expect(comparison.key(of: 3) == "1" && comparison.key(of: -3) == "7")
  }

  /// Another language is a file beside the design; the frozen plan carries its phrases.
  @Test func aLanguageIsAFile() throws {
    let english = try #require(Wording(language: "en"))
    var lines = ["language: Pirate", "texts:"]
    for (key, text) in english.texts { lines.append("  \(key): \"Arr! \(text.replacing("\"", with: ""))\"") }
    lines += ["scales:", "  naturalness:", "    method: acr", "    question: How salty?"]
    lines += ["    steps: [{5: Aye}, {4: Yo}, {3: Ho}, {2: Nay}, {1: Plank}]", ""]
    let studio = try Studio()
    let path = "\(studio.folder)/pirate.yaml"
    #expect(
      throws: PanelError.settings(
        .init(path: "\(studio.folder)/design.yaml", line: 3, reason: "no file \(path) for the language"))
    ) { try studio.plan("language: pirate.yaml\n") }
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    let plan = try PanelPlan(frozen: studio.plan("language: pirate.yaml\ntraining: 0\n").frozen())
    #expect(plan.language == "Pirate" && plan.scale.question == "How salty?")
    var bench = try Bench(plan)
    #expect(bench.text.contains("Arr! Do you agree"))
    bench.enterTrials()
    #expect(bench.text.contains("5 Aye") && bench.text.contains("Arr! Trial 1 of 4"))
    // A plan that was frozen before a phrase came about says it in English.
    let old = try PanelPlan(frozen: frozen(plan, without: "unknown-key"))
    var earlier = try Bench(old)
    earlier.press("x")
    #expect(earlier.text.contains("\nThat key does nothing here."))
  }

  private func frozen(_ plan: PanelPlan, without phrase: String) throws -> String {
    let text = plan.canonicalJSON()
    let entry = try #require(text.firstMatch(of: try Regex("\"\(phrase)\":\"[^\"]*\",")))
    let less = text.replacing(entry.output[0].substring ?? "", with: "")
    return "{\"plan\":\(less),\"sha256\":\"\(SHA256Digest.hex(of: less))\"}"
  }
}
