// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import SettingsFile

extension PanelDesign {
  private static let keys = [
    "method", "language", "scale", "question", "systems", "reference", "anchors", "pairs", "utterances", "listeners",
    "votes", "order", "training", "gold", "catch", "repeats", "replays", "break-minutes", "level", "rate", "seed",
    "spread",
  ]

  /// Reads a design file. What is not understood is an error with its line; see `ExampleDesign` for all keys.
  /// - Parameters:
  ///   - yaml: the text of the file.
  ///   - path: of the file: for errors, and where relative folders and a language of one's own (`language: fr.yaml`) start.
  public init(yaml: String, path: String) throws(PanelError) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    do throws(SettingsFileError) {
      let file = try SettingsFile(yaml, path: path)
      try self.init(file, Self.wording(file, folder))
    } catch {
      throw .settings(error)
    }
    self.folder = folder
  }

  /// The language in a file of its own that the design names, beside it where the path is relative.
  private static func wording(_ file: SettingsFile, _ folder: String) throws(SettingsFileError) -> Wording? {
    guard let node = file.root?.mapping?.first(where: { $0.key.text == "language" })?.value, let name = node.text,
      name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    else { return nil }
    let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw file.failure(node, "no file \(path) for the language")
    }
    do throws(PanelError) {
      return try Wording(yaml: String(decoding: data, as: UTF8.self), path: path)
    } catch {
      if case .settings(let error) = error { throw error }
      throw file.failure(node, "\(error)")
    }
  }

  private init(_ file: SettingsFile, _ own: Wording?) throws(SettingsFileError) {
    let entries = try file.entries(file.root, of: "the design", allowed: Self.keys)
    let nodes = Dictionary(entries, uniquingKeysWith: { first, _ in first })
    func required(_ key: String) throws(SettingsFileError) -> SettingsNode {
      guard let node = nodes[key] else { throw file.failure(file.root, "the design has no “\(key)”") }
      return node
    }

    var method = PanelMethod.acr
    if let node = nodes["method"] { method = try file.choice(node, of: "method") }
    let language = nodes["language"]?.text ?? "en"
    guard let wording = own ?? Wording(language: language) else {
      throw file.failure(
        nodes["language"], "no language “\(language)”" + Spelling.hint(language, among: Wording.languages))
    }
    var scale = try Self.scale(nodes["scale"], method, wording, file)
    if let node = nodes["question"] { scale = scale.asking(try file.text(node, of: "question")) }
    self.init(scale: scale)
    (self.method, self.language) = (method, own?.language ?? language)
    if own != nil { texts = wording.texts }

    guard let folders = try required("systems").mapping, !folders.isEmpty else {
      throw file.failure(nodes["systems"], "systems takes names with folders")
    }
    for (name, folder) in folders {
      let name = try Self.plain(try file.text(name, of: "a system"), name, of: "systems", file)
      systems.append(System(name: name, folder: try file.text(folder, of: "its folder")))
    }
    listeners = try file.integer(try required("listeners"), of: "listeners", in: 1...10_000)
    for (key, node) in entries { try take(key, node, file) }
    try check(nodes, file)
  }

  private mutating func take(_ key: String, _ node: SettingsNode, _ file: SettingsFile) throws(SettingsFileError) {
    switch key {
    case "utterances": utterances = try Self.sentences(node, of: key, file)
    case "reference": reference = try system(node, file)
    case "anchors":
      for item in node.list ?? [node] { anchors.append(try file.integer(item, of: key, in: 500...20_000)) }
    case "pairs":
      for pair in node.list ?? [] {
        guard let two = pair.list, two.count == 2 else { throw file.failure(pair, "a pair is [one, other]") }
        let systems = [try system(two[0], file), try system(two[1], file)]
        guard systems[0] != systems[1] else {
          throw file.failure(pair, "a pair is of two systems, not “\(systems[0])” twice")
        }
        pairs.append(systems)
      }
    case "votes": votes = try file.integer(node, of: key, in: 1...10_000)
    case "order": order = try file.choice(node, of: key)
    case "training": try readTraining(node, file)
    case "gold": gold = try known(node, of: key, file)
    case "catch": catches = try known(node, of: key, file)
    case "repeats": repeats = try file.integer(node, of: key, in: 0...100)
    case "replays": replays = try file.integer(node, of: key, in: 0...100)
    case "break-minutes": breakMinutes = try file.integer(node, of: key, in: 1...120)
    case "level": level = try file.choice(node, of: key)
    case "rate": rate = try file.integer(node, of: key, in: 8000...192_000)
    case "spread": try readSpread(node, file)
    case "seed":
      guard let text = node.text, let number = UInt64(text) else {
        throw file.failure(node, "seed is a whole number, from 0")
      }
      seed = number
    default: break
    }
  }

  private static func scale(
    _ node: SettingsNode?, _ method: PanelMethod, _ wording: Wording, _ file: SettingsFile
  ) throws(SettingsFileError) -> RatingScale {
    if let node, node.mapping != nil { return try RatingScale.read(node, name: "scale", method: method, file) }
    let usual = ["acr": "naturalness", "ab": "preference", "dcr": "degradation", "ccr": "comparison"]
    let name = node?.text ?? usual[method.rawValue] ?? "mushra"
    let known = wording.scales.values.filter { $0.method == method }.map(\.name).sorted()
    guard let scale = wording.scales[name], scale.method == method else {
      throw file.failure(node, "\(method.rawValue) has no scale “\(name)”" + Spelling.hint(name, among: known))
    }
    return scale
  }

  /// A name that tables and terminals can show.
  private static func plain(
    _ name: String, _ node: SettingsNode, of place: String, _ file: SettingsFile
  ) throws(SettingsFileError) -> String {
    if let escaped = name.escapedName {
      throw file.failure(node, "\(place): the name “\(escaped)” has a control character")
    }
    return name
  }

  private static func sentences(
    _ node: SettingsNode, of place: String, _ file: SettingsFile
  ) throws(SettingsFileError) -> [String] {
    var names: [String] = []
    for (name, node) in try file.strings(node, of: place) { names.append(try plain(name, node, of: place, file)) }
    return names
  }

  private func system(_ node: SettingsNode, _ file: SettingsFile) throws(SettingsFileError) -> String {
    let name = node.text ?? "?"
    guard systems.contains(where: { $0.name == name }) else {
      throw file.failure(node, "no system is called “\(name)”" + Spelling.hint(name, among: systems.map(\.name)))
    }
    return name
  }

  private mutating func readSpread(_ node: SettingsNode, _ file: SettingsFile) throws(SettingsFileError) {
    var spread = PlanSummary.Spread.usual(scale)
    for (key, value) in try file.entries(node, of: "spread", allowed: ["listeners", "sentences", "vote"]) {
      let number = try file.number(value, of: key, in: 0...100)
      switch key {
      case "listeners": spread.systemByListener = number
      case "sentences": spread.systemBySentence = number
      default: spread.residual = number
      }
    }
    guard spread.residual > 0 else { throw file.failure(node, "votes have a spread above 0") }
    self.spread = spread
  }

  private mutating func readTraining(_ node: SettingsNode, _ file: SettingsFile) throws(SettingsFileError) {
    let count: SettingsNode?
    if node.mapping != nil {
      let entries = try file.entries(node, of: "training", allowed: ["items", "utterances"])
      count = entries.first { $0.0 == "items" }?.1
      if let list = entries.first(where: { $0.0 == "utterances" })?.1 {
        trainingUtterances = try Self.sentences(list, of: "utterances", file)
      }
    } else {
      count = node
    }
    guard let count else { return }
    training = try file.integer(count, of: "training", in: 0...6)
    guard training == 0 || training >= 3 else { throw file.failure(count, "training is 3 to 6 items, or 0") }
  }

  private func known(
    _ node: SettingsNode, of place: String, _ file: SettingsFile
  ) throws(SettingsFileError) -> [Known] {
    var items: [Known] = []
    for item in node.list ?? [] {
      var values: [String: SettingsNode] = [:]
      let allowed = ["file", "system", "utterance", "expect", "at-least", "at-most"]
      for (key, value) in try file.entries(item, of: place, allowed: allowed) { values[key] = value }
      let source: Known.Source
      if let path = values["file"] {
        source = .file(try Self.plain(try file.text(path, of: "file"), path, of: place, file))
      } else if let name = values["system"], let node = values["utterance"], let utterance = node.text {
        source = .recording(
          system: try system(name, file), utterance: try Self.plain(utterance, node, of: place, file))
      } else {
        throw file.failure(item, "\(place) takes a file, or a system and an utterance")
      }
      let range = scale.steps.map(\.value)
      let (least, most) = (range.min() ?? 0, range.max() ?? 0)
      let exact = values["expect"]?.integer
      let (low, high) = (exact ?? values["at-least"]?.integer ?? least, exact ?? values["at-most"]?.integer ?? most)
      guard low <= high, low >= least, high <= most, low > least || high < most else {
        throw file.failure(item, "\(place) says which answers are right: expect, at-least or at-most, of the scale")
      }
      items.append(Known(source: source, expected: low...high))
    }
    return items
  }

  private func check(_ nodes: [String: SettingsNode], _ file: SettingsFile) throws(SettingsFileError) {
    if method.hasReference && reference == nil {
      throw file.failure(file.root, "\(method.rawValue) needs a reference: the name of one of the systems")
    }
    if !method.hasReference && reference != nil {
      throw file.failure(nodes["reference"], "\(method.rawValue) has no reference; it is a system like any other")
    }
    if method != .acr && systems.count < 2 {
      throw file.failure(nodes["systems"], "\(method.rawValue) takes two systems")
    }
    if method == .mushra && systems.count + anchors.count > PanelSession.letters.count {
      throw file.failure(nodes["systems"], "mushra takes at most \(PanelSession.letters.count) versions")
    }
    if method != .mushra && !anchors.isEmpty { throw file.failure(nodes["anchors"], "anchors belong to mushra") }
    let versions = systems.map(\.name) + anchors.map(Self.name(ofAnchor:))
    if Set(versions).count < versions.count { throw file.failure(nodes["anchors"], "two versions have one name") }
    if method == .ab && spread != nil { throw file.failure(nodes["spread"], "preferences have no spread") }
    if method != .ab && !pairs.isEmpty { throw file.failure(nodes["pairs"], "pairs belong to ab") }
    if method != .acr && !(gold.isEmpty && catches.isEmpty) {
      throw file.failure(nodes["gold"] ?? nodes["catch"], "gold and catch belong to acr")
    }
    for (name, list) in [("utterances", utterances), ("training", trainingUtterances)] {
      if Set(list).count < list.count { throw file.failure(nodes[name], "\(name) names a sentence twice") }
    }
  }
}
