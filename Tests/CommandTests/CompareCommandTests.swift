// SPDX-License-Identifier: GPL-3.0-or-later
import AudioFiles
import Foundation
import Testing

@Suite struct CompareCommandTests {
  let ttseval: CommandLine
  init() throws { ttseval = try CommandLine() }

  func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func scoresStoresAndPrints() throws {
    try ttseval.pairs()
    let first = try ttseval("compare", "ref", "syn", "--metrics", "all", "--label", "first")
    #expect(first.status == 0)
    #expect(first.stdout.contains("stoi ↑") && first.stdout.contains("syn"))
    #expect(first.stderr.contains("3 utterances, 1 system, 3 pairs"))
    #expect(FileManager.default.fileExists(atPath: ttseval.folder + "/reports/ttseval.sqlite"))

    let again = try ttseval("compare", "ref", "syn", "--metrics", "all")
    #expect(again.stdout == first.stdout)
    #expect(again.stderr.contains("63 of 63 scores had been computed before"))

    let list = try ttseval("runs")
    #expect(list.status == 0 && list.stdout.split(separator: "\n").count == 3)
    #expect(try ttseval("runs", "show", "first").stdout == first.stdout)
    #expect(try ttseval("runs", "tag", "first", "main").status == 0)
    #expect(try ttseval("runs", "show", "tag:main").stdout == first.stdout)
    #expect(try ttseval("runs", "delete", "tag:main").status == 0)
    #expect(try ttseval("runs", "show", "tag:main").status == 3)
  }

  @Test func jsonDoesNotDependOnJobsOrOnTheStore() throws {
    try ttseval.pairs()
    func scored(_ jobs: String, _ db: String) throws -> String {
      let output = try ttseval("compare", "ref", "syn", "--format", "json", "--jobs", jobs, "--db", db, "--quiet")
      #expect(output.status == 0 && output.stderr == "")
      return output.stdout.split(separator: "\n").filter { !$0.contains("\"run\"") && !$0.contains("\"startedAt\"") }
        .joined(separator: "\n")
    }
    let one = try scored("1", "a.sqlite")
    #expect(try scored("2", "b.sqlite") == one)
    #expect(try scored("7", "a.sqlite") == one)
  }

