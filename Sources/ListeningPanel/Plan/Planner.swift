// SPDX-License-Identifier: GPL-3.0-or-later
internal import AudioFiles
internal import Statistics

/// Makes a plan of a design: looks at every recording, balances the order, and says what it found.
public struct Planner {
  let design: PanelDesign
  var problems: [String] = []
  var notes: [String] = []

  /// A plan for a design. Reads every recording; minutes for hours of speech.
  /// - Throws: `PanelError.stimuli` with every recording that cannot be used, `PanelError.design`.
  public static func plan(_ design: PanelDesign) throws(PanelError) -> PanelPlan {
    var planner = Planner(design: design)
    return try planner.made()
  }

  private init(design: PanelDesign) { self.design = design }

  private mutating func made() throws(PanelError) -> PanelPlan {
    let folders = try found()
    let all = try utterances(folders)
    let (training, rated) = try trainingAndRated(all)
    let layout = TrialLayout(treatments: TrialLayout.treatments(design), utterances: rated)

    var table = StimulusTable()
    var twins: Set<String> = []
    let anchors = Dictionary(uniqueKeysWithValues: design.anchors.map { (PanelDesign.name(ofAnchor: $0), $0) })
    func index(_ system: String, _ utterance: String) -> Int {
      let folder = anchors[system] == nil ? system : design.reference ?? ""
      let paths = folders[folder]?[utterance] ?? [""]
      if paths.count > 1 {
        twins.insert("\(system): two recordings are called “\(utterance)”: \(paths.joined(separator: ", "))")
      }
      return table.index(system, utterance, paths[0], anchors[system])
    }
    var clashes = 0
    var listeners: [PlannedListener] = []
    for listener in 0..<design.listeners {
      let seed = BalancedOrder.seed(of: listener, design: design.seed)
      var generator = SplitMix64(seed: seed)
      var practice = self.practice(training, layout, &generator)
      var (items, left) = layout.rated(design.order, listener: listener, &generator)
      clashes += left
      if design.method == .ccr || design.method == .ab {
        for i in items.indices { items[i].isSwapped = BalancedOrder.draw(below: 2, &generator) == 1 }
      }

      if design.method == .mushra {
        // Else the reference would be A in every trial.
        for i in practice.indices { practice[i].treatment = BalancedOrder.shuffled(practice[i].treatment, &generator) }
        for i in items.indices { items[i].treatment = BalancedOrder.shuffled(items[i].treatment, &generator) }
      }

      // Of the first half, so that there is room behind.
      let early = Array(items.prefix(max(1, items.count / 2)))
      let repeated = BalancedOrder.shuffled(early, &generator).prefix(design.repeats).map { item in
        var again = item
        again.kind = .repeat
        return again
      }
      let known =
        design.gold.indices.map { knownItem(.gold, $0) } + design.catches.indices.map { knownItem(.catch, $0) }
      items = layout.inserting(repeated + known, into: items, &generator)
      var trials: [PlannedTrial] = []
      for item in practice + items {
        var clips: [Int]
        var expected: [Int]?
        if let place = item.known {
          let known = (item.kind == .gold ? design.gold : design.catches)[place]
          expected = [known.expected.lowerBound, known.expected.upperBound]
          switch known.source {
          case .file(let path): clips = [table.index("", path, path, nil)]
          case .recording(let system, let utterance): clips = [index(system, utterance)]
          }
        } else {
          clips = item.treatment.map { index($0, item.utterance) }
          if item.isSwapped { clips.reverse() }
        }
        let original =
          item.kind == .repeat ? items.firstIndex { $0.isOriginal(of: item) }.map { practice.count + $0 } : nil
        trials.append(
          PlannedTrial(
            kind: item.kind, clips: clips, isSwapped: item.isSwapped, expected: expected, repeats: original))
      }
      listeners.append(
        PlannedListener(seed: seed, group: listener % max(1, layout.treatments.count), trials: trials))
    }
    if let half = listeners.first?.trials.filter({ $0.kind == .rated }).count, design.repeats > max(1, half / 2) {
      notes.append("only \(max(1, half / 2)) trials are repeated: those of the first half")
    }
    if clashes > 0 { notes.append("in \(clashes) places a sentence or a system follows itself") }
    problems += twins.sorted()
    let stimuli = try self.stimuli(table)
    let opening = listeners.first?.trials.first?.clips ?? []
    guard let loop = opening.first(where: { stimuli[$0].system == design.reference }) ?? opening.first else {
      throw .design("no trials")
    }
    return PanelPlan(
      schema: 1, method: design.method, language: design.language, texts: design.texts, scale: design.scale,
      systems: design.systems.map(\.name) + design.anchors.map(PanelDesign.name(ofAnchor:)),
      reference: design.reference, utterances: rated, order: design.order,
      seed: design.seed, replays: design.replays, breakMinutes: design.breakMinutes, level: design.level,
      rate: design.rate ?? max(44_100, stimuli.map(\.sampleRate).max() ?? 0).nextDeviceRate, levelClip: loop,
      stimuli: stimuli, listeners: listeners, notes: notes + remarks(layout), spread: design.spread)
  }

