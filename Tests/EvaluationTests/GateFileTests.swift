// SPDX-License-Identifier: GPL-3.0-or-later
import Evaluation
import Testing

@Suite struct GateFileTests {
  @Test func everythingIsRead() throws {
    let file = try GateFile(
      """
      # what decides
      gate:
        metrics: [pesq-wb, mcd]
        tolerances: {pesq-wb: 0.1}
        limits:
          mcd: 6
        minimum-n: 20
        fail-on: regressed
      """, path: "t.yaml")
    #expect(
      file.rules
        == GateRules(metrics: ["pesq-wb", "mcd"], tolerances: ["pesq-wb": 0.1], limits: ["mcd": 6], minimumPairs: 20))
    #expect(file.failOn == [.regressed])
  }

  @Test(arguments: ["", "# nothing\n", "gate:\n", "gate: {}\n"]) func emptyFilesSayNothing(_ text: String) throws {
    let file = try GateFile(text, path: "t.yaml")
    #expect(file.rules == GateRules() && file.failOn == nil)
  }

  @Test(
    arguments: [
      ("gate:\n  tolerence:\n    mcd: 1\n", 2, "gate has no “tolerence”; did you mean “tolerances”?"),
      ("gate:\n  metrics: [mcd, estio]\n", 2, "no metric is called “estio”; did you mean “estoi”?"),
      ("gaet: 1\n", 1, "the file has no “gaet”; did you mean “gate”?"),
      ("gate:\n  limits: {mcd: high}\n", 2, "limits of mcd: “high” is no number"),
      ("gate:\n\n  tolerances:\n    mcd: -1\n", 4, "tolerances of mcd: -1.0 is below 0"),
      ("gate:\n  minimum-n: 0\n", 2, "minimum-n is a number from 1"),
      ("gate:\n  fail-on: [regressd]\n", 2, "fail-on has no “regressd”; did you mean “regressed”?"),
      ("gate:\n  limits: {f0-mean-diff-cents: 3}\n", 2, "limits: neither direction of f0-mean-diff-cents is better"),
      ("gate: [1]\n", 1, "gate takes keys with values"),
    ]) func whatIsWrongIsNamed(_ text: String, _ line: Int, _ reason: String)
  {
    #expect(throws: GateFileError(path: "t.yaml", line: line, reason: reason)) { try GateFile(text, path: "t.yaml") }
  }

  @Test(arguments: ["gate: [", "gate:\n  metrics: [mcd]\n  metrics: [mcd]\n", "\t- x: [", "a: *b\n"])
  func whatIsNoYAMLIsAnError(_ text: String) {
    #expect(throws: GateFileError.self) { try GateFile(text, path: "t.yaml") }
  }
}