  @Test func otherSoundUnderTheSameNameAndTimeIsScoredAnew() throws {
    try ttseval.pairs()
    let path = ttseval.folder + "/syn/u1.wav"
    let old = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
    _ = try ttseval("compare", "ref", "syn")
    try ttseval.speech("syn/u1.wav", seed: 1) { $1 + 0.02 * sin(Double($0) / 5) }
    try FileManager.default.setAttributes([.modificationDate: try #require(old)], ofItemAtPath: path)
    let again = try ttseval("compare", "ref", "syn", "--metrics", "stoi")
    #expect(again.stderr.contains("2 of 3 scores had been computed before"))
  }

  @Test func tracesAreKeptWhenAskedFor() throws {
    try ttseval.pairs()
    func compare(_ options: String...) throws -> (values: [Double]?, stderr: String, stdout: String) {
      let output = try ttseval(["compare", "ref", "syn", "--metrics", "pesq-wb,stoi", "--format", "json"] + options)
      let system = try #require((try json(output.stdout)["systems"] as? [[String: Any]])?.first)
      let utterance = try #require((system["utterances"] as? [[String: Any]])?.first)
      let scores = try #require(utterance["scores"] as? [String: [String: Any]])
      let traces = scores["pesq-wb"]?["traces"] as? [String: [String: Any]]
      return (traces?["disturbance"]?["values"] as? [Double], output.stderr, output.stdout)
    }
    #expect(try compare().values == nil)
    // What is in the store has none, so the scores that have them are computed again.
    let first = try compare("--traces")
    #expect(try #require(first.values).count > 80 && first.stderr.contains("3 of 6 scores had been computed before"))
    let again = try compare("--traces", "--label", "again")
    #expect(again.values == first.values && again.stderr.contains("6 of 6 scores had been computed before"))
    #expect(try ttseval("runs", "show", "again", "--format", "json").stdout == again.stdout)
    #expect(try compare().values == nil)
  }

  @Test func reportsGoToFiles() throws {
    try ttseval.pairs()
    let output = try ttseval(
      "compare", "ref", "syn", "--report", "out/run.json,out/run.csv,out/run.md,out/run.txt", "--format", "markdown")
    #expect(output.status == 0 && output.stdout.hasPrefix("| metric | syn |"))
    let names = try FileManager.default.contentsOfDirectory(atPath: ttseval.folder + "/out").sorted()
    #expect(names == ["run.csv", "run.json", "run.md", "run.txt"])
    let data = try Data(contentsOf: URL(fileURLWithPath: ttseval.folder + "/out/run.json"))
    #expect(try json(String(decoding: data, as: UTF8.self))["complete"] as? Bool == true)
    _ = try ttseval("compare", "ref", "syn", "--report", "a.csv", "--report", "b.csv")
    for name in ["a.csv", "b.csv"] { #expect(FileManager.default.fileExists(atPath: "\(ttseval.folder)/\(name)")) }
    #expect(try ttseval("compare", "ref", "syn", "--report", "run.pdf").status == 64)
    #expect(try ttseval("compare", "ref", "syn", "--report", "/proc/none/run.json").status == 3)
  }

  @Test func twoFilesACSVAndNamesOfOnesOwn() throws {
    try ttseval.pairs()
    let files = try json(try ttseval("compare", "ref/u1.wav", "syn/u1.wav", "--format", "json").stdout)
    let system = try #require((files["systems"] as? [[String: Any]])?.first)
    #expect(system["name"] as? String == "syn" && (system["utterances"] as? [Any])?.count == 1)
    try ttseval.write(Data("id,reference,hum\nx,ref/u1.wav,syn/u1.wav\n".utf8), "pairs.csv")
    let csv = try ttseval("compare", "--pairs", "pairs.csv", "--format", "csv")
    #expect(csv.status == 0 && csv.stdout.contains(",hum,x,stoi,value,"))
    let named = try ttseval("compare", "ref", "--system", "mine=syn", "--system", "same=ref", "--format", "csv")
    #expect(named.stdout.contains(",mine,u1,") && named.stdout.contains(",same,u1,"))
  }

  @Test func theGateOpensAndShuts() throws {
    try ttseval.pairs()
    try ttseval.write(Data(), "syn/u4.wav")
    #expect(try ttseval("compare", "ref", "syn").status == 0)
    #expect(try ttseval("compare", "ref", "syn", "--fail-on", "unmatched").status == 1)
    #expect(try ttseval("compare", "ref", "syn", "--fail-on", "failed").status == 0)
    try ttseval.write(Data(), "ref/u4.wav")
    #expect(try ttseval("compare", "ref", "syn").status == 2)
    #expect(try ttseval("compare", "ref", "syn", "--fail-on", "failed,unmatched").status == 1)
  }

  @Test func levelAndFreeRunningAreWarnedOf() throws {
    try ttseval.pairs()
    for seed in 1...3 {
      try ttseval.speech("low/u\(seed).wav", seed: seed) { $1 / 4 }
      try ttseval.speech("slow/u\(seed).wav", seed: seed, tempo: 0.8)
    }
    let slow = try ttseval("compare", "ref", "slow", "--align", "delay", "--metrics", "stoi,pesq-wb", "--format", "csv")
    #expect(slow.stderr.contains("warning: slow: 3 of 3 pairs are free-running"))
    #expect(
      slow.stdout.split(separator: "\r\n").count { $0.contains(",undefined,,free-running; use --align warp,") } == 6)
    let output = try ttseval("compare", "ref", "low")
    #expect(output.stderr.contains("warning: low: 3 of 3 pairs differ in level by more than 3 dB (at most -12.0 dB)"))
  }

  @Test(
    arguments: [
      [], ["ref"], ["ref", "syn", "--metrics", "nonesuch"], ["ref", "syn", "--jobs", "0"],
      ["ref", "syn", "--align", "up"],
      ["ref", "syn", "--pairs", "x.csv"], ["ref", "syn", "--fail-on", "rain"], ["ref", "syn", "--rate", "10"],
      ["ref", "--system", "=x"], ["ref", "syn", "--channel", "0"],
    ])
  func usageIs64(arguments: [String]) throws {
    let output = try ttseval(["compare"] + arguments)
    #expect(output.status == 64 && output.stdout == "" && !output.stderr.isEmpty)
  }

  @Test func freeRunningPairsAreWarped() throws {
    try ttseval.pairs()
    for seed in 1...3 { try ttseval.speech("slow/u\(seed).wav", seed: seed, seconds: 1.9, tempo: 0.8) }
    func compare(_ system: String, _ options: String...) throws -> CommandLine.Output {
      try ttseval(
        ["compare", "ref", system, "--metrics", "stoi,mcd,pesq-wb", "--format", "csv"] + options)
    }
    let slow = try compare("slow", "--save-aligned", "heard")
    #expect(slow.status == 0 && slow.stderr.contains("all are warped onto the reference's time"))
    #expect(slow.stdout.split(separator: "\r\n").count { $0.contains(",value,") && $0.contains("|align:warp|") } == 9)
    let heard = try ["", ".reference"].map { try AudioFile.read("\(ttseval.folder)/heard/slow/u1\($0).wav") }
    #expect(heard[0].channels[0].count == heard[1].channels[0].count && heard[1].seconds == 1.5)
    // What the survey would find is in the store.
    let again = try compare("slow")
    #expect(again.stderr.contains("9 of 9 scores had been computed before"))
    #expect(again.stdout.split(separator: "\r\n").count { $0.contains("|align:warp|") } == 9)
    let inStep = try compare("syn")
    #expect(inStep.stdout.contains("|align:delay|") && !inStep.stdout.contains("|align:warp|"))
    #expect(try compare("slow", "--rate", "7000", "--align", "warp").status == 3)
  }

  @Test func recordingsAreNotWrittenOver() throws {
    try ttseval.pairs()
    let path = ttseval.folder + "/syn/u1.wav"
    let before = try AudioFile.digest(path)
    let output = try ttseval("compare", "ref", "syn", "--metrics", "stoi", "--save-aligned", ".", "--db", "s.sqlite")
    #expect(output.status == 3 && output.stderr.contains("it is one of the recordings that are scored"))
    #expect(try AudioFile.digest(path) == before)
    #expect(try ttseval("compare", "ref", "syn", "--save-aligned", "/proc/none", "--db", "t.sqlite").status == 3)
    #expect(!FileManager.default.fileExists(atPath: ttseval.folder + "/t.sqlite"))
  }

  @Test func silenceMayBeKept() throws {
    try ttseval.pairs()
    let kept = try ttseval("compare", "ref", "syn", "--metrics", "mcd,stoi", "--silence", "keep", "--format", "csv")
    #expect(kept.stdout.split(separator: "\r\n").count { $0.contains("|silence:keep|") } == 3)
    let trimmed = try ttseval("compare", "ref", "syn", "--metrics", "mcd", "--format", "csv")
    #expect(trimmed.stdout.split(separator: "\r\n").count { $0.contains("|silence:trim40|") } == 3)
  }

  @Test func metricsExplainThemselves() throws {
    let list = try ttseval("metrics")
    #expect(list.status == 0 && list.stdout.contains("stoi") && list.stdout.contains("si-sdr"))
    let one = try ttseval("metrics", "stoi")
    #expect(one.stdout.hasPrefix("stoi: ") && one.stdout.contains("higher is better"))
    #expect(try ttseval("metrics", "nonesuch").status == 64)
  }
}
