// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// `compare --baseline`, `diff`, `hardware` and `merge` on one small corpus.
@Suite struct GateCommandTests {
  let ttseval: CommandLine
  private let metrics = ["--metrics", "estoi,lsd", "--quiet"]

  init() throws {
    ttseval = try CommandLine()
    for seed in 1...8 {
      try ttseval.speech("ref/u\(seed).wav", seed: seed)
      func noise(_ n: Int) -> Double { Double((n * n % 7919 + n * (seed + 37)) % 1009) / 504.5 - 1 }
      try ttseval.speech("good/u\(seed).wav", seed: seed) { $1 + 0.0005 * noise($0) }
      try ttseval.speech("bad/u\(seed).wav", seed: seed) { $1 + 0.1 * noise($0) }
    }
  }

  private func compare(_ folder: String, _ more: String...) throws -> CommandLine.Output {
    try ttseval(["compare", "ref", folder] + metrics + more)
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func anUnchangedRunPassesAndADegradedOneFails() throws {
    #expect(try compare("good", "--label", "main").status == 0)
    #expect(try ttseval("runs", "tag", "main", "release").status == 0)
    let gate = ["--baseline", "tag:release", "--fail-on", "regressed,failed"]
    let same = try ttseval(["compare", "ref", "good"] + metrics + gate)
    #expect(same.status == 0 && same.stdout.contains("identical  "), "\(same)")
    let worse = try ttseval(["compare", "ref", "bad"] + metrics + gate)
    #expect(worse.status == 1 && worse.stdout.contains("regressed  "), "\(worse)")
    #expect(worse.stdout.contains("estoi 0.") && worse.stdout.contains("bad/u"))
    // Without --fail-on the same verdict ends with 0.
    #expect(try compare("bad", "--baseline", "tag:release").status == 0)
    let other = try ttseval(["compare", "ref", "good", "--rate", "8000"] + metrics + gate)
    #expect(other.status == 3 && other.stdout.contains("fs: "), "\(other)")
    #expect(try compare("good", "--baseline", "nobody").status == 3)
  }

  @Test func diffTellsTheSameInEveryFormat() throws {
    for (folder, label) in [("good", "a"), ("bad", "b")] {
      #expect(try compare(folder, "--label", label).status == 0)
    }
    let table = try ttseval("diff", "a", "b")
    #expect(table.status == 0 && table.stdout.hasPrefix("regressed  b ("), "\(table)")
    let document = try json(try ttseval("diff", "a", "b", "--format", "json").stdout)
    #expect(document["verdict"] as? String == "regressed" && document["audioIdentical"] as? Int == 0)
    let estoi = try #require((document["metrics"] as? [String: Any])?["estoi"] as? [String: Any])
    #expect(estoi["n"] as? Int == 8 && estoi["losses"] as? Int == 8 && estoi["test"] as? String == "exact")
    #expect(estoi["p"] as? Double == 2.0 / 256)
    #expect((estoi["worst"] as? [[String: Any]])?.count == 5)
    let markdown = try ttseval("diff", "a", "b", "--format", "markdown").stdout
    #expect(markdown.hasPrefix("**regressed**: b (") && markdown.contains("| estoi ↑ |"))
    #expect(try ttseval("diff", "a", "b", "--fail-on", "regressed").status == 1)
    #expect(try ttseval("diff", "b", "a", "--fail-on", "regressed").status == 0)
    #expect(try ttseval("diff", "a", "none").status == 3)
  }

  @Test func rulesComeFromTheFile() throws {
    try ttseval.write(
      Data("gate:\n  limits: {estoi: 0.7}\n  fail-on: regressed\n".utf8), "ttseval.yaml")
    let broken = try compare("bad")
    #expect(broken.status == 1 && broken.stderr.contains("beyond the limit of 0.7"), "\(broken)")
    #expect(try compare("good").status == 0)
    try ttseval.write(Data("gate:\n  tolerences: {estoi: 1}\n".utf8), "wrong.yaml")
    // With a baseline the limit holds as well, and beside a failed score it is 1 and not 2.
    try ttseval.write(Data("no sound".utf8), "bad/u9.wav")
    try ttseval.speech("ref/u9.wav", seed: 9)
    #expect(try compare("bad", "--label", "itself").status == 1)
    #expect(try compare("bad", "--baseline", "itself").status == 1)
    let wrong = try compare("good", "--config", "wrong.yaml")
    #expect(wrong.status == 3 && wrong.stderr.contains("wrong.yaml:2: gate has no “tolerences”; did you mean"))
  }

  @Test func machinesAreToldApartByName() throws {
    for (host, folder) in [("laptop", "good"), ("a100", "good"), ("old", "bad")] {
      let arguments = ["compare", "ref", "--system", "tts=\(folder)", "--label", "v1", "--host-name", host]
      #expect(try ttseval(arguments + metrics + ["--db", "\(host).sqlite"]).status == 0)
    }
    let stores = ["laptop.sqlite", "a100.sqlite", "old.sqlite"]
    let merged = try ttseval(["merge"] + stores + ["--into", "all.sqlite"])
    #expect(merged.status == 0 && merged.stdout.hasPrefix("3 runs added"), "\(merged)")
    #expect(try ttseval(["merge"] + stores + ["--into", "all.sqlite"]).stdout.hasPrefix("0 runs added, 0 brought"))
    let document = try json(try ttseval("hardware", "--db", "all.sqlite", "--format", "json").stdout)
    let pairs = try #require(document["pairs"] as? [[String: Any]])
    let verdicts = pairs.map {
      "\($0["a"] as? String ?? "") \($0["b"] as? String ?? "") \($0["verdict"] as? String ?? "")"
    }
    #expect(verdicts == ["a100 laptop identical", "a100 old different", "laptop old different"])
    #expect(try ttseval("hardware", "--db", "all.sqlite").stdout.contains("1  a100"))
    let alone = try ttseval("hardware", "--db", "old.sqlite")
    #expect(alone.status == 3 && alone.stderr.contains("two are needed"))
  }

  @Test func factsAreStoredUnlessNobodyIsToLook() throws {
    let full = try json(try compare("good", "--format", "json").stdout)
    let facts = try #require(full["provenance"] as? [String: [String: String]])
    #expect(facts["library"]?["fftw"]?.hasPrefix("fftw-3") == true && facts["tool"]?["version"] != nil)
    #expect(facts["cpu"]?["model"] == (full["host"] as? [String: Any])?["cpu"] as? String)
    let bare = try json(try compare("good", "--format", "json", "--no-provenance").stdout)
    #expect((bare["provenance"] as? [String: Any])?.isEmpty == true)
  }
}
