// SPDX-License-Identifier: GPL-3.0-or-later

/// What a listener said of one recording: an answer that stands, with the lot of the order undone. Practice is left out.
public struct PanelAnswer: Sendable, Equatable {
  /// Who made the recording; empty for gold and catch from outside the systems.
  public let system: String
  /// The sentence.
  public let utterance: String
  /// In steps of the scale; for ab 1 for the one preferred, 0 for the other, ½ for neither.
  public let score: Double
  /// What the trial was for.
  public let kind: PlannedTrial.Kind
  /// Place of the trial among the listener's, practice included, from 1.
  public let order: Int
  /// From the recording's first sound to the first key, seconds.
  public let reactionSeconds: Double
  /// Its length, seconds.
  public let clipSeconds: Double
  /// What gold and catch trials accept.
  public let expected: ClosedRange<Double>?
}

extension PanelSession {
  /// All answers that stand, in the order of the trials.
  public var answers: [PanelAnswer] {
    zip(trials, record.trials).enumerated().flatMap { place, pair -> [PanelAnswer] in
      let (trial, state) = pair
      guard trial.kind != .training, let rating = state.rating else { return [] }
      return scores(trial, rating).map { clip, score in
        let stimulus = plan.stimuli[clip]
        let heard = trial.clips.reduce(0) { $0 + plan.stimuli[$1].seconds }
        return PanelAnswer(
          system: stimulus.system, utterance: stimulus.utterance, score: score, kind: trial.kind, order: place + 1,
          reactionSeconds: rating.firstKey.monotonic - rating.playbackEnd + heard, clipSeconds: stimulus.seconds,
          expected: trial.expected.map { Double($0[0])...Double($0[1]) })
      }
    }
  }

  /// Which recordings an answer is about, and what it says of each.
  private func scores(_ trial: PlannedTrial, _ rating: PanelEvent.Rating) -> [(clip: Int, score: Double)] {
    let score = Double(trial.score(rating.value, method: plan.method))
    // The recordings as they were planned.
    let clips = trial.isSwapped ? trial.clips.reversed() : trial.clips
    switch plan.method {
    case .acr: return [(clips[0], score)]
    case .dcr, .ccr: return [(clips[clips.count - 1], score)]
    case .ab: return clips.enumerated().map { ($1, score == 0 ? 0.5 : score == Double($0 + 1) ? 1 : 0) }
    case .mushra: return zip(trial.clips, rating.values ?? []).map { ($0, Double($1)) }
    }
  }
}
