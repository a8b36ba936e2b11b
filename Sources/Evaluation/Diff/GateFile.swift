// SPDX-License-Identifier: GPL-3.0-or-later
public import SettingsFile
internal import SpeechMetrics

/// A configuration file, `ttseval.yaml`:
/// ```yaml
/// gate:
///   metrics: [pesq-wb, estoi, mcd]        # what may decide
///   tolerances: {pesq-wb: 0.05, mcd: 0.2} # differences of means that count as the same
///   limits: {pesq-wb: 3.5, mcd: 6}        # the worst mean that is accepted
///   minimum-n: 20                         # fewer pairs decide nothing
///   fail-on: [regressed, failed]          # what ends with exit code 1, as --fail-on
/// ```
/// Everything may be left out. What is not understood is an error with its line.
public struct GateFile: Sendable, Equatable {
  /// What decides.
  public let rules: GateRules
  /// What ends with exit code 1; nil where the file does not say.
  public let failOn: [FailureCause]?

  /// Reads the text of a file.
  /// - Parameters:
  ///   - text: YAML.
  ///   - path: of the file, for error messages.
  public init(_ text: String, path: String) throws(GateFileError) {
    let file = try SettingsFile(text, path: path)
    let reader = Reader(file: file)
    var rules = GateRules()
    var failOn: [FailureCause]?
    for (name, value) in try file.entries(file.root, of: "the file", allowed: ["gate"]) where name == "gate" {
      for (key, value) in try file.entries(
        value, of: "gate", allowed: ["metrics", "tolerances", "limits", "minimum-n", "fail-on"])
      {
        switch key {
        case "metrics": rules.metrics = try reader.metrics(value)
        case "tolerances": rules.tolerances = try reader.numbers(value, of: key) { _, number in number >= 0 }
        case "limits":
          rules.limits = try reader.numbers(value, of: key) { id, _ in
            MetricCatalogue.info(id)?.scale.better != MetricInfo.Direction.none
          }
        case "minimum-n": rules.minimumPairs = try reader.count(value, of: key)
        default: failOn = try reader.causes(value)
        }
      }
    }
    self.rules = rules
    self.failOn = failOn
  }
}

/// What is wrong with a configuration file.
public typealias GateFileError = SettingsFileError

/// Takes the file's values for what they mean here.
private struct Reader {
  let file: SettingsFile

  func metrics(_ node: SettingsNode) throws(GateFileError) -> [String] {
    var ids: [String] = []
    for (text, item) in try file.strings(node, of: "metrics") { ids.append(try metric(text, item)) }
    guard !ids.isEmpty else { throw file.failure(node, "metrics names none: nothing would decide") }
    return ids
  }

  func causes(_ node: SettingsNode) throws(GateFileError) -> [FailureCause] {
    var causes: [FailureCause] = []
    for (text, item) in try file.strings(node, of: "fail-on") {
      guard let cause = FailureCause(rawValue: text) else {
        throw file.failure(
          item, "fail-on has no “\(text)”" + Spelling.hint(text, among: FailureCause.allCases.map(\.rawValue)))
      }
      causes.append(cause)
    }
    return causes
  }

  /// Numbers by metric, each of which must be sensible for its metric.
  func numbers(
    _ node: SettingsNode, of place: String, isSensible: (String, Double) -> Bool
  ) throws(GateFileError) -> [String: Double] {
    guard let mapping = node.mapping else { throw file.failure(node, "\(place) takes metrics with numbers") }
    var numbers: [String: Double] = [:]
    for (key, value) in mapping {
      let id = try metric(key.text ?? "", key)
      guard let number = value.number, number.isFinite else {
        throw file.failure(value, "\(place) of \(id): “\(value.text ?? "?")” is no number")
      }
      guard isSensible(id, number) else {
        throw file.failure(
          value,
          place == "limits" ? "limits: neither direction of \(id) is better" : "\(place) of \(id): \(number) is below 0"
        )
      }
      numbers[id] = number
    }
    return numbers
  }

  func count(_ node: SettingsNode, of place: String) throws(GateFileError) -> Int {
    guard let count = node.integer, count >= 1 else { throw file.failure(node, "\(place) is a number from 1") }
    return count
  }

  private func metric(_ id: String, _ node: SettingsNode) throws(GateFileError) -> String {
    guard MetricCatalogue.info(id) == nil else { return id }
    throw file.failure(
      node, "no metric is called “\(id)”" + Spelling.hint(id, among: MetricCatalogue.all.map(\.info.id)))
  }
}
