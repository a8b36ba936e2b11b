// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Reporting
import Testing

@Suite struct TextTableTests {
  @Test func bestHasAStarFailuresHaveWords() throws {
    let text = TextTable(try sampleRun(), width: 100, style: .plain).render()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines[0].split(separator: " ") == ["old", "new"])
    #expect(lines[1].split(separator: " ") == ["pairs", "2", "2"])
    #expect(lines[2].hasPrefix("stoi ↑") && lines[2].contains("0.625") && lines[2].contains("0.750 *"))
    #expect(lines.contains { $0.hasPrefix("lsd dB ↓") && $0.contains("1.50") && $0.contains("failed") })
    #expect(text.contains("1 undefined, 1 failed"))
    #expect(text.contains("failed: new u2 (1 of 2 metrics): too long ago\n"))
    #expect(!text.contains("\u{1B}"))
  }

  @Test func namesAreCutOnlyWhereTheyStayDifferent() throws {
    let long = "a-model-with-a-long-name-step-1"
    let cut = TextTable(try sampleRun(system: long), width: 200, style: .plain).render()
      .split(separator: "\n")[0]
    #expect(cut.contains("a-model-with-a-long") && !cut.contains(long))
    var run = try sampleRun(system: long + "0")
    run.systems[0].name = long + "1"
    let heading = TextTable(run, width: 200, style: .plain).render().split(separator: "\n")[0]
    #expect(heading.split(separator: " ") == [Substring(long + "1"), Substring(long + "0")])
  }

  @Test func warpedScoresAreMarkedAndNeverBest() throws {
    var run = try sampleRun()
    run.settings.conditions.alignment = .warp
    let text = TextTable(run, width: 100, style: .plain).render()
    #expect(text.contains("stoi ↑ warped") && !text.contains(" *") && text.contains("it flatters"))
  }

  @Test func anIncompleteRunSaysSo() throws {
    var run = try sampleRun()
    #expect(!TextTable(run, width: 100, style: .plain).render().contains("incomplete"))
    run.finishedAt = nil
    #expect(TextTable(run, width: 100, style: .plain).render().contains("incomplete: the run ended early"))
    #expect(MarkdownReport.render(run).contains("incomplete: the run ended early"))
  }

  @Test func boldOnATerminal() throws {
    let text = TextTable(try sampleRun(), width: 100, style: .ansi).render()
    #expect(text.contains("\u{1B}[1m0.750"))
    #expect(!text.contains(" *"))
  }

  @Test func systemsThatDoNotFitFollowBelow() throws {
    let text = TextTable(try sampleRun(), width: 40, style: .plain).render()
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.count { $0.hasPrefix("stoi ↑") } == 2)
    #expect(lines.filter { $0.hasPrefix("stoi") || $0.hasPrefix("pairs") }.allSatisfy { $0.count <= 40 })
  }

  @Test func hostileNamesCannotSteerTheTerminal() throws {
    let run = try sampleRun(system: "a\u{1B}[31m\nb\u{202E}c", id: "x\ny", reason: "r\u{7}\u{9B}")
    let text = TextTable(run, width: 100, style: .plain).render()
    #expect(text.contains("a\\u{1b}[31m\\nb\\u{2…") || text.contains("a\\u{1b}[31m\\nb\\u{202e}c"))
    #expect(text.contains("x\\ny"))
    let scalars = text.unicodeScalars
    #expect(!scalars.contains { $0 != "\n" && ($0.properties.generalCategory == .control || $0 == "\u{202E}") })
  }

  @Test func aRunListNamesRunsBriefly() {
    let row = RunsTable.Row(
      id: UUID(), startedAt: Date(timeIntervalSince1970: 0), isComplete: false, label: "a\nb", tags: ["main"],
      systems: ["x", "y"], pairs: 7)
    let lines = RunsTable([row]).render().split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[1].contains("1970-01-01T00:00:00Z  incomplete  7 "))
    #expect(lines[1].hasSuffix("a\\nb   main  x, y"))
    #expect(RunsTable([]).render() == "no runs\n")
  }
}
