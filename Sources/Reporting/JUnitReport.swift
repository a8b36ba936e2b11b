// SPDX-License-Identifier: GPL-3.0-or-later
public import Evaluation
internal import Foundation
internal import SpeechMetrics
internal import Statistics

/// A run, and what became of it since its baseline, as JUnit XML: what CI servers show as tests.
///
/// A suite for each system, a case for each of its metrics, and one for its coverage. A case fails (`failure`) when the comparison
/// says so, and is in error (`error`) when scores failed or may not be compared; without a baseline only the latter. A case that the
/// pairs do not decide passes unless the gate says otherwise, and tells of it in its output; one of a metric without any value is
/// skipped. A suite `run` has a case for each of: the run's end, the limits, files without a partner.
public enum JUnitReport {
  /// The document.
  /// - Parameters:
  ///   - run: what was scored.
  ///   - diff: what became of it since its baseline, if it has one.
  ///   - gate: what makes a case fail; by default a regression.
  public static func render(_ run: Run, diff: RunDiff? = nil, gate: GateResult? = nil) -> String {
    let gate = gate ?? GateResult(run, diff: diff, rules: GateRules(), failOn: [])
    let failOn = gate.failOn.isEmpty ? [.regressed] : gate.failOn
    let suites = run.systems.map { system in
      Suite(run, system, diff?.systems.first { $0.name == system.name }, diff, failOn)
    }
    let missing = diff.map(\.missingSystems) ?? []
    let name = run.label ?? run.id.uuidString.lowercased()
    var output = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    let whole = [Case(end: run), Case(limits: gate, failOn), Case(partners: run, gate)]
    let cases = whole + suites.flatMap(\.cases) + missing.map { Case(missing: $0, failOn) }
    output += "<testsuites name=\"\(PlainText.xml("ttseval \(name)"))\" \(counts(cases))>\n"
    output += "  <testsuite name=\"run\" \(counts(whole))>\n\(whole.map(\.xml).joined())  </testsuite>\n"
    output += suites.map { $0.xml(run) }.joined()
    if !missing.isEmpty {
      let cases = missing.map { Case(missing: $0, failOn) }
      output += "  <testsuite name=\"missing systems\" \(counts(cases))>\n\(cases.map(\.xml).joined())  </testsuite>\n"
    }
    return output + "</testsuites>\n"
  }

  fileprivate static func counts(_ cases: [Case]) -> String {
    let failures = cases.count { $0.trouble?.kind == "failure" }
    let errors = cases.count { $0.trouble?.kind == "error" }
    let skipped = cases.count { $0.trouble?.kind == "skipped" }
    return "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
  }
}

private struct Suite {
  let name: String
  let cases: [Case]

  init(_ run: Run, _ system: SystemResult, _ systemDiff: SystemDiff?, _ diff: RunDiff?, _ failOn: Set<FailureCause>) {
    name = system.name
    let metrics = run.settings.metrics.map { id in
      Case(run, system, metric: id, systemDiff?.metrics.first { $0.metric == id }, failOn)
    }
    cases = metrics + (systemDiff.map { [Case($0, failOn)] } ?? [])
  }

  func xml(_ run: Run) -> String {
    let properties = [
      ("run", run.id.uuidString.lowercased()), ("ttseval", run.tool), ("host", run.host.id),
      ("alignment", run.settings.conditions.alignment.rawValue),
    ].map { "      <property name=\"\($0)\" value=\"\(PlainText.xml($1))\"/>\n" }.joined()
    return """
        <testsuite name="\(PlainText.xml(name))" \(JUnitReport.counts(cases)) \
      timestamp="\(JSONReport.timestamp(run.startedAt))">
          <properties>
      \(properties)    </properties>
      \(cases.map(\.xml).joined())  </testsuite>

      """
  }
}

private struct Case {
  struct Trouble {
    /// `failure`, `error` or `skipped`.
    let kind: String
    let type: String
    let message: String
  }

  let system: String
  let name: String
  let trouble: Trouble?
  /// What stands in the trouble's text, or in the case's output.
  let lines: [String]

  /// A metric of a system.
  init(
    _ run: Run, _ system: SystemResult, metric id: String, _ diff: MetricDiff?, _ failOn: Set<FailureCause>
  ) {
    self.system = system.name
    name = id
    let summary = system.summary(id)
    let decimals = MetricCatalogue.info(id)?.scale.decimals ?? 3
    func number(_ value: Double) -> String { PlainText.number(value, decimals: decimals) }
    var lines: [String] = []
    if let values = summary.values {
      let interval = values.interval.map { ", 95 % interval \(number($0.low)) … \(number($0.high))" } ?? ""
      lines.append("mean \(number(values.mean)) over \(values.n) pairs\(interval)")
    }
    lines.append("\(summary.undefined) undefined, \(summary.failed) failed")
    if let signature = summary.signature { lines.append("signature \(signature)") }
    if let diff {
      let cells = DiffCells(diff).columns
      lines.append("a \(cells[2]), b \(cells[3]), b − a \(cells[4]) (\(cells[5])), p \(cells[6]), \(cells[8])")
      lines += diff.worst.map { "worst: \($0.id) \(number($0.a)) → \(number($0.b)) \($0.pathB)" }
    }
    lines += system.utterances.compactMap { utterance in
      guard case .failed(let reason)? = utterance.score(id)?.outcome else { return nil }
      return "failed: \(utterance.id): \(reason)"
    }.prefix(20)
    self.lines = lines
    trouble = Self.trouble(summary, diff, failOn)
  }

