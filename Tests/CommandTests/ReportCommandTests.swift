// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

/// `report`: plots, pages with a history, and baselines as text.
@Suite struct ReportCommandTests {
  let ttseval: CommandLine

  init() throws {
    ttseval = try CommandLine()
    for seed in 1...6 {
      try ttseval.speech("ref/u\(seed).wav", seed: seed)
      func noise(_ n: Int) -> Double { Double((n * n % 7919 + n * (seed + 37)) % 1009) / 504.5 - 1 }
      try ttseval.speech("good/u\(seed).wav", seed: seed) { $1 + 0.0005 * noise($0) }
      try ttseval.speech("bad/u\(seed).wav", seed: seed) { $1 + 0.1 * noise($0) }
    }
  }

  private func compare(_ folder: String, _ more: String...) throws {
    let arguments = ["compare", "ref", "--system", "tts=\(folder)", "--metrics", "estoi,lsd", "--quiet"] + more
    let output = try ttseval(arguments)
    #expect(output.status == 0, "\(output)")
  }

  private func read(_ path: String) throws -> String {
    try String(contentsOfFile: "\(ttseval.folder)/\(path)", encoding: .utf8)
  }

  @Test func aBaselineOutlivesItsStore() throws {
    try compare("good", "--label", "main")
    let made = try ttseval("report", "main", "--export-baseline", "kept/main.jsonl")
    #expect(made.status == 0 && made.stdout.isEmpty, "\(made)")
    let text = try read("kept/main.jsonl")
    #expect(text.split(separator: "\n").count == 7 && !text.contains(ttseval.folder))
    // The scores are judged against, and none is found again by it: those of this run are computed.
    let other = ["--db", "other.sqlite"]
    let gate = ["--metrics", "estoi,lsd", "--baseline", "kept/main.jsonl", "--fail-on", "regressed,failed"] + other
    let same = try ttseval(["compare", "ref", "--system", "tts=good"] + gate)
    #expect(same.status == 0 && same.stdout.contains("identical  ") && !same.stderr.contains("before"), "\(same)")
    #expect(try ttseval(["compare", "ref", "--system", "tts=bad"] + gate).status == 1)
    let taken = try ttseval(["report", "--import-baseline", "kept/main.jsonl"] + other)
    #expect(taken.status == 0 && taken.stderr.contains("(main), 6 pairs, taken into other.sqlite"), "\(taken)")
    let again = try ttseval(["report", "--import-baseline", "kept/main.jsonl"] + other)
    #expect(
      again.status == 0 && again.stderr.contains("already") && !again.stderr.contains("other content"), "\(again)")
    try ttseval.write(
      Data(text.replacingOccurrences(of: "\"path\":\"ref/", with: "\"path\":\"REF/").utf8), "kept/edited.jsonl")
    let edited = try ttseval(["report", "--import-baseline", "kept/edited.jsonl"] + other)
    #expect(edited.status == 0 && edited.stderr.contains("with other content, and stays"), "\(edited)")
    // A later run of that label is what the label means.
    try compare("bad", "--label", "main", "--db", "later.sqlite")
    let behind = try ttseval("report", "--import-baseline", "kept/main.jsonl", "--db", "later.sqlite")
    #expect(behind.status == 0 && behind.stderr.contains("a later run"), "\(behind)")
    // Exported from there, it is the same text.
    #expect(try ttseval(["report", "main", "--export-baseline", "again.jsonl"] + other).status == 0)
    #expect(try read("again.jsonl") == text)
  }

  @Test func filesAreReplacedWholeWhereTheyStand() throws {
    try compare("good", "--label", "main")
    let manager = FileManager.default
    let folder = "\(ttseval.folder)/out"
    try ttseval.write(Data("old".utf8), "out/secret.csv")
    try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(folder)/secret.csv")
    try manager.createSymbolicLink(atPath: "\(folder)/link.csv", withDestinationPath: "there/target.csv")
    try manager.createDirectory(atPath: "\(folder)/there", withIntermediateDirectories: true)
    try manager.createSymbolicLink(atPath: "\(folder)/round.csv", withDestinationPath: "round.csv")
    let long = String(repeating: "n", count: 251) + ".csv"
    func report(_ name: String) throws -> Int32 { try ttseval("report", "main", "--report", "out/\(name)").status }
    #expect(try report("secret.csv") == 0 && report("link.csv") == 0 && report("\(long)") == 0)
    try manager.createDirectory(atPath: "\(folder)/folder.csv", withIntermediateDirectories: true)
    #expect(try report("round.csv") == 3 && report("folder.csv") == 3)
    // What can't be written keeps nothing else from being written.
    let both = try ttseval("report", "main", "--report", "out/round.csv,out/second.csv", "--format", "csv")
    let second = try read("out/second.csv")
    #expect(both.status == 3 && both.stderr.contains("round.csv") && both.stdout == second)
    let text = try read("out/secret.csv")
    #expect(text.split(separator: "\r\n").count == 13)
    #expect(try read("out/there/target.csv") == text && read("out/\(long)") == text)
    let rights = try manager.attributesOfItem(atPath: "\(folder)/secret.csv")[.posixPermissions] as? Int
    #expect(rights == 0o600)
    #expect(try manager.destinationOfSymbolicLink(atPath: "\(folder)/link.csv") == "there/target.csv")
    #expect(try manager.contentsOfDirectory(atPath: folder).allSatisfy { !$0.hasPrefix(".") })
  }

  @Test func whatIsNoBaselineIsNamed() throws {
    try ttseval.write(Data("{}\n".utf8), "wrong.jsonl")
    let wrong = try ttseval("report", "--import-baseline", "wrong.jsonl")
    #expect(wrong.status == 3 && wrong.stderr.contains("wrong.jsonl, line 1: baseline is missing"), "\(wrong)")
    #expect(try ttseval("report", "--import-baseline", "none.jsonl").status == 3)
    #expect(try ttseval("report").status == 64)
    #expect(try ttseval("report", "x", "--import-baseline", "wrong.jsonl").status == 64)
    #expect(try ttseval("report", "--import-baseline", "wrong.jsonl", "--report", "x.html").status == 64)
    #expect(try ttseval("report", "x", "--export-baseline", "").status == 64)
    #expect(!FileManager.default.fileExists(atPath: "\(ttseval.folder)/reports/ttseval.sqlite"))
  }

  @Test func plotsStandAlone() throws {
    try compare("good", "--label", "l")
    let early = try ttseval("report", "l", "--plot", "estoi-trend.svg")
    #expect(early.status == 3 && early.stderr.contains("no earlier run"), "\(early)")
    try compare("bad", "--label", "l")
    let made = try ttseval("report", "l", "--plot", "p/estoi.svg,p/estoi-trend.svg")
    #expect(made.status == 0 && made.stdout.isEmpty, "\(made)")
    for name in ["estoi", "estoi-trend"] {
      #expect(try read("p/\(name).svg").hasPrefix("<svg xmlns="))
    }
    #expect(try read("p/estoi.svg").contains("data-values=") && read("p/estoi-trend.svg").contains("data-runs=\"0 1\""))
    let wrong = try ttseval("report", "l", "--plot", "mcd.svg")
    #expect(wrong.status == 3 && wrong.stderr.contains("no metric “mcd”, but estoi, lsd"), "\(wrong)")
    #expect(try ttseval("report", "l", "--plot", "estoi.png").status == 64)
  }

  @Test func aPageKnowsTheLabelsHistoryAndItsMachines() throws {
    try compare("good", "--label", "l", "--host-name", "laptop")
    try compare("bad", "--label", "l", "--host-name", "a100", "--report", "page.html")
    let page = try read("page.html")
    #expect(page.contains("id=\"trend\"") && page.contains("data-runs=\"0 1\""))
    #expect(page.contains("id=\"machines\"") && page.contains(">different<") && page.contains("a100  "))
    try compare("good", "--label", "alone", "--report", "alone.html")
    let alone = try read("alone.html")
    #expect(!alone.contains("id=\"trend\"") && !alone.contains("id=\"machines\""))
    // Named runs take the place of the label's own.
    #expect(try ttseval("report", "alone", "l", "--report", "both.html").status == 0)
    #expect(try read("both.html").contains("data-runs=\"0 1\""))
  }

  /// What ends with 1 is to be seen in every report.
  @Test func reportsSayWhatTheExitCodeSays() throws {
    try ttseval.write(Data("gate:\n  limits: {estoi: 0.999}\n".utf8), "limits.yaml")
    let arguments = ["compare", "ref", "bad", "--metrics", "estoi,lsd", "--quiet", "--config", "limits.yaml"]
    let files = ["--report", "r.xml,r.html,r.md"]
    #expect(try ttseval(arguments + ["--fail-on", "regressed"] + files).status == 1)
    #expect(try read("r.xml").contains("<failure type=\"regressed\" message=\"bad: estoi has a mean of 0."))
    #expect(try read("r.html").contains("<strong>regressed</strong></bdi>Beyond its limits."))
    #expect(try read("r.md").hasPrefix("**regressed**: beyond its limits"))
    try FileManager.default.removeItem(atPath: "\(ttseval.folder)/bad/u6.wav")
    let unmatched = ["compare", "ref", "bad", "--metrics", "lsd", "--quiet", "--fail-on", "unmatched"] + files
    #expect(try ttseval(unmatched).status == 1)
    #expect(try read("r.xml").contains("<failure type=\"unmatched\""))
    #expect(try read("r.html").contains("<strong>unmatched</strong>") && read("r.md").hasPrefix("**unmatched**"))
    // What did not fail the run fails no case.
    #expect(try ttseval(arguments + ["--fail-on", "failed"] + files).status == 0)
    #expect(try !read("r.xml").contains("<failure") && !read("r.html").contains("<strong>regressed"))
    // Worse is undecided, too.
    try compare("good", "--label", "main")
    let undecided = ["--baseline", "main", "--fail-on", "inconclusive"] + files
    let worse = ["compare", "ref", "--system", "tts=bad", "--metrics", "estoi,lsd", "--quiet"] + undecided
    #expect(try ttseval(worse).status == 1)
    #expect(try read("r.xml").contains("<failure type=\"regressed\""))
  }

  @Test func whatIsNoRegularFileIsWrittenInto() throws {
    try compare("good", "--label", "l")
    let output = try ttseval("report", "l", "--export-baseline", "/dev/stdout")
    #expect(output.status == 0 && output.stdout.hasPrefix("{\"baseline\":1"), "\(output)")
  }

  @Test func aLinkLeadsToWhatIsWritten() throws {
    try compare("good", "--label", "l")
    try FileManager.default.createSymbolicLink(atPath: "\(ttseval.folder)/new.jsonl", withDestinationPath: "made.jsonl")
    #expect(try ttseval("report", "l", "--export-baseline", "new.jsonl").status == 0)
    #expect(try read("made.jsonl").hasPrefix("{\"baseline\":1"))
    // In a file system of memory there are ordinary files.
    let shared = "/dev/shm/ttseval-\(UUID().uuidString).jsonl"
    defer { try? FileManager.default.removeItem(atPath: shared) }
    for _ in 1...2 { #expect(try ttseval("report", "l", "--export-baseline", shared).status == 0) }
    #expect(try String(contentsOfFile: shared, encoding: .utf8) == read("made.jsonl"))
    try ttseval.write(Data(repeating: UInt8(ascii: "y"), count: 200_000), "target.jsonl")
    try FileManager.default.createSymbolicLink(
      atPath: "\(ttseval.folder)/link.jsonl", withDestinationPath: "target.jsonl")
    #expect(try ttseval("report", "l", "--export-baseline", "link.jsonl").status == 0)
    #expect(try read("target.jsonl").hasSuffix("}\n") && read("target.jsonl").split(separator: "\n").count == 7)
    let kind = try FileManager.default.attributesOfItem(atPath: "\(ttseval.folder)/link.jsonl")[.type]
    #expect(kind as? FileAttributeType == .typeSymbolicLink)
  }

  @Test func aClipThatIsGoneIsToldOf() throws {
    try compare("bad", "--label", "l")
    try FileManager.default.removeItem(atPath: "\(ttseval.folder)/bad/u3.wav")
    #expect(try ttseval("report", "l", "--report", "r.html").status == 0)
    let page = try read("r.html")
    #expect(
      page.contains("Not to be seen or heard: bad/u3.wav") && page.components(separatedBy: "class=\"clip\"").count == 7)
  }

  @Test func aPageWithoutSoundLinksIt() throws {
    try compare("bad", "--label", "l", "--report", "embedded.html")
    #expect(try ttseval("report", "l", "--report", "r/linked.html", "--embed", "0").status == 0)
    #expect(try read("embedded.html").contains("src=\"data:audio/flac"))
    let linked = try read("r/linked.html")
    #expect(!linked.contains("data:audio") && linked.contains("src=\"./../bad/u"))
  }
}
