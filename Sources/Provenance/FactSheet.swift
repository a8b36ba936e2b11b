// SPDX-License-Identifier: GPL-3.0-or-later

/// What is known about where and with what a run is made.
///
/// What cannot be found out is missing, never guessed. Serial numbers, UUIDs, ids of containers, the machine's name and the
/// addresses packages came from are left out: a store is handed around.
public struct FactSheet: Sendable, Equatable {
  /// In the order in which they are told; each topic and name once.
  public private(set) var facts: [Fact] = []

  /// What the caller knows, and what to look at besides the machine.
  public struct Options: Sendable {
    /// Version of this program.
    public var tool: String?
    /// Versions of linked libraries by name, e.g. `fftw`.
    public var libraries: [String: String]
    /// The folder being evaluated, whose git commit is looked up.
    public var source: String?
    /// The Python that made the audio.
    public var python: PythonStack?

    /// Options from their parts.
    public init(
      tool: String? = nil, libraries: [String: String] = [:], source: String? = nil, python: PythonStack? = nil
    ) {
      self.tool = tool
      self.libraries = libraries
      self.source = source
      self.python = python
    }
  }

  /// A sheet of these facts; of two with one topic and name the first.
  public init(_ facts: [Fact]) {
    var known: Set<[String]> = []
    self.facts = facts.filter { known.insert([$0.topic, $0.name]).inserted }
  }

  /// Looks around. Runs `nvidia-smi` and `git` where they are; takes as long as they do, at most `patience` each time.
  public static func gather(_ options: Options, from surroundings: Surroundings = .here()) -> FactSheet {
    let tool = Fact("tool", "version", ifKnown: options.tool).map { [$0] } ?? []
    let libraries = options.libraries.sorted { $0.key < $1.key }.compactMap {
      Fact("library", $0.key, ifKnown: $0.value)
    }
    let source = options.source.map { SourceFacts.read($0, from: surroundings) } ?? []
    return FactSheet(
      tool + MachineFacts.read(from: surroundings) + GPUFacts.read(from: surroundings)
        + ContainerFacts.read(from: surroundings) + libraries + source + (options.python?.facts ?? []))
  }

  /// The value of a fact.
  public subscript(topic: String, name: String) -> String? {
    facts.first { $0.topic == topic && $0.name == name }?.value
  }

  /// A fact on which two sheets disagree.
  public struct Difference: Sendable, Hashable {
    /// What it is about.
    public var topic: String
    /// Which property.
    public var name: String
    /// Here; nil when unknown.
    public var value: String?
    /// There; nil when unknown.
    public var other: String?

    /// A difference from its parts.
    public init(topic: String, name: String, value: String?, other: String?) {
      self.topic = topic
      self.name = name
      self.value = value
      self.other = other
    }
  }

  /// What two sheets disagree on: in the order of this one, then what only the other has.
  public func differences(from other: FactSheet) -> [Difference] {
    let here = facts.compactMap { fact -> Difference? in
      let theirs = other[fact.topic, fact.name]
      if theirs == fact.value { return nil }
      return Difference(topic: fact.topic, name: fact.name, value: fact.value, other: theirs)
    }
    let there = other.facts.filter { self[$0.topic, $0.name] == nil }
    return here + there.map { Difference(topic: $0.topic, name: $0.name, value: nil, other: $0.value) }
  }
}
