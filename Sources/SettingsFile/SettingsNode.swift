// SPDX-License-Identifier: GPL-3.0-or-later

/// A value in a settings file, and where it stands.
public struct SettingsNode: Sendable, Equatable {
  /// A key of a mapping with its value.
  struct Entry: Sendable, Equatable {
    var key: SettingsNode
    var value: SettingsNode
  }

  /// What a scalar can be taken for, by YAML's own rules for plain scalars.
  struct Scalar: Sendable, Equatable {
    var text: String
    var isNull: Bool
    var integer: Int?
    var number: Double?
    var boolean: Bool?
  }

  indirect enum Content: Sendable, Equatable {
    case scalar(Scalar)
    case list([SettingsNode])
    case mapping([Entry])
  }

  /// From 1; nil where the parser does not say.
  public let line: Int?
  let content: Content

  private var scalar: Scalar? { if case .scalar(let scalar) = content { scalar } else { nil } }

  /// Whether nothing stands here: no text, `~` or `null`.
  public var isNull: Bool { scalar?.isNull ?? false }
  /// As it was written; nil for lists and mappings.
  public var text: String? { scalar?.text }
  /// The whole number it is, if it is one.
  public var integer: Int? { scalar?.integer }
  /// The number it is, if it is one; may be infinite or NaN, which YAML can write.
  public var number: Double? { scalar?.number }
  /// Yes or no, if it is one of them.
  public var boolean: Bool? { scalar?.boolean }
  /// Items, if it is a list.
  public var list: [SettingsNode]? { if case .list(let items) = content { items } else { nil } }
  /// Keys and values in their order, if it is a mapping.
  public var mapping: [(key: SettingsNode, value: SettingsNode)]? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.map { ($0.key, $0.value) }
  }
}

/// What is wrong with a settings file.
public struct SettingsFileError: Error, Sendable, Equatable, CustomStringConvertible {
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
