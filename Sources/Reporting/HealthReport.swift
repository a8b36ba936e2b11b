// SPDX-License-Identifier: GPL-3.0-or-later
public import Provenance

/// What a health check found, for people and for programs.
public enum HealthReport {
  /// How marks may stress what matters.
  public enum Style: Sendable {
    /// Green, red and dim.
    case ansi
    /// Characters alone.
    case plain
  }

  /// Whether nothing failed. What was skipped does not count; nil where nothing was decided.
  public static func isFit(_ checks: [HealthCheck]) -> Bool? {
    if checks.contains(where: { $0.outcome == .failed }) { return false }
    return checks.contains { $0.outcome == .passed } ? true : nil
  }

  /// A line for each check: ✓, ✗ or –, its name and what it found; below it, what to do. Then the verdict.
  public static func render(_ checks: [HealthCheck], style: Style = .plain) -> String {
    let width = checks.map { PlainText.width(PlainText.terminal($0.name)) }.max() ?? 0
    var lines: [String] = []
    for check in checks {
      let name = PlainText.fitted(PlainText.terminal(check.name), width)
      lines.append("\(mark(check.outcome, style)) \(name)  \(PlainText.terminal(check.found))")
      if let advice = check.advice {
        lines.append(String(repeating: " ", count: width + 4) + "→ \(PlainText.terminal(advice))")
      }
    }
    return (lines + ["", verdict(checks)]).map { $0 + "\n" }.joined()
  }

  /// The same as JSON, schema 1.
  public static func json(_ checks: [HealthCheck]) throws -> String { try JSONReport.text(HealthDocument(checks)) }

  private static func verdict(_ checks: [HealthCheck]) -> String {
    func count(_ outcome: HealthCheck.Outcome) -> Int { checks.count { $0.outcome == outcome } }
    let skipped = count(.skipped) > 0 ? ", \(count(.skipped)) skipped" : ""
    let failed = count(.failed)
    let counts = "\(count(.passed)) passed, \(failed) failed\(skipped)"
    return "\(isFit(checks).map { $0 ? "fit" : "not fit" } ?? "nothing decided"): \(counts)"
  }

  private static func mark(_ outcome: HealthCheck.Outcome, _ style: Style) -> String {
    let (sign, colour) =
      switch outcome {
      case .passed: ("✓", 32)
      case .failed: ("✗", 31)
      case .skipped: ("–", 2)
      }
    return style == .ansi ? "\u{1B}[\(colour)m\(sign)\u{1B}[0m" : sign
  }
}

private struct HealthDocument: Encodable {
  let schema = 1
  let fit: Nullable<Bool>
  let checks: [Check]

  struct Check: Encodable {
    let name: String
    let outcome: String
    let found: String
    let advice: Nullable<String>
  }

  init(_ checks: [HealthCheck]) {
    fit = Nullable(value: HealthReport.isFit(checks))
    self.checks = checks.map {
      Check(name: $0.name, outcome: $0.outcome.rawValue, found: $0.found, advice: Nullable(value: $0.advice))
    }
  }
}
