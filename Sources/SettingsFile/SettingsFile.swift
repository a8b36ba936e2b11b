// SPDX-License-Identifier: GPL-3.0-or-later
internal import Yams

/// A file in YAML that somebody wrote by hand: a tree whose nodes know their lines, so that what is not understood is an
/// error that names its place, and a mistyped name one that names the nearest known one.
public struct SettingsFile: Sendable, Equatable {
  /// What the file is called in error messages.
  public let path: String
  /// The whole file; nil where it says nothing.
  public let root: SettingsNode?

  /// Reads the text of a file.
  /// - Parameters:
  ///   - text: YAML 1.1; a key may stand once in a mapping.
  ///   - path: of the file, for error messages.
  public init(_ text: String, path: String) throws(SettingsFileError) {
    self.path = path
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      let (line, reason) = Self.place(error)
      throw SettingsFileError(path: path, line: line, reason: reason)
    }
    root = node.map(Self.node)
  }

  /// The parser's error without the extract of the file that it brings, which takes several lines.
  private static func place(_ error: any Error) -> (line: Int?, reason: String) {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _)?, .parser(let context, let problem, let mark, _)?,
      .composer(let context, let problem, let mark, _)?:
      (mark.line, "not YAML: \(problem)" + (context.map { ", \($0.text)" } ?? ""))
    case .duplicatedKeysInMapping(let keys, let context)?:
      (context.mark.line, "here begins what has \(keys.sorted().map { "“\($0)”" }.joined(separator: ", ")) twice")
    case .reader(let problem, _, _, _)?: (nil, "not YAML: \(problem)")
    default: (nil, "not YAML: \(error)")
    }
  }

  /// An error at a node.
  public func failure(_ node: SettingsNode?, _ reason: String) -> SettingsFileError {
    SettingsFileError(path: path, line: node?.line, reason: reason)
  }

  /// Keys and values of a mapping whose keys are known; nothing, or an empty one, has none.
  /// - Parameter place: what the mapping is called in errors.
  public func entries(
    _ node: SettingsNode?, of place: String, allowed: [String]
  ) throws(SettingsFileError) -> [(String, SettingsNode)] {
    guard let node, !node.isNull else { return [] }
    guard let mapping = node.mapping else { throw failure(node, "\(place) takes keys with values") }
    var entries: [(String, SettingsNode)] = []
    for (key, value) in mapping {
      guard let name = key.text, allowed.contains(name) else {
        throw failure(key, "\(place) has no “\(key.text ?? "?")”" + Spelling.hint(key.text ?? "", among: allowed))
      }
      entries.append((name, value))
    }
    return entries
  }

  /// Names: a list of them, or one by itself.
  public func strings(
    _ node: SettingsNode, of place: String
  ) throws(SettingsFileError) -> [(String, SettingsNode)] {
    var strings: [(String, SettingsNode)] = []
    for item in node.list ?? [node] {
      guard let text = item.text, !text.isEmpty else { throw failure(item, "\(place) takes names") }
      strings.append((text, item))
    }
    return strings
  }

  /// One of the names a choice has.
  public func choice<Value: RawRepresentable & CaseIterable>(
    _ node: SettingsNode, of place: String, as: Value.Type = Value.self
  ) throws(SettingsFileError) -> Value where Value.RawValue == String {
    let text = node.text ?? "?"
    guard let value = Value(rawValue: text) else {
      throw failure(node, "\(place) has no “\(text)”" + Spelling.hint(text, among: Value.allCases.map(\.rawValue)))
    }
    return value
  }

  /// A whole number within a range.
  public func integer(
    _ node: SettingsNode, of place: String, in range: ClosedRange<Int>
  ) throws(SettingsFileError) -> Int {
    guard let number = node.integer, range.contains(number) else {
      let bounds = range.upperBound == .max ? "from \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
      throw failure(node, "\(place) is a whole number, \(bounds)")
    }
    return number
  }

  /// A number within a range.
  public func number(
    _ node: SettingsNode, of place: String, in range: ClosedRange<Double>
  ) throws(SettingsFileError) -> Double {
    guard let number = node.number, range.contains(number) else {
      throw failure(node, "\(place) is a number, \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Text that is not empty.
  public func text(_ node: SettingsNode, of place: String) throws(SettingsFileError) -> String {
    guard let text = node.text, !text.isEmpty else { throw failure(node, "\(place) is a text") }
    return text
  }

  private static func node(_ node: Node) -> SettingsNode {
    let content: SettingsNode.Content =
      switch node {
      case .mapping(let mapping):
        .mapping(mapping.map { SettingsNode.Entry(key: Self.node($0.key), value: Self.node($0.value)) })
      case .sequence(let sequence): .list(sequence.map(Self.node))
      default:
        .scalar(
          .init(
            text: node.string ?? "", isNull: node == Node("") || node.null != nil, integer: node.int,
            number: node.float, boolean: node.bool))
      }
    return SettingsNode(line: node.mark?.line, content: content)
  }
}
