// SPDX-License-Identifier: GPL-3.0-or-later

/// Votes that what is judged gets: recordings or, of preferences, sentences of a pair of systems.
struct BalancedVotes {
  private let design: PanelDesign
  private let layout: TrialLayout

  init(_ design: PanelDesign, _ layout: TrialLayout) { (self.design, self.layout) = (design, layout) }

  /// Of the one with the fewest.
  var leastVotes: Int {
    design.order == .latinSquare ? design.listeners / max(1, layout.treatments.count) : design.listeners
  }

  /// Whether all get the same number.
  var isBalanced: Bool { design.order != .latinSquare || design.listeners % max(1, layout.treatments.count) == 0 }

  /// How many listeners give each so many votes.
  func listeners(for votes: Int) -> Int {
    design.order == .latinSquare ? votes * layout.treatments.count : votes
  }
}

extension PanelMethod {
  /// What gets votes, in words: one, and several.
  var unit: (one: String, many: String) {
    self == .ab ? ("sentence of a pair", "sentences of pairs") : ("recording", "recordings")
  }
}

extension PanelPlan {
  /// Systems whose recordings are rated: not a reference that is only compared with.
  var ratedSystems: [String] {
    switch method {
    case .acr, .ab, .mushra: systems
    case .dcr, .ccr: systems.filter { $0 != reference }
    }
  }

  /// Votes that trials give each recording (ab: sentence of a pair) that is to be rated: also those that no trial has, which
  /// get none.
  func votes(of trials: [PlannedTrial]) -> [Int] { tally(of: trials).flatMap(\.value) }

  /// The same by system, or pair.
  func tally(of trials: [PlannedTrial]) -> [[String]: [Int]] {
    let treatments: Set<[String]> =
      method == .ab ? Set(self.listeners.flatMap(\.trials).compactMap(pair)) : Set(ratedSystems.map { [$0] })
    var votes: [[String]: [String: Int]] = [:]
    for treatment in treatments {
      votes[treatment] = Dictionary(utterances.map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
    }
    for trial in trials where trial.kind == .rated {
      let rated = method == .ab ? [pair(trial)].compactMap(\.self) : trial.clips.map { [stimuli[$0].system] }
      for treatment in rated { votes[treatment]?[stimuli[trial.clips[0]].utterance]? += 1 }
    }
    return votes.mapValues { Array($0.values) }
  }

  /// The systems of a rated trial that compares two, whichever comes first.
  private func pair(_ trial: PlannedTrial) -> [String]? {
    trial.kind == .rated ? trial.clips.map { stimuli[$0].system }.sorted() : nil
  }
}

extension ClosedRange<Int> {
  /// From the least to the most of some numbers; 0 for none.
  static func spanning(_ numbers: [Int]) -> Self { (numbers.min() ?? 0)...(numbers.max() ?? 0) }

  /// `3`, or `0 to 3`.
  package var text: String { lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound) to \(upperBound)" }
}
