// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Reporting
import Testing

@Suite struct JSONReportTests {
  func document(_ run: Run) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(try jsonText(run).utf8))
    return try #require(object as? [String: Any])
  }

  @Test func hasTheContractsShape() throws {
    let json = try document(try sampleRun())
    #expect(json["schema"] as? Int == 1)
    #expect(json["run"] as? String == "00000000-0000-4000-8000-000000000001")
    #expect(json["startedAt"] as? String == "2026-01-31T12:00:00Z")
    #expect(json["label"] is NSNull)
    let host = try #require(json["host"] as? [String: Any])
    #expect(Set(host.keys) == ["id", "cpu", "cores", "memoryBytes", "gpu", "os", "container"])
    #expect(host["gpu"] is NSNull)
    let systems = try #require(json["systems"] as? [[String: Any]])
    let new = systems[1]
    let utterances = try #require(new["utterances"] as? [[String: Any]])
    let reference = try #require(utterances[0]["reference"] as? [String: Any])
    #expect(Set(reference.keys) == ["path", "sha256", "sampleRate", "channels", "seconds"])
    #expect(reference["sha256"] as? String == String(repeating: "a", count: 64))
    let alignment = try #require(utterances[0]["alignment"] as? [String: Any])
    #expect(
      Set(alignment.keys) == [
        "class", "delayMs", "warpMs", "durationRatio", "freeRunning", "cutSamples", "cutSpeechMs",
        "levelDifferenceDb",
      ])
    #expect(alignment["delayMs"] as? Double == 37 && alignment["freeRunning"] as? Bool == false)
    let scores = try #require(utterances[1]["scores"] as? [String: [String: Any]])
    #expect(scores["stoi"]?["value"] as? Double == 0.875)
    #expect(scores["lsd"]?["failed"] as? String == "too long ago" && scores["lsd"]?["value"] == nil)
    let summary = try #require(new["summary"] as? [String: [String: Any]])
    #expect(summary["stoi"]?["n"] as? Int == 2 && summary["stoi"]?["mean"] as? Double == 0.75)
    #expect(summary["stoi"]?["interval"] as? String == "t" && summary["stoi"]?["signature"] as? String == "stoi|v1")
    #expect(summary["lsd"]?["n"] as? Int == 0 && summary["lsd"]?["undefined"] as? Int == 1)
    #expect(summary["lsd"]?["failed"] as? Int == 1 && summary["lsd"]?["mean"] == nil)
    let unmatched = try #require(json["unmatched"] as? [String: [String]])
    #expect(unmatched == ["reference": ["r/u3.wav"], "synthesis": []])
  }

  /// It comes piece by piece, keys in an order that the code has.
  @Test(arguments: [true, false]) func isLaidOutAsAWhole(hasUtterances: Bool) throws {
    var run = try sampleRun()
    if !hasUtterances { run.systems[0].utterances = [] }
    let text = try jsonText(run, diff: RunDiff(run, run, rules: GateRules()))
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let whole = String(decoding: try JSONSerialization.data(withJSONObject: object, options: options), as: UTF8.self)
    #expect(text == whole + "\n")
  }

  @Test func equalRunsGiveEqualBytes() throws {
    #expect(try jsonText(try sampleRun()) == jsonText(try sampleRun()))
  }

  @Test func numbersKeepAllTheirDigits() throws {
    var run = try sampleRun()
    run.systems[0].utterances[0].scores[1].outcome = .value(0.1 + 0.2)
    #expect(try jsonText(run).contains("0.30000000000000004"))
  }
}

@Suite struct CSVReportTests {
  @Test func hasARowPerScore() throws {
    let lines = csvText(try sampleRun()).split(separator: "\r\n").map(String.init)
    #expect(lines[0] == "run,system,id,metric,status,value,reason,signature")
    #expect(lines.count == 9)
    #expect(lines[1] == "00000000-0000-4000-8000-000000000001,old,u1,lsd,value,1.0,,lsd|v1")
    #expect(lines.contains("00000000-0000-4000-8000-000000000001,new,u2,lsd,failed,,too long ago,lsd|v1"))
  }

  @Test func quotesAndFormulasAreText() throws {
    let text = csvText(try sampleRun(system: "=cmd()", id: "a,\"b\"\nc"))
    #expect(text.contains(",'=cmd(),"))
    #expect(text.contains(",\"a,\"\"b\"\"\nc\","))
  }
}

@Suite struct MarkdownReportTests {
  @Test func isATable() throws {
    let lines = MarkdownReport.render(try sampleRun()).split(separator: "\n").map(String.init)
    #expect(lines[0] == "| metric | old | new |")
    #expect(lines[1] == "|---|--:|--:|")
    #expect(lines[3].hasPrefix("| stoi ↑ | 0.625<br>") && lines[3].contains("| **0.750**<br>"))
    #expect(lines.contains("- new u2 (1 of 2 metrics): too long ago"))
  }

  @Test func markupInNamesIsText() throws {
    let text = MarkdownReport.render(try sampleRun(system: "<script>alert(1)</script>|`x`", id: "a\nb"))
    #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;\\|\\`x\\`"))
    #expect(!text.contains("<script>") && text.contains("a\\\\nb"))
  }
}
