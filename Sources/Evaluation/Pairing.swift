// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Foundation

/// Which file is compared with which.
///
/// Files pair by id: the relative path without its extension, or what `--match` makes of it, or a row of a CSV.
public struct Pairing: Sendable, Equatable {
  /// A system to be scored.
  public struct System: Sendable, Equatable {
    /// The name in tables.
    public let name: String
    /// Its folder or file.
    public let path: String
  }

  /// The file of one side, or the several that lay claim to one id.
  public enum Candidate: Sendable, Equatable {
    /// The file.
    case file(String)
    /// Two or more files of one id: none is scored.
    case ambiguous([String])

    /// The (first) path.
    public var path: String {
      switch self {
      case .file(let path): path
      case .ambiguous(let paths): paths[0]
      }
    }
  }

  /// One reference and its syntheses.
  public struct Utterance: Sendable, Equatable {
    /// The id both sides share.
    public let id: String
    /// The natural recording.
    public let reference: Candidate
    /// By index into ``Pairing/systems``; nil where the system lacks the utterance.
    public let syntheses: [Candidate?]

    /// The systems that have the utterance, in order, and their files.
    var partners: [(system: Int, file: Candidate)] {
      syntheses.enumerated().compactMap { system, file in file.map { (system, $0) } }
    }
  }

  /// The systems, in the order given.
  public let systems: [System]
  /// Utterances with a reference and at least one synthesis, sorted by id.
  public let utterances: [Utterance]
  /// Files without a partner.
  public let unmatched: Unmatched
  /// The files of all pairs.
  public var paths: [String] {
    utterances.flatMap { [$0.reference] + $0.syntheses.compactMap { $0 } }.compactMap { candidate in
      if case .file(let path) = candidate { path } else { nil }
    }
  }

  /// Number of pairs.
  public var pairCount: Int { utterances.reduce(0) { $0 + $1.syntheses.count { $0 != nil } } }

  /// A system as the user gave it: a path, perhaps with a name.
  public struct Argument: Sendable {
    let name: String?
    let path: String

    /// - Parameters:
    ///   - name: the user's own name, or nil to derive one from the path.
    ///   - path: folder or file.
    public init(name: String? = nil, path: String) {
      self.name = name
      self.path = path
    }
  }

  /// Pairs a folder (or file) with others.
  /// - Parameters:
  ///   - reference: folder or file of natural recordings.
  ///   - systems: folders or files, of the same kind as `reference`.
  ///   - pattern: a regular expression on relative paths without extension; where it matches a whole one, its first group
  ///     (or all of it) is the id, elsewhere the path stays the id.
  public init(reference: String, systems: [Argument], pattern: String? = nil) throws(PairingError) {
    let paths = [reference] + systems.map(\.path)
    var isFolder: [Bool] = []
    for path in paths {
      var folder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &folder) else { throw .missing(path) }
      isFolder.append(folder.boolValue)
    }
    if let folder = isFolder.firstIndex(of: true), let file = isFolder.firstIndex(of: false) {
      throw .fileForFolder(folder: paths[folder], file: paths[file])
    }
    let named = try Self.named(systems, beside: reference)
    guard isFolder[0] else {
      let id = AudioTree.stem((reference as NSString).lastPathComponent) ?? (reference as NSString).lastPathComponent
      self.init(
        systems: named, references: [id: .file(reference)], syntheses: systems.map { [id: .file($0.path)] })
      return
    }
    let ids = try IDPattern(pattern)
    let references = try Self.candidates(reference, ids)
    var syntheses: [[String: Candidate]] = []
    for system in systems { syntheses.append(try Self.candidates(system.path, ids)) }
    self.init(systems: named, references: references, syntheses: syntheses)
    for (index, files) in syntheses.enumerated() where !utterances.contains(where: { $0.syntheses[index] != nil }) {
      throw .nothingPairs(
        reference: references.keys.min() ?? "", synthesis: files.keys.min() ?? "", folder: systems[index].path)
    }
  }

  /// A part of another pairing.
  init(systems: [System], utterances: [Utterance], unmatched: Unmatched) {
    self.systems = systems
    self.utterances = utterances
    self.unmatched = unmatched
  }

  /// Joins the two sides by id.
  init(systems: [System], references: [String: Candidate], syntheses: [[String: Candidate]]) {
    self.systems = systems
    utterances = references.keys.sorted().compactMap { id in
      let partners = syntheses.map { $0[id] }
      guard let reference = references[id], partners.contains(where: { $0 != nil }) else { return nil }
      return Utterance(id: id, reference: reference, syntheses: partners)
    }
    let paired = Set(utterances.map(\.id))
    unmatched = Unmatched(
      reference: references.filter { !paired.contains($0.key) }.map(\.value.path).sorted(),
      synthesis: syntheses.flatMap { $0.filter { references[$0.key] == nil }.map(\.value.path) }.sorted())
  }

  static func named(_ systems: [Argument], beside reference: String) throws(PairingError) -> [System] {
    let derived = SystemNames.names(of: systems.map(\.path), beside: reference)
    let named = zip(systems, derived).map { System(name: $0.name ?? $1, path: $0.path) }
    let counts = Dictionary(grouping: named, by: \.name)
    if let twice = named.first(where: { (counts[$0.name]?.count ?? 0) > 1 }) { throw .sameName(twice.name) }
    return named
  }

  private static func candidates(_ folder: String, _ ids: IDPattern) throws(PairingError) -> [String: Candidate] {
    let entries: [AudioTree.Entry]
    do throws(AudioTree.Unlistable) {
      entries = try AudioTree(folder: folder).entries
    } catch {
      throw .cannotList(error.path, reason: error.reason)
    }
    guard !entries.isEmpty else { throw .noAudio(folder) }
    return Dictionary(grouping: entries) { ids.id($0.stem) }.mapValues { same in
      same.count == 1 ? .file(same[0].path) : .ambiguous(same.map(\.path))
    }
  }
}

/// Turns a relative path into an id, as `--match` asks.
struct IDPattern {
  private let expression: NSRegularExpression?

  init(_ pattern: String?) throws(PairingError) {
    do {
      expression = try pattern.map {
        try NSRegularExpression(pattern: "^(?:\($0))$", options: .dotMatchesLineSeparators)
      }
    } catch {
      throw .badPattern(pattern ?? "", reason: "not a regular expression")
    }
  }

  func id(_ stem: String) -> String {
    let whole = NSRange(stem.startIndex..., in: stem)
    guard let expression, let match = expression.firstMatch(in: stem, range: whole) else {
      return stem
    }
    let group = match.numberOfRanges > 1 ? match.range(at: 1) : match.range
    return Range(group, in: stem).map { String(stem[$0]) } ?? stem
  }
}
