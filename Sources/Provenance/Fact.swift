// SPDX-License-Identifier: GPL-3.0-or-later

/// One thing that is known about where a run was made. A run's facts are rows: a topic and a name occur once together.
public struct Fact: Sendable, Hashable {
  /// What it is about: `cpu`, `memory`, `gpu`, `os`, `container`, `library`, `tool`, `source`, `python`, or the name of a
  /// Python package.
  public var topic: String
  /// Which property, e.g. `model`; of one of several things `0.model`.
  public var name: String
  /// As text: numbers in plain decimal digits, bytes as bytes.
  public var value: String

  /// A fact from its parts.
  public init(_ topic: String, _ name: String, _ value: String) {
    self.topic = topic
    self.name = name
    self.value = value
  }

  /// A fact, unless nothing is known. Space around the value is dropped; an empty one is no fact.
  init?(_ topic: String, _ name: String, ifKnown value: String?) {
    guard let value = value?.trimmed, !value.isEmpty else { return nil }
    self.init(topic, name, value)
  }
}