  private static func trouble(_ summary: MetricSummary, _ diff: MetricDiff?, _ failOn: Set<FailureCause>) -> Trouble? {
    if let diff, diff.isGate {
      let cells = DiffCells(diff).columns
      let message = "\(diff.metric) \(cells[2]) → \(cells[3]) (\(cells[4])), p \(cells[6])"
      let verdict = diff.gateVerdict
      let reasons = diff.reasons.joined(separator: "; ")
      switch verdict {
      case .regressed where !failOn.isDisjoint(with: [.regressed, .inconclusive]):
        return Trouble(
          kind: "failure", type: verdict.rawValue, message: reasons.isEmpty ? message : "\(message): \(reasons)")
      case .inconclusive where failOn.contains(.inconclusive):
        return Trouble(kind: "failure", type: verdict.rawValue, message: "\(message): \(reasons)")
      case .notComparable: return Trouble(kind: "error", type: verdict.rawValue, message: reasons)
      default: break
      }
    }
    if summary.failed == 0, summary.values == nil {
      return Trouble(kind: "skipped", type: "", message: "no pair has a value")
    }
    guard summary.failed > 0 else { return nil }
    return Trouble(kind: "error", type: "failed", message: "\(summary.failed) scores failed")
  }

  /// Whether the run got to its end.
  init(end run: Run) {
    (system, name, lines) = ("run", "complete", [])
    let message = "the run is incomplete: what it did not reach is not in this report"
    trouble = run.finishedAt == nil ? Trouble(kind: "error", type: "failed", message: message) : nil
  }

  /// Whether its means keep to their limits.
  init(limits gate: GateResult, _ failOn: Set<FailureCause>) {
    (system, name, lines) = ("run", "limits", gate.brokenLimits)
    let message = gate.brokenLimits.joined(separator: "; ")
    trouble =
      gate.brokenLimits.isEmpty || failOn.isDisjoint(with: [.regressed, .inconclusive])
      ? nil : Trouble(kind: "failure", type: Verdict.regressed.rawValue, message: message)
  }

  /// Whether every file has its partner: a failure where that was asked for.
  init(partners run: Run, _ gate: GateResult) {
    (system, name) = ("run", "partners")
    lines = (run.unmatched.reference + run.unmatched.synthesis).map { "without a partner: \($0)" }
    let isAsked = gate.failOn.contains(.unmatched) && gate.happened.contains(.unmatched)
    let message = "files, utterances or systems stand on one side only"
    trouble = isAsked ? Trouble(kind: "failure", type: FailureCause.unmatched.rawValue, message: message) : nil
  }

  /// A system's coverage.
  init(_ diff: SystemDiff, _ failOn: Set<FailureCause>) {
    system = diff.name
    name = "coverage"
    let (missing, failing) = (diff.coverage.missing, diff.coverage.newlyFailed)
    let other = diff.coverage.otherReference
    lines =
      missing.map { "missing: \($0)" } + failing.map { "fails now: \($0)" } + other.map { "other reference: \($0)" }
    if !missing.isEmpty || !failing.isEmpty, !failOn.isDisjoint(with: [.regressed, .inconclusive, .unmatched]) {
      let message = "\(missing.count) utterances are missing, \(failing.count) fail that did not before"
      trouble = Trouble(kind: "failure", type: Verdict.regressed.rawValue, message: message)
    } else if !other.isEmpty || diff.pairs == 0 {
      let message = "\(other.count) utterances have another reference, \(diff.pairs) are compared"
      trouble = Trouble(kind: "error", type: Verdict.notComparable.rawValue, message: message)
    } else {
      trouble = nil
    }
  }

  /// A system that only the baseline has.
  init(missing system: String, _ failOn: Set<FailureCause>) {
    self.system = system
    name = "coverage"
    let isAsked = !failOn.isDisjoint(with: [.regressed, .inconclusive, .unmatched])
    let message = "the system is missing"
    trouble = isAsked ? Trouble(kind: "failure", type: Verdict.regressed.rawValue, message: message) : nil
    lines = []
  }

  var xml: String {
    let text = lines.map(PlainText.xml).joined(separator: "\n")
    let body =
      trouble.map {
        let type = $0.type.isEmpty ? "" : " type=\"\($0.type)\""
        return """
                <\($0.kind)\(type) message="\(PlainText.xml($0.message))">\(text)</\($0.kind)>

          """
      } ?? (text.isEmpty ? "" : "      <system-out>\(text)</system-out>\n")
    return """
          <testcase classname="\(PlainText.xml(system))" name="\(PlainText.xml(name))" time="0">
      \(body)    </testcase>

      """
  }
}
