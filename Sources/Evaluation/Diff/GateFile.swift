// SPDX-License-Identifier: GPL-3.0-or-later
internal import SpeechMetrics
internal import Yams

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
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw GateFileError(path: path, line: nil, reason: "\(error)")
    }
    let reader = Reader(path: path)
    var rules = GateRules()
    var failOn: [FailureCause]?
    for (name, value) in try reader.entries(root, of: "the file", allowed: ["gate"]) where name == "gate" {
      for (key, value) in try reader.entries(
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
public struct GateFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// From 1; nil where the parser names it in its own words.
  public let line: Int?
  /// What is wrong.
  public let reason: String

  /// An error from its parts.
  public init(path: String, line: Int?, reason: String) {
    self.path = path
    self.line = line
    self.reason = reason
  }

  /// The error in one line: `ttseval.yaml:3: …`.
  public var description: String { "\(path)\(line.map { ":\($0)" } ?? ""): \(reason)" }
}

/// Takes nodes apart, and knows where they stand.
private struct Reader {
  let path: String

  private func failure(_ node: Node?, _ reason: String) -> GateFileError {
    GateFileError(path: path, line: node?.mark?.line, reason: reason)
  }

  /// Keys and values of a mapping whose keys are known; an empty one has none.
  func entries(_ node: Node?, of place: String, allowed: [String]) throws(GateFileError) -> [(String, Node)] {
    guard let node, node != Node(""), node.null == nil else { return [] }
    guard let mapping = node.mapping else { throw failure(node, "\(place) takes keys with values") }
    var entries: [(String, Node)] = []
    for (key, value) in mapping {
      guard let name = key.string, allowed.contains(name) else {
        throw failure(key, "\(place) has no “\(key.string ?? "?")”" + Spelling.hint(key.string ?? "", among: allowed))
      }
      entries.append((name, value))
    }
    return entries
  }

  func metrics(_ node: Node) throws(GateFileError) -> [String] {
    var ids: [String] = []
    for (text, item) in try strings(node, of: "metrics") { ids.append(try metric(text, item)) }
    guard !ids.isEmpty else { throw failure(node, "metrics names none: nothing would decide") }
    return ids
  }

  func causes(_ node: Node) throws(GateFileError) -> [FailureCause] {
    var causes: [FailureCause] = []
    for (text, item) in try strings(node, of: "fail-on") {
      guard let cause = FailureCause(rawValue: text) else {
        throw failure(
          item, "fail-on has no “\(text)”" + Spelling.hint(text, among: FailureCause.allCases.map(\.rawValue)))
      }
      causes.append(cause)
    }
    return causes
  }

  /// Numbers by metric, each of which must be sensible for its metric.
  func numbers(
    _ node: Node, of place: String, isSensible: (String, Double) -> Bool
  ) throws(GateFileError) -> [String: Double] {
    guard let mapping = node.mapping else { throw failure(node, "\(place) takes metrics with numbers") }
    var numbers: [String: Double] = [:]
    for (key, value) in mapping {
      let id = try metric(key.string ?? "", key)
      guard let number = value.float, number.isFinite else {
        throw failure(value, "\(place) of \(id): “\(value.string ?? "?")” is no number")
      }
      guard isSensible(id, number) else {
        throw failure(
          value,
          place == "limits" ? "limits: neither direction of \(id) is better" : "\(place) of \(id): \(number) is below 0"
        )
      }
      numbers[id] = number
    }
    return numbers
  }

  func count(_ node: Node, of place: String) throws(GateFileError) -> Int {
    guard let count = node.int, count >= 1 else { throw failure(node, "\(place) is a number from 1") }
    return count
  }

  /// A list, or one item by itself.
  private func strings(_ node: Node, of place: String) throws(GateFileError) -> [(String, Node)] {
    let items = node.sequence.map(Array.init) ?? [node]
    var strings: [(String, Node)] = []
    for item in items {
      guard let text = item.string, !text.isEmpty else { throw failure(item, "\(place) takes names") }
      strings.append((text, item))
    }
    return strings
  }

  private func metric(_ id: String, _ node: Node) throws(GateFileError) -> String {
    guard MetricCatalogue.info(id) == nil else { return id }
    throw failure(node, "no metric is called “\(id)”" + Spelling.hint(id, among: MetricCatalogue.all.map(\.info.id)))
  }
}
