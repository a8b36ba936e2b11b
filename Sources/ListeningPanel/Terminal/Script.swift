// SPDX-License-Identifier: GPL-3.0-or-later
internal import SettingsFile

/// A script, read: what to answer. Whatever of it no session could take is an error with its line.
struct Script {
  /// How sides are answered.
  enum Sides: String, CaseIterable {
    /// As played.
    case right
    case wrong
  }

  private(set) var intake: [String: String] = [
    "consent": "1", "age": "1", "native": "English", "hearing": "1", "headphones": "1",
  ]
  private(set) var level = 0
  private(set) var sides = Sides.right
  private(set) var ratings = [3]
  private(set) var replays = 0
  private(set) var comments: [Int: String] = [:]
  private(set) var undo: Set<Int> = []

  private let file: SettingsFile
  private var nodes: [String: SettingsNode] = [:]

  init(yaml: String, path: String) throws(SettingsFileError) {
    file = try SettingsFile(yaml, path: path)
    let allowed = ["intake", "level", "side", "ratings", "replays", "comments", "undo"]
    if let root = file.root, !root.isNull, root.mapping == nil {
      throw file.failure(root, "the script takes keys with values: \(allowed.joined(separator: ", "))")
    }
    for (key, node) in try file.entries(file.root, of: "the script", allowed: allowed) {
      nodes[key] = node
      switch key {
      case "intake": try readIntake(node)
      case "level": level = try file.integer(node, of: key, in: -60...60)
      case "side": sides = try file.choice(node, of: key)
      case "ratings":
        ratings = []
        for item in Self.items(node) { ratings.append(try file.integer(item, of: key, in: 0...100)) }
        guard !ratings.isEmpty else { throw file.failure(node, "ratings names none") }
      case "replays": replays = try file.integer(node, of: key, in: 0...100)
      case "comments":
        guard let mapping = node.mapping else {
          throw file.failure(node, "comments takes trials with texts: {3: clicks}")
        }
        for (place, text) in mapping {
          comments[try file.integer(place, of: key, in: 1...100_000)] = try typed(text, of: key)
        }
      default:
        for item in Self.items(node) { undo.insert(try file.integer(item, of: key, in: 1...100_000)) }
      }
    }
  }

  private static func items(_ node: SettingsNode) -> [SettingsNode] { node.list ?? [node] }

  /// Text that a listener could type: no more of it than a screen takes.
  private func typed(_ node: SettingsNode, of place: String) throws(SettingsFileError) -> String {
    let text = try file.text(node, of: place)
    guard text.count <= PanelSession.longestText else {
      throw file.failure(
        node, "\(place): a text has at most \(PanelSession.longestText) characters, and this one \(text.count)")
    }
    return text
  }

  private mutating func readIntake(_ node: SettingsNode) throws(SettingsFileError) {
    for (name, answer) in try file.entries(node, of: "intake", allowed: IntakeQuestion.allCases.map(\.rawValue)) {
      let answers = IntakeQuestion(rawValue: name)?.answers ?? []
      if answers.isEmpty {
        let text = try typed(answer, of: "intake: \(name)")
        guard !text.allSatisfy(\.isWhitespace) else { throw file.failure(answer, "intake: \(name) is a text") }
        intake[name] = text
      } else {
        guard let number = answer.integer, answers.indices.contains(number - 1) else {
          let known = answers.enumerated().map { "\($0 + 1) \($1.name)" }.joined(separator: ", ")
          throw file.failure(answer, "intake: \(name) is the number of an answer: \(known)")
        }
        intake[name] = String(number)
      }
    }
  }

  /// Looks whether a session has all that is named: trials, answers, loudness.
  func check(_ session: PanelSession) throws(SettingsFileError) {
    let trials = session.trials.count
    for item in nodes["undo"].map(Self.items) ?? [] {
      try checkUndo(item, try file.integer(item, of: "undo", in: 1...trials), session)
    }
    for (place, _) in nodes["comments"]?.mapping ?? [] { _ = try file.integer(place, of: "comments", in: 1...trials) }
    if let node = nodes["replays"] { _ = try file.integer(node, of: "replays", in: 0...session.plan.replays) }
    if let node = nodes["level"] {
      _ = try file.integer(node, of: "level", in: -60...max(-60, session.plan.headroom))
    }
    guard session.plan.method != .mushra else {
      if !comments.isEmpty { throw file.failure(nodes["comments"], "comments: with mushra a script makes none") }
      if replays > 0 { throw file.failure(nodes["replays"], "replays: with mushra a script plays each version once") }
      return
    }
    let keys = session.plan.scale.steps.compactMap { session.plan.scale.key(of: $0.value) }
    for (number, item) in zip(ratings, nodes["ratings"].map(Self.items) ?? [])
    where !keys.contains(where: { String($0) == String(number) }) {
      throw file.failure(item, "ratings: \(number) is no answer; the keys are \(session.rateKeys)")
    }
  }

  /// An answer is taken back in the next trial, or in the end.
  private func checkUndo(_ node: SettingsNode, _ place: Int, _ session: PanelSession) throws(SettingsFileError) {
    let trials = session.trials
    guard place < trials.count else { return }
    if session.plan.method == .mushra {
      throw file.failure(node, "undo: with mushra a script takes back the last trial alone, \(trials.count)")
    }
    if trials[place - 1].kind == .training, trials[place].kind != .training {
      throw file.failure(node, "undo: trial \(place) ends practice, after which it stands")
    }
  }
}