  private func knownItem(_ kind: PlannedTrial.Kind, _ place: Int) -> TrialLayout.Item {
    switch (kind == .gold ? design.gold : design.catches)[place].source {
    case .file(let path): TrialLayout.Item(kind: kind, treatment: [], utterance: path, known: place)
    case .recording(let system, let utterance):
      TrialLayout.Item(kind: kind, treatment: [system], utterance: utterance, known: place)
    }
  }

  /// Files of each system by utterance.
  private mutating func found() throws(PanelError) -> [String: [String: [String]]] {
    var folders: [String: [String: [String]]] = [:]
    for system in design.systems {
      let folder = design.resolved(system.folder)
      guard AudioTree.isFolder(folder) else {
        problems.append("\(system.name): no folder \(folder)")
        continue
      }
      do throws(AudioTree.Unlistable) {
        // Paths as the design leads to them, so that a plan can move together with its recordings.
        folders[system.name] = Dictionary(grouping: try AudioTree(folder: folder).entries, by: \.stem).mapValues {
          files in
          files.map { system.folder + $0.path.dropFirst(folder.count) }
        }
      } catch {
        problems.append("\(system.name): folder \(error.path) cannot be listed: \(error.reason)")
      }
    }
    guard problems.isEmpty else { throw .stimuli(problems) }
    return folders
  }

  private mutating func utterances(_ folders: [String: [String: [String]]]) throws(PanelError) -> [String] {
    guard design.utterances.isEmpty else {
      for name in design.utterances + design.trainingUtterances {
        for system in design.systems where folders[system.name]?[name] == nil {
          problems.append("\(system.name): has no recording “\(name)”")
        }
      }
      guard problems.isEmpty else { throw .stimuli(problems) }
      return design.utterances
    }
    let sets = folders.values.map { Set($0.keys) }
    let common = sets.dropFirst().reduce(sets.first ?? []) { $0.intersection($1) }
    let dropped = sets.reduce(Set<String>()) { $0.union($1) }.count - common.count
    if dropped > 0 { notes.append("\(dropped) recordings are left out: not every system has them") }
    guard !common.isEmpty else { throw .design("the systems have no recording in common") }
    problems += common.sorted().compactMap(\.escapedName).map {
      "the name of the recordings “\($0)” has a control character"
    }
    guard problems.isEmpty else { throw .stimuli(problems) }
    return common.sorted()
  }

  /// Sentences for practice are never rated. Unless named, the last ones are kept for it: two where there are enough.
  private mutating func trainingAndRated(_ all: [String]) throws(PanelError) -> ([String], [String]) {
    guard design.training > 0 else { return ([], all) }
    if !design.trainingUtterances.isEmpty {
      let rated = all.filter { !design.trainingUtterances.contains($0) }
      guard !rated.isEmpty else { throw .design("all sentences are for practice") }
      return (design.trainingUtterances, rated)
    }
    guard all.count > 1 else { throw .design("one sentence alone cannot be both practised and rated: training: 0") }
    let kept = all.count >= 6 ? 2 : 1
    notes.append("kept for practice, not rated: \(all.suffix(kept).joined(separator: ", "))")
    return (Array(all.suffix(kept)), Array(all.dropLast(kept)))
  }

  /// Practice spans the range: treatments from the first to the last of the design, in an order of lot.
  private func practice(
    _ sentences: [String], _ layout: TrialLayout, _ generator: inout SplitMix64
  ) -> [TrialLayout.Item] {
    guard design.training > 0, !sentences.isEmpty else { return [] }
    let last = layout.treatments.count - 1
    let chosen = (0..<design.training).map {
      layout.treatments[($0 * last + (design.training - 1) / 2) / (design.training - 1)]
    }
    return BalancedOrder.shuffled(chosen, &generator).enumerated().map { place, treatment in
      TrialLayout.Item(kind: .training, treatment: treatment, utterance: sentences[place % sentences.count])
    }
  }

  private func remarks(_ layout: TrialLayout) -> [String] {
    var remarks: [String] = []
    if !design.scale.isStandard {
      remarks.append("the scale “\(design.scale.name)” is not the standard one of \(design.method.rawValue)")
    }
    let need = BalancedVotes(design, layout)
    let one = design.method.unit.one
    if let wanted = design.votes, need.leastVotes < wanted {
      let votes = need.isBalanced ? "\(need.leastVotes)" : "\(need.leastVotes) at least"
      remarks.append(
        "votes for each \(one): \(votes), not the \(wanted) wanted: those take \(need.listeners(for: wanted)) listeners"
      )
    }
    if !need.isBalanced {
      remarks.append(
        "votes for each \(one): \(need.leastVotes) or \(need.leastVotes + 1), as listeners are not a multiple of \(layout.treatments.count)"
      )
    }
    if design.listeners < 10 { remarks.append("fewer than 10 listeners") }
    return remarks
  }
}

extension Int {
  /// The rate devices have that loses nothing of a recording at this one, Hz.
  fileprivate var nextDeviceRate: Int {
    [44_100, 48_000, 88_200, 96_000, 176_400, 192_000].first { $0 >= self } ?? self
  }
}
