// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Foundation
import Reporting
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Names that would be markup, were they let.
let hostileNames = [
  "<script>alert(1)</script>.wav", "\"'><img src=x onerror=alert(1)>", "a\nb\r\tc", "\u{202E}gnp.exe", "שלום עולם",
  "😀👩‍👩‍👧", "=cmd()", "{{title}} {{{style}}}", "</style></script>]]>-->", "&lt;&#0;", "\\n\\\"", "\u{1B}[31m\u{0}",
  // One character each: led by a letter, or with a mark behind.
  "\u{0D4E}<b>", "\"\u{301} onclick=\"x", "<\u{338}b>", "&\u{301}amp;", "\u{FFFE}\u{FFFF}",
]

@Suite struct HostileNameTests {
  private func run(_ name: String) throws -> Run {
    var run = try sampleRun(system: name, id: name, reason: name)
    run.label = name
    run.unmatched.synthesis = [name]
    run.systems[1].path = name
    return run
  }

  private func diff(_ run: Run) -> RunDiff {
    var former = run
    former.label = nil
    return RunDiff(former, run)
  }

  /// As it would stand in a terminal; U+FFFE is no character of XML, and is told of in words.
  private func shown(_ name: String) -> String {
    name == "\u{FFFE}\u{FFFF}" ? "\\u{fffe}\\u{ffff}" : PlainText.terminal(name)
  }

  @Test(arguments: hostileNames) func areTextInHTML(name: String) throws {
    func page(_ name: String) throws -> (text: String, reader: PageReader) {
      let run = try run(name)
      let clip = ReportAssets.Clip(system: name, id: name, synthesis: .linked(path: name))
      let text = HTMLReport.render(run, diff: diff(run), assets: ReportAssets(clips: [clip]))
      return (text, PageReader(text))
    }
    let (hostile, plain) = (try page(name), try page("plain"))
    #expect(hostile.reader.elements.map(\.name) == plain.reader.elements.map(\.name))
    for (element, other) in zip(hostile.reader.elements, plain.reader.elements) {
      #expect(element.attributes.keys.sorted() == other.attributes.keys.sorted())
    }
    for mark: Unicode.Scalar in ["<", ">", "\""] {
      #expect(hostile.text.unicodeScalars.count { $0 == mark } == plain.text.unicodeScalars.count { $0 == mark })
    }
    // Twice in the clip's heading, among others.
    #expect(hostile.reader["bdi"].count { Array($0.text.utf8) == Array(shown(name).utf8) } >= 2)
  }

  @Test(arguments: hostileNames) func areTextInXML(name: String) throws {
    for text in [
      JUnitReport.render(try run(name)), JUnitReport.render(try run(name), diff: diff(try run(name))),
    ] {
      let reader = XMLCases(text)
      #expect(reader.isWellFormed)
      #expect(reader.cases.contains { Array($0.utf8) == Array(shown(name).utf8) })
    }
  }

  @Test(arguments: hostileNames) func areTextInCSVAndMarkdown(name: String) throws {
    let csv = csvText(try run(name))
    // Fields by scalars: quotes in pairs, seven commas a record.
    var (isQuoted, commas, records) = (false, 0, 0)
    for scalar in csv.unicodeScalars {
      if scalar == "\"" { isQuoted.toggle() }
      if isQuoted { continue }
      if scalar == "," { commas += 1 }
      if scalar == "\n" { records += 1 }
    }
    #expect(!isQuoted && records == 9 && commas == 7 * 9)
    let (hostile, plain) = (MarkdownReport.render(try run(name)), MarkdownReport.render(try run("plain")))
    #expect(hostile.unicodeScalars.count { $0 == "<" } == plain.unicodeScalars.count { $0 == "<" })
  }

  @Test(arguments: hostileNames) func areTextForPrometheus(name: String) throws {
    let samples = try exposition(PrometheusReport.render(try run(name)))
    #expect(samples.contains { Array(($0.labels["system"] ?? "").utf8) == Array(name.utf8) })
    #expect(samples.allSatisfy { Array(($0.labels["label"] ?? "").utf8) == Array(name.utf8) })
  }
}

/// Classes of a JUnit file's cases.
final class XMLCases: NSObject, XMLParserDelegate {
  private(set) var cases: [String] = []
  private(set) var failures: [String] = []
  private(set) var isWellFormed = false

  init(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if name == "testcase" { cases.append(attributes["classname"] ?? "") }
    if name == "failure" { failures.append(attributes["message"] ?? "") }
  }
}
