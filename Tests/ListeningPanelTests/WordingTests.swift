// SPDX-License-Identifier: GPL-3.0-or-later
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
}
